import type { FieldValue } from '../../complaint/step.ts'
import { lookUp } from '../values.ts'
import { words } from './complaint-words.ts'

// Words as they stand inside an English sentence.

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** A label in the middle of a sentence. */
export const inSentence = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1)
export const opening = (phrase: string): string => phrase.charAt(0).toUpperCase() + phrase.slice(1)

/** An unknown role stands for itself. */
export const the = (role: FieldValue | undefined): string => {
  const label = lookUp(words.roles, role)
  if (role === 'both') return 'the buyer and the seller'
  return Object.hasOwn(words.roles, String(role)) ? `the ${inSentence(label)}` : label
}

const REMEDIES: Record<string, string> = {
  refund: 'a refund',
  partial_refund: 'a partial refund',
  return_refund: 'a return and a refund',
  exchange: 'an exchange',
  reship: 'a new delivery',
  repair: 'a repair',
  apology: 'an apology',
  compensation: 'compensation',
}

/** A partial refund of CN¥60.00, an exchange. */
export const aRemedy = (kind: FieldValue | undefined, sum: string): string =>
  `${lookUp(REMEDIES, kind)}${sum && ` of ${sum}`}`
