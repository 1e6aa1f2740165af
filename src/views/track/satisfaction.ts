import type { ComplaintView } from '../../complaint/view/types.ts'
import { seenField } from '../acts/fields.ts'
import { actFields } from '../acts/forms.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'

/** Satisfaction, asked where a complaint has ended: whether it was really solved once a week has passed, and stars. */
export const satisfaction = (view: ComplaintView, page: TrackContext): Html | null =>
  page.scope !== 'act'
    ? null
    : html`${view.actions.includes('follow-up') ? followUp(view, page) : null}${view.actions.includes('rating') ? rating(view, page) : null}`

/** One tap. */
const followUp = (view: ComplaintView, page: TrackContext): Html => {
  const { label, effect, submit } = page.words.acts.words['follow-up']
  return html`<section class="plain ask" id="follow-up" aria-labelledby="follow-up-title"><h2 id="follow-up-title">${label}</h2>
<form method="post" action="${page.base}/follow-up" hx-post="${page.base}/follow-up">${seenField(view)}
<p class="two"><button name="solved" value="yes">${submit}</button><button class="second" name="solved" value="no">${page.words.acts.notSolved}</button></p>
<p class="note">${effect}</p></form>
</section>
`
}

/** Who has just confirmed is thanked by it. */
const rating = (view: ComplaintView, page: TrackContext): Html => {
  const { words } = page.words.acts
  const { label, effect, submit } = words.rating
  const thanked = view.steps.at(-1)?.kind === 'confirmed'
  return html`<section class="plain ask" id="rating" aria-labelledby="rating-title"><h2 id="rating-title">${thanked ? page.words.acts.thanks : label}</h2>
<form method="post" action="${page.base}/rating" hx-post="${page.base}/rating">${seenField(view)}<p class="effect">${effect}</p>
${actFields('rating', view, page)}
<button>${submit}</button></form>
</section>
`
}
