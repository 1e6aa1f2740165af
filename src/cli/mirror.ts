// `tousu mirror`: a complete copy of a log in a folder, as C2SP tlog-tiles lie under its URL. Every leaf is checked against the
// signed tree before the copy says that it has it; nothing that it has is ever replaced by something else.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Checkpoint } from '../log/checkpoint.ts'
import { equalBytes, toBase64url } from '../log/encoding.ts'
import { LogError } from '../log/error.ts'
import { decodeLeaf } from '../log/leaf.ts'
import { parseNote } from '../log/note.ts'
import {
  Frontier,
  formatBundle,
  hashesAt,
  parseBundle,
  type ReadTile,
  TILE_WIDTH,
  tilePath,
  tileWidth,
} from '../log/tiles.ts'
import { readTimeStamp } from '../log/time-stamp.ts'
import { leafHash } from '../log/tree.ts'
import { requireContinuation } from '../log/tree-reader.ts'
import { openSigned, requireQuorum, type TrustPolicy } from '../log/trust.ts'
import {
  CliError,
  type Command,
  FINE,
  type Io,
  needed,
  REFUSED,
  readArguments,
  readIfThere,
  readText,
  readTrust,
  replaceFile,
  report,
} from './io.ts'
import { bundles } from './monitor/bundles.ts'
import { sha256 } from './monitor/hashing.ts'
import { LogClient } from './monitor/log-client.ts'
import { group, progress, Refusal } from './monitor/report.ts'

/** Brings a copy up to date. Exit 0, 1 (the log does not continue the copy, or serves what it did not sign) or 2. */
export const mirror: Command = async (args, io) => {
  const { values, positionals } = readArguments(args, { policy: { type: 'string' } })
  const [url, folder, ...more] = positionals
  if (url === undefined || folder === undefined || more.length > 0)
    throw new CliError('give the URL of one log, and a folder')
  const policy = needed(values.policy, '--policy')
  const trust = readTrust(readText(policy), policy)
  const client = new LogClient(url, io)
  const note = await client.checkpoint()
  try {
    const detail = await new Mirror(folder, client, trust, io).update(note)
    report([{ name: 'mirror', ok: true, detail }], io)
    return FINE
  } catch (error) {
    if (error instanceof CliError || !(error instanceof LogError)) throw error
    report([{ name: 'mirror', ok: false, detail: error.message }], io)
    // Beside the checkpoint of the copy: two notes of one log that can't both be honest.
    const evidence = join(folder, `refused-${sha256(note).slice(0, 12)}.note`)
    mkdirSync(folder, { recursive: true })
    replaceFile(evidence, [note])
    io.out(`· what the log signed is kept in ${evidence}`)
    return REFUSED
  }
}

class Mirror {
  readonly #folder: string
  readonly #client: LogClient
  readonly #trust: TrustPolicy
  readonly #io: Io

  constructor(folder: string, client: LogClient, trust: TrustPolicy, io: Io) {
    this.#folder = folder
    this.#client = client
    this.#trust = trust
    this.#io = io
  }

  /** Throws a LogError where the log breaks a rule. The checkpoint is written last, so that it names what is there. */
  async update(note: string): Promise<string> {
    const tree = await openSigned(note, this.#trust)
    await requireQuorum(parseNote(note), this.#trust)
    const kept = readIfThere(join(this.#folder, 'checkpoint'))
    const older = kept === null ? null : await openSigned(kept, this.#trust)
    if (older !== null && older.origin !== tree.origin)
      throw new CliError(
        `${this.#folder} is a copy of the log ${older.origin}: keep it, it may hold what that log lost`,
      )
    if (older !== null && older.size > tree.size)
      throw new Refusal(`the copy has ${older.size} leaves, and ${tree.size} are served`)
    await this.#take(older, tree)
    this.#write('.well-known/jwks.json', await this.#client.jwks())
    this.#write('checkpoint', note)
    const stamps = await this.#stamped(tree)
    const came = tree.size - (older?.size ?? 0)
    return `${group(came)} leaves came, ${group(tree.size)} are kept, each the one that was signed${stamps > 0 ? `; ${stamps} time stamps came` : ''}`
  }

  /** Time stamps that came since, each over a tree of this history. Answers how many; one that is no more served is left. */
  async #stamped(tree: Checkpoint): Promise<number> {
    const list = join(this.#folder, 'timestamps/sizes')
    const kept = (readIfThere(list) ?? '').split('\n').filter(Boolean)
    // Their proofs meet in the same tiles.
    const tiles = new Map<string, Promise<Uint8Array>>()
    const tile = (...place: Parameters<LogClient['tile']>) =>
      getOrAdd(tiles, place.join('/'), () => this.#client.tile(...place))
    let came = 0
    for (let last = Number(kept.at(-1) ?? 0); ; ) {
      const sizes = (await this.#client.timeStamps(last)).filter(size => size <= tree.size)
      if (sizes.length === 0) break
      for (const size of sizes) {
        const stamp = await this.#client.timeStamp(size)
        if (stamp === null) continue
        await requireContinuation({ tile }, await openSigned(stamp.checkpoint, this.#trust), tree, 'the stamped tree')
        if (sha256(Buffer.from(stamp.checkpoint)) !== toBase64url(readTimeStamp(stamp.reply).imprint))
          throw new Refusal(`the time stamp of ${size} leaves is over something else`)
        this.#write(`timestamps/${size}.checkpoint`, stamp.checkpoint)
        this.#write(`timestamps/${size}`, stamp.reply)
        kept.push(String(size))
        came++
      }
      last = sizes.at(-1) ?? last
    }
    if (came > 0) this.#write('timestamps/sizes', kept.map(size => `${size}\n`).join(''))
    return came
  }

  async #take(older: Checkpoint | null, tree: Checkpoint): Promise<void> {
    // The last tile that is not full is fetched anew and held against the copy's own root.
    const from = Math.floor((older?.size ?? 0) / TILE_WIDTH) * TILE_WIDTH
    const frontier = this.#frontier(from)
    if (from === older?.size)
      requireRoot(frontier, older, `the tiles in ${this.#folder} are not those of its checkpoint`)
    const bar = progress(this.#io, tree.size - from)
    try {
      for await (const { bytes, first, end } of bundles(this.#client, from, tree.size)) {
        const leaves = parseBundle(bytes).slice(0, end - first)
        const full = leaves.flatMap(leaf => {
          const tiles = frontier.append(leafHash(leaf))
          if (frontier.size === older?.size) requireRoot(frontier, older, 'the leaves served do not continue the copy')
          return tiles
        })
        if (frontier.size === tree.size)
          requireRoot(frontier, tree, 'the leaves served are not those of the signed tree')
        for (const leaf of leaves) await this.#adopted(leaf)
        for (const { level, n, bytes: tile } of full) this.#tile(String(level), n, TILE_WIDTH, tile)
        this.#tile('entries', first / TILE_WIDTH, leaves.length, formatBundle(leaves))
        bar.step(frontier.size - from)
      }
    } finally {
      bar.end()
    }
    if (tree.size === from) requireRoot(frontier, tree, 'another tree of the size that the copy has')
    for (let level = 0; hashesAt(level, tree.size) > 0; level++) {
      const n = Math.floor(hashesAt(level, tree.size) / TILE_WIDTH)
      const width = tileWidth(level, n, tree.size)
      if (width > 0) this.#tile(String(level), n, width, frontier.partial(level))
    }
  }

  #frontier(size: number): Frontier {
    const readTile: ReadTile = (level, n) => {
      try {
        return readFileSync(join(this.#folder, 'tile', String(level), tilePath(n)))
      } catch {
        throw new CliError(`${this.#folder}: tile ${level}/${n} is missing; move the copy away to begin anew`)
      }
    }
    return Frontier.from(size, { readTile, trailing: [] })
  }

  /** The document of a policy or platform rule that a leaf adopts, checked by its hash. */
  async #adopted(bytes: Uint8Array): Promise<void> {
    if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('_adopted"')) return
    const { c, kind, policy, p } = decodeLeaf(bytes)
    const hash = kind === 'rule_adopted' ? p.digest : kind === 'policy_adopted' ? policy : null
    const kept = kind === 'rule_adopted' ? 'rules' : 'policies'
    if (c !== null || typeof hash !== 'string' || !HASH.test(hash) || existsSync(join(this.#folder, kept, hash))) return
    const document = await (kept === 'rules' ? this.#client.rule(hash) : this.#client.policy(hash))
    if (document === null || sha256(document) !== hash)
      throw new Refusal(`the document ${hash}, which the log adopted, is not served as it was`)
    this.#write(`${kept}/${hash}`, document.toString('utf8'))
  }

  #tile(kind: string, n: number, width: number, bytes: Uint8Array): void {
    this.#write(`tile/${kind}/${tilePath(n, width)}`, bytes)
    // A reader of a smaller partial tile finds the full one in its place.
    if (width === TILE_WIDTH)
      rmSync(join(this.#folder, `tile/${kind}/${tilePath(n)}.p`), { recursive: true, force: true })
  }

  #write(path: string, content: string | Uint8Array): void {
    const file = join(this.#folder, path)
    mkdirSync(dirname(file), { recursive: true })
    // For a web server to read.
    replaceFile(file, [content], 0o644)
  }
}

const HASH = /^[A-Za-z0-9_-]{43}$/

const requireRoot = (frontier: Frontier, { root }: Checkpoint, problem: string): void => {
  if (!equalBytes(frontier.root(), root)) throw new Refusal(problem)
}

const getOrAdd = <T>(map: Map<string, T>, key: string, make: () => T): T => {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
