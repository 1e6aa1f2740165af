import { languages } from '../views/context.ts'
// What the app and the senders need, made from a host's parts and the settings; the same on Node and on Cloudflare.

import { createRemoteJWKSet } from 'jose'
import { identityReader } from '../auth/access-token.ts'
import { type OidcSettings, oidcClient } from '../auth/oidc.ts'
import { openOrderTickets, type TicketSettings } from '../auth/order-ticket.ts'
import type { Ledger } from '../ledger/contract/ledger.ts'
import { readPolicy } from '../ledger/log/policies.ts'
import type { Secrets } from '../ledger/log/secrets.ts'
import { pickupCode } from '../link/pickup.ts'
import { deliverDue } from '../notify/sms/deliver.ts'
import type { SmsProvider } from '../notify/sms/provider.ts'
import type { Unrecorded } from '../notify/sms/send-batch.ts'
import type { SmsSettings } from '../notify/sms/vendors/config.ts'
import { reportReaders } from '../notify/sms/vendors/reports.ts'
import type { WebhookClient } from '../notify/webhooks/deliver.ts'
import { deliverHooks } from '../notify/webhooks/deliver.ts'
import { secretOf } from '../notify/webhooks/signature.ts'
import type { Deps } from '../routes/deps.ts'
import { createLimiters } from '../routes/token-bucket.ts'
import { UploadBudget } from '../routes/upload-budget.ts'

interface Clock {
  now(): number
}

/** The settings that routes and senders need, whichever host read them. */
export interface AppSettings {
  /** People choose a role instead of signing in. */
  demo?: boolean | undefined
  baseUrl: string
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
}

/** What a host gives the routes. */
interface HostParts extends Pick<Deps, 'ledgers' | 'files' | 'process' | 'compress' | 'clientAddress'> {
  clock: Clock
  /** Addresses of the static files by name, where they are not just that name. */
  assets?: Readonly<Record<string, string>> | undefined
  /** Of request bodies that may be received at once, in this process. */
  uploadBytes: number
}

/** The dependencies of the routes. Does no input or output: a provider's keys are fetched when they are first needed. */
export const createDeps = (
  { ledgers, files, clock, process, uploadBytes, compress, assets, clientAddress }: HostParts,
  { demo, baseUrl, secrets, policy, sms, identity, oidc, tickets, metricsToken }: AppSettings,
): Deps => ({
  ledgers,
  files,
  uploads: new UploadBudget(uploadBytes),
  links: secrets.links,
  pickupCode: id => pickupCode(id, secrets.tags),
  webhookSecret: hook => secretOf(secrets.tags, hook),
  baseUrl,
  categories: readPolicy(policy).policy.categories,
  clock,
  limiters: createLimiters(clock),
  clientAddress,
  pages: languages('/verify', assets),
  compress,
  smsReports: sms && reportReaders(sms, { baseUrl, tags: secrets.tags }),
  identify: identity && identityReader(identity, createRemoteJWKSet(new URL(identity.jwksUri))),
  oidc: oidc && oidcClient(oidc, baseUrl, secrets.tags),
  demo,
  tickets: openOrderTickets({ demo, tickets, baseUrl, secret: secrets.tags, clock }),
  metricsToken,
  process,
})

/** Delivery: sends the due messages of one ledger and answers how many it took. After `signal` aborts it begins no other. */
type Deliver = (ledger: Ledger, signal?: AbortSignal) => Promise<number>

/** SMS and webhooks, apart, so that a slow endpoint delays no SMS. Without a provider SMS wait in the outbox. */
export const createDeliveries = (
  { provider, poster, clock }: { provider: SmsProvider | null | undefined; poster: WebhookClient; clock: Clock },
  { baseUrl, secrets, sms, smsLanes: lanes }: Pick<AppSettings, 'baseUrl' | 'secrets' | 'sms' | 'smsLanes'>,
): { sms: Deliver; webhooks: Deliver } => {
  const unrecorded: Unrecorded = new Map()
  const links = { links: secrets.links, pickupSecret: secrets.tags, baseUrl, mode: sms?.mode }
  return {
    sms: async (ledger, signal) =>
      provider ? deliverDue({ ledger, provider, clock, signal, unrecorded, lanes, ...links }) : 0,
    webhooks: ledger => deliverHooks({ ledger, poster, clock, secret: secrets.tags, baseUrl }),
  }
}
