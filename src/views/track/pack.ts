import { shanghaiDateTime } from '../../complaint/time.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { OUTSIDE_WORDS, RECORD_WORDS } from '../../i18n/areas/outside.ts'
import { entry } from '../../i18n/values.ts'
import type { TrackContext } from '../context.ts'
import { remedyWords, row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'
import { qrCode } from '../qr.ts'
import { courseOf, negotiationOf, recordBody } from './record.ts'

// The page stands alone in its folder: no address of ours is loaded, and none is linked.
const STYLE = `body{max-width:46rem;margin:auto;padding:1rem;font:16px/1.5 sans-serif;color:#000;background:#fff}
ol{padding:0;list-style:none}li{padding:.5rem 0;border-bottom:1px solid #999}dl>div{display:flex;gap:1em}dt{flex:0 0 7em;color:#444}dd{margin:0}
.said{margin-left:1em;white-space:pre-wrap}.leaf,figcaption{font-size:.75rem;color:#444;overflow-wrap:anywhere}
figure{margin:.5rem 0;break-inside:avoid}figure>img{display:block;width:8cm;max-width:100%}svg{width:5cm;height:5cm}`

/** The record as a file, whose photos lie beside it: `paths` by SHA-256. */
export const packedRecord = (
  view: ComplaintView,
  page: TrackContext,
  { phone, paths }: { phone: string | null; paths: ReadonlyMap<string, string> },
): Html => html`<!doctype html>
<html lang="${page.locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${RECORD_WORDS[page.locale].title} · ${view.complaint.id}</title><style>${STYLE}</style></head>
<body>
${recordBody(view, page, { phone, hrefOf: sha256 => paths.get(sha256) ?? '' })}
</body>
</html>
`

/** The four fields that the form asks for, and what stands around them, as plain text. */
export const formForOutside = (view: ComplaintView, page: TrackContext, phone: string | null): string => {
  const { words, dictionary, site = '', verifyUrl = '/verify' } = page
  const { pack } = OUTSIDE_WORDS[page.locale]
  const { order, colon } = words
  const { complaint, steps } = view
  const fields = steps[0]?.fields ?? {}
  const { time, way, result, missed } = negotiationOf(view, page)
  const line = (label: string, value: unknown): string[] =>
    typeof value === 'string' && value !== '' ? [`${label}${colon}${value}`] : []
  return [
    pack.intro,
    '',
    ...line(pack.who, complaint.merchant.name),
    ...line(order.buyer, complaint.buyer),
    ...line(order.phone, phone ?? fields.buyerPhoneMasked),
    ...line(pack.what, [fields.item, fields.orderId].filter(each => typeof each === 'string').join(words.between)),
    ...line(pack.wish, remedyWords(complaint.remedySought, dictionary)),
    '',
    ...line(pack.time, time),
    '',
    `${pack.course}${colon}`,
    ...courseOf(view, page).map(text => `  ${text}`),
    '',
    ...line(pack.way, way),
    '',
    ...line(pack.result, result),
    ...line(pack.missed, missed.join(words.between)),
    '',
    pack.check(`${site}${verifyUrl}`),
    '',
  ].join('\r\n')
}

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
