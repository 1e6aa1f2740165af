import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { policyDocument } from '../../config/policy.ts'
import { LOCAL_NETWORKS } from '../../config/schema.ts'
import type { FileSettings } from '../../config/settings.ts'
import { objectFileStore } from '../../files/object-store.ts'
import type { FileStore } from '../../files/store.ts'
import type { Clock } from '../../ledger/clock.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import type { Host } from '../../ledger/host.ts'
import { LocalLedger } from '../../ledger/local-ledger.ts'
import { openStore, type Store } from '../../ledger/storage/queries.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import type { SmsProvider } from '../../notify/sms/provider.ts'
import { failoverSmsProvider } from '../../notify/sms/vendors/failover.ts'
import type { WebhookClient } from '../../notify/webhooks/deliver.ts'
import { createApp } from '../../routes/app.ts'
import { MAX_UPLOAD } from '../../routes/body.ts'
import type { Deps } from '../../routes/deps.ts'
import type { AppSettings } from '../buyer-deps.ts'
import { createDeps } from '../create-deps.ts'
import { createDeliveries } from '../deliveries.ts'
import { sweepFiles } from '../sweep-files.ts'
import { nodeClientAddress } from './client-address.ts'
import { PEER_PATH, peerKey } from './commit-log/peer.ts'
import { Replica } from './commit-log/replica.ts'
import { compressPage } from './compress.ts'
import { folderStore } from './file-store.ts'
import { watchProcess } from './process.ts'
import { s3Store } from './s3-store.ts'
import { Scheduler } from './scheduler.ts'
import { openNodeHost } from './sqlite.ts'
import { openStaticFiles } from './static-files.ts'
import { nodeWebhookClient } from './webhook-client.ts'

/** Two uploads of the largest size (202 MB): each is held one file at a time. */
const UPLOAD_BYTES = 2 * MAX_UPLOAD
const PUBLIC = fileURLToPath(new URL('../../../public', import.meta.url))

export interface ServerOptions extends Omit<AppSettings, 'policy'> {
  dataDir: string
  origin: string
  clock: Clock
  /** The shortest time between two checkpoints; a second by default. */
  signEveryMs?: number | undefined
  /** Sends the SMS in place of the vendors of `sms`. */
  provider?: SmsProvider | undefined
  /** Posts to merchants' webhook endpoints; over the Internet by default. */
  poster?: WebhookClient | undefined
  /** C2SP tlog-policy: the witnesses to ask, and their quorum. */
  witnesses?: string | undefined
  /** The deadline policy in force; the shipped one by default. */
  policy?: unknown
  /** Where evidence files lie; in the data folder by default. */
  files?: FileSettings | undefined
  /** Whose X-Forwarded-For is believed; loopback and private networks by default. */
  trustedProxies?: readonly string[] | undefined
}

/** The whole product on Node: one ledger in a folder, its scheduler, and the app with its static files. */
export const createServer = (options: ServerOptions) => {
  const host = openNodeHost(options.dataDir)
  const newestInstant = () => newestIn(openStore(host.db))
  const ledger = openLedger(options, host)
  return { ...serve(ledger, options, id => ledger.headNow(id)), newestInstant }
}

interface ReplicaSettings {
  /** The commit log. */
  url: string
  /** Where other processes reach this one. */
  peerUrl?: string | undefined
  /** Called each time that this process begins to lead. */
  leads?: (ledger: Ledger) => Promise<void>
}

/** The same as one of several processes on a commit log. */
export const createReplica = (options: ServerOptions, settings: ReplicaSettings) => {
  const { dataDir: folder, origin: house, secrets } = options
  const replica = new Replica({
    ...{ ...settings, house, folder, peerKey: peerKey(secrets.tags) },
    openLedger: (host, follows) => openLedger(options, host, follows),
  })
  const served = serve(replica.ledger, options)
  // Beside the app: its limits are for people.
  const fetch = (request: Request, env: unknown) =>
    new URL(request.url).pathname === PEER_PATH ? replica.answerPeer(request) : served.app.fetch(request, env)
  return { ...served, app: { fetch }, replica }
}

const openLedger = (options: ServerOptions, host: Host, follows = false): LocalLedger => {
  const { secrets, policy = policyDocument(), origin, clock, signEveryMs = 1000, witnesses } = options
  // A follower's rows are another process's, which reads them itself.
  const checksLeaves = !follows
  return new LocalLedger({ host, secrets, policy, origin, clock, signEveryMs, witnesses, follows, checksLeaves })
}

const serve = <L extends Ledger>(ledger: L, options: ServerOptions, headNow?: Deps['headNow']) => {
  const { dataDir, baseUrl, clock, sms } = options
  const { policy = policyDocument(), poster = nodeWebhookClient(), trustedProxies = LOCAL_NETWORKS } = options
  const provider = options.provider ?? (sms && failoverSmsProvider(sms, baseUrl))
  const files = openFiles(options.files ?? { folder: join(dataDir, 'files') })
  const process = watchProcess()
  const statics = openStaticFiles(PUBLIC)
  const own = { process, uploadBytes: UPLOAD_BYTES, compress: compressPage, assets: statics.urls }
  const parts = { ledgers: [ledger], headNow, files, clock, clientAddress: nodeClientAddress(trustedProxies), ...own }
  const deps = createDeps(parts, { ...options, policy })
  const deliveries = createDeliveries({ provider, poster, clock }, options)
  const daily = () => sweepFiles(deps, Date.now())
  const scheduler = new Scheduler({
    ledgers: [ledger],
    deliveries: [deliveries.sms, deliveries.webhooks],
    clock,
    daily,
  })
  const close = async () => {
    process.stop()
    await scheduler.stop()
    await ledger.close()
  }
  // After all routes, and with the headers of every response.
  const app = createApp(deps).use(statics.serve)
  return { app, deps, ledger, scheduler, close }
}

const openFiles = (settings: FileSettings): FileStore =>
  'folder' in settings ? folderStore(settings.folder) : objectFileStore(s3Store(settings))

export type Server = ReturnType<typeof createServer>

/** UTC ms of the newest leaf or signature: a demo's clock must not begin earlier, for a log never goes back in time. */
const newestIn = ({ leafCount, leaf, lastCheckpoint }: Store): number => {
  const newest = leaf.get({ idx: leafCount.get()?.last ?? -1 })
  return Math.max(lastCheckpoint.get()?.at ?? 0, newest ? decodeLeaf(newest.bytes).at : 0)
}
