import type { ComplaintView } from '../../complaint/view/types.ts'
import { INTAKE_WORDS } from '../../i18n/areas/intake.ts'
import type { PageContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'
import { qrCode } from '../qr.ts'
import { signingData } from '../track/devices.ts'
import { maskedPhone } from './form.ts'

interface Filed extends Pick<ComplaintView, 'complaint' | 'next' | 'steps'> {
  /** Path of the tracking page, and what a signature there names. */
  base: string
  signing: { c: string; origin: string }
  trackingUrl: string
  pickupCode: string
  photosKept: boolean
  /** What was written is no draft any more. */
  draft: string
  phone: string
  promise: string | null
  fingerprint: string | null
}

/** The complaint stands: the way back to it, and who must act by when. */
export const filedPage = (page: PageContext, filed: Filed): Html => {
  const words = INTAKE_WORDS[page.locale].filed
  const { complaint, photosKept, trackingUrl, pickupCode } = filed
  return layout({
    title: words.title,
    page,
    here: '/',
    scripts: ['new.js', 'record.js', 'sign.js'],
    main: html`<section class="card done" data-filed="${filed.draft}"><div class="band"><h1>${words.title}</h1><p class="end">${page.words.complaintNo(complaint.id)}</p></div></section>
${!photosKept && html`<p class="notice bad" role="alert">${words.photosMissing}</p>`}
${whatNow(page, filed)}
<section class="plain"><p><a class="button" href="${trackingUrl}">${words.track}</a></p><p>${words.sms(maskedPhone(filed.phone))}</p>${device(page, filed)}</section>
<section class="plain" aria-labelledby="code"><h2 id="code">${words.code}</h2><p><code class="pickup">${pickupCode.slice(0, 4)}-${pickupCode.slice(4)}</code></p><p class="note">${words.codeHint}</p></section>
${keep(page, filed)}`,
  })
}

/** The device that filed is bound before anybody else opens the link. */
const device = ({ words }: PageContext, filed: Filed): Html =>
  html`<p class="note" id="device"${signingData(filed, { ...filed, words, now: 0 })}><span data-when="bound" hidden>${words.devices.bound}</span></p>`

/** What proves that it was handed in, should it be missing from the log: to save, to print, and to scan with another phone. */
const keep = (page: PageContext, { promise, fingerprint, trackingUrl }: Filed): Html | null => {
  if (promise === null || fingerprint === null) return null
  const { keep: words } = INTAKE_WORDS[page.locale].filed
  return html`<section class="plain" aria-labelledby="keep"><h2 id="keep">${words.title}</h2>
<p>${words.text}</p>
<dl><div><dt>${words.fingerprint}</dt><dd><code>${fingerprint}</code></dd></div></dl>
<p class="two"><a class="button second" href="${trackingUrl}/promise.txt" download>${words.save}</a><button class="second" type="button" data-print hidden>${words.print}</button></p>
<details><summary>${words.more}</summary><p class="note">${words.hint}</p><p class="quote"><code>${promise}</code></p>${qrCode(promise, words.title, 'L')}</details></section>`
}

const whatNow = (page: PageContext, { complaint, next }: Filed): Html | null => {
  const words = INTAKE_WORDS[page.locale].filed
  const { holder, due } = complaint
  const { card } = page.words
  if (!holder || due === null) return null
  return html`<section class="plain" aria-labelledby="next"><h2 id="next">${words.next}</h2>
<p><strong>${words.mustAct(inline(holder.name), page.dictionary.when(due))}</strong></p>
${next && html`<dl><div><dt>${card.ifActs}</dt><dd>${next.ifActs}</dd></div><div><dt>${card.ifSilent}</dt><dd>${next.ifSilent}</dd></div></dl>`}</section>`
}

/** A ticket that opens no form, or none yet: the way back is in the shop. */
export const turnedAwayPage = (page: PageContext, why: 'expired' | 'foreign' | 'silent'): Html => {
  const { title, text } = INTAKE_WORDS[page.locale].closed[why]
  return layout({ title, page, main: html`<section class="plain"><h1>${title}</h1><p>${text}</p></section>` })
}

/** A holder of the order's ticket may learn that there is a complaint, and gets no link to it. */
export const alreadyOpenPage = (page: PageContext): Html => leadBack(page, INTAKE_WORDS[page.locale].closed.alreadyOpen)

/** The ticket was used, for other words. */
export const alreadyFiledPage = (page: PageContext): Html =>
  leadBack(page, INTAKE_WORDS[page.locale].closed.alreadyFiled)

const leadBack = (page: PageContext, { title, text }: { title: string; text: string }): Html => {
  const { find, pickup, resend } = INTAKE_WORDS[page.locale].closed
  return layout({
    title,
    page,
    here: '/',
    main: html`<section class="plain"><h1>${title}</h1><p>${text}</p><p>${find}</p>
<p class="two"><a class="button" href="/#pickup">${pickup}</a><a class="button second" href="/#resend">${resend}</a></p></section>`,
  })
}
