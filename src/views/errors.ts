import type { PageContext } from './context.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

/** The same for an unknown, altered, revoked or expired link, so that the answer does not reveal which it was. */
export const notFoundPage = (page: PageContext, here?: string): Html => {
  const { notFound } = page.words.pages
  return layout({
    title: notFound.title,
    page,
    here,
    main: html`<section class="plain"><h1>${notFound.title}</h1><p>${notFound.text}</p><p>${notFound.ways}</p>
<p class="two"><a class="button" href="/#pickup">${notFound.pickup}</a><a class="button second" href="/#resend">${notFound.resend}</a></p>
<p class="note">${notFound.outside}</p></section>`,
  })
}

/** Any other error, in a sentence for people. */
export const problemPage = (
  page: PageContext,
  problem: {
    status: number
    title: string
    detail?: string | undefined
    back?: string | undefined
    request?: string | undefined
  },
  here?: string,
): Html => {
  const words = page.words.pages.problem
  const { back = '/' } = problem
  return layout({
    title: problem.title,
    page,
    here,
    main: html`<section class="plain"><h1>${problem.title}</h1>${problem.detail !== undefined && html`<p>${problem.detail}</p>`}
<p class="note">${words.code(problem.status, problem.request)}</p><p><a class="button second" href="${back}">${back === '/' ? words.back : words.backToProgress}</a></p></section>`,
  })
}

/** After asking for the SMS again: the same answer whether the order exists or not. */
export const pickupSentPage = (page: PageContext): Html => {
  const { sent } = page.words.pages
  return layout({
    title: sent.title,
    page,
    here: '/',
    main: html`<section class="plain"><h1>${sent.title}</h1><p>${sent.text}</p><p>${sent.notThere}</p><p><a class="button second" href="/">${sent.back}</a></p></section>`,
  })
}

/** An error of the consoles. It may come before sign-in, so it names no user; `back` leads to the console of the signed-in role. */
export const consoleProblemPage = (
  page: PageContext,
  {
    status,
    title,
    back = '/signin',
    request,
  }: { status: number; title: string; back?: string | undefined; request?: string | undefined },
): Html => {
  const { notFound, toRoom } = page.console
  const said = status === 404 ? notFound : title
  return layout({
    title: said,
    page,
    here: back,
    main: html`<section class="plain"><h1>${said}</h1>
<p class="note">${page.words.pages.problem.code(status, request)}</p><p><a class="button second" href="${back}">${toRoom}</a></p></section>`,
  })
}
