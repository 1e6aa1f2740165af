import { existsSync, readdirSync } from 'node:fs'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { LOCAL_NETWORKS, policyDocument } from '../../config/schema.ts'
import type { FileSettings } from '../../config/settings.ts'
import { type FileStore, objectFileStore } from '../../files/store.ts'
import type { Clock } from '../../ledger/clock.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import type { Host } from '../../ledger/host.ts'
import { LocalLedger } from '../../ledger/local-ledger.ts'
import { openStore, type Store } from '../../ledger/storage/queries.ts'
import { shardOf } from '../../link/id.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import type { SmsProvider } from '../../notify/sms/provider.ts'
import { failoverSmsProvider } from '../../notify/sms/vendors/failover.ts'
import type { WebhookClient } from '../../notify/webhooks/deliver.ts'
import { createApp } from '../../routes/app.ts'
import { MAX_UPLOAD } from '../../routes/body.ts'
import type { Deps, ServerProcess } from '../../routes/deps.ts'
import { removeErasedFiles, sweepFiles } from '../../routes/evidence.ts'
import { RequestTimes } from '../../routes/observe.ts'
import type { AppSettings } from '../buyer-deps.ts'
import { createDeps } from '../create-deps.ts'
import { createDeliveries } from '../deliveries.ts'
import { Balance } from './commit-log/lease.ts'
import { peerKey, peerPath } from './commit-log/peer.ts'
import { Replica } from './commit-log/replica.ts'
import { folderStore, s3Store } from './file-store.ts'
import { Scheduler } from './scheduler.ts'
import { openNodeHost } from './sqlite.ts'
import { compressPage, openStaticFiles } from './static-files.ts'
import { nodeWebhookClient } from './webhook-client.ts'

/** Two uploads of the largest size (202 MB): each is held one file at a time. */
const UPLOAD_BYTES = 2 * MAX_UPLOAD
const PUBLIC = fileURLToPath(new URL('../../../public', import.meta.url))

export interface ServerOptions extends Omit<AppSettings, 'policy'> {
  dataDir: string
  origin: string
  clock: Clock
  /** How many ledgers; one by default. */
  shards?: number | undefined
  /** The shortest time between two checkpoints; a second by default. */
  signEveryMs?: number | undefined
  /** Sends the SMS in place of the vendors of `sms`. */
  provider?: SmsProvider | undefined
  /** Posts to merchants' webhook endpoints; over the Internet by default. */
  poster?: WebhookClient | undefined
  /** C2SP tlog-policy: the witnesses to ask, and their quorum. */
  witnesses?: string | undefined
  /** The time-stamping authority. */
  tsa?: string | undefined
  /** The deadline policy in force; the shipped one by default. */
  policy?: unknown
  /** Where evidence files lie; in the data folder by default. */
  files?: FileSettings | undefined
  /** Whose X-Forwarded-For is believed; loopback and private networks by default. */
  trustedProxies?: readonly string[] | undefined
}

/** The whole product on Node: its ledgers in a folder, their scheduler, and the app with its static files. Throws FewerShards. */
export const createServer = (options: ServerOptions) => {
  const opened = shardsOf(options).map(at => {
    const host = openNodeHost(at.folder)
    return { host, ledger: openLedger({ ...options, ...at }, host) }
  })
  const ledgers = opened.map(each => each.ledger)
  const newestInstant = () => Math.max(...opened.map(({ host }) => newestIn(openStore(host.db))))
  return { ...serve(ledgers, options, id => ledgers[shardOf(id)]?.headNow(id) ?? null), newestInstant }
}

interface ReplicaSettings {
  /** The commit log. */
  url: string
  /** Where other processes reach this one. */
  peerUrl?: string | undefined
  /** How long a lease lasts without renewal; five seconds by default. */
  leaseMs?: number | undefined
  /** Called each time that this process begins to lead the first ledger, which has the registry. */
  leads?: (ledger: Ledger) => Promise<void>
}

/** The same as one of several processes on a commit log, which share the lead of its ledgers. Throws FewerShards. */
export const createReplica = (options: ServerOptions, { leads, ...settings }: ReplicaSettings) => {
  const { tags } = options.secrets
  const shards = shardsOf(options)
  const balance = new Balance(shards.map(({ origin }) => origin))
  const replicas = shards.map(at => {
    const { shard, folder, origin: house } = at
    const peer = { peerKey: peerKey(tags, shard), peerPath: peerPath(shard) }
    const openIt = (host: Host, follows: boolean) => openLedger({ ...options, ...at }, host, follows)
    return new Replica({
      ...settings,
      ...peer,
      house,
      folder,
      balance,
      openLedger: openIt,
      ...(shard === 0 && { leads }),
    })
  })
  const served = serve(
    replicas.map(({ ledger }) => ledger),
    options,
  )
  const byPath = new Map(replicas.map((replica, shard) => [peerPath(shard), replica]))
  // Beside the app: its limits are for people.
  const fetch = (request: Request, env: unknown) =>
    byPath.get(new URL(request.url).pathname)?.answerPeer(request) ?? served.app.fetch(request, env)
  const failed = Promise.race(replicas.map(each => each.failed))
  failed.catch(() => undefined)
  return { ...served, app: { fetch }, replicas, failed }
}

type Place = ServerOptions & { shard: number }

const openLedger = (options: Place, host: Host, follows = false): LocalLedger => {
  const { secrets, policy = policyDocument(), origin, clock, signEveryMs = 1000, witnesses, tsa, shard } = options
  // A follower's rows are another process's, which reads them itself.
  const checksLeaves = !follows
  const own = { host, shard, origin, follows, checksLeaves }
  return new LocalLedger({ ...own, secrets, policy, clock, signEveryMs, witnesses, tsa })
}

const serve = <L extends Ledger>(ledgers: readonly L[], options: ServerOptions, headNow?: Deps['headNow']) => {
  const [ledger] = ledgers
  if (!ledger) throw new RangeError('a server needs a ledger')
  const { dataDir, baseUrl, clock, sms } = options
  const { policy = policyDocument(), poster = nodeWebhookClient(), trustedProxies = LOCAL_NETWORKS } = options
  const provider = options.provider ?? (sms && failoverSmsProvider(sms, baseUrl))
  const files = openFiles(options.files ?? { folder: join(dataDir, 'files') })
  const process = watchProcess()
  const statics = openStaticFiles(PUBLIC)
  const own = { process, uploadBytes: UPLOAD_BYTES, compress: compressPage, assets: statics.urls }
  const parts = { ledgers, headNow, files, clock, clientAddress: nodeClientAddress(trustedProxies), ...own }
  const deps = createDeps(parts, { ...options, policy })
  const deliveries = createDeliveries({ provider, poster, clock }, options)
  const daily = () => sweepFiles(deps, Date.now())
  const scheduler = new Scheduler({
    ledgers,
    deliveries: [deliveries.sms, deliveries.webhooks, ledger => removeErasedFiles(files, ledger)],
    clock,
    daily,
  })
  const close = async () => {
    process.stop()
    await scheduler.stop()
    await Promise.all(ledgers.map(each => each.close()))
  }
  // After all routes, and with the headers of every response.
  const app = createApp(deps).use(statics.serve)
  return { app, deps, ledger, ledgers, scheduler, close }
}

const openFiles = (settings: FileSettings): FileStore =>
  'folder' in settings ? folderStore(settings.folder) : objectFileStore(s3Store(settings))

export type Server = ReturnType<typeof createServer>

/** UTC ms of the newest leaf or signature: a demo's clock must not begin earlier, for a log never goes back in time. */
const newestIn = ({ leafCount, leaf, lastCheckpoint }: Store): number => {
  const newest = leaf.get({ idx: leafCount.get()?.last ?? -1 })
  return Math.max(lastCheckpoint.get()?.at ?? 0, newest ? decodeLeaf(newest.bytes).at : 0)
}

// What this process measures of itself, for `/metrics`.

const RESOLUTION_MS = 20
/** The longest stall is kept for these many periods, so that no scraper misses it, nor takes it from another. */
const PERIODS = 4
const PERIOD_MS = 15_000

const watchProcess = (): ServerProcess & { stop(): void } => {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  const longest: number[] = []
  const period = setInterval(() => {
    longest.unshift(delays.max)
    longest.length = Math.min(longest.length, PERIODS)
    delays.reset()
  }, PERIOD_MS).unref()
  return {
    requests: new RequestTimes(),
    // The histogram holds nanoseconds between two timers, the wanted time included.
    eventLoopLag: () => Math.max(0, Math.max(delays.max, ...longest) / 1e9 - RESOLUTION_MS / 1000),
    isLoopback,
    stop: () => {
      clearInterval(period)
      delays.disable()
    },
  }
}

/** By the address of the socket; false for a request that came over none. */
const isLoopback = (env: unknown): boolean => {
  // Cast: the adapter's environment; each part is looked for.
  const { incoming } = (env ?? {}) as Partial<HttpBindings>
  return /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(incoming?.socket.remoteAddress ?? '')
}

// Shards on Node: one ledger each, with its own folder, log and, on a commit log, its own rows and lease. Shard 0 lies where a
// house of one ledger has it, so that raising the number moves nothing.

/** The data folder holds ledgers that these settings would leave out: their buyers' links would be dead. */
export class FewerShards extends Error {}

const FOLDER = 'shards'

/** Numbers, folders and origins of the ledgers of a data folder. Throws FewerShards. */
const shardsOf = ({
  dataDir,
  origin,
  shards = 1,
}: {
  dataDir: string
  origin: string
  shards?: number | undefined
}) => {
  const folder = join(dataDir, FOLDER)
  const most = Math.max(0, ...(existsSync(folder) ? readdirSync(folder).map(Number).filter(Number.isInteger) : []))
  if (most >= shards)
    throw new FewerShards(`the data folder has a shard ${most}: SHARDS is ${shards}, and can't be lowered`)
  return Array.from({ length: shards }, (_, shard) => ({
    shard,
    folder: shard === 0 ? dataDir : join(folder, String(shard)),
    origin: originOf(origin, shard),
  }))
}

/** `t.example.cn/log/0` makes `t.example.cn/log/3`. */
const originOf = (origin: string, shard: number): string =>
  shard === 0 ? origin : `${origin.replace(/\/0$/, '')}/${shard}`

// The address of a client on Node: of its socket, or what a trusted reverse proxy says of it (X-Forwarded-For).

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** `networks` as `TOUSU_TRUSTED_PROXIES` names them: addresses and CIDR blocks. */
const blockList = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return list
}

/**
 * Spoofing: X-Forwarded-For counts from its end, and only as far as trusted proxies wrote it: its left part is the client's own
 * invention. Undefined where a trusted proxy forwards no address; then a request is counted among all alone.
 */
export const nodeClientAddress = (trusted: readonly string[]) => {
  const proxies = blockList(trusted)
  const isTrusted = (address: string): boolean => proxies.check(address, familyOf(address))
  return (c: Context): string | undefined => {
    // Cast: absent where a test calls the app without a server.
    const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
    const peer = incoming?.socket.remoteAddress?.replace(/^::ffff:/i, '')
    if (peer === undefined || !isTrusted(peer)) return peer
    const chain = (c.req.header('x-forwarded-for') ?? '').split(',').map(each => each.trim())
    const client = chain.findLast(address => !(isIP(address) && isTrusted(address))) ?? chain[0] ?? ''
    return isIP(client) ? client : undefined
  }
}
