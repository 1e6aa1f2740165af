import { shanghaiDateTime } from '../../complaint/time.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { OUTSIDE_WORDS } from '../../i18n/areas/outside.ts'
import { entry } from '../../i18n/values.ts'
import type { TrackContext } from '../context.ts'
import { row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'
import { qrCode } from '../qr.ts'

const dated = (instant: unknown): string =>
  typeof instant === 'string' ? shanghaiDateTime(Date.parse(instant)).replace('T', ' ') : ''

/**
 * The certificate of a missed deadline: one page, signed (docs/log.md, section 6). Its QR code opens /verify with the
 * signature behind `#`, which no browser sends to a server.
 */
export const certificatePage = (view: ComplaintView, page: TrackContext, miss: StepView, jws: string): Html => {
  const { base, site = '', verifyUrl = '/verify', dictionary, locale, words, signing } = page
  const { certificate } = OUTSIDE_WORDS[locale]
  const { complaint } = view
  const address = `${site}${verifyUrl}`
  const party = String(miss.fields.party)
  const who = entry(dictionary.roles, party) ?? party
  const named = party === 'merchant' ? `${who} ${inline(complaint.merchant.name)}` : who
  const said = miss.kind === 'total_missed' ? certificate.total : certificate.said
  return layout({
    title: `${certificate.title} · ${complaint.id}`,
    page,
    look: 'record',
    here: `${base}/certificates/${miss.seq + 1}`,
    scripts: ['record.js'],
    main: html`<p class="tools"><a href="${base}">${certificate.back}</a> <button type="button" data-print hidden>${certificate.print}</button> <a class="button second" href="${base}/certificates/${miss.seq + 1}.jws" download>${certificate.download}</a></p>
<h1>${certificate.title}</h1>
<p>${certificate.lead(words.brand)}</p>
<p class="certified"><b><bdi>${said(named, dated(miss.fields.due))}</bdi></b></p>
<dl>${row(certificate.complaint, html`${complaint.id}`)}${row(certificate.merchant, html`<bdi>${inline(complaint.merchant.name)}</bdi>`)}${row(certificate.step, html`${miss.seq + 1}`)}${row(certificate.recorded, html`<time datetime="${miss.at}">${dated(miss.at)}</time>`)}${
      signing !== undefined && row(certificate.log, html`<code>${signing.origin}</code>`)
    }</dl>
<p class="leaf">${certificate.leaf} <code>${miss.leaf}</code></p>
<p class="leaf">${certificate.signature} <code>${jws}</code></p>
<p>${certificate.check(address)}</p>
${qrCode(`${address}#${jws}`, address, 'L')}`,
  })
}
