import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { createRemoteJWKSet } from 'jose'
import { identityReader } from '../../auth/access-token.ts'
import { oidcClient } from '../../auth/oidc.ts'
import { openOrderTickets } from '../../auth/order-ticket.ts'
import type { OidcSettings, TicketSettings } from '../../auth/settings.ts'
import { policyDocument } from '../../config/policy.ts'
import { languages } from '../../i18n/index.ts'
import type { Clock } from '../../ledger/clock.ts'
import { LocalLedger } from '../../ledger/local-ledger.ts'
import { readPolicy } from '../../ledger/log/opening.ts'
import type { Secrets } from '../../ledger/log/secrets.ts'
import { openStore, type Store } from '../../ledger/storage/queries.ts'
import { pickupCode } from '../../link/pickup.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import { deliverDue, type Unrecorded } from '../../notify/sms/deliver.ts'
import type { SmsProvider } from '../../notify/sms/provider.ts'
import type { SmsSettings } from '../../notify/sms/vendors/config.ts'
import { failoverSmsProvider } from '../../notify/sms/vendors/failover.ts'
import { reportReaders } from '../../notify/sms/vendors/reports.ts'
import { deliverHooks } from '../../notify/webhooks/deliver.ts'
import type { WebhookClient } from '../../notify/webhooks/poster.ts'
import { secretOf } from '../../notify/webhooks/signature.ts'
import { createApp } from '../../routes/app.ts'
import type { Deps } from '../../routes/deps.ts'
import { folderStore } from './file-store.ts'
import { type Deliver, Scheduler } from './scheduler.ts'
import { openNodeHost } from './sqlite.ts'
import { nodeWebhookClient } from './webhook-client.ts'

const PUBLIC = fileURLToPath(new URL('../../../public', import.meta.url))

export interface ServerOptions {
  /** People choose a role instead of signing in. */
  demo?: boolean | undefined
  dataDir: string
  baseUrl: string
  secrets: Secrets
  origin: string
  clock: Clock
  /** The shortest time between two checkpoints; a second unless told. */
  signEveryMs?: number | undefined
  /** Sends the SMS; without one they wait in the outbox, and no silence ever lapses. */
  provider?: SmsProvider | undefined
  /** The vendors that send them, where no `provider` is given. */
  sms?: SmsSettings | undefined
  identity?: { issuer: string; audience: string; jwksUri: string } | undefined
  /** Reaches merchants' webhook endpoints; over the Internet unless given. */
  poster?: WebhookClient | undefined
  /** The identity provider by which people sign in. */
  oidc?: OidcSettings | undefined
  /** Who signs tickets of the shops' order pages; a demo does so itself. */
  tickets?: TicketSettings | undefined
  /** C2SP tlog-policy: the witnesses to ask, and their quorum. */
  witnesses?: string | undefined
  /** The deadline policy in force; the shipped one unless given. */
  policy?: unknown
}

/** The whole product on Node: one ledger in a folder, its timer, and the app with its static files. */
export const createServer = (options: ServerOptions) => {
  const { dataDir, baseUrl, secrets, origin, clock, signEveryMs = 1000, sms, identity, witnesses } = options
  const provider = options.provider ?? (sms && failoverSmsProvider(sms, baseUrl))
  const { policy = policyDocument(), poster = nodeWebhookClient() } = options
  const host = openNodeHost(dataDir)
  const ledger = new LocalLedger({ host, secrets, policy, origin, clock, signEveryMs, witnesses })
  const inForce = readPolicy(policy)
  const letterhead = { links: secrets.links, pickupSecret: secrets.tags, baseUrl, mode: sms?.mode }
  const deps: Deps = {
    ledgers: [ledger],
    files: folderStore(join(dataDir, 'files')),
    links: secrets.links,
    pickupCode: id => pickupCode(id, secrets.tags),
    webhookSecret: hook => secretOf(secrets.tags, hook),
    baseUrl,
    categories: inForce.policy.categories,
    clock,
    pages: languages('/verify'),
    smsReports: sms && reportReaders(sms, { baseUrl, tags: secrets.tags }),
    identify: identity && identityReader(identity, createRemoteJWKSet(new URL(identity.jwksUri))),
    oidc: options.oidc && oidcClient(options.oidc, baseUrl, secrets.tags),
    demo: options.demo,
    tickets: openOrderTickets({ ...options, secret: secrets.tags }),
  }
  const hookDesk = { clock, secret: secrets.tags, baseUrl }
  const unrecorded: Unrecorded = new Map()
  const letters: Deliver = async (each, signal) =>
    provider ? deliverDue({ ledger: each, provider, clock, signal, unrecorded, ...letterhead }) : 0
  const events: Deliver = each => deliverHooks({ ledger: each, poster, ...hookDesk })
  const keeper = new Scheduler({ ledgers: [ledger], deliveries: [letters, events], clock })
  const close = async () => {
    await keeper.stop()
    await ledger.close()
  }
  const newestInstant = () => newestIn(openStore(host.db))
  const app = createApp(deps).use(statics)
  return { app, deps, ledger, keeper, newestInstant, close }
}
export type Server = ReturnType<typeof createServer>

/** UTC ms of the newest leaf or signature: no clock of this log may be earlier. */
const newestIn = ({ leafCount, leaf, lastCheckpoint }: Store): number => {
  const newest = leaf.get({ idx: leafCount.get()?.last ?? -1 })
  return Math.max(lastCheckpoint.get()?.at ?? 0, newest ? decodeLeaf(newest.bytes).at : 0)
}

/** After every route, so that no link is looked for among files, and within the headers of all answers. */
const statics = serveStatic({
  root: PUBLIC,
  onFound: (_path, c) => c.header('Cache-Control', 'public, max-age=3600'),
})
