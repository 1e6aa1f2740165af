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

/** On a shared page: that it is one. */
export const readOnly = ({ words, scope }: TrackContext): Html | null =>
  scope === 'view' ? html`<p class="notice" role="note">${words.share.readOnly}</p>` : null

/** The link that the buyer made to show to others. */
export const shareLink = ({ words, shareUrl }: TrackContext): Html | null =>
  shareUrl
    ? html`<section class="plain" aria-labelledby="share"><h2 id="share">${words.share.made}</h2>
<input class="link" readonly value="${shareUrl}" aria-label="${words.share.made}">
<p>${words.share.copy}</p></section>`
    : null
