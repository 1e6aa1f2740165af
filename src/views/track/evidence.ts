import { iso } from '../../complaint/time.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { EVIDENCE_WORDS, type EvidenceWords, RECORD_WORDS } from '../../i18n/areas/outside.ts'
import type { TrackContext } from '../context.ts'
import { row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'
import { qrCode } from '../qr.ts'
import { evidenceOf, textsOf } from '../steps/step.ts'
import { describedOnPaper } from './record.ts'

/** What a receipt proves by, in plain values. Instants are UTC ms. */
export interface Proofs {
  origin: string
  size: number
  /** Base64. */
  root: string
  /** The signed note. */
  note: string
  iat: number
  /** Index in the log of each step, by its number. */
  indices: readonly number[]
  cosigned: readonly { name: string; at: number }[]
  /** `steps`: how many of the first ones its tree holds. */
  stamps: readonly { at: number; size: number; steps: number }[]
}

/**
 * 存证说明: what was said when, what it can be checked by, and how; for a court or a notary. Plain HTML that the browser prints.
 * It bears no signature and says so: the receipt is what counts.
 */
export const evidencePage = (view: ComplaintView, proofs: Proofs, page: TrackContext): Html => {
  const words = EVIDENCE_WORDS[page.locale]
  const record = RECORD_WORDS[page.locale]
  return layout({
    title: `${words.title} · ${view.complaint.id}`,
    page,
    look: 'record',
    here: `${page.base}/sheet`,
    scripts: ['record.js'],
    main: html`<p class="tools"><a href="${page.base}">${record.back}</a> <a href="${page.base}/receipt.json" download>${words.save}</a> <button type="button" data-print hidden>${record.print}</button></p>
<h1>${words.title}</h1>
<p class="note">${words.lead(view.complaint.id, whole(page.now))}</p>
<p>${words.about}</p>
<section aria-labelledby="course"><h2 id="course">${words.course}</h2>
<ol class="course">${view.steps
      .filter(({ seq }) => seq < proofs.indices.length)
      .map(step => stepRow(step, proofs, words, page))}</ol></section>
${checkpoint(proofs, words)}
<section aria-labelledby="witnesses"><h2 id="witnesses">${words.witnesses}</h2>
${list(proofs.cosigned.map(({ name, at }) => words.witnessed(name, whole(at)))) ?? html`<p>${words.unwitnessed}</p>`}</section>
<section aria-labelledby="stamps"><h2 id="stamps">${words.stamps}</h2>
${list(proofs.stamps.map(({ at, size, steps }) => words.stamped(whole(at), steps, size))) ?? html`<p>${words.unstamped}</p>`}
<p class="note">${words.stampsNote}</p></section>
${howToCheck(proofs, words, page)}
<section><p class="sign">${words.digest}</p><p class="sign">${words.signature}</p></section>`,
  })
}

/** 2026-11-21 18:05:33, in Asia/Shanghai: an instant that is compared with other lines. */
const whole = (at: number): string =>
  iso(at + 8 * 3_600_000)
    .slice(0, 19)
    .replace('T', ' ')

const stepRow = (step: StepView, { indices }: Proofs, words: EvidenceWords, page: TrackContext): Html => {
  const { timeline, devices, colon } = page.words
  return html`<li><p><time datetime="${step.at}">${whole(Date.parse(step.at))}</time> ${timeline.stepNo(step.seq + 1)} <b>${inline(describedOnPaper(step, page.dictionary, whole))}</b></p>
${textsOf(step, page).map(([label, text]) => html`<p class="said" dir="auto">${label}${colon}${text}</p>`)}
${evidenceOf(step, page).map(file => html`<p class="leaf">${words.file(file.title)} <code>${file.sha256}</code></p>`)}
<p class="leaf">${step.signed !== null && html`${devices.signed} <code>${step.signed.key}</code> `}${step.unsignedThoughBound === true && html`<b>${devices.unsigned}</b> `}${words.entry(indices[step.seq] ?? 0)} <code>${step.leaf}</code></p></li>`
}

const checkpoint = ({ origin, size, root, note, iat, indices }: Proofs, words: EvidenceWords): Html =>
  html`<section aria-labelledby="checkpoint"><h2 id="checkpoint">${words.checkpoint}</h2>
<p class="note">${words.checkpointNote}</p>
<dl>${row(words.log, html`<code>${origin}</code>`)}${row(words.size, html`${size}`)}${row(words.root, html`<code>${root}</code>`)}${row(words.last, html`${words.lastStep(indices.length, whole(iat))}`)}</dl>
<p>${words.note}</p><pre class="said">${note}</pre></section>`

const list = (lines: readonly string[]): Html | null =>
  lines.length === 0 ? null : html`<ul>${lines.map(line => html`<li>${line}</li>`)}</ul>`

const howToCheck = ({ stamps }: Proofs, words: EvidenceWords, { site = '', verifyUrl }: TrackContext): Html => {
  const address = verifyUrl === undefined ? null : `${site}${verifyUrl}`
  const authority = stamps.length > 0 ? ' --tsa authority.pem' : ''
  return html`<section aria-labelledby="how"><h2 id="how">${words.how}</h2>
<ol>${words.steps.map((step, i) => html`<li>${i + 1}. ${step}</li>`)}</ol>
<pre class="said">npx tousu verify receipt.json --policy trust.txt${authority}
python3 docs/verifier.py receipt.json trust.txt
sha256sum receipt.json</pre>
${address !== null && html`<p>${words.online(address)}</p>${qrCode(address, address)}`}</section>`
}
