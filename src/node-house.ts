import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { createRemoteJWKSet } from 'jose'
import policy from '../db/policies/cn-2026-1.json' with { type: 'json' }
import { createApp } from './app.ts'
import { zhCN } from './complaint/i18n/zh-cn.ts'
import { folderStore } from './files-node.ts'
import { identityReader } from './identity.ts'
import { Keeper } from './keeper.ts'
import type { Clock } from './ledger/clock.ts'
import { openNodeHost } from './ledger/host-node.ts'
import { LocalLedger } from './ledger/local-ledger.ts'
import { readPolicy } from './ledger/opening.ts'
import type { Secrets } from './ledger/secrets.ts'
import { openStore, type Store } from './ledger/store.ts'
import { pickupCode } from './link/pickup.ts'
import { decodeLeaf } from './log/leaf.ts'
import { deliverDue } from './notify/deliver.ts'
import type { SmsProvider } from './notify/provider.ts'
import type { Deps } from './routes/deps.ts'
import { zhCNPage } from './views/i18n/zh-cn.ts'

const PUBLIC = fileURLToPath(new URL('../public', import.meta.url))

export interface HouseOptions {
  dataDir: string
  baseUrl: string
  secrets: Secrets
  origin: string
  clock: Clock
  /** The shortest time between two checkpoints; a second unless told. */
  signEveryMs?: number | undefined
  /** Sends the SMS; without one they wait in the outbox, and no silence ever lapses. */
  provider?: SmsProvider | undefined
  identity?: { issuer: string; audience: string; jwksUri: string } | undefined
  /** C2SP tlog-policy: the witnesses to ask, and their quorum. */
  witnesses?: string | undefined
}

/** The whole product on Node: one ledger in a folder, its timer, and the app with its static files. */
export const openHouse = (options: HouseOptions) => {
  const { dataDir, baseUrl, secrets, origin, clock, signEveryMs = 1000, provider, identity, witnesses } = options
  const host = openNodeHost(dataDir)
  const ledger = new LocalLedger({ host, secrets, policy, origin, clock, signEveryMs, witnesses })
  const inForce = readPolicy(policy)
  const letterhead = { links: secrets.links, pickupSecret: secrets.tags, baseUrl }
  const deps: Deps = {
    ledgers: [ledger],
    files: folderStore(join(dataDir, 'files')),
    links: secrets.links,
    pickupCode: id => pickupCode(id, secrets.tags),
    baseUrl,
    categories: inForce.policy.categories,
    clock,
    page: { words: zhCNPage, dictionary: zhCN, verifyUrl: '/verify' },
    identify: identity && identityReader(identity, createRemoteJWKSet(new URL(identity.jwksUri))),
  }
  const keeper = new Keeper({
    ledgers: [ledger],
    deliver: async each => (provider ? deliverDue({ ledger: each, provider, clock, ...letterhead }) : 0),
    clock,
  })
  const close = async () => {
    await keeper.stop()
    await ledger.close()
  }
  const newestInstant = () => newestIn(openStore(host.db))
  const app = createApp(deps).use(statics)
  return { app, deps, ledger, keeper, newestInstant, close }
}
export type House = ReturnType<typeof openHouse>

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
