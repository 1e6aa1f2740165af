import { type Checkpoint, parseCheckpoint } from '../../log/checkpoint.ts'
import { fromBase64url } from '../../log/encoding.ts'
import { type Check, LogError, Refused } from '../../log/error.ts'
import { formatVerifierKey, parseNote } from '../../log/note.ts'
import { requireContinuation } from '../../log/tree-reader.ts'
import {
  BEHIND_MS,
  cosignedAt,
  isFresh,
  logThatSigned,
  openSigned,
  requireQuorum,
  type TrustPolicy,
} from '../../log/trust.ts'
import { CliError, type Io } from '../io.ts'
import { bundles } from './bundles.ts'
import { Carried, judgeRemembered, judgeView } from './carried.ts'
import { Cases } from './cases.ts'
import { CompactRange, sha256 } from './hashing.ts'
import { checkJwks, type LogClient } from './log-client.ts'
import { OwnChain } from './own-chain.ts'
import { type GivenPromise, type Promised, unrecordedDeadlines } from './promised.ts'
import { Replay, unsignedFindings } from './replay.ts'
import { Broken, group, iso, progress, Refusal } from './report.ts'
import { Altered, findAltered, nextToRead, reread } from './reread.ts'
import type { Saved } from './state.ts'

interface MonitorOptions {
  client: LogClient
  trust: TrustPolicy
  /** From the last run, or null. */
  saved: Saved | null
  /** Verified receipts; with one, all leaves are replayed again. */
  promises: readonly Promised[]
  /** Promises of submissions; likewise. */
  given?: readonly GivenPromise[]
  /** Checkpoints that another party was shown: a monitor, a witness. */
  seen: readonly Seen[]
  /** Replays every leaf again, whatever the last run knew. */
  full: boolean
  io: Io
}

/** A checkpoint that another party was shown, and when it had it at the latest (UTC ms), where that is known. */
interface Seen {
  readonly name: string
  readonly note: string
  readonly at: number | null
}

interface Outcome {
  /** Null when something is broken: the next run must find it again. */
  saved: Saved | null
  /** Something is late, though nothing that was signed is wrong: the memory goes on, and each run says it anew. */
  isLate: boolean
  /** What the log signed and what it serves instead, a text each. */
  evidence: readonly string[]
}

/** One run: each check goes to `tell` as it is done, and the first that breaks a rule is the last. Throws Trouble. */
export const runMonitor = async (options: MonitorOptions, tell: (check: Check) => void): Promise<Outcome> => {
  const run = new Run(options, tell)
  try {
    return { saved: await run.all(), isLate: run.isLate, evidence: [] }
  } catch (error) {
    if (error instanceof CliError || !(error instanceof LogError)) throw error
    tell({ name: run.doing, ok: false, detail: error.message })
    const proof = error instanceof Altered ? [error.evidence] : []
    const notes = [options.saved?.note, run.note].filter(note => note != null)
    return { saved: null, isLate: run.isLate, evidence: [...notes, ...proof] }
  }
}

class Run {
  readonly #options: MonitorOptions
  readonly #tell: (check: Check) => void
  doing = 'checkpoint'
  note: string | null = null
  isLate = false
  #isStale = false

  constructor(options: MonitorOptions, tell: (check: Check) => void) {
    this.#options = options
    this.#tell = tell
  }

  async all(): Promise<Saved> {
    const { client, io, saved, seen, promises, given = [] } = this.#options
    const seenAt = io.now()
    const note = await client.cosignedCheckpoint(each => this.#isCosigned(each))
    this.note = note
    const tree = await this.#check('checkpoint', () => this.#signed(note))
    await this.#check('witnesses', () => this.#witnessed(note))
    this.#fresh(note, seenAt)
    const isSame = saved === null || saved.origin === tree.origin
    if (saved !== null && isSame) await this.#check('continues', () => this.#continues(saved, tree))
    // A view of the log before a declared loss can be judged once the leaf is read that declares it.
    const older = seen.filter(other => originOf(other) !== tree.origin)
    for (const other of seen) if (!older.includes(other)) await this.#check('seen', () => this.#agrees(other, tree))
    const kept = promises.filter(
      promise => promise.origin !== tree.origin || this.#isCovered(promise, tree, promise.iat),
    )
    const isNext = saved !== null && isSame && older.length === 0 && !this.#options.full
    const cursor = isNext ? await this.#check('old', () => this.#reread(saved, { ...tree, note })) : 0
    // A receipt is held against every leaf, so what the state knows is not enough.
    const known = isNext && kept.length === 0 && given.length === 0 ? saved : null
    const state = await this.#check('leaves', () => this.#replay({ ...tree, note }, kept, known))
    const judge = { client, tree, own: state.own, tell: io.out }
    if (saved !== null && !isSame) await this.#check('continues', () => judgeRemembered(saved, state.carried, judge))
    for (const other of older) await this.#check('seen', () => judgeView(other, this.#options.trust, judge))
    await this.#check('keys', () => this.#keys(note, state.own))
    await this.#check('policies', () => this.#policies(state.own))
    await this.#check('jwks', async () => ({ detail: checkJwks(await client.jwks(), state.own.keys) }))
    for (const promise of kept) await this.#check('receipt', () => this.#kept(promise, state.own, tree))
    const view = { lastAt: state.lastAt, now: seenAt, isFresh: !this.#isStale }
    for (const promise of given)
      await this.#check('promise', async () => ({ detail: await promise.judge(state.own, view) }))
    this.#recorded(state, seenAt)
    for (const line of unsignedFindings(state.cases)) this.#late('authors', line)
    // Behind a declared loss the leaves are others than this monitor saw.
    const before = Math.min(
      saved?.size ?? 0,
      isSame ? Number.POSITIVE_INFINITY : (state.own.successions[0]?.index ?? 0),
    )
    for (const { index, what } of state.own.news) if (index >= before) io.out(`· leaf ${index}: ${what}`)
    for (const [party, steps] of state.own.unsigned) io.out(`· ${party}: ${steps} steps unsigned though it had a key`)
    const { carried: _, ...learned } = state
    return { ...learned, origin: tree.origin, size: tree.size, seenAt, note, cursor }
  }

  async #check<T>(name: string, prove: () => Promise<{ detail: string; value?: T }>): Promise<T> {
    this.doing = name
    const { detail, value } = await prove()
    this.#tell({ name, ok: true, detail })
    return value as T
  }

  async #signed(note: string) {
    const value = await openSigned(note, this.#options.trust)
    return { value, detail: `${group(value.size)} leaves, signed by ${value.origin}` }
  }

  /** Quorum check of a fetched checkpoint. True for a malformed one as well: other checks name that fault. */
  async #isCosigned(note: string): Promise<boolean> {
    try {
      await requireQuorum(parseNote(note), this.#options.trust)
      return true
    } catch (error) {
      return !(error instanceof Refused)
    }
  }

  async #witnessed(note: string) {
    const { trust } = this.#options
    const names = await requireQuorum(parseNote(note), trust)
    if (trust.quorum === 'none') return { detail: `the policy asks for none (quorum none): cosigned by ${names}` }
    return { detail: `cosigned by ${names}, last at ${lastOf(cosignedAt(parseNote(note), trust))}` }
  }

  /** Freeze: an old view stays well signed for ever, so its age must count. */
  #fresh(text: string, now: number): void {
    const { trust } = this.#options
    const times = cosignedAt(parseNote(text), trust)
    this.#isStale = !isFresh(times, trust, now)
    if (this.#isStale)
      this.#late(
        'fresh',
        `no quorum cosigned within an hour of ${iso(now)}, this monitor's clock; last at ${lastOf(times)}`,
      )
  }

  #recorded({ cases, lastAt }: Pick<Saved, 'cases' | 'lastAt'>, now: number): void {
    // The clock of a demonstration runs ahead of all others.
    for (const line of unrecordedDeadlines(cases, Math.max(lastAt, now))) this.#late('deadlines', line)
  }

  #late(name: string, detail: string): void {
    this.isLate = true
    this.#tell({ name, ok: false, detail })
  }

  /**
   * Whether the served tree reaches this one. The log may serve one that is ten minutes older (docs/log.md, section 10);
   * one that stays behind is withheld, or a fork. Throws a Refusal.
   */
  #isCovered({ name, size }: { name: string; size: number }, tree: Checkpoint, at: number | null): boolean {
    if (size <= tree.size) return true
    const sizes = `${name} has ${size} leaves, and ${tree.size} are served`
    if (at !== null && this.#options.io.now() - at > BEHIND_MS)
      throw new Refusal(`the tree of ${sizes}, though it was signed by ${iso(at)}: withheld, or a fork`)
    this.#options.io.out(`· the tree of ${sizes}: it can't be compared yet`)
    return false
  }

  async #continues({ size, note, seenAt }: Saved, tree: Checkpoint) {
    const { client, trust } = this.#options
    const older = await openSigned(note, trust)
    await requireContinuation(client, older, tree, `the tree that this monitor saw at ${iso(seenAt)}`)
    return { detail: `the ${group(size)} leaves seen at ${iso(seenAt)} are its first ones` }
  }

  async #agrees({ name, note, at }: Seen, tree: Checkpoint) {
    const { client, trust } = this.#options
    const other = await openSigned(note, trust)
    const cosigned = cosignedAt(parseNote(note), trust)
    const shownAt = at ?? (cosigned.size > 0 ? Math.max(...cosigned.values()) : null)
    if (!this.#isCovered({ name, size: other.size }, tree, shownAt))
      return { detail: `the view in ${name} is newer than this one` }
    await requireContinuation(client, other, tree, `the view in ${name}`)
    return { detail: `the view in ${name} (${group(other.size)} leaves) is part of this one` }
  }

  async #reread({ size, cursor }: Saved, tree: Checkpoint & { note: string }) {
    const next = nextToRead(cursor, size)
    try {
      const count = await reread(this.#options.client, tree, next.bundles)
      return { value: next.cursor, detail: `${group(count)} leaves read again are those that were signed` }
    } catch (error) {
      // Where the tiles were edited as well, the chains name the leaf.
      if (error instanceof Refusal) await this.#replay(tree, [], null)
      throw error
    }
  }

  async #replay(tree: Checkpoint & { note: string }, promises: readonly Promised[], known: Saved | null) {
    const { client, io, saved } = this.#options
    for (const promise of promises)
      if (promise.origin === tree.origin)
        await requireContinuation(client, promise, tree, `the tree of ${promise.name}`)
    const own = known?.own ?? new OwnChain()
    const carried = saved !== null && saved.origin !== tree.origin ? new Carried(saved.origin, saved.cases) : null
    const cases = known?.cases ?? new Cases()
    const range = known?.range ?? new CompactRange()
    const policy = async (hash: string) => (await client.policy(hash))?.toString('utf8') ?? null
    const rule = async (digest: string) => (await client.rule(digest))?.toString('utf8') ?? null
    const begun = range.size
    const held = [...promises, ...(this.#options.given ?? [])]
    const memory = { range, own, cases, lastAt: known?.lastAt ?? 0, seen: saved, carried }
    const options = { ...memory, promises: held, policy, rule }
    const replay = new Replay(options)
    const bar = progress(io, tree.size - begun)
    try {
      for await (const { bytes, first, end } of bundles(client, begun, tree.size)) {
        await replay.read(bytes, first, end)
        bar.step(replay.size - begun)
      }
    } catch (error) {
      throw error instanceof Broken ? ((await findAltered(client, tree, error.index)) ?? error) : error
    } finally {
      bar.end()
    }
    if (own.origin !== tree.origin) throw new Broken(0, 'log_opened', 'opens a log of another origin')
    if (!sameRoot(range, tree)) throw (await findAltered(client, tree, tree.size)) ?? otherRoot()
    const complaints = `${group(cases.size)} complaints`
    const detail = `${group(tree.size - begun)} replayed, ${complaints}: chains, times, states and due instants are right`
    return { detail, value: { range, own, cases, carried, lastAt: replay.lastAt } }
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

  /** Each run anew: a document that is served otherwise than it was adopted binds nobody. */
  async #policies(own: OwnChain) {
    for (const { hash } of own.documents) {
      const served = await this.#options.client.policy(hash)
      if (served === null) throw new Refusal(`the policy ${hash}, which the log adopted, is not served`)
      if (sha256(served) !== hash) throw new Refusal(`under the hash of the policy ${hash} another document is served`)
    }
    for (const digest of own.rules) {
      const served = await this.#options.client.rule(digest)
      if (served === null || sha256(served) !== digest)
        throw new Refusal(`the platform rule ${digest}, which the log adopted, is not served as it was`)
    }
    const rules = own.rules.size > 0 ? `, ${own.rules.size} platform rules` : ''
    return { detail: `${own.documents.length} adopted${rules}, each served as it was` }
  }

  async #kept(promise: Promised, own: OwnChain, tree: Checkpoint) {
    const loss = own.successions.find(({ continues }) => continues.origin === promise.origin)
    if (loss === undefined && promise.origin !== own.origin)
      throw new Refusal(`${promise.name} is of the log ${promise.origin}, which this one does not continue`)
    const lost = promise.finish()
    if (loss && promise.size <= loss.continues.kept)
      await requireContinuation(this.#options.client, promise, tree, `the tree of ${promise.name}`)
    const key = own.keys.find(({ use, name }) => use === 'statement' && name === promise.kid)
    if (!key) throw new Refusal(`no leaf introduces the key that signed the statement in ${promise.name}`)
    if (key.retiredAt !== null && promise.iat > key.retiredAt)
      throw new Refusal(`the statement in ${promise.name} is younger than the retirement of its key`)
    const twin = this.#options.promises.find(other => isTwin(other, promise))
    if (twin) throw new Refusal(`${promise.name} and ${twin.name} show two chains of one complaint`)
    if (lost !== null) return { detail: `of ${promise.name}, ${lost}: hand it in` }
    return { detail: `what ${promise.name} promises holds in the whole log` }
  }
}

/** As the note says, its signature unchecked. */
const originOf = ({ name, note }: Seen): string => {
  try {
    return parseCheckpoint(parseNote(note).text).origin
  } catch (error) {
    throw error instanceof LogError ? new CliError(`${name}: ${error.message}`) : error
  }
}

/** One id has one chain (docs/log.md, section 3). */
const isTwin = ({ complaint: a }: Promised, { complaint: b }: Promised): boolean => a.id === b.id && a.c !== b.c

const lastOf = (times: ReadonlyMap<string, number>): string => iso(Math.max(...times.values()))

const sameRoot = (range: CompactRange, { root }: Checkpoint): boolean =>
  Buffer.compare(fromBase64url(range.root()), root) === 0
const otherRoot = () => new Refusal('the leaves served are not those of the signed tree')
