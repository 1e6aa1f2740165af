import type { Locale } from '../../complaint/words.ts'
import type { WorkerSettings } from '../../config/settings.ts'
import { objectFileStore } from '../../files/store.ts'
import type { Messages } from '../../i18n/index.ts'
import { zhCNMessages } from '../../i18n/zh-CN/index.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import type { Registry } from '../../ledger/contract/registry.ts'
import { hashKey } from '../../routes/authenticate.ts'
import type { Deps } from '../../routes/deps.ts'
import { buyerDeps } from '../buyer-deps.ts'
import { bucketStore, type Env } from './bindings.ts'

/** An isolate has 128 MB of memory for everything. */
const UPLOAD_BYTES = 40 * 1024 * 1024

/** The dependencies of the buyers' routes on Cloudflare (`full-app.ts` adds the others'). Calls no Durable Object. */
export const workerDeps = (
  { FILES }: Pick<Env, 'FILES'>,
  settings: WorkerSettings,
  ledgers: readonly Ledger[],
  clock: Deps['clock'],
): Deps =>
  buyerDeps(
    {
      ledgers: withPlatformKey(ledgers, settings.platformKey),
      files: objectFileStore(bucketStore(FILES)),
      clock,
      uploadBytes: UPLOAD_BYTES,
      // Cloudflare sets it, over whatever the client sent.
      clientAddress: c => c.req.header('cf-connecting-ip'),
    },
    settings,
    LOADED,
  )

/** The platform's key is a setting, not a row: a new secret ends the old key at once. */
const withPlatformKey = ([first, ...rest]: readonly Ledger[], key: string | undefined): Ledger[] => {
  if (!first) throw new RangeError('an app needs a shard')
  if (key === undefined) return [first, ...rest]
  const platformHash = hashKey(key)
  const { registry } = first
  const credential: Registry['credential'] = async hash =>
    hash === platformHash ? { role: 'platform', name: 'TOUSU_PLATFORM_KEY' } : registry.credential(hash)
  return [{ ...first, registry: { ...registry, credential } }, ...rest]
}

/** The languages that this isolate has: that of most buyers at once, another with its first reader. */
const LOADED: Partial<Record<Locale, Messages>> = { 'zh-CN': zhCNMessages }

/** No promise is kept: `import` itself loads a module once. */
export const loadLanguage = async (locale: Locale): Promise<void> => {
  if (LOADED[locale]) return
  if (locale === 'en') LOADED.en = (await import('../../i18n/en/index.ts')).enMessages
  if (locale === 'zh-TW') LOADED['zh-TW'] = (await import('../../i18n/zh-TW/index.ts')).zhTWMessages
}
