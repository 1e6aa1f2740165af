import { createRemoteJWKSet } from 'jose'
import policy from '../db/policies/cn-2026-1.json' with { type: 'json' }
import { zhCN } from './complaint/i18n/zh-cn.ts'
import { bucketStore } from './files-edge.ts'
import { identityReader } from './identity.ts'
import { readPolicy } from './ledger/opening.ts'
import type { Ledger } from './ledger/port.ts'
import { pickupCode } from './link/pickup.ts'
import { hashKey } from './routes/auth.ts'
import type { Deps } from './routes/deps.ts'
import { zhCNPage } from './views/i18n/zh-cn.ts'
import type { EdgeConfig, Env } from './worker-config.ts'

/** What the routes need, on the edge: no input or output happens until one is asked. */
export const edgeDeps = (env: Env, config: EdgeConfig, ledgers: readonly Ledger[], clock: Deps['clock']): Deps => {
  const { secrets, baseUrl, identity } = config
  const inForce = readPolicy(policy)
  return {
    ledgers: withPlatformKey(ledgers, config.platformKey),
    files: bucketStore(env.FILES),
    links: secrets.links,
    pickupCode: id => pickupCode(id, secrets.tags),
    baseUrl,
    categories: inForce.policy.categories,
    clock,
    page: { words: zhCNPage, dictionary: zhCN },
    identify: identity && identityReader(identity, createRemoteJWKSet(new URL(identity.jwksUri))),
  }
}

/** The platform's own key is a setting, not a row: whoever changes the secret has ended the old key. */
const withPlatformKey = ([first, ...rest]: readonly Ledger[], key: string | undefined): Ledger[] => {
  if (!first) throw new RangeError('an app needs a shard')
  if (key === undefined) return [first, ...rest]
  const known = hashKey(key)
  const credential: Ledger['credential'] = async hash =>
    hash === known ? { role: 'platform', name: 'TOUSU_PLATFORM_KEY' } : first.credential(hash)
  return [{ ...first, credential }, ...rest]
}
