import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { Check } from '../log/check.ts'

/** What a command may touch besides files; tests give their own. */
export interface Io {
  /** A line for the reader. */
  out(line: string): void
  /** Text beside the answer: progress, and what went wrong. No newline is added. */
  err(text: string): void
  /** `err` is a terminal. */
  readonly tty: boolean
  /** UTC milliseconds. */
  now(): number
  readonly fetch: (
    url: string,
    init?: { headers: Record<string, string>; method?: string; body?: string },
  ) => Promise<Response>
  /** The reader's language, as the environment says it: `zh_TW.UTF-8`. */
  readonly locale?: string | undefined
  /** `TOUSU_KEY` of the environment: an API key. */
  readonly apiKey?: string | undefined
}

/** Nothing was proved or disproved: a file, the network, or a command line is in the way. */
export class CliError extends Error {
  override name = 'Trouble'
}

/** Exit codes. `verify` answers 0 or 1 alone. */
export const FINE = 0
export const REFUSED = 1
export const TROUBLE = 2

/** Waits for a signal to end (`witness`); a command that returns has ended. */
export type Command = (args: string[], io: Io) => Promise<number>

export const processIo = (): Io => ({
  out: line => void process.stdout.write(`${line}\n`),
  err: text => void process.stderr.write(text),
  tty: process.stderr.isTTY === true,
  now: Date.now,
  fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(30_000) }),
  locale: process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG,
  apiKey: process.env.TOUSU_KEY,
})

/** One line a check. */
export const report = (checks: readonly Check[], io: Io): boolean => {
  for (const { ok, name, detail } of checks) io.out(`${ok ? '✓' : '✗'} ${name}: ${detail}`)
  return checks.every(check => check.ok)
}

/** Options and the rest, or Trouble in one line. */
export const readArguments = <O extends ParseArgsOptionsConfig>(args: string[], options: O) => {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new CliError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown options')
  }
}

export const only = (positionals: readonly string[], what: string): string => {
  const [first, ...more] = positionals
  if (first === undefined || more.length > 0) throw new CliError(`give ${what}, once`)
  return first
}

export const needed = (value: string | undefined, option: string): string => {
  if (value === undefined || value === '') throw new CliError(`${option} is missing`)
  return value
}
