import { createRemoteJWKSet } from 'jose'
import { identityReader } from '../../auth/access-token.ts'
import { oidcClient } from '../../auth/oidc.ts'
import { openOrderTickets } from '../../auth/order-ticket.ts'
import type { Env, WorkerConfig } from '../../config/worker.ts'
import { languages } from '../../i18n/index.ts'
import { readPolicy } from '../../ledger/log/opening.ts'
import type { Ledger, Registry } from '../../ledger/port.ts'
import { pickupCode } from '../../link/pickup.ts'
import { reportReaders } from '../../notify/sms/vendors/reports.ts'
import { secretOf } from '../../notify/webhooks/signature.ts'
import { hashKey } from '../../routes/auth.ts'
import type { Deps } from '../../routes/deps.ts'
import { bucketStore } from './file-store.ts'

/** What the routes need, on the edge: no input or output happens until one is asked. */
export const workerDeps = (env: Env, config: WorkerConfig, ledgers: readonly Ledger[], clock: Deps['clock']): Deps => {
  const { secrets, baseUrl, identity, sms } = config
  const inForce = readPolicy(config.policy)
  return {
    ledgers: withPlatformKey(ledgers, config.platformKey),
    files: bucketStore(env.FILES),
    links: secrets.links,
    pickupCode: id => pickupCode(id, secrets.tags),
    webhookSecret: hook => secretOf(secrets.tags, hook),
    baseUrl,
    categories: inForce.policy.categories,
    clock,
    pages: languages('/verify'),
    smsReports: sms && reportReaders(sms, { baseUrl, tags: secrets.tags }),
    identify: identity && identityReader(identity, createRemoteJWKSet(new URL(identity.jwksUri))),
    oidc: config.oidc && oidcClient(config.oidc, baseUrl, secrets.tags),
    demo: config.demo,
    tickets: openOrderTickets({ ...config, secret: secrets.tags, clock }),
  }
}

/** The platform's own key is a setting, not a row: whoever changes the secret has ended the old key. */
const withPlatformKey = ([first, ...rest]: readonly Ledger[], key: string | undefined): Ledger[] => {
  if (!first) throw new RangeError('an app needs a shard')
  if (key === undefined) return [first, ...rest]
  const known = hashKey(key)
  const { registry } = first
  const credential: Registry['credential'] = async hash =>
    hash === known ? { role: 'platform', name: 'TOUSU_PLATFORM_KEY' } : registry.credential(hash)
  return [{ ...first, registry: { ...registry, credential } }, ...rest]
}
