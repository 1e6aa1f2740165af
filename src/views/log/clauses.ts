// Clauses of a deadline policy in words: for its public page, and for the operator's dry run of another document.

import type { Clause, PolicyDocument } from '../../complaint/deadlines/policy.ts'
import { entry } from '../../i18n/values.ts'
import type { PageContext } from '../context.ts'
import { wordsOf } from '../desk/context.ts'
import { inline } from '../html.ts'

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

const GROUPS = ['times', 'caps', 'windows', 'limits', 'lapse', 'calendar'] as const
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

const isGroup = (key: string): key is (typeof GROUPS)[number] => GROUPS.some(group => group === key)

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
