import type { Fields, FieldValue } from '../complaint/step.ts'
import { isMidnight, type ShanghaiParts, shanghaiParts } from '../complaint/time.ts'
import type { Dictionary } from '../complaint/view/types.ts'

/** A part of a remedy and the like; undefined where there is none. */
export const part = (value: FieldValue | undefined, name: string): FieldValue | undefined =>
  typeof value === 'object' ? value[name] : undefined

/** A sum of money as decimal text and ISO 4217 currency, or null for what is none. */
export const sumOf = (value: unknown): { value: string; currency: string } | null =>
  typeof value === 'object' && value !== null && 'value' in value && 'currency' in value
    ? { value: String(value.value), currency: String(value.currency) }
    : null

/** The word for a key; an unknown key stands for itself. */
export const lookUp = (table: Readonly<Record<string, string>>, key: FieldValue | undefined): string =>
  table[String(key)] ?? String(key ?? '')

/** The texts or files that a share link shows, in words. */
export const shownBy = (fields: Fields, words: { texts: string; files: string }): string[] =>
  (['texts', 'files'] as const).filter(name => fields[name] === true).map(name => words[name])

/** The text under a key that need not be in the table: its keys are a closed list, the asked one comes from outside. */
export const entry = (table: Readonly<Record<string, string>>, key: string | number): string | undefined => table[key]

/** Fields that people wrote and a sentence of ours repeats: they stay as they are. */
const QUOTED = ['desk', 'officer', 'carrier', 'trackingNo']

/** The same sentences in the second person, for the buyer's own page: `rewrite` turns the third person of ours into it. */
export const toSecondPerson = (dictionary: Dictionary, rewrite: (text: string) => string): Dictionary => ({
  ...dictionary,
  states: rewritten(dictionary.states, rewrite),
  describe: step => aroundQuotes(dictionary.describe(step), step.fields, rewrite),
  next: c => rewritten(dictionary.next(c), rewrite),
})

const rewritten = <T extends Record<string, string>>(words: T, rewrite: (text: string) => string): T =>
  // Cast: the keys stay, only the texts change.
  Object.fromEntries(Object.entries(words).map(([key, text]) => [key, rewrite(text)])) as T

const aroundQuotes = (text: string, fields: Fields, rewrite: (text: string) => string): string => {
  const quoted = QUOTED.map(name => fields[name]).filter(value => typeof value === 'string' && value !== '')
  if (quoted.length === 0) return rewrite(text)
  const pattern = quoted.map(value => String(value).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')
  return text
    .split(new RegExp(`(${pattern})`))
    .map((part, i) => (i % 2 === 1 ? part : rewrite(part)))
    .join('')
}

/** A time that ends with a day ends at its 24:00, not at 00:00 of the next. */
export const inShanghai = (iso: string): ShanghaiParts => {
  const at = Date.parse(iso)
  return isMidnight(at) ? { ...shanghaiParts(at - 1), clock: '24:00' } : shanghaiParts(at)
}

/** How a language says an amount of time. */
interface Units {
  days(n: number): string
  hours(n: number): string
  minutes(n: number): string
  underMinute: string
}

/** No minutes beside days, nor beside six hours and more: too fine to plan by. */
export const spanIn = (seconds: number, units: Units): string => {
  const minutes = Math.floor(seconds / 60)
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  const said = [
    days > 0 && units.days(days),
    hours > 0 && units.hours(hours),
    days === 0 && hours < 6 && rest > 0 && units.minutes(rest),
  ]
  return said.filter(Boolean).join(' ') || units.underMinute
}
