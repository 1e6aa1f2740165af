import type { Context } from 'hono'
import type { Policy } from '../complaint/deadlines/policy.ts'
import type { Reader } from '../complaint/view/visibility.ts'
import type { Locale } from '../complaint/words.ts'
import type { FileStore } from '../files/store.ts'
import type { Head, Ledger } from '../ledger/contract/ledger.ts'
import type { Report } from '../ledger/contract/outbox.ts'
import type { Credential, Session } from '../ledger/contract/registry.ts'
import { parseId, shardOf } from '../link/id.ts'
import { type LinkKeys, type Scope, signLink, signStatementLink } from '../link/token.ts'
import type { PageContext } from '../views/context.ts'
import type { Compress } from './headers.ts'
import type { Limiters, UploadBudget } from './limits.ts'
import type { RequestTimes } from './observe.ts'
import { Problem } from './problem.ts'

/** Reads what a vendor posted: null when it is not the vendor's, `malformed` when it can't be read. */
export type ReportReader = (posted: {
  url: string
  secret: string
  header(name: string): string | undefined
  body: string
  now: number
}) => Report[] | 'malformed' | null

/** Everything that routes need of their host; made once, by an entry. */
export interface Deps {
  /** By shard number. */
  ledgers: readonly Ledger[]
  /** Numbers of the shards that take no new complaints. */
  closedShards?: readonly number[] | undefined
  files: FileStore
  /** Bounds the bodies that are being received; `uploadBytesInFlight()` says how much they are. */
  uploads: UploadBudget
  /** `head` without waiting, where one process has the ledger to itself. */
  headNow?: ((id: number) => Head | null) | undefined
  links: LinkKeys
  pickupCode(id: number): string
  /** The secret of a webhook endpoint, as its owner enters it. */
  webhookSecret(hook: { id: string; generation: number }): string
  /** Where buyers reach this server, without a slash at its end. */
  baseUrl: string
  /** What supervisors are shown of the settings; absent where buyers alone are served. */
  operator?: OperatorFacts | undefined
  /** Categories of the policy in force. */
  categories: readonly string[]
  /** Desks of the policy in force; empty where it lists none. */
  desks: readonly string[]
  clock: { now(): number }
  /** Compresses pages; absent where the host's proxy does. */
  compress?: Compress | undefined
  limiters: Limiters
  /** The client's IP address, as far as this host can trust what it is told; undefined where it is not known. */
  clientAddress?: ((c: Context) => string | undefined) | undefined
  pages: (locale: Locale) => PageContext
  /** Reads a JWT of the platform's identity provider, where one is configured. */
  identify?: ((jwt: string) => Promise<Credential | null>) | undefined
  /** Reads the delivery reports of the SMS vendors that are configured, by vendor. */
  smsReports?: ReadonlyMap<string, ReportReader> | undefined
  /** Where people sign in; without one the consoles stay closed. */
  oidc?: OidcClient | undefined
  /** Demo mode: people choose a role. */
  demo?: boolean | undefined
  /** Where the shops' order pages lead to a complaint form; without one there is none. */
  tickets?: OrderTickets | undefined
  /** The bearer token of `/metrics`. */
  metricsToken?: string | undefined
  /** Where one process serves all requests: what it measures of itself. Isolates of Workers come and go, and have none. */
  process?: ServerProcess | undefined
}

/** Names and addresses of what is set. No key, token or secret. */
export interface OperatorFacts {
  version: string
  policy: Policy
  /** The policy documents that are shipped, by name. */
  shipped: { names: readonly string[]; document(name: string): unknown }
  vendors: readonly string[]
  witnesses: { names: readonly string[]; quorum: string } | null
  tsa: string | null
  signIn: string | null
}

export interface ServerProcess {
  requests: RequestTimes
  /** Seconds. */
  eventLoopLag(): number
  /** Whether a request, by the environment that its host gives to it, comes from this machine. */
  isLoopback(env: unknown): boolean
}

/** Reads tickets of the shops' order pages. `silent`: the keys of the platform can't be asked for at present. */
export interface OrderTickets {
  /** `form` replaces the ticket in the page: sealed (JWE), so only this server can read it. */
  open(
    text: string,
  ): Promise<
    { claims: Record<string, unknown>; jti: string; form: string } | { refused: 'expired' | 'foreign' | 'silent' }
  >
  /** Upload token in the form's address: its holder may send files. */
  uploadToken(): string
  verifyUploadToken(text: string): boolean
  /** Demo mode: as the shop does. */
  issue?(claims: Record<string, unknown>, over?: { aud?: string; seconds?: number }): Promise<string>
}

/** The identity provider of those who work here. Answers, never throws. */
interface OidcClient {
  /** Where to send the browser, and what it keeps meanwhile; null while the provider is silent. */
  startLogin(to: string): Promise<{ url: string; state: string; kept: string } | null>
  finishLogin(
    query: string,
    kept: string,
  ): Promise<
    | { person: Omit<Session, 'createdAt' | 'expiresAt'>; to: string }
    | { failed: 'unreachable' | 'stale' | 'denied' | 'refused' | 'no_role'; code: string }
  >
  /** The subject whom a logout token names. */
  loggedOut(token: string): Promise<string | null>
  /** Where the provider's own session can be ended. */
  endUrl(): Promise<string | null>
}

export const registryLedger = (deps: Deps): Ledger => {
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

/** Asks every shard. One that does not answer (the Problem `unavailable`) fails its own rows alone; `silent` names it, `ledgers` are the others. */
export const askAll = async <T>(
  ledgers: readonly Ledger[],
  ask: (ledger: Ledger) => Promise<T>,
): Promise<{ answers: T[]; ledgers: readonly Ledger[]; silent: number[] }> => {
  const silent: number[] = []
  const asked = ledgers.map((ledger, shard) =>
    ask(ledger).then(
      answer => [answer],
      error => {
        if (!(error instanceof Problem) || error.code !== 'unavailable') throw error
        silent.push(shard)
        return []
      },
    ),
  )
  const answers = (await Promise.all(asked)).flat()
  return { answers, ledgers: ledgers.filter((_, shard) => !silent.includes(shard)), silent }
}

/** An id in an address, as people type it: `parseId` says how. */
export const readId = (text: string): number => {
  const id = parseId(text)
  if (id === null) throw new Problem('not_found')
  return id
}

export const linkUrl = ({ baseUrl, links }: Deps, id: number, scope: Scope, epoch: number): string =>
  `${baseUrl}/t/${signLink({ id, scope, epoch }, links)}`

/** Where a third party gives the statement that this step asked for. */
export const statementUrl = ({ baseUrl, links }: Deps, id: number, of: number): string =>
  `${baseUrl}/s/${signStatementLink({ id, of }, links)}`

/** The token of such a link. */
export const tokenIn = (url: string): string => url.slice(url.lastIndexOf('/') + 1)

export const readerOf = (role: Credential['role']): Reader => (role === 'merchant' ? 'merchant' : 'platform')
