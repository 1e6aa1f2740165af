// Strict input of programs: a misspelt name is refused, since what it says would otherwise be lost without a word.

import type { MiddlewareHandler } from 'hono'
import type * as v from 'valibot'
import { isRecord, parse } from './body.ts'
import { type FieldProblem, Problem } from './problem.ts'

const NAMED = 20
/** A name is repeated to its sender only where it looks like one. */
const NAME = /^[A-Za-z][\w-]{0,40}$/

const problemsOf = (names: readonly string[]): FieldProblem[] =>
  names.slice(0, NAMED).map(field => ({ field, code: 'unknown' }))

/**
 * Parses once, and refuses fields that neither this schema nor `others` has: `unknown_field`, or `invalid` with the unknown
 * ones last where something else is wrong too. `seen` is a precondition and `signature` its author's, not a field.
 */
export const parseStrictly = <T>(
  schema: v.GenericSchema<unknown, T>,
  body: Record<string, unknown>,
  ...others: v.GenericSchema[]
): T => {
  const { seen: _seen, signature: _signature, ...fields } = body
  const unknown = problemsOf(unknownIn(fields, [schema, ...others], ''))
  try {
    const parsed = parse(schema, body)
    if (unknown.length > 0) throw new Problem('unknown_field', unknown)
    return parsed
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid')
      throw new Problem('invalid', [...error.errors, ...unknown])
    throw error
  }
}

const unknownIn = (value: Record<string, unknown>, schemas: readonly unknown[], path: string): string[] => {
  const known = schemas.map(entriesOf).filter(isRecord)
  if (known.length === 0) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    if (inner === undefined) return []
    const here = path + (NAME.test(name) ? name : '')
    const having = known.filter(entries => Object.hasOwn(entries, name))
    if (having.length === 0) return [here]
    return isRecord(inner)
      ? unknownIn(
          inner,
          having.map(entries => entries[name]),
          `${here}.`,
        )
      : []
  })
}

/** Of an object schema, also within a pipe or an optional one. */
const entriesOf = (schema: unknown): unknown =>
  isRecord(schema) ? (schema.entries ?? entriesOf(schema.wrapped)) : undefined

/** Query parameters of a route; any other is refused. Each takes `lang`. */
export const knownQuery =
  (...names: readonly string[]): MiddlewareHandler =>
  async (c, next) => {
    const unknown = Object.keys(c.req.query()).filter(name => name !== 'lang' && !names.includes(name))
    if (unknown.length > 0)
      throw new Problem('unknown_field', problemsOf(unknown.map(name => (NAME.test(name) ? name : ''))))
    await next()
  }

/**
 * The same for the pages of a console. A filter that is misspelt in an address would show a list that looks filtered, and is acted on.
 * Forms are posted to addresses of their own.
 */
export const knownToConsole = (...names: readonly string[]): MiddlewareHandler => {
  const known = knownQuery(...names)
  return (c, next) => (c.req.method === 'GET' ? known(c, next) : next())
}
