import type { Clause, PolicyDocument } from '../../complaint/deadlines/policy.ts'
import { type AdoptedRule, rulesInForce } from '../../complaint/platform-rule.ts'
import { iso } from '../../complaint/time.ts'
import { entry } from '../../i18n/values.ts'
import type { PageContext } from '../context.ts'
import { wordsOf } from '../desk/context.ts'
import { row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'

const GROUPS = ['times', 'caps', 'windows', 'limits', 'lapse'] as const
/** Figures of the whole complaint, under the title of those of each state. */
const WHOLE: readonly string[] = ['total', 'nudges', 'statements', 'retention']
/** What stands last, without a title of its own. */
const OTHERS: readonly string[] = ['outside', 'reminders', 'desks', 'categories', 'index']

/** The deadline policy behind a complaint's dates: every figure with its source (rule 14). Public. */
export const policyPage = (policy: PolicyDocument, hash: string, page: PageContext): Html => {
  const words = wordsOf(page).policy
  const { calendar } = policy
  const clauses = clausesOf(policy, page)
  const of = (group: string) =>
    clauses.filter(({ clause }) => clause.startsWith(`${group}.`) || (group === 'times' && WHOLE.includes(clause)))
  return layout({
    title: words.title,
    page,
    look: 'rules',
    main: html`<h1>${words.title}</h1>
<p class="note">${words.lead}</p>
${GROUPS.map(
  group => html`<section class="plain" aria-labelledby="${group}"><h2 id="${group}">${words.groups[group]}</h2>
<dl>${of(group).map(each => line(each, page))}</dl></section>`,
)}
${surges(policy, page)}
<section class="plain" aria-labelledby="calendar"><h2 id="calendar">${words.calendar}</h2><p>${words.calendarText(calendar.source, calendar.coveredUntil)}</p></section>
<section class="plain" aria-labelledby="more"><h2 id="more">${words.groups.more}</h2>
<dl>${clauses.filter(({ clause }) => OTHERS.includes(clause)).map(({ name, items, text }) => row(name, html`${items === null ? text : items.map(item => html`<bdi>${item}</bdi><br>`)}`))}</dl></section>
<p class="note">${policy.name} · ${words.version(hash)}</p>`,
  })
}

const line = ({ name, text, basis }: ClauseInWords, page: PageContext): Html => {
  // A source names the law, and after a colon what it asks, in the words of the document's author.
  const source = basis?.basis === 'law' ? `${page.words.colon}${basis.source.split(': ')[0]}` : ''
  return row(
    name,
    html`<b>${text}</b>${basis && html`<small>${page.words.card.bases[basis.basis] ?? ''}${source}</small>`}`,
  )
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

// Clauses of a deadline policy in words: for its public page, and for the operator's dry run of another document.

/** A clause of a document: its key with a dot, and what it says. */
export interface ClauseInWords {
  clause: Clause
  name: string
  text: string
  /** What the figure rests on; null where the schema asks for none. */
  basis: { basis: 'law' | 'platform_rule' | 'default'; source: string } | null
  /** Items of a list; null for what is none. */
  items: readonly string[] | null
}

const GROUPED = [...GROUPS, 'calendar'] as const
/** Not clauses: the format, and what the document is called. */
const NO_CLAUSES: readonly string[] = ['v', 'name', 'hash']
/** Longer lists are counted. */
const LISTED = 12

/** Every clause that a document has, in its order. */
export const clausesOf = (policy: PolicyDocument, page: PageContext): ClauseInWords[] =>
  Object.entries(policy)
    .filter(([key]) => !NO_CLAUSES.includes(key))
    .flatMap(([key, value]) =>
      isGroup(key)
        ? Object.entries(policy[key]).map(([name, inner]) => inWords(`${key}.${name}`, inner, page))
        : [inWords(key, value, page)],
    )

const isGroup = (key: string): key is (typeof GROUPED)[number] => GROUPED.some(group => group === key)

const inWords = (key: string, value: unknown, page: PageContext): ClauseInWords => {
  const items = Array.isArray(value) ? value.map(item => itemText(key, item, page)) : null
  return {
    // Cast: the keys are those of a parsed document (PolicySchema is strict).
    clause: key as Clause,
    name: nameOfClause(key, page),
    text: items === null ? valueText(key, value, page) : listText(items, page),
    basis: hasBasis(value) ? { basis: value.basis, source: value.source } : null,
    items,
  }
}

type Based = NonNullable<ClauseInWords['basis']>
const hasBasis = (value: unknown): value is Based => typeof value === 'object' && value !== null && 'basis' in value

/** The name of a clause, also of one that a step's `rule` names. */
export const nameOfClause = (clause: string, page: PageContext): string =>
  entry(wordsOf(page).policy.names, clause) ?? entry(page.words.rules, clause) ?? clause

const listText = (items: readonly string[], page: PageContext): string =>
  items.length > LISTED ? wordsOf(page).policy.entries(items.length) : items.join('; ') || '–'

const valueText = (key: string, value: unknown, page: PageContext): string => {
  const { policy } = wordsOf(page)
  if (key === 'lapse.proofs') return policy.proofs
  if (key === 'index') return entry(policy.indexes, String(value)) ?? String(value)
  if (typeof value !== 'object' || value === null) return inline(String(value))
  return figureText(key, value, page)
}

/** Hours, working days or a number of times: what it counts follows from the clause. */
const figureText = (clause: string, figure: object, page: PageContext): string => {
  const { policy } = wordsOf(page)
  const [hours, count] = [numberIn(figure, 'hours'), numberIn(figure, 'count')]
  if (clause === 'nudges') return policy.nudges(policy.hours(hours), count)
  if (clause === 'statements') return policy.statements(policy.hours(hours), count)
  if (clause === 'retention') return policy.days(numberIn(figure, 'afterEndDays'))
  if ('hours' in figure) return policy.hours(hours)
  if ('workingDays' in figure) return policy.workingDays(numberIn(figure, 'workingDays'))
  if (clause.includes('bytes')) return policy.bytes(count)
  return clause === 'lapse.days' ? policy.days(count) : policy.count(count)
}

const fieldOf = (value: object, name: string): unknown => Object.entries(value).find(([key]) => key === name)?.[1]
const numberIn = (value: object, name: string): number => Number(fieldOf(value, name) ?? 0)
const textIn = (value: object, name: string): string => inline(String(fieldOf(value, name) ?? ''))

const itemText = (key: string, item: unknown, page: PageContext): string => {
  const { policy } = wordsOf(page)
  if (key === 'categories') return page.dictionary.categories[String(item)] ?? String(item)
  if (key === 'reminders') return `${Math.round(Number(item) * 100)} %`
  if (typeof item !== 'object' || item === null) return inline(String(item))
  const hours = numberIn(item, 'hours')
  if (key === 'surges')
    return `${textIn(item, 'from')} – ${textIn(item, 'until')} +${policy.hours(hours)} ${textIn(item, 'name')}`
  const name = textIn(item, 'name')
  const more = [textIn(item, 'phone'), textIn(item, 'url'), hours > 0 ? policy.within(policy.hours(hours)) : '']
  return [entry(page.words.outside.names, name) ?? name, ...more].filter(Boolean).join(' · ')
}
