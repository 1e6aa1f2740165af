import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { dirname } from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { type Check, LogError } from '../log/error.ts'
import { parsePolicy, type TrustPolicy } from '../log/trust.ts'

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
  /** GET of bodies of at most `most` bytes, where there is a faster way than `fetch`. Rejects where no whole answer comes. */
  readonly get?: (url: string, most: number) => Promise<Answer>
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

const fetchInTime: Io['fetch'] = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(30_000) })

export const processIo = (): Io => ({
  out: line => void process.stdout.write(`${line}\n`),
  err: text => void process.stderr.write(text),
  tty: process.stderr.isTTY === true,
  now: Date.now,
  fetch: fetchInTime,
  get: (url, most) => getBytes(url, most, fetchInTime),
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

/** Throws Trouble, with the file's name, instead of a stack. */
export const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CliError(`${file}: ${reason(error)}`)
  }
}

export const readJson = (file: string): unknown => {
  const text = readText(file)
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes what it choked on.
    throw new CliError(`${file}: not JSON`)
  }
}

/** Null where there is no such file. */
export const readIfThere = (file: string): string | null => readBytesIfThere(file)?.toString('utf8') ?? null

/** Null where there is no such file. */
export const readBytesIfThere = (file: string): Buffer | null => {
  try {
    return readFileSync(file)
  } catch (error) {
    if (isError(error, 'ENOENT')) return null
    throw new CliError(`${file}: ${reason(error)}`)
  }
}

/** Creates a file that its owner alone can read. Throws Trouble if it is there already: a key is never overwritten. */
export const writeSecret = (file: string, text: string): void =>
  attempt(file, () => writeDurably(file, [text], 'wx', 0o600))

/** All or nothing, and on disk when it returns: a reader sees the old file or the new one. */
export const replaceFile = (file: string, parts: Iterable<string | Uint8Array>, mode = 0o600): void =>
  attempt(file, () => {
    writeDurably(`${file}.new`, parts, 'w', mode)
    renameSync(`${file}.new`, file)
    syncFolder(dirname(file))
  })

const writeDurably = (file: string, parts: Iterable<string | Uint8Array>, flags: string, mode: number): void => {
  const opened = openSync(file, flags, mode)
  try {
    for (const part of parts) writeAll(opened, typeof part === 'string' ? Buffer.from(part) : part)
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

const writeAll = (opened: number, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) at += writeSync(opened, bytes, at)
}

/** The rename itself must survive a power cut; Windows has no such thing. */
const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

const attempt = <T>(file: string, act: () => T): T => {
  try {
    return act()
  } catch (error) {
    throw new CliError(`${file}: ${reason(error)}`)
  }
}

export const isError = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'not allowed',
  EISDIR: 'a folder, not a file',
  ENOTDIR: 'not a folder',
  EEXIST: 'is there already and is not overwritten',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
}
const reason = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? `cannot be used (${code || 'unknown'})`
}

/** Throws Trouble that names the file. */
export const readTrust = (text: string, file: string): TrustPolicy => {
  try {
    return parsePolicy(text)
  } catch (error) {
    throw new CliError(`${file}: ${error instanceof LogError ? error.message : 'not a trust policy'}`)
  }
}

// HTTP GET of whole bodies by node:http: of 3,900 answers of 120 KB it takes a third of the CPU that `fetch` takes, and less memory.

interface Answer {
  status: number
  bytes: Buffer
}

const TIMEOUT_MS = 30_000
const HEADERS = { Accept: '*/*', 'User-Agent': 'tousu' }

/** Rejects where no whole answer of at most `most` bytes comes in time. `fetch` is asked where the log has moved: it follows redirects. */
export const getBytes = async (
  url: string,
  most: number,
  fetch: (url: string) => Promise<Response>,
): Promise<Answer> => {
  const answer = await get(url, most)
  return answer.status >= 300 && answer.status < 400 ? fetchBytes(url, most, fetch) : answer
}

/** The same by `fetch`, which tests have one of their own of. */
export const fetchBytes = async (
  url: string,
  most: number,
  fetch: (url: string) => Promise<Response>,
): Promise<Answer> => {
  const response = await fetch(url)
  const bytes = Buffer.from(await response.arrayBuffer())
  if (bytes.length > most) throw new TooLarge()
  return { status: response.status, bytes }
}

export class TooLarge extends Error {}

const get = (url: string, most: number): Promise<Answer> =>
  new Promise((resolve, reject) => {
    // No `encoding` is asked for: what a log serves is hashes and digests. The global agent keeps connections, and knows proxies.
    const request = (url.startsWith('https:') ? https : http).get(url, { headers: HEADERS }, response => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length > most) request.destroy(new TooLarge())
      })
      response.on('end', () => {
        clearTimeout(timer)
        resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks, length) })
      })
      response.on('error', fail)
    })
    // Of the whole answer: one that trickles would hold the reader for ever.
    const timer = setTimeout(() => request.destroy(new Error('no whole answer in time')), TIMEOUT_MS)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      reject(error)
    }
    request.on('error', fail)
  })
