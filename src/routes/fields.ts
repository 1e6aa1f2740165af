import type { MiddlewareHandler } from 'hono'
import * as v from 'valibot'
import { isDate } from '../complaint/time.ts'
import { isOverstacked, isVisible, plainName } from '../complaint/words.ts'
import type { PageWords } from '../i18n/index.ts'
import { isRecord, parse } from './body.ts'
import { type FieldCode, type FieldProblem, Problem } from './problem.ts'

// Messages are field codes (`problem.ts`), put into words by the view that shows them.
export const code = (name: FieldCode): FieldCode => name

const MAX_TEXT = 5000
const MAX_LINE = 200

/** Control characters, and those that turn the direction of a line: they could make a page show what was not written. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point.
const CLEAN = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/
const clean = v.check(
  (text: string) => CLEAN.test(text) && text.isWellFormed() && !isOverstacked(text),
  code('characters'),
)

export const string = v.string(code('required'))
/** A text must show something. Invisible answers would count as a person's. */
export const filled = v.check(isVisible, code('required'))
export const long = v.pipe(string, filled, v.maxLength(MAX_TEXT, code('too_long')), clean)
const oneLine = v.regex(/^[^\n\r\t\u2028\u2029]*$/, code('characters'))
export const line = v.pipe(string, filled, v.maxLength(MAX_LINE, code('too_long')), clean, oneLine)
export const person = v.pipe(line, v.transform(plainName), filled)
/** One of a closed list. */
export const pick = <const T extends readonly string[]>(values: T) => v.picklist(values, code('choose'))
export const word = (pattern: RegExp, max: number, problem: FieldCode = 'characters') =>
  v.pipe(string, filled, v.maxLength(max, code('too_long')), v.regex(pattern, code(problem)))

export const amount = v.object({
  value: v.pipe(
    v.string(code('amount')),
    v.regex(/^(0|[1-9]\d{0,9})(\.\d{1,2})?$/, code('amount')),
    v.regex(/[1-9]/, code('amount')),
  ),
  currency: v.optional(v.pipe(string, v.regex(/^[A-Z]{3}$/, code('choose'))), 'CNY'),
})
const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})$/

/** What `datetime-local` sends, or a clerk types: without an offset it is the console's own clock, Shanghai's. */
export const inShanghai = (value: unknown): unknown => {
  const [, day, hour = '', minute] = (typeof value === 'string' && LOCAL_TIME.exec(value.trim())) || []
  return day === undefined ? value : `${day}T${hour.padStart(2, '0')}:${minute}:00+08:00`
}

/** ISO 8601 with its offset from UTC; inside, UTC milliseconds. */
export const instant = v.pipe(
  string,
  v.isoTimestamp(code('instant')),
  v.check(text => isDate(text.slice(0, 10)), code('instant')),
  v.transform(Date.parse),
  v.number(code('instant')),
)
/** Forms send digits. */
export const count = (min: number, max: number) =>
  v.pipe(
    v.union(
      [v.number(), v.pipe(v.string(), v.regex(new RegExp(`^\\d{1,${String(max).length}}$`)), v.transform(Number))],
      code('choose'),
    ),
    v.integer(code('choose')),
    v.minValue(min, code('choose')),
    v.maxValue(max, code('choose')),
  )
export const seq = count(0, 999_999)
/** Forms send words. */
export const flag = v.pipe(
  v.union([v.boolean(), v.picklist(['true', 'false'])], code('choose')),
  v.transform(value => value === true || value === 'true'),
)
export const yes = v.pipe(
  v.optional(v.union([v.literal('yes'), v.boolean()], code('tick')), false),
  v.transform(value => value !== false),
)

/** Shops number their orders as they like: #1001, 2026/11/7. */
export const orderId = v.pipe(line, v.maxLength(64, code('too_long')))
/** As people and shops write it: +86 139-1234-5678, (0755) 8888 8888, １３９…; kept without what only parts it. */
export const phone = v.pipe(
  string,
  v.maxLength(40, code('phone')),
  v.transform(text => text.normalize('NFKC').replace(/[\s().\p{Pd}]/gu, '')),
  v.regex(/^\+?\d{6,15}$/, code('phone')),
)

/** Fields that are chosen from a list, also those of a row: no person types them. */
const CHOSEN =
  /^(c\w{10}\.)?(outcome|ground|from|party|target|toDesk|answer|reasonCode|cites\.\w+|(.+\.)?(kind|owedBy|freightPaidBy))$/

/** A field's problem as a sentence of the page's language. */
export const inWords = ({ field, code, max = 0 }: FieldProblem, { problems }: PageWords) => ({
  field,
  message: sentence(code === 'required' && CHOSEN.test(field) ? 'choose' : code, max, problems),
})

const sentence = (code: FieldProblem['code'], max: number, words: PageWords['problems']): string => {
  switch (code) {
    case 'required':
      return words.required
    case 'choose':
      return words.choose
    case 'tick':
      return words.tick
    case 'amount':
      return words.amount
    case 'phone':
      return words.phone
    case 'last4':
      return words.last4
    case 'url':
      return words.url
    case 'too_long':
      return words.tooLong(max)
    case 'file_type':
      return words.fileType
    case 'file_size':
      return words.fileSize(max)
    case 'file_count':
      return words.fileCount(max)
    case 'file_total':
      return words.fileTotal(max)
    case 'instant':
    case 'characters':
    case 'unknown':
    case 'other':
      return words.other
    default:
      return code satisfies never
  }
}

// Strict input of programs: a misspelt name is refused, since what it says would otherwise be lost without a word.

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
