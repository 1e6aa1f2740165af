import { parseCheckpoint } from '../log/checkpoint.ts'
import { toBase64url } from '../log/encoding.ts'
import { parseNote } from '../log/note.ts'
import { type Fetch, readWitnesses } from '../witness/submit.ts'
import { type Clock, ClockAhead, systemClock } from './clock.ts'
import { Executor } from './commands/executor.ts'
import { GroupCommit, together } from './commands/group-commit.ts'
import { FigureBook } from './figures/figure-book.ts'
import { LedgerFigures } from './figures/ledger-figures.ts'
import { Health } from './health.ts'
import type { Host } from './host.ts'
import { LeafCheck, type LeafProgress } from './log/leaf-check.ts'
import { ClockBehind, LogWriter } from './log/log-writer.ts'
import { type Identity, identityIn, lostCheckpoint, openLog } from './log/opening.ts'
import { LocalPartyKeys } from './log/party-keys.ts'
import { publishedLog, tileReader } from './log/published-log.ts'
import { Receipts } from './log/receipts.ts'
import { type Secrets, tagger } from './log/secrets.ts'
import { type Published, Signer } from './log/signer.ts'
import { TimeStamper } from './log/time-stamper.ts'
import { Cosignatures, ReadOnly, WitnessGate } from './log/witnesses.ts'
import { MessageOutbox } from './outbox/messages.ts'
import { WebhookOutbox } from './outbox/webhooks.ts'
import { RetentionSweep } from './retention.ts'
import { openAlerts } from './storage/alerts.ts'
import { ComplaintLookup } from './storage/complaint-lookup.ts'
import { ComplaintRepository } from './storage/complaint-repository.ts'
import { openStore, type Store } from './storage/queries.ts'
import { LocalRegistry } from './storage/registry.ts'
import { LocalTeam } from './storage/team.ts'
import { openWrites } from './storage/write-statements.ts'

export interface LedgerOptions {
  host: Host
  secrets: Secrets
  /** The policy document in force; new complaints are pinned to it. */
  policy: unknown
  /** The log's permanent name: used when the log is opened for the first time, read from leaf 0 afterwards. */
  origin: string
  shard?: number
  clock?: Clock
  signEveryMs?: number
  /** C2SP tlog-policy: the witnesses to ask, each with its URL, and their quorum. Without it no witness is asked. */
  witnesses?: string | undefined
  /** How witnesses are reached; the host's own unless given. */
  fetch?: Fetch
  /** Rate limit: witnesses are asked at most once in this time. */
  witnessEveryMs?: number
  /** Timeout of a request to a witness. */
  witnessTimeoutMs?: number
  /** Time-stamping authority (RFC 3161): a token over the served checkpoint every hour. Without it none is asked for. */
  tsa?: string | undefined
  /** Another process writes this database's rows: nothing is written, signed or asked for here. Call `forget` after it wrote. */
  follows?: boolean
  /** Reads all old leaves once, from here on: all of them after a start, the rest where a process ended before the check did. */
  checksLeaves?: boolean | LeafProgress
}

/** Composition root of a ledger: opens the log and wires the parts. Throws WrongLog, or a PolicyError about the witnesses. */
export const assemble = (options: LedgerOptions) => {
  const { host, secrets, policy, origin, shard = 0, clock = systemClock, signEveryMs: everyMs = 1000 } = options
  const { follows = false } = options
  const config = readWitnesses(options.witnesses ?? 'quorum none')
  const asksFirst = config.policy.quorum !== 'none'
  const store = openStore(host.db)
  const identity = identityIn(store, origin)
  const last = lastPublished(store, identity)
  const writes = openWrites(host)
  const writer = new LogWriter(store, writes, clock, store.lastCheckpoint.get()?.at ?? 0)
  // Of a successor nothing was published before it signed: its witnesses know another log by another name.
  const wasPublished = last !== null || (identity.successions.length === 0 && host.checkpointFile.read() !== null)
  const waits = asksFirst && wasPublished
  const log = openLog({ host, store, writer, secrets, origin, policy, identity, waits, follows })
  const { keys } = log
  const lost = log.fork === null ? lostCheckpoint(host, store, last, identity) : null
  const recent = recentlyCosigned(store, identity)
  const cosignatures = new Cosignatures(store, config.policy, last, (lost ?? last)?.size ?? 0, recent)
  const readTile = tileReader(store, writer)
  const { checksLeaves = false } = options
  const begun = typeof checksLeaves === 'boolean' ? undefined : checksLeaves
  const leafCheck = new LeafCheck(store, readTile, checksLeaves === false ? 0 : writer.frontier.size, begun)
  const signer: Signer = new Signer(
    {
      host,
      store,
      writer,
      clock,
      origin: identity.origin,
      keys: size => keys.noteSigners(size),
      everyMs,
      published: checkpoint => {
        cosignatures.published(checkpoint)
        gate.poke()
        stamper.poke()
      },
    },
    last,
  )
  const complaints = new ComplaintRepository(store, writes, log.policies, host.complaintsInMemory)
  const tag = tagger(secrets.tags)
  const book = new FigureBook(host, tag)
  const parties: LocalPartyKeys = new LocalPartyKeys({
    db: host.db,
    store,
    writer,
    clock,
    tag,
    origin: identity.origin,
    write: work => unlessRefused(() => write(work)),
  })
  const commit = new GroupCommit(host, together(complaints, writer, book, parties))
  const gate: WitnessGate = new WitnessGate({
    config,
    // A host's fetch must not be called as a method of ours ("Illegal invocation").
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    clock,
    signer,
    readTile,
    cosignatures,
    fork: log.fork,
    admit: async () => {
      await commit.run(log.catchUp)
      keys.reload()
      signer.resume()
    },
    everyMs: options.witnessEveryMs ?? 3000,
    timeoutMs: options.witnessTimeoutMs ?? 10_000,
  })
  const stamper = new TimeStamper({
    url: follows ? undefined : options.tsa,
    origin: identity.origin,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    host,
    store,
    clock,
    served: () => (gate.readOnly === null ? cosignatures.served(clock.now()) : null),
    timeoutMs: options.witnessTimeoutMs ?? 10_000,
  })
  const adopted = lost === null ? null : signer.adopt(lost)
  const write = async <T>(work: () => T): Promise<T> => {
    if (gate.readOnly !== null) throw new ReadOnly(gate.readOnly)
    const result = await commit.run(work)
    signer.requestCheckpoint()
    return result
  }
  const webhooks = new WebhookOutbox({ db: host.db, clock, commit, gate })
  const alerts = openAlerts(host.db)
  const executor = new Executor({
    store,
    writes,
    writer,
    complaints,
    figures: book,
    parties,
    tag,
    shard,
    webhooks,
    alerts,
    policy: log.inForce,
  })
  const published = { store, signer, readTile, ...identity, keys, cosignatures, parties }
  const parts = { store, writes, executor, complaints, clock, gate, commit, tag, write }
  const outbox = new MessageOutbox({ db: host.db, ...parts })
  return {
    host,
    store,
    clock,
    ...identity,
    shard,
    commit,
    writer,
    gate,
    cosignatures,
    signer,
    stamper,
    /** Something was published before the start. */
    wasPublished,
    /** Resolves once a checkpoint whose row was lost is taken up again; null where none was. */
    adopted,
    /** Runs work that may append leaves in the next group commit. Rejects with ReadOnly. */
    write,
    complaints,
    tag,
    executor,
    outbox,
    leafCheck,
    retention: new RetentionSweep({ host, store, clock, shard, executor, commit, write }),
    health: new Health({
      host,
      store,
      shard,
      clock,
      gate,
      writer,
      commit,
      signer,
      outbox,
      cosignatures,
      follows,
      altered: () => complaints.altered + leafCheck.altered,
    }),
    webhooks,
    parties,
    lookup: new ComplaintLookup({ db: host.db, store, complaints, tag, shard, pickupSecret: secrets.tags }),
    registry: new LocalRegistry({ db: host.db, clock, tag, commit, gate }),
    team: new LocalTeam({ db: host.db, clock, commit }),
    alerts,
    figures: new LedgerFigures({ db: host.db, store, writer, origin: identity.origin, book, complaints }),
    receipts: new Receipts({ ...published, complaints }),
    log: publishedLog({ ...published, witnesses: config.policy, clock }),
  }
}

/** Why nothing can be appended now, as a value: an error loses its class across RPC. */
export const unlessRefused = async <T>(work: () => Promise<T>) => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ReadOnly) return { refused: 'read_only' as const }
    if (error instanceof ClockBehind) return { refused: 'clock_behind' as const }
    if (error instanceof ClockAhead) return { refused: 'clock_ahead' as const }
    throw error
  }
}

const lastPublished = (store: Store, identity: Identity): Published | null => {
  const last = store.lastCheckpoint.get()
  return last && isOf(identity, last) ? withRoot(last) : null
}

/** Not one of the log before a declared loss. */
const isOf = ({ origin }: Identity, { note }: Pick<Published, 'note'>): boolean => note.startsWith(`${origin}\n`)

/** Enough to find what each witness saw last; one that was silent for longer starts from nothing. */
const RECENT = 1000

const recentlyCosigned = (store: Store, identity: Identity) =>
  store.recentCosignatures
    .all({ limit: RECENT })
    .filter(({ published }) => isOf(identity, published))
    .map(({ published, line }) => ({ published: withRoot(published), line }))

const withRoot = (row: Omit<Published, 'root'>): Published => ({
  ...row,
  root: toBase64url(parseCheckpoint(parseNote(row.note).text).root),
})
