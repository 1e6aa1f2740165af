import type { OidcSettings } from '../auth/oidc.ts'
import type { TicketSettings } from '../auth/order-ticket.ts'
import { readPolicy } from '../ledger/log/read-policy.ts'
import type { Secrets } from '../ledger/log/secrets.ts'
import { pickupCode } from '../link/id.ts'
import type { SmsSettings } from '../notify/sms/vendors/config.ts'
import { secretOf } from '../notify/webhooks/signature.ts'
import type { Deps } from '../routes/deps.ts'
import { createLimiters, UploadBudget } from '../routes/limits.ts'
import type { Brand } from '../views/brand.ts'
import { languages } from '../views/context.ts'

export interface Clock {
  now(): number
}

/** The settings that routes and senders need, whichever host read them. */
export interface AppSettings {
  /** People choose a role instead of signing in. */
  demo?: boolean | undefined
  baseUrl: string
  /** Shards that take no new complaints. */
  closedShards?: readonly number[] | undefined
  secrets: Secrets
  /** The deadline policy in force. */
  policy: unknown
  /** The SMS vendors; without them messages wait in the outbox. */
  sms?: SmsSettings | undefined
  /** SMS handed to the vendors at a time. */
  smsLanes?: number | undefined
  identity?: { issuer: string; audience: string; jwksUri: string } | undefined
  /** The identity provider by which people sign in. */
  oidc?: OidcSettings | undefined
  /** Who signs the tickets of the shops' order pages; a demo does so itself. */
  tickets?: TicketSettings | undefined
  /** The bearer token of `/metrics`. */
  metricsToken?: string | undefined
  /** C2SP tlog-policy of the witnesses that are asked. */
  witnesses?: string | undefined
  /** The time-stamping authority. */
  tsa?: string | undefined
  /** The operator's name, colour and legal lines. */
  brand?: Brand | undefined
}

/** What a host gives the routes. */
export interface HostParts
  extends Pick<Deps, 'ledgers' | 'headNow' | 'files' | 'process' | 'compress' | 'clientAddress'> {
  clock: Clock
  /** Addresses of the static files by name, where they are not just that name. */
  assets?: Readonly<Record<string, string>> | undefined
  /** Of request bodies that may be received at once, in this process. */
  uploadBytes: number
}

/** What the front door and the tracking pages need; sign-in needs `createDeps`. */
export const buyerDeps = (
  { ledgers, headNow, files, clock, process, uploadBytes, compress, assets, clientAddress }: HostParts,
  { demo, baseUrl, closedShards, secrets, policy, metricsToken, brand }: AppSettings,
  words: Parameters<typeof languages>[0],
): Deps => ({
  ledgers,
  closedShards,
  headNow,
  files,
  uploads: new UploadBudget(uploadBytes),
  links: secrets.links,
  pickupCode: id => pickupCode(id, secrets.tags),
  webhookSecret: hook => secretOf(secrets.tags, hook),
  baseUrl,
  categories: readPolicy(policy).policy.categories,
  desks: readPolicy(policy).policy.desks ?? [],
  clock,
  limiters: createLimiters(clock),
  clientAddress,
  pages: languages(words, { verifyUrl: '/verify', files: assets, brand, image: `${baseUrl}/icon-512.png` }),
  compress,
  demo,
  metricsToken,
  process,
})
