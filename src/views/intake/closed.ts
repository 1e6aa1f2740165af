import { inWordsOf } from '../../i18n/intake.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

/** A ticket that opens no form, or none yet: the way back is in the shop. */
export const turnedAwayPage = (page: PageContext, why: 'expired' | 'foreign' | 'silent'): Html => {
  const { title, text } = inWordsOf(page).closed[why]
  return layout({ title, page, main: html`<section class="plain"><h1>${title}</h1><p>${text}</p></section>` })
}

/** Somebody with the order's ticket may know that there is a complaint, and gets no link to it. */
export const alreadyOpenPage = (page: PageContext): Html => leadBack(page, inWordsOf(page).closed.alreadyOpen)

/** The ticket was used, for other words. */
export const alreadyFiledPage = (page: PageContext): Html => leadBack(page, inWordsOf(page).closed.alreadyFiled)

const leadBack = (page: PageContext, { title, text }: { title: string; text: string }): Html => {
  const { find, pickup, resend } = inWordsOf(page).closed
  return layout({
    title,
    page,
    here: '/',
    main: html`<section class="plain"><h1>${title}</h1><p>${text}</p><p>${find}</p>
<p class="two"><a class="button" href="/#pickup">${pickup}</a><a class="button second" href="/#resend">${resend}</a></p></section>`,
  })
}
