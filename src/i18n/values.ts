import type { Fields, FieldValue } from '../complaint/step.ts'

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
