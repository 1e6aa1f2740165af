import type { Fields } from '../complaint/step.ts'
import type { Dictionary } from '../complaint/view/dictionary.ts'

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
