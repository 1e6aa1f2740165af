import type { Policy } from '../../complaint/deadlines/policy.ts'
import { logOpened } from '../../log/key-leaf.ts'
import { formatVerifierKey, verifierKey } from '../../log/note.ts'
import type { Host } from '../host.ts'
import type { Store } from '../storage/queries.ts'
import { forkOf } from './fork.ts'
import type { Identity } from './identity.ts'
import { KeyRing } from './key-ring.ts'
import { LogChain } from './log-chain.ts'
import type { LogWriter } from './log-writer.ts'
import { adoptedPolicies, adoptPolicy, requireAdopted, requireAnnounced } from './policies.ts'
import { readPolicy } from './read-policy.ts'
import { publicBytes, type Secrets } from './secrets.ts'

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
