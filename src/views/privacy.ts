import type { PageContext } from './context.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

/** What is kept of a buyer, and what they may ask for; an operator may name a page of their own in its place. */
export const privacyPage = (page: PageContext): Html => {
  const { title, points } = page.words.privacy
  return layout({
    title,
    page,
    main: html`<section class="plain"><h1>${title}</h1>
${points.map(([what, text]) => html`<h2>${what}</h2><p>${text}</p>`)}</section>`,
  })
}
