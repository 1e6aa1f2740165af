import { consoleWords } from '../../i18n/console.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

/** An error behind the sign-in. It may come before anybody is known, so it names nobody; `back` finds the room of whoever it is. */
export const consoleProblemPage = (
  page: PageContext,
  { status, title, back = '/signin' }: { status: number; title: string; back?: string | undefined },
): Html => {
  const { notFound, toRoom } = consoleWords[page.locale]
  const said = status === 404 ? notFound : title
  return layout({
    title: said,
    page,
    here: back,
    main: html`<section class="plain"><h1>${said}</h1>
<p class="note">${page.words.pages.problem.code(status)}</p><p><a class="button second" href="${back}">${toRoom}</a></p></section>`,
  })
}
