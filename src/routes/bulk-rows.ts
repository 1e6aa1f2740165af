// Forms of the consoles that act on many complaints: each row is an act of its own, with a signature of its own (public/sign-rows.js).

import { yieldToEventLoop } from '../complaint/time.ts'
import { type Body, bodyOf } from './body.ts'

/** Rows between two pauses: some milliseconds. */
const AT_ONCE = 5

/**
 * One row after another, each with its own result: other requests of the process come between. Rows beyond `most`, as many as a
 * page of the list holds, are refused.
 */
export const eachRow = async <Row, Result>(
  rows: readonly Row[],
  most: number,
  idOf: (row: Row) => string,
  work: (row: Row) => Promise<Result>,
): Promise<(Result | { id: string; refusal: string })[]> => {
  const results: (Result | { id: string; refusal: string })[] = []
  for (const [i, row] of rows.entries()) {
    if (i % AT_ONCE === 0) await yieldToEventLoop()
    results.push(i < most ? await work(row) : { id: idOf(row), refusal: 'too_many' })
  }
  return results
}

/** Ids of the rows: each sends the head that its page showed, as `c7K3M9QXA2P.seen`. */
export const rowsIn = ({ rawFields }: Pick<Body, 'rawFields'>): string[] =>
  Object.keys(rawFields).flatMap(name => /^c([0-9A-Z]{10})\.seen$/.exec(name)?.[1] ?? [])

/**
 * What the form of this one complaint would have sent: its own fields without their prefix, and the `shared` ones that it
 * holds, in the order of the form. Nothing else is in its signature.
 */
export const rowOf = (
  { rawFields, hasUnexpectedFile }: Pick<Body, 'rawFields' | 'hasUnexpectedFile'>,
  id: string,
  shared: readonly string[] = [],
): Body => {
  const prefix = `c${id}.`
  const own = Object.entries(rawFields).flatMap(([name, text]): [string, string][] => {
    if (name.startsWith(prefix)) return [[name.slice(prefix.length), text]]
    return shared.includes(name) ? [[name, text]] : []
  })
  return { ...bodyOf(own), hasUnexpectedFile }
}
