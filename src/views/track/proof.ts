import { shanghaiDateTime } from '../../complaint/time.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'

/** The receipt, and who besides the operator has seen the newest step. */
export const evidenceOfRecord = ({ words, base, scope, checked }: TrackContext): Html => {
  const { proof } = words
  const seen = checked.witnesses > 0
  return html`<section class="plain" aria-labelledby="proof">
<h2 id="proof">${proof.title}</h2>
<p><span class="tag ${seen ? 'good' : 'dull'}">${seen ? proof.witnesses(checked.witnesses) : proof.waiting}</span> ${seen ? proof.witnessedNote : proof.waitingNote}</p>
<p>${proof.text}</p>
<p class="two"><a class="button second" href="${base}/receipt.json" download>${proof.download}</a>${scope === 'act' && html`<a class="button second" href="${base}/record">${proof.print}</a><a class="button second" href="${base}/12315.zip">${words.record.pack}</a>`}</p>
<p><a href="${base}/sheet">${proof.sheet}</a></p>
${scope === 'act' && html`<p class="note">${proof.printHint}</p>`}
</section>`
}

/** On a shared page: that it is one. */
export const readOnly = ({ words, scope }: TrackContext): Html | null =>
  scope === 'view' ? html`<p class="notice" role="note">${words.share.readOnly}</p>` : null

/** Above all that the page promises: that nothing moves at present. */
export const halted = ({ words, isHalted }: TrackContext): Html | null =>
  isHalted === true ? html`<p class="notice bad" role="status">${words.halted}</p>` : null

/** The link that the buyer made to show to others, to copy, to send and to scan. */
export const shareLink = ({ words, shared }: TrackContext): Html | null => {
  const { share } = words
  return shared
    ? html`<section class="plain share" aria-labelledby="share"><h2 id="share" tabindex="-1">${share.made}</h2>
<input class="link" id="share-link" readonly value="${shared.url}" aria-label="${share.made}">
<p>${share.copy}</p>
<p class="two"><button type="button" data-copy="${share.copied}" hidden>${share.copyButton}</button><button class="second" type="button" data-send hidden>${share.send}</button></p>
<p>${share.scan}</p>
${shared.qr}</section>`
    : null
}

/** 2026-11-21 18:05, in Asia/Shanghai: with its year, which the page leaves out. */
const dated = (at: number): string => shanghaiDateTime(at).replace('T', ' ')

/** What paper can't link to: which complaint this is, as of when, and where it is checked. */
export const onPaper = ({ complaint }: ComplaintView, { words, now, site, verifyUrl }: TrackContext): Html | null =>
  site === undefined
    ? null
    : html`<p class="paper">${words.proof.paper(complaint.id, dated(now))}${
        verifyUrl !== undefined && html` ${words.proof.paperVerify(`${site}${verifyUrl}`)}`
      }</p>`
