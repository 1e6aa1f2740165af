import type { PolicyDocument } from '../../complaint/policy.ts'
import { type Html, html } from '../html.ts'
import { type DeskPage, deskPage, wordsOf } from './context.ts'

type Figure = { hours: number } | { workingDays: number } | { count: number }
type Basis = 'law' | 'platform_rule' | 'default'

const GROUPS = ['times', 'caps', 'windows', 'limits', 'lapse'] as const

/** The deadline policy behind a complaint's dates: every figure with its source. */
export const policyPage = (policy: PolicyDocument, hash: string, page: DeskPage): Html => {
  const words = wordsOf(page).policy
  const { calendar } = policy
  return deskPage(page, {
    title: words.title,
    current: '',
    main: html`<div class="head"><h1>${words.title}</h1><p class="note">${words.lead}</p></div>
<p class="note">${policy.name} · ${words.version(hash)}</p>
${GROUPS.map(
  group => html`<section aria-labelledby="${group}"><h2 id="${group}">${words.groups[group]}</h2>
<div class="sheet"><table class="list-table" aria-labelledby="${group}"><thead><tr><th scope="col">${words.figure}</th><th scope="col">${words.length}</th><th scope="col">${words.basis}</th><th scope="col">${words.source}</th></tr></thead>
<tbody>${Object.entries(policy[group]).map(([name, figure]) => row(`${group}.${name}`, figure, page))}</tbody></table></div></section>`,
)}
<section class="plain" aria-labelledby="calendar"><h2 id="calendar">${words.calendar}</h2><p>${words.calendarText(calendar.source, calendar.coveredUntil)}</p></section>`,
  })
}

const row = (clause: string, figure: Figure & { basis: Basis; source: string }, page: DeskPage): Html => {
  const { policy } = wordsOf(page)
  const name = policy.names[clause] ?? page.words.rules[clause] ?? clause
  return html`<tr><th scope="row">${name}</th><td data-label="${policy.length}">${length(clause, figure, page)}</td><td data-label="${policy.basis}"><span class="tag">${policy.bases[figure.basis]}</span></td><td data-label="${policy.source}">${figure.source}</td></tr>`
}

const length = (clause: string, figure: Figure, page: DeskPage): string => {
  const { policy } = wordsOf(page)
  if ('hours' in figure) return policy.hours(figure.hours)
  if ('workingDays' in figure) return policy.workingDays(figure.workingDays)
  return clause === 'lapse.days' ? policy.days(figure.count) : policy.count(figure.count)
}
