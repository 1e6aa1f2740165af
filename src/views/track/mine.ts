import type { State } from '../../complaint/words.ts'
import { entry } from '../../i18n/values.ts'
import { labelFor } from '../acts/fields.ts'
import type { PageContext, TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'

export interface OtherComplaint {
  id: string
  url: string
  state: State
  /** UTC ms. */
  due: number | null
  item: string | null
  category: string
}

/** The buyer's other open complaints; null asks for the phone's last four digits first. */
export const minePage = (
  page: PageContext & Pick<TrackContext, 'base'>,
  others: readonly OtherComplaint[] | null,
  problems: readonly string[],
): Html => {
  const { words, base } = page
  const { mine } = words
  return layout({
    title: mine.title,
    page,
    here: `${base}/mine`,
    main: html`<section class="plain"><h1>${mine.title}</h1>
${
  others === null
    ? asking(page, problems)
    : html`${listed(page, others)}
<p><a class="button second" href="${base}/data.json" download>${mine.data}</a></p><p class="note">${mine.dataNote}</p>`
}
<p><a href="${base}">${mine.back}</a></p></section>`,
  })
}

const asking = ({ words, base }: PageContext & Pick<TrackContext, 'base'>, problems: readonly string[]): Html =>
  html`<form method="post" action="${base}/mine"><p class="field"><label for="last4">${labelFor('mine', 'last4', words)}</label><small id="last4-hint">${words.mine.ask}</small>${problems.map(
    text => html`<strong class="problem" role="alert">${text}</strong>`,
  )}<input id="last4" name="last4" inputmode="numeric" maxlength="4" autocomplete="off" required aria-describedby="last4-hint"></p><button>${words.mine.show}</button></form>`

const listed = ({ words, dictionary }: PageContext, others: readonly OtherComplaint[]): Html =>
  others.length === 0
    ? html`<p>${words.mine.none}</p>`
    : html`<ul class="stories">${others.map(
        ({ id, url, state, due, item, category }) =>
          html`<li><p><a href="${url}"><bdi>${inline(item ?? entry(dictionary.categories, category) ?? category)}</bdi></a> <small>${words.complaintNo(id)}</small><br>${dictionary.states[state]}${
            due !== null && html` · ${words.card.due} <time>${dictionary.when(new Date(due).toISOString())}</time>`
          }</p></li>`,
      )}</ul>`
