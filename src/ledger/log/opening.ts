// Opening a log: its name, keys and losses as its own chain states them; a new one states them in its first leaves.

import type { Policy } from '../../complaint/deadlines/policy.ts'
import { type Checkpoint, parseCheckpoint } from '../../log/checkpoint.ts'
import { equalBytes, toBase64url } from '../../log/encoding.ts'
import { logOpened, originIn } from '../../log/key-leaf.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import { formatVerifierKey, parseNote, verifierKey } from '../../log/note.ts'
import { type Succession, successionIn } from '../../log/succession.ts'
import { rootAt } from '../../log/tiles.ts'
import type { Host } from '../host.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'
import { KeyRing, WrongLog } from './key-ring.ts'
import { LogChain, type LogWriter } from './log-writer.ts'
import { adoptedPolicies, adoptPolicy, requireAdopted, requireAnnounced } from './policies.ts'
import { tileReader } from './published-log.ts'
import { readPolicy } from './read-policy.ts'
import { publicBytes, type Secrets } from './secrets.ts'
import type { Published } from './signer.ts'

export { WrongLog } from './key-ring.ts'
export { readPolicy } from './read-policy.ts'

interface Opening {
  host: Host
  store: Store
  writer: LogWriter
  secrets: Secrets
  origin: string
  policy: unknown
  /** What the log's own chain says of its name. */
  identity: Identity
  /** Witnesses are to be asked first whether this is still the log that they saw: until then nothing is written to it. */
  waits: boolean
  /** Another process writes. */
  follows: boolean
}
interface Opened {
  keys: KeyRing
  policies: ReadonlyMap<string, Policy>
  inForce: Policy
  /** Why nothing may ever be written, or null. */
  fork: string | null
  /** Puts keys and policy in force where the log does not know them yet. Call inside a transaction, then `keys.reload`. */
  catchUp(): void
}

/** Opens a log, a new one under `origin`, and puts keys and policy in force. To a fork nothing is written, not even that. */
export const openLog = (opening: Opening): Opened => {
  const { host, store, writer, secrets, policy, identity, waits, follows } = opening
  const fork = follows ? 'another process writes this log' : forkOf(host, store, writer, identity)
  const inForce = readPolicy(policy).policy
  if (fork === null) requireAdopted(store)
  const ready = () => {
    if (fork === null && writer.frontier.size === 0) begin(opening)
    const keys = new KeyRing(store, secrets, identity.origin)
    const catchUp = () => introduce(opening, keys)
    if (fork === null && waits) requireAnnounced(store, new LogChain(store, writer), inForce)
    if (fork === null && !waits) catchUp()
    return { keys, catchUp }
  }
  const opened = fork === null ? host.transaction(ready) : ready()
  opened.keys.reload()
  const policies = adoptedPolicies(store).set(inForce.hash, inForce)
  return { ...opened, policies, inForce, fork }
}

const begin = ({ store, writer, secrets, origin }: Opening): void => {
  const vkey = formatVerifierKey(verifierKey(origin, publicBytes(secrets.note)))
  new LogChain(store, writer).append('log_opened', logOpened(origin, vkey, secrets.statement.x))
}

const introduce = ({ store, writer, policy }: Opening, keys: KeyRing): void => {
  const chain = new LogChain(store, writer)
  for (const { kind, p } of keys.changes()) chain.append(kind, p)
  adoptPolicy(store, chain, policy)
}

/** Why this database is not what was published last, or null: a restored backup would be a fork of the log. */
const forkOf = (host: Host, store: Store, writer: LogWriter, { successions }: Identity): string | null => {
  const note = host.checkpointFile.read()
  if (note === null) return null
  const published = read(note)
  // Declared loss: a leaf here says that this log continues that origin, whose published tree may be larger than what is left.
  if (successions.some(({ continues }) => continues.origin === published?.origin)) return null
  if (published === null) return 'the last published checkpoint, kept beside this database, cannot be read'
  const { size, root } = published
  if (size > writer.frontier.size) {
    return `this database holds ${writer.frontier.size} leaves, but a checkpoint of ${size} was published: a restored backup?`
  }
  const same = equalBytes(rootAt(size, tileReader(store, writer)), root)
  return same ? null : `the first ${size} leaves of this database are not those that were published: a restored backup?`
}

/**
 * The checkpoint kept beside the database, if its row is lost: it is larger than the last one (`last`, null without any).
 * Call where `forkOf` found nothing; no signature is verified here.
 */
export const lostCheckpoint = (
  host: Host,
  store: Store,
  last: Published | null,
  { origin }: Identity,
): Omit<Published, 'id'> | null => {
  const note = host.checkpointFile.read()
  const published = note === null ? null : read(note)
  if (note === null || published?.origin !== origin || published.size <= (last?.size ?? 0)) return null
  const { size, root } = published
  // The note has no instant: its newest leaf's is one that holds.
  const { at } = decodeLeaf(leafBytes(store, size - 1))
  return { size, root: toBase64url(root), note, at: Math.max(at, last?.at ?? 0) }
}

const read = (note: string): Checkpoint | null => {
  try {
    return parseCheckpoint(parseNote(note).text)
  } catch {
    return null
  }
}

// Whose log this is: its name, as its own chain states it, and where it lost leaves and went on under another.

/** The newest origin, and where the log lost leaves and went on under it, in order. */
export interface Identity {
  origin: string
  successions: readonly Succession[]
}

/** As the log's own chain states it. A database that lost everything has none, and goes by its settings. Throws WrongLog. */
export const identityIn = (store: Store, settings: string): Identity => {
  const opened = store.logSteps.all().flatMap(({ idx }) => {
    const leaf = decodeLeaf(leafBytes(store, idx))
    const origin = originIn(leaf)
    return origin === null ? [] : [{ origin, succession: successionIn(leaf, idx) }]
  })
  const successions = opened.flatMap(({ succession }) => succession ?? [])
  if (opened.length > 0) return { origin: opened.at(-1)?.origin ?? settings, successions }
  if (store.leaf.get({ idx: 0 })) throw new WrongLog('leaf 0 does not open a log')
  return { origin: settings, successions }
}
