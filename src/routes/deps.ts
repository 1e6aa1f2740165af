import type { Reader } from '../complaint/visibility.ts'
import type { FileStore } from '../files/store.ts'
import type { Credential, Ledger } from '../ledger/port.ts'
import { formatId, parseId, shardOf } from '../link/id.ts'
import { type LinkKeys, type Scope, signLink } from '../link/token.ts'
import type { PageContext } from '../views/context.ts'
import { Problem } from './problem.ts'

/** Everything that routes need of their host; made once, by an entry. */
export interface Deps {
  /** By shard number. */
  ledgers: readonly Ledger[]
  files: FileStore
  links: LinkKeys
  pickupCode(id: number): string
  /** Where buyers reach this server, without a slash at its end. */
  baseUrl: string
  /** Categories of the policy in force. */
  categories: readonly string[]
  clock: { now(): number }
  page: PageContext
  /** Reads a JWT of the platform's identity provider, where one is configured. */
  identify?: ((jwt: string) => Promise<Credential | null>) | undefined
}

export const home = (deps: Deps): Ledger => {
  const [first] = deps.ledgers
  if (!first) throw new RangeError('an app needs a ledger')
  return first
}

/** The ledger of a complaint's shard; the same 404 for a shard that does not exist. */
export const ledgerOf = (deps: Deps, id: number): Ledger => {
  const ledger = deps.ledgers[shardOf(id)]
  if (!ledger) throw new Problem('not_found')
  return ledger
}

/** All complaints of a merchant lie in one shard. */
export const shardForMerchant = (merchantId: string, shards: number): number => {
  let hash = 0
  for (const character of merchantId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return hash % shards
}

export const readId = (text: string): number => {
  const id = parseId(text)
  if (id === null || formatId(id) !== text) throw new Problem('not_found')
  return id
}

export const linkUrl = ({ baseUrl, links }: Deps, id: number, scope: Scope, epoch: number): string =>
  `${baseUrl}/t/${signLink({ id, scope, epoch }, links)}`

export const readerOf = (role: Credential['role']): Reader => (role === 'merchant' ? 'merchant' : 'platform')
