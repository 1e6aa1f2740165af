import type { ComplaintView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'

/** Once the supervisor is late too, nobody inside is left to wait for (rule 4). */
export const externalRemedies = ({ complaint }: ComplaintView, { words }: TrackContext): Html | null => {
  if (complaint.holder?.role !== 'supervisor' || !complaint.overdue) return null
  const { outside } = words
  return html`<section class="plain outside" aria-labelledby="outside">
<h2 id="outside">${outside.title}</h2>
<p>${outside.text}</p>
<p class="two"><a class="button" href="tel:12315">${outside.call}</a><a class="button" href="${outside.siteUrl}" rel="noreferrer">${outside.site}</a></p>
<p class="note">${outside.note}</p>
</section>`
}
