import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { statementKid } from '../../log/statement.ts'
import { TILE_WIDTH, tilePath } from '../../log/tiles.ts'
import { HASH_BYTES } from '../../log/tree.ts'
import { CliError, fetchBytes, type Io, readBytesIfThere, TooLarge } from '../io.ts'
import type { LogKey } from './own-chain.ts'
import { Refusal } from './report.ts'

const TRIES = 4
const FIRST_WAIT_MS = 200
/** 256 leaves of 4,096 bytes with their lengths; nothing that is asked for is larger. */
const MAX_BYTES = TILE_WIDTH * (4096 + 2)

/**
 * Reads a log of C2SP tlog-tiles under a URL prefix such as `http://localhost:8787/log/0`, or in the folder of a mirror (a path
 * or `file:` URL). Verifies nothing.
 */
export class LogClient {
  readonly #prefix: string
  readonly #io: Pick<Io, 'fetch' | 'get'>
  readonly #isFolder: boolean

  constructor(url: string, io: Pick<Io, 'fetch' | 'get'>) {
    const path = url.startsWith('file:') ? fileURLToPath(url) : url
    this.#isFolder = !/^https?:\/\//.test(path)
    if (this.#isFolder ? !existsSync(path) : !URL.canParse(path))
      throw new CliError('give the URL of a log, as https://…/log/0, or the folder of a mirror')
    this.#prefix = path.replace(/\/+$/, '')
    this.#io = io
  }

  async checkpoint(): Promise<string> {
    return text(await this.#need(`${this.#prefix}/checkpoint`))
  }

  /** The same once it is cosigned: a log that has just started shows what it signed, and its witnesses answer within seconds. */
  async cosignedCheckpoint(isCosigned: (note: string) => Promise<boolean>): Promise<string> {
    for (let tries = 1; ; tries++) {
      const note = await this.checkpoint()
      if (this.#isFolder || tries > TRIES || (await isCosigned(note))) return note
      await wait(tries)
    }
  }

  /** `width` hashes of a tile under a signed size. Throws a Refusal where the log withholds it. */
  async tile(level: number, n: number, width: number): Promise<Uint8Array> {
    const isWhole = (bytes: Buffer) => bytes.length >= width * HASH_BYTES
    const bytes = await this.#signed(String(level), n, width, isWhole)
    return bytes.subarray(0, width * HASH_BYTES)
  }

  /** An entry bundle of `width` leaves or more under a signed size. Throws a Refusal where the log withholds it. */
  entries(n: number, width: number): Promise<Buffer> {
    return this.#signed('entries', n, width, bytes => countLeaves(bytes) >= width)
  }

  /** The deadline policy of this hash, or null: the caller checks that it is the one. */
  policy(hash: string): Promise<Buffer | null> {
    return this.#get(`${this.#prefix}/policies/${hash}`)
  }

  /** Sizes above `after` of the trees that an authority stamped, as far as this answer goes; none where the log has no such list. */
  async timeStamps(after: number): Promise<number[]> {
    const list = await this.#get(`${this.#prefix}/timestamps/sizes${this.#isFolder ? '' : `?after=${after}`}`)
    const sizes = list === null ? [] : text(list).split('\n').filter(Boolean).map(Number)
    return sizes.filter(size => Number.isSafeInteger(size) && size > after)
  }

  /** The note that was stamped, and the authority's reply. Null where either is missing. */
  async timeStamp(size: number): Promise<{ checkpoint: string; reply: Buffer } | null> {
    const [checkpoint, reply] = await Promise.all(
      ['.checkpoint', ''].map(suffix => this.#get(`${this.#prefix}/timestamps/${size}${suffix}`)),
    )
    return checkpoint && reply ? { checkpoint: text(checkpoint), reply } : null
  }

  /** The platform rule of this digest, or null: the caller checks that it is the one. */
  rule(digest: string): Promise<Buffer | null> {
    return this.#get(`${this.#prefix}/rules/${digest}`)
  }

  /** `/.well-known/jwks.json` of the server that the log belongs to; a mirror has it in its own folder. */
  async jwks(): Promise<string> {
    const site = this.#isFolder ? this.#prefix : this.#prefix.replace(/\/log\/\d+$/, '')
    return text(await this.#need(`${site}/.well-known/jwks.json`))
  }

  /** Withholding: what a signed size covers must be served. Asked again first, since a cache may lag or cut an answer. */
  async #signed(kind: string, n: number, width: number, isWhole: (bytes: Buffer) => boolean): Promise<Buffer> {
    const name = `tile/${kind}/${tilePath(n, width)}`
    for (let tries = 1; ; tries++) {
      const bytes = await this.#fullOrPart(`${this.#prefix}/tile/${kind}`, n, width)
      if (bytes !== null && isWhole(bytes)) return bytes
      const what = bytes === null ? 'is not served' : 'is shorter than its name says'
      if (tries === TRIES || this.#isFolder) throw new Refusal(`${name} ${what}: the log withholds what it signed`)
      await wait(tries)
    }
  }

  /** A partial tile may be gone once it is full (C2SP tlog-tiles); the full one begins with it. */
  async #fullOrPart(folder: string, n: number, width: number): Promise<Buffer | null> {
    const part = await this.#get(`${folder}/${tilePath(n, width)}`)
    return part !== null || width === TILE_WIDTH ? part : this.#get(`${folder}/${tilePath(n)}`)
  }

  async #need(url: string): Promise<Buffer> {
    const bytes = await this.#get(url)
    if (bytes === null) throw new CliError(`${url}: not found`)
    return bytes
  }

  /** Null for 404. What may pass (no answer, 429, 5xx) is tried again; then it is Trouble. */
  async #get(url: string): Promise<Buffer | null> {
    if (this.#isFolder) return readBytesIfThere(url)
    for (let tries = 1; ; tries++) {
      const answer = await this.#attempt(url)
      if (typeof answer !== 'string') return answer
      if (tries === TRIES) throw new CliError(`${url}: ${answer}`)
      await wait(tries)
    }
  }

  /** Bytes, null, or why it is worth another try. */
  async #attempt(url: string): Promise<Buffer | null | string> {
    try {
      const { get, fetch } = this.#io
      const { status, bytes } = await (get ? get(url, MAX_BYTES) : fetchBytes(url, MAX_BYTES, fetch))
      if (status === 404) return null
      if (status === 429 || status >= 500) return `answers ${status}`
      if (status !== 200) throw new CliError(`${url}: answers ${status}`)
      return bytes
    } catch (error) {
      if (error instanceof CliError) throw error
      if (error instanceof TooLarge) throw new CliError(`${url}: larger than anything a log serves`)
      return 'no answer'
    }
  }
}

const wait = (tries: number): Promise<void> => new Promise(resolve => setTimeout(resolve, FIRST_WAIT_MS * 2 ** tries))

/** Leaves that are there to their ends. */
const countLeaves = (bundle: Buffer): number => {
  let count = 0
  for (let at = 0; at + 2 <= bundle.length; count++) {
    at += 2 + bundle.readUInt16BE(at)
    if (at > bundle.length) break
  }
  return count
}

const text = (bytes: Buffer): string => bytes.toString('utf8')

const Jwks = v.object({ keys: v.array(v.object({ kid: v.string(), x: v.string() })) })

/**
 * The served keys are for convenience; the log's own chain says which are the log's. Each of those must be served for
 * ever (added, never removed). Keys beyond them may belong to other shards: they must not be believed for this one.
 * The answer is a line for the reader. Throws a Refusal.
 */
export const checkJwks = (text: string, own: readonly LogKey[]): string => {
  const served = parse(text)
  if (served.some(({ kid, x }) => kid !== statementKid(x)))
    throw new Refusal('the JWKS has a key under the id of another')
  const missing = own.find(key => key.use === 'statement' && !served.some(({ kid }) => kid === key.name))
  if (missing) throw new Refusal('the JWKS lacks a key that the log introduced: it was swapped or removed')
  const strange = served.filter(({ kid }) => !own.some(key => key.name === kid)).length
  return strange === 0
    ? 'the JWKS serves the keys that the log introduced, and no others'
    : `the JWKS serves the keys that the log introduced, and ${strange} that this log does not know (another shard's?)`
}

const parse = (text: string): v.InferOutput<typeof Jwks>['keys'] => {
  try {
    return v.parse(Jwks, JSON.parse(text)).keys
  } catch {
    throw new Refusal('the JWKS cannot be read')
  }
}
