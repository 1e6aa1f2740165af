import type { R2Bucket } from '@cloudflare/workers-types'
import { type OidcSettings, readOidc, readTickets, SettingError, type TicketSettings } from '../auth/settings.ts'
import type { Notes } from '../hosts/worker/checkpoint-store.ts'
import type { Shard } from '../hosts/worker/shard.ts'
import { readSecrets, SecretError, type Secrets } from '../ledger/log/secrets.ts'
import { SmsConfigError, type SmsSettings } from '../notify/sms/vendors/config.ts'
import { readSms } from '../notify/sms/vendors/coverage.ts'
import { readWitnesses } from '../witness/config.ts'
import { policyDocument } from './policy.ts'

/** A namespace of Durable Objects whose methods all answer by promise, as RPC makes them. */
export interface Namespace<T> {
  idFromName(name: string): object
  get(id: object): T
}

/** Bindings and settings of wrangler.toml, and the secrets. */
export interface Env {
  SHARD: Namespace<Shard>
  NOTES: Namespace<Notes>
  FILES: R2Bucket
  TOUSU_MODE?: string
  TOUSU_SECRETS?: string
  TOUSU_ORIGIN?: string
  TOUSU_PLATFORM_KEY?: string
  TOUSU_ISSUER?: string
  TOUSU_AUDIENCE?: string
  TOUSU_JWKS_URI?: string
  TOUSU_WITNESSES?: string
  TOUSU_TICKET_ISSUER?: string
  TOUSU_TICKET_JWKS_URI?: string
  TOUSU_OIDC_ISSUER?: string
  TOUSU_OIDC_CLIENT_ID?: string
  TOUSU_OIDC_CLIENT_SECRET?: string
  TOUSU_OIDC_SCOPE?: string
  TOUSU_OIDC_ROLE_CLAIM?: string
  TOUSU_OIDC_MERCHANT_CLAIM?: string
  TOUSU_OIDC_NAME_CLAIM?: string
  TOUSU_SMS?: string
  TOUSU_POLICY?: string
  BASE_URL?: string
  SHARDS?: string
}
type Setting = Exclude<keyof Env, 'SHARD' | 'NOTES' | 'FILES'>

export interface WorkerConfig {
  demo: boolean
  shards: number
  secrets: Secrets
  origin(shard: number): string
  baseUrl: string
  platformKey: string | undefined
  identity: { issuer: string; audience: string; jwksUri: string } | undefined
  /** The identity provider by which people sign in. */
  oidc: OidcSettings | undefined
  /** Who signs tickets of the shops' order pages; a demo does so itself. */
  tickets: TicketSettings | undefined
  /** C2SP tlog-policy: the witnesses to ask, and their quorum. */
  witnesses: string | undefined
  /** Live mode's vendors; without them messages wait in the outbox. Demo mode has a phone of its own. */
  sms: SmsSettings | undefined
  /** The deadline policy in force: it binds the complaints that come from now on. */
  policy: unknown
}

/** A setting that is missing or malformed; the message names it, and never shows it. */
export class ConfigError extends Error {}

const required = (env: Env, name: Setting): string => {
  const value = env[name]
  if (!value) throw new ConfigError(`${name} is missing; see docs/deploy.md`)
  return value
}

/** There is no default key: without secrets, nothing is served. */
const secretsOf = async (env: Env): Promise<Secrets> => {
  const text = required(env, 'TOUSU_SECRETS')
  try {
    return await readSecrets(JSON.parse(text))
  } catch (error) {
    throw new ConfigError(`TOUSU_SECRETS: ${error instanceof SecretError ? error.message : 'is not JSON'}`)
  }
}

const readMode = (text = 'live'): boolean => {
  if (text !== 'demo' && text !== 'live') throw new ConfigError('TOUSU_MODE is neither demo nor live')
  return text === 'demo'
}

/** The shard is one byte of a complaint's id. */
const readShards = (text = '1'): number => {
  const shards = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (shards < 1 || shards > 256) throw new ConfigError('SHARDS is not a number from 1 to 256')
  return shards
}

const readBaseUrl = (text: string): string => {
  if (!/^https?:\/\/[^/?#\s]+\/?$/.test(text)) throw new ConfigError('BASE_URL is not like https://t.example.cn')
  return text.replace(/\/$/, '')
}

/** A schema-less URL, as C2SP tlog-checkpoint asks of an origin; it stands in leaf 0 for ever. */
const readOrigin = (text: string): string => {
  if (!/^[a-z0-9][a-z0-9./-]{2,200}[a-z0-9]$/.test(text))
    throw new ConfigError('TOUSU_ORIGIN is not like t.example.cn/log')
  return text
}

const readPlatformKey = (text: string | undefined): string | undefined => {
  if (text !== undefined && text.length < 24) throw new ConfigError('TOUSU_PLATFORM_KEY is shorter than 24 characters')
  return text
}

const readIdentity = (env: Env): WorkerConfig['identity'] =>
  env.TOUSU_ISSUER
    ? {
        issuer: env.TOUSU_ISSUER,
        audience: required(env, 'TOUSU_AUDIENCE'),
        jwksUri: required(env, 'TOUSU_JWKS_URI'),
      }
    : undefined

/** Names the setting in this host's way. */
const settled = <T>(read: () => T): T => {
  try {
    return read()
  } catch (error) {
    throw new ConfigError(error instanceof SettingError ? error.message : 'a setting cannot be read')
  }
}

const readWitnessPolicy = (text: string | undefined): string | undefined => {
  try {
    if (text !== undefined) readWitnesses(text)
    return text
  } catch (error) {
    throw new ConfigError(`TOUSU_WITNESSES: ${error instanceof Error ? error.message : 'is not a tlog-policy'}`)
  }
}

/** The name of a policy that comes with the software, or a whole document. */
const readDeadlines = (setting: string | undefined): unknown => {
  try {
    return policyDocument(setting || undefined)
  } catch (error) {
    throw new ConfigError(`TOUSU_POLICY: ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

const readSmsSetting = (text: string | undefined): SmsSettings | undefined => {
  try {
    return text ? readSms(text) : undefined
  } catch (error) {
    throw new ConfigError(`TOUSU_SMS: ${error instanceof SmsConfigError ? error.message : 'cannot be read'}`)
  }
}

/** Throws a ConfigError. Asks nothing of any object. */
export const readWorkerConfig = async (env: Env): Promise<WorkerConfig> => {
  const demo = readMode(env.TOUSU_MODE)
  const origin = demo ? 'demo.tousu.invalid/log' : readOrigin(required(env, 'TOUSU_ORIGIN'))
  return {
    demo,
    shards: readShards(env.SHARDS),
    secrets: await secretsOf(env),
    origin: shard => `${origin}/${shard}`,
    baseUrl: readBaseUrl(required(env, 'BASE_URL')),
    platformKey: readPlatformKey(env.TOUSU_PLATFORM_KEY),
    identity: readIdentity(env),
    oidc: settled(() => readOidc({ ...env })),
    tickets: settled(() => readTickets({ ...env })),
    witnesses: readWitnessPolicy(env.TOUSU_WITNESSES),
    sms: demo ? undefined : readSmsSetting(env.TOUSU_SMS),
    policy: readDeadlines(env.TOUSU_POLICY),
  }
}
