import { shanghaiDateTime } from '../../complaint/time.ts'
import type { ComplaintView, Dictionary, StepView } from '../../complaint/view/types.ts'
import { isOpen } from '../../complaint/words.ts'
import { RECORD_WORDS } from '../../i18n/areas/outside.ts'
import type { TrackContext } from '../context.ts'
import { remedyWords, retentionNote, row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'
import { qrCode } from '../qr.ts'
import { evidenceOf, returnTerms, textsOf } from '../steps/step.ts'

/**
 * 投诉记录: the complaint on paper, for 12315 or a court. In order of time, with whole dates, every text, every photo large
 * enough to read and its SHA-256, and how to check it. Plain HTML that the browser prints or keeps as PDF. `phone` is the
 * buyer's whole number, for a browser that has shown to be theirs.
 */
export const recordPage = (view: ComplaintView, page: TrackContext, phone: string | null = null): Html => {
  const { base, locale } = page
  const record = RECORD_WORDS[locale]
  return layout({
    title: `${record.title} · ${view.complaint.id}`,
    page,
    look: 'record',
    here: `${base}/record`,
    scripts: ['record.js'],
    main: html`<p class="tools"><a href="${base}">${record.back}</a> <button type="button" data-print hidden>${record.print}</button>${
      phone === null && html` <a href="${base}/mine">${record.unmask}</a>`
    }</p>
${recordBody(view, page, { phone, hrefOf: sha256 => `${base}/files/${sha256}` })}`,
  })
}

interface Drawn {
  phone: string | null
  /** Where a file lies. */
  hrefOf(sha256: string): string
}

export const recordBody = (view: ComplaintView, page: TrackContext, drawn: Drawn): Html => {
  const record = RECORD_WORDS[page.locale]
  return html`<h1>${record.title}</h1>
<p class="note">${record.lead(view.complaint.id, dated(page.now))}</p>
${parties(view, page, drawn)}
${negotiation(view, page)}
<section aria-labelledby="course"><h2 id="course">${record.course}</h2>
<ol class="course">${view.steps.map(step => stepRow(step, page, drawn))}</ol></section>
${check(page)}
${retentionNote(view, page)}
<section aria-label="${record.signature}"><p class="sign">${record.signature}</p></section>`
}

/** 2026-11-21 18:05, in Asia/Shanghai. */
const dated = (at: number): string => shanghaiDateTime(at).replace('T', ' ')

const isInstant = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)

/** What a step says, with its dates as paper needs them: 2026-11-23 18:05 in place of 11月23日 18:05. */
export const describedOnPaper = (step: StepView, { when, describe }: Dictionary, format = dated): string =>
  Object.values(step.fields)
    .flatMap(value => (typeof value === 'object' && value !== null ? Object.values(value) : [value]))
    .filter(isInstant)
    .reduce((text, instant) => text.replaceAll(when(instant), format(Date.parse(instant))), describe(step))

const said = (label: string, value: unknown): Html | null =>
  typeof value === 'string' && value !== '' ? row(label, html`<bdi>${inline(value)}</bdi>`) : null

/** The buyer's own data as they gave it. The number stays masked for a browser that just holds the link. */
const parties = (
  { complaint, steps }: ComplaintView,
  { words, dictionary, locale }: TrackContext,
  { phone }: Drawn,
): Html => {
  const fields = steps[0]?.fields ?? {}
  const { order } = words
  const record = RECORD_WORDS[locale]
  return html`<section aria-labelledby="parties"><h2 id="parties">${record.parties}</h2>
<dl>${said(order.buyer, complaint.buyer)}${said(order.phone, phone ?? fields.buyerPhoneMasked)}${said(order.merchant, complaint.merchant.name)}${said(order.orderId, fields.orderId)}${said(order.item, fields.item)}${said(order.category, dictionary.categories[complaint.category] ?? complaint.category)}${said(order.sought, remedyWords(complaint.remedySought, dictionary))}</dl></section>`
}

/** What the form of 12315 asks about the negotiation: when, how, with what result; and what was missed. */
export const negotiationOf = (
  { complaint, steps }: ComplaintView,
  { words, dictionary, locale, now }: TrackContext,
) => {
  const end = isOpen(complaint.state) ? now : Date.parse(steps.at(-1)?.on ?? complaint.openedAt)
  return {
    time: `${dated(Date.parse(complaint.openedAt))} – ${dated(end)}`,
    way: RECORD_WORDS[locale].way(words.brand),
    result: dictionary.states[complaint.state],
    missed: steps.filter(({ kind }) => kind === 'deadline_missed').map(step => describedOnPaper(step, dictionary)),
  }
}

/** Its course, a line for each step that is more than a notice. */
export const courseOf = ({ steps }: ComplaintView, { dictionary }: TrackContext): string[] =>
  steps
    .filter(({ kind }) => kind !== 'notice_sent')
    .map(step => `${dated(Date.parse(step.at))} ${inline(describedOnPaper(step, dictionary))}`)

const negotiation = (view: ComplaintView, page: TrackContext): Html => {
  const { between, card } = page.words
  const record = RECORD_WORDS[page.locale]
  const { time, way, result, missed } = negotiationOf(view, page)
  const { due } = view.complaint
  return html`<section aria-labelledby="negotiation"><h2 id="negotiation">${record.negotiation}</h2>
<dl>${said(record.when, time)}${said(record.how, way)}${said(record.result, result)}${
    due !== null && said(card.due, dated(Date.parse(due)))
  }${missed.length > 0 && said(card.missed, missed.join(between))}</dl></section>`
}

const stepRow = (step: StepView, page: TrackContext, { hrefOf }: Drawn): Html => {
  const { words, dictionary } = page
  const { timeline, colon } = words
  const record = RECORD_WORDS[page.locale]
  return html`<li><p><time datetime="${step.at}">${dated(Date.parse(step.at))}</time> ${timeline.stepNo(step.seq + 1)} <b>${inline(describedOnPaper(step, dictionary))}</b></p>
${(step.cites ?? []).map(({ title, version, text, digest, adoptedAt }) => html`<p class="said" dir="auto">${timeline.rules.title}${colon}${title} ${timeline.rules.version(version, dated(Date.parse(adoptedAt)))} <code>${digest}</code></p><p class="said" dir="auto">${text}</p>`)}
${[...textsOf(step, page), ...returnTerms(step, page)].map(([label, text]) => html`<p class="said" dir="auto">${label}${colon}${text}</p>`)}
${evidenceOf(step, page).map(
  file =>
    html`<figure>${file.isPhoto && html`<img src="${hrefOf(file.sha256)}" alt="${timeline.photo(file.title)}">`}<figcaption><bdi>${file.title}</bdi> SHA-256 <code>${file.sha256}</code></figcaption></figure>`,
)}
<p class="leaf">${step.signed !== null && html`${words.devices.signed} <code>${step.signed.key}</code> `}${step.unsignedThoughBound === true && html`<b>${words.devices.unsigned}</b> `}${record.leaf} <code>${step.leaf}</code></p></li>`
}

const check = ({ words, locale, site = '', verifyUrl }: TrackContext): Html | null => {
  if (verifyUrl === undefined) return null
  const address = `${site}${verifyUrl}`
  return html`<section aria-labelledby="check"><h2 id="check">${words.proof.title}</h2>
<p>${RECORD_WORDS[locale].verify(address)}</p>${qrCode(address, address)}</section>`
}
