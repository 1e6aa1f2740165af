// Structured logs: one JSON object a line, `{"time","level","msg",…}`. Never a URL, text, name or number of a person: `msg`
// is a fixed sentence, and fields hold codes, route patterns and identifiers of our own.

type Level = 'info' | 'warn' | 'error'
export type LogFields = Readonly<Record<string, string | number | undefined>>

/** Writes one line; what is info goes to stdout on Node, the rest to stderr. */
export const log = (level: Level, msg: string, fields: LogFields = {}): void => {
  const line = JSON.stringify({ time: new Date().toISOString(), level, msg, ...fields })
  if (level === 'info') console.log(line)
  else console.error(line)
}

/** An unforeseen error as fields: class, code and four stack frames. Not its message, which may quote what a person typed. */
export const errorFields = (error: unknown): LogFields => {
  if (!(error instanceof Error)) return { error: 'not an error' }
  return { error: error.constructor.name, code: codeOf(error), at: framesOf(error) }
}

/** An own code, as SQLite's or the system's; a Durable Object has it in the message alone. */
const codeOf = (error: Error): string | undefined => {
  const code = 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : /\bSQLITE_[A-Z_]+\b/.exec(error.message)?.[0]
}

const FRAME = /^\s+at (?:(\S.*?) \()?[^()]*?((?:[^\\/():]+[\\/]){0,2}[^\\/():]+:\d+:\d+)\)?$/
const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .flatMap(line => {
      const [, name = '', place] = FRAME.exec(line) ?? []
      return place === undefined ? [] : [`${name} ${place}`.trim()]
    })
    .slice(0, 4)
    .join(' < ')

/**
 * State changes of something that can fail: a line when it begins to, one for each further reason, and one when it works
 * again. A night without a gateway is two lines, not a thousand.
 */
export class FaultLog {
  readonly #what: string
  readonly #fields: LogFields
  readonly #said = new Set<string>()

  /** `what` completes "… fails" and "… works again". */
  constructor(what: string, fields: LogFields = {}) {
    this.#what = what
    this.#fields = fields
  }

  failed(reason: string, fields: LogFields = {}): void {
    if (this.#said.has(reason)) return
    this.#said.add(reason)
    log('error', `${this.#what} fails`, { ...this.#fields, reason, ...fields })
  }

  worked(): void {
    if (this.#said.size === 0) return
    this.#said.clear()
    log('info', `${this.#what} works again`, this.#fields)
  }
}
