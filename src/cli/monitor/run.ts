import type { Checkpoint } from '../../log/checkpoint.ts'
import { cosignatureTime } from '../../log/cosignature.ts'
import { fromBase64url } from '../../log/encoding.ts'
import { LogError } from '../../log/error.ts'
import { formatVerifierKey, parseNote } from '../../log/note.ts'
import { quorumMet, type TrustPolicy } from '../../log/trust.ts'
import { logThatSigned, witnessesThatSigned } from '../../log/trusted-checkpoint.ts'
import type { Check } from '../../log/verify.ts'
import { CliError, type Io } from '../io.ts'
import { Broken, iso, Refusal } from './broken.ts'
import { bundles, findAltered } from './bundles.ts'
import { CompactRange } from './hashing.ts'
import { checkJwks } from './jwks.ts'
import type { LogClient } from './log-client.ts'
import { OwnChain } from './own-chain.ts'
import { group, progress } from './progress.ts'
import type { Promised } from './promised.ts'
import { Replay } from './replay.ts'
import type { Saved } from './state.ts'
import { openSigned, requireContinuation } from './tree-proofs.ts'

interface MonitorOptions {
  client: LogClient
  trust: TrustPolicy
  /** From the last run, or null. */
  saved: Saved | null
  /** Verified receipts of anybody; with one, all leaves are replayed again. */
  promises: readonly Promised[]
  /** Checkpoints that somebody else was shown: another monitor, a witness. */
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
