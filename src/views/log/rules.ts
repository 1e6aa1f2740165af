import type { PolicyDocument } from '../../complaint/deadlines/policy.ts'
import { type AdoptedRule, rulesInForce } from '../../complaint/platform-rule.ts'
import { iso } from '../../complaint/time.ts'
import { entry } from '../../i18n/values.ts'
import type { PageContext } from '../context.ts'
import { wordsOf } from '../desk/context.ts'
import { row } from '../facts.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

type Figure = { hours: number } | { workingDays: number } | { count: number }
type Basis = 'law' | 'platform_rule' | 'default'

const GROUPS = ['times', 'caps', 'windows', 'limits', 'lapse'] as const

/** Figures of the whole complaint. */
const wholeCase = ({ total, nudges }: PolicyDocument, page: PageContext): Html =>
  html`${total !== undefined && line('total', total, page)}${nudges !== undefined && line('nudges', nudges, page)}`

/** The deadline policy behind a complaint's dates: every figure with its source (rule 14). Public. */
export const policyPage = (policy: PolicyDocument, hash: string, page: PageContext): Html => {
  const words = wordsOf(page).policy
  const { calendar } = policy
  return layout({
    title: words.title,
    page,
    look: 'rules',
    main: html`<h1>${words.title}</h1>
<p class="note">${words.lead}</p>
${GROUPS.map(
  group => html`<section class="plain" aria-labelledby="${group}"><h2 id="${group}">${words.groups[group]}</h2>
<dl>${Object.entries(policy[group]).map(([name, figure]) => (figure === true ? proofs(page) : line(`${group}.${name}`, figure, page)))}${group === 'times' && wholeCase(policy, page)}</dl></section>`,
)}
${surges(policy, page)}
<section class="plain" aria-labelledby="calendar"><h2 id="calendar">${words.calendar}</h2><p>${words.calendarText(calendar.source, calendar.coveredUntil)}</p></section>
<p class="note">${policy.name} · ${words.version(hash)}</p>`,
  })
}

/** No figure: whether a notice counts only with its vendor's proof. */
const proofs = (page: PageContext): Html => {
  const { names, proofs } = wordsOf(page).policy
  return row(entry(names, 'lapse.proofs') ?? '', html`<b>${proofs}</b>`)
}

const line = (clause: string, figure: Figure & { basis: Basis; source: string }, page: PageContext): Html => {
  const name = nameOfClause(clause, page)
  // A source names the law, and after a colon what it asks, in the words of the document's author.
  const source = figure.basis === 'law' ? `${page.words.colon}${figure.source.split(': ')[0]}` : ''
  return row(
    name,
    html`<b>${length(clause, figure, page)}</b><small>${page.words.card.bases[figure.basis] ?? ''}${source}</small>`,
  )
}

export const nameOfClause = (clause: string, page: PageContext): string =>
  entry(wordsOf(page).policy.names, clause) ?? entry(page.words.rules, clause) ?? clause

/** Null for what is no figure. */
export const length = (clause: string, figure: object, page: PageContext): string | null => {
  const { policy } = wordsOf(page)
  if ('hours' in figure && typeof figure.hours === 'number') return policy.hours(figure.hours)
  if ('workingDays' in figure && typeof figure.workingDays === 'number') return policy.workingDays(figure.workingDays)
  if (!('count' in figure) || typeof figure.count !== 'number') return null
  if (clause.includes('bytes')) return policy.bytes(figure.count)
  return clause === 'lapse.days' ? policy.days(figure.count) : policy.count(figure.count)
}

const surges = ({ surges = [] }: PolicyDocument, page: PageContext): Html | null => {
  const words = wordsOf(page).policy
  if (surges.length === 0) return null
  return html`<section class="plain" aria-labelledby="surges"><h2 id="surges">${words.surges}</h2><p class="note">${words.surgesText}</p>
<dl>${surges.map(({ name, from, until, hours }) => row(`${from} – ${until}`, html`+${words.hours(hours)} <small>${name}</small>`))}</dl></section>`
}

/** The platform's rules in force, for anyone. */
export const publicRulesPage = (versions: readonly AdoptedRule[], page: PageContext): Html => {
  const { library: words } = wordsOf(page)
  const rules = rulesInForce(versions)
  return layout({
    title: words.title,
    page,
    look: 'rules',
    main: html`<h1>${words.title}</h1><p class="note">${words.publicLead}</p>
${rules.length === 0 && html`<p class="plain">${words.none}</p>`}
${rules.map(rule => ruleText(rule, page, html`<h2><a href="/rules/${rule.digest}"><bdi>${rule.title}</bdi></a></h2>`))}`,
  })
}

/** One version, in force or not, with those before and after it. */
export const rulePage = (rule: AdoptedRule, versions: readonly AdoptedRule[], page: PageContext): Html => {
  const { library: words } = wordsOf(page)
  const newest = versions.findLast(({ code }) => code === rule.code)
  const others = versions.filter(({ code, version }) => code === rule.code && version !== rule.version)
  return layout({
    title: rule.title,
    page,
    look: 'rules',
    main: html`<h1 dir="auto">${rule.title}</h1>
${rule.repealed ? html`<p class="notice bad">${words.repealed}</p>` : newest !== undefined && newest.version > rule.version && html`<p class="notice">${words.superseded} <a href="/rules/${newest.digest}">${words.version(newest.version)}</a></p>`}
${ruleText(rule, page, null)}
${others.length > 0 && html`<section class="plain"><h2>${words.history}</h2><ul>${others.map(each => html`<li><a href="/rules/${each.digest}">${words.version(each.version)}</a> ${words.since(page.dictionary.when(iso(each.at)))}</li>`)}</ul></section>`}
<p class="note">${words.digest(rule.digest)}</p>`,
  })
}

const ruleText = (rule: AdoptedRule, page: PageContext, title: Html | null): Html => {
  const { library: words } = wordsOf(page)
  return html`<section class="plain">${title}<p class="note">${rule.code} · ${words.version(rule.version)} · ${words.since(page.dictionary.when(iso(rule.at)))}</p>
<div class="quote" lang="${rule.locale}"><p dir="auto">${rule.text}</p></div></section>`
}
