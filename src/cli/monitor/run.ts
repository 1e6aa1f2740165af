import * as v from 'valibot'
import type { Checkpoint } from '../../log/checkpoint.ts'
import { parseCheckpoint } from '../../log/checkpoint.ts'
import { cosignatureTime } from '../../log/cosignature.ts'
import { fromBase64url } from '../../log/encoding.ts'
import { LogError } from '../../log/error.ts'
import { formatVerifierKey, parseNote } from '../../log/note.ts'
import { statementKid } from '../../log/statement.ts'
import { Prover, type ReadTile } from '../../log/tiles.ts'
import { verifyConsistency } from '../../log/tree.ts'
import { quorumMet, type TrustPolicy } from '../../log/trust.ts'
import { logThatSigned, witnessesThatSigned } from '../../log/trusted-checkpoint.ts'
import type { Check } from '../../log/verify.ts'
import { CliError, type Io } from '../io.ts'
import { Broken, iso, Refusal } from './broken.ts'
import { bundles, findAltered } from './bundles.ts'
import { CompactRange } from './hashing.ts'
import type { LogClient } from './log-client.ts'
import type { LogKey } from './own-chain.ts'
import { OwnChain } from './own-chain.ts'
import { group, progress } from './progress.ts'
import type { Promised } from './promised.ts'
import { Replay } from './replay.ts'
import type { Saved } from './state.ts'

interface MonitorOptions {
  client: LogClient
  trust: TrustPolicy
  /** From the last run, or null. */
  saved: Saved | null
  /** Verified receipts; with one, all leaves are replayed again. */
  promises: readonly Promised[]
  /** Checkpoints that another party was shown: a monitor, a witness. */
  seen: readonly { name: string; note: string }[]
  io: Io
}

/** Null in `saved` when something is broken: the next run must find it again. */
interface Outcome {
  saved: Saved | null
  /** The signed note that was judged, if there was one. */
  note: string | null
}

/** One run: each check goes to `tell` as it is done, and the first that fails is the last. Throws Trouble. */
export const runMonitor = async (options: MonitorOptions, tell: (check: Check) => void): Promise<Outcome> => {
  const run = new Run(options, tell)
  try {
    return { saved: await run.all(), note: run.note }
  } catch (error) {
    if (error instanceof CliError || !(error instanceof LogError)) throw error
    tell({ name: run.doing, ok: false, detail: error.message })
    return { saved: null, note: run.note }
  }
}

class Run {
  readonly #options: MonitorOptions
  readonly #tell: (check: Check) => void
  doing = 'checkpoint'
  note: string | null = null

  constructor(options: MonitorOptions, tell: (check: Check) => void) {
    this.#options = options
    this.#tell = tell
  }

  async all(): Promise<Saved> {
    const { client, io, saved, seen } = this.#options
    const seenAt = io.now()
    const note = await client.checkpoint()
    this.note = note
    const tree = await this.#check('checkpoint', () => this.#signed(note))
    await this.#check('witnesses', () => this.#witnessed(note))
    if (saved !== null) await this.#check('continues', () => this.#continues(saved, tree))
    for (const other of seen) await this.#check('seen', () => this.#agrees(other, tree))
    const state = await this.#check('leaves', () => this.#replay(tree))
    await this.#check('keys', () => this.#keys(note, state.own))
    await this.#check('jwks', async () => ({ detail: checkJwks(await client.jwks(), state.own.keys) }))
    for (const promise of this.#options.promises) await this.#check('receipt', () => this.#kept(promise, state.own))
    return { ...state, origin: tree.origin, size: tree.size, seenAt, note }
  }

  async #check<T>(name: string, prove: () => Promise<{ detail: string; value?: T }>): Promise<T> {
    this.doing = name
    const { detail, value } = await prove()
    this.#tell({ name, ok: true, detail })
    return value as T
  }

  async #signed(note: string) {
    const { trust, saved } = this.#options
    const value = await openSigned(note, trust)
    if (saved !== null && saved.origin !== value.origin) throw new CliError('the state file is of another log')
    return { value, detail: `${group(value.size)} leaves, signed by ${value.origin}` }
  }

  async #witnessed(text: string) {
    const { trust } = this.#options
    const note = parseNote(text)
    const signed = await witnessesThatSigned(note, trust)
    const names = [...signed].join(', ') || 'nobody'
    if (!quorumMet(trust, signed)) throw new Refusal(`the policy's quorum is not met: cosigned by ${names}`)
    if (trust.quorum === 'none') return { detail: `the policy asks for none (quorum none): cosigned by ${names}` }
    const keys = trust.witnesses.filter(({ name }) => signed.has(name)).map(({ key }) => key.id)
    const times = note.signatures.filter(({ id }) => keys.includes(id)).map(({ bytes }) => cosignatureTime(bytes) ?? 0)
    return { detail: `cosigned by ${names}, last at ${iso(Math.max(...times) * 1000)}` }
  }

  async #continues({ size, note, seenAt }: Saved, tree: Checkpoint) {
    const { client, trust } = this.#options
    const older = await openSigned(note, trust)
    await requireContinuation(client, older, tree, `the tree that this monitor saw at ${iso(seenAt)}`)
    return { detail: `the ${group(size)} leaves seen at ${iso(seenAt)} are its first ones` }
  }

  async #agrees({ name, note }: { name: string; note: string }, tree: Checkpoint) {
    const { client, trust } = this.#options
    const other = await openSigned(note, trust)
    if (other.origin !== tree.origin) throw new CliError(`${name} is of another log`)
    // Both may be honest: what is shown here is older. It is a fork only if it never catches up.
    if (other.size > tree.size)
      throw new Refusal(`the view in ${name} has ${other.size} leaves, and here are ${tree.size}`)
    await requireContinuation(client, other, tree, `the view in ${name}`)
    return { detail: `the view in ${name} (${group(other.size)} leaves) is part of this one` }
  }

  async #replay(tree: Checkpoint) {
    const { client, io, saved, promises } = this.#options
    for (const promise of promises) await requireContinuation(client, promise, tree, `the tree of ${promise.name}`)
    // A receipt is held against every leaf, so what the state knows is not enough.
    const known = promises.length === 0 ? saved : null
    const own = known?.own ?? new OwnChain(tree.origin)
    const cases = known?.cases ?? new Map()
    const range = known?.range ?? new CompactRange()
    const policy = async (hash: string) => (await client.policy(hash))?.toString('utf8') ?? null
    const begun = range.size
    const options = { range, own, cases, lastAt: known?.lastAt ?? 0, seen: saved, promises, policy }
    const replay = new Replay(options)
    const bar = progress(io, tree.size - begun)
    try {
      for await (const { bytes, first, end } of bundles(client, begun, tree.size)) {
        await replay.read(bytes, first, end)
        bar.step(replay.size - begun)
      }
    } catch (error) {
      throw error instanceof Broken ? ((await findAltered(client, tree.size, error.index)) ?? error) : error
    } finally {
      bar.end()
    }
    if (!sameRoot(range, tree)) throw (await findAltered(client, tree.size, tree.size)) ?? otherRoot()
    const complaints = `${group(cases.size)} complaints`
    const detail = `${group(tree.size - begun)} replayed, ${complaints}: chains, times, states and due instants are right`
    return { detail, value: { range, own, cases, lastAt: replay.lastAt } }
  }

  async #keys(note: string, own: OwnChain) {
    const { trust } = this.#options
    const parsed = parseNote(note)
    const signer = await logThatSigned(parsed, await openSigned(note, trust), trust)
    const vkey = signer && formatVerifierKey(signer)
    const key = own.keys.find(({ use, name }) => use === 'note' && name === vkey)
    if (!key) throw new Refusal('the key that signed is in no leaf of the log')
    if (key.retiredAt !== null) throw new Refusal(`the key that signed was retired at ${iso(key.retiredAt)}`)
    return { detail: `the log itself introduced the key that signed, ${signer?.id}` }
  }

  async #kept(promise: Promised, own: OwnChain) {
    promise.finish()
    const key = own.keys.find(({ use, name }) => use === 'statement' && name === promise.kid)
    if (!key) throw new Refusal(`no leaf introduces the key that signed the statement in ${promise.name}`)
    if (key.retiredAt !== null && promise.iat > key.retiredAt)
      throw new Refusal(`the statement in ${promise.name} is younger than the retirement of its key`)
    const twin = this.#options.promises.find(other => isTwin(other, promise))
    if (twin) throw new Refusal(`${promise.name} and ${twin.name} show two chains of one complaint`)
    return { detail: `what ${promise.name} promises holds in the whole log` }
  }
}

/** One id has one chain (docs/log.md, section 3). */
const isTwin = ({ complaint: a }: Promised, { complaint: b }: Promised): boolean => a.id === b.id && a.c !== b.c

const sameRoot = (range: CompactRange, { root }: Checkpoint): boolean =>
  Buffer.compare(fromBase64url(range.root()), root) === 0
const otherRoot = () => new Refusal('the leaves served are not those of the signed tree')

const Jwks = v.object({ keys: v.array(v.object({ kid: v.string(), x: v.string() })) })

/**
 * The served keys are for convenience; the log's own chain says which are the log's. Each of those must be served for
 * ever (added, never removed). Keys beyond them may belong to other shards: they must not be believed for this one.
 */
const checkJwks = (text: string, own: readonly LogKey[]): string => {
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

type Root = Pick<Checkpoint, 'size' | 'root'>

/** Throws a Refusal unless the tree continues the older one, proved from the log's own tiles (RFC 6962 section 2.1.2). */
const requireContinuation = async (client: LogClient, older: Root, tree: Root, what: string): Promise<void> => {
  if (older.size > tree.size) throw new Refusal(`${what} had ${older.size} leaves, and now there are ${tree.size}`)
  if (older.size === 0) return
  const proof =
    older.size === tree.size ? [] : await withTiles(client, tree.size, prover => prover.consistency(older.size))
  const holds = verifyConsistency({ size1: older.size, root1: older.root, size2: tree.size, root2: tree.root, proof })
  if (!holds) throw new Refusal(`the tree does not continue ${what} (${older.size} leaves): the log was forked`)
}

class Missing extends Error {}

/** Proofs are computed at once from tiles in memory; one that is missing is fetched, and the proof begun anew. */
const withTiles = async <T>(client: LogClient, size: number, prove: (prover: Prover) => T): Promise<T> => {
  const tiles = new Map<string, Uint8Array>()
  for (;;) {
    let wanted: Parameters<ReadTile> | null = null
    const readTile: ReadTile = (level, n, width) => {
      const tile = tiles.get(`${level}/${n}`)
      if (tile) return tile
      wanted = [level, n, width]
      throw new Missing()
    }
    try {
      return prove(new Prover(size, readTile))
    } catch (error) {
      if (!(error instanceof Missing) || wanted === null) throw error
      const [level, n, width]: Parameters<ReadTile> = wanted
      tiles.set(`${level}/${n}`, await client.tile(level, n, width))
    }
  }
}

/** The checkpoint of a note that a log of the policy signed. Throws a LogError. */
const openSigned = async (note: string, trust: TrustPolicy): Promise<Checkpoint> => {
  const parsed = parseNote(note)
  const checkpoint = parseCheckpoint(parsed.text)
  if ((await logThatSigned(parsed, checkpoint, trust)) === null) throw new Refusal('no log of the policy signed it')
  return checkpoint
}
