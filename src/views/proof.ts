import type { TrackContext } from './context.ts'
import { type Html, html } from './html.ts'

/** The receipt, and who besides the operator has seen the newest step. */
export const evidenceOfRecord = ({ words, base, checked }: TrackContext): Html => {
  const { proof } = words
  const seen = checked.witnesses > 0
  return html`<section class="plain" aria-labelledby="proof">
<h2 id="proof">${proof.title}</h2>
<p><span class="tag ${seen ? 'good' : 'dull'}">${seen ? proof.witnesses(checked.witnesses) : proof.waiting}</span> ${seen ? proof.witnessedNote : proof.waitingNote}</p>
<p>${proof.text}</p>
<p><a class="button second" href="${base}/receipt.json" download>${proof.download}</a></p>
</section>`
}

/** On a shared page: that it is one. After sharing: the link to copy. */
export const shared = ({ words, scope, shareUrl }: TrackContext): Html | null => {
  if (scope === 'view') return html`<p class="notice" role="note">${words.share.readOnly}</p>`
  if (!shareUrl) return null
  return html`<section class="notice good" role="status"><b>${words.share.made}</b>
<input class="link" readonly value="${shareUrl}" aria-label="${words.share.made}">
<p>${words.share.copy}</p></section>`
}
