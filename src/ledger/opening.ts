import type { Policy } from '../complaint/policy.ts'
import { logOpened, noteKeyIn, originIn, statementKeyIn } from '../log/key-leaf.ts'
import { decodeLeaf } from '../log/leaf.ts'
import { formatVerifierKey, type VerifierKey, verifierKey } from '../log/note.ts'
import { leafBytes } from './entries.ts'
import { forkOf } from './fork.ts'
import type { Host } from './host.ts'
import { LogChain } from './log-chain.ts'
import type { LogWriter } from './log-writer.ts'
import { adoptedPolicies, adoptPolicy, readPolicy } from './policies.ts'
import { publicBytes } from './published-log.ts'
import type { Secrets } from './secrets.ts'
import type { Store } from './store.ts'

export { readPolicy } from './policies.ts'

/** The secrets are not those of this log, or its first leaf is not what opens one. */
export class WrongLog extends Error {}

export interface Identity {
  origin: string
  key: VerifierKey
}
/** Index of the leaf that introduces the keys. */
export const KEY_LEAF = 0

export interface Opening {
  host: Host
  store: Store
  writer: LogWriter
  secrets: Secrets
  origin: string
  policy: unknown
}
export interface Opened extends Identity {
  policies: ReadonlyMap<string, Policy>
  inForce: Policy
  /** Why nothing may be written, or null. */
  readOnly: string | null
}

/** Opens a log, a new one under `origin`, and puts the policy in force. To a fork nothing is written, not even that. */
export const openLog = (opening: Opening): Opened => {
  const { host, store, writer, policy } = opening
  const readOnly = forkOf(host, store, writer)
  const identity = readOnly === null ? host.transaction(() => openToWrite(opening)) : openToRead(opening)
  return { ...identity, policies: adoptedPolicies(store), inForce: readPolicy(policy).policy, readOnly }
}

const openToWrite = ({ store, writer, secrets, origin, policy }: Opening): Identity => {
  const chain = new LogChain(store, writer)
  if (chain.isEmpty) {
    const vkey = formatVerifierKey(verifierKey(origin, publicBytes(secrets.note)))
    chain.append('log_opened', logOpened(origin, vkey, secrets.statement.x))
  }
  const identity = identify(store, secrets)
  adoptPolicy(store, chain, policy)
  return identity
}

/** A database that lost everything has no leaf to say whose it is. */
const openToRead = ({ store, writer, secrets, origin }: Opening): Identity =>
  writer.frontier.size > 0 ? identify(store, secrets) : { origin, key: verifierKey(origin, publicBytes(secrets.note)) }

/** Reads whose log it is from leaf 0. Throws WrongLog if the secrets are another's. */
const identify = (store: Store, secrets: Secrets): Identity => {
  const first = decodeLeaf(leafBytes(store, KEY_LEAF))
  const origin = originIn(first)
  if (origin === null) throw new WrongLog('leaf 0 does not open a log')
  const key = verifierKey(origin, publicBytes(secrets.note))
  if (noteKeyIn(first) !== formatVerifierKey(key) || statementKeyIn(first)?.x !== secrets.statement.x) {
    throw new WrongLog('the secrets are not those that opened this log')
  }
  return { origin, key }
}
