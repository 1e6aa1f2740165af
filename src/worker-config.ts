import type { R2Bucket } from '@cloudflare/workers-types'
import { readSecrets, SecretError, type Secrets } from './ledger/secrets.ts'
import type { Notes } from './worker-notes.ts'
import type { Shard } from './worker-shard.ts'

/** A namespace of Durable Objects whose methods all answer by promise, as RPC makes them. */
export interface Namespace<T> {
  idFromName(name: string): object
  get(id: object): T
}

/** Bindings and settings of wrangler.toml, and the secret. */
export interface Env {
  SHARD: Namespace<Shard>
  NOTES: Namespace<Notes>
  FILES: R2Bucket
  TOUSU_MODE?: string
  TOUSU_SECRETS?: string
  TOUSU_ORIGIN?: string
  TOUSU_PLATFORM_KEY?: string
  BASE_URL?: string
  SHARDS?: string
}

export interface EdgeConfig {
  demo: boolean
  shards: number
  secrets: Secrets
  origin(shard: number): string
  baseUrl: string
  platformKey: string | undefined
}

const required = (env: Env, name: 'TOUSU_SECRETS' | 'TOUSU_ORIGIN' | 'BASE_URL'): string => {
  const value = env[name]
  if (!value) throw new SecretError(`${name} is missing; see docs/deploy.md`)
  return value
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new SecretError('TOUSU_SECRETS is not JSON')
  }
}

const readShards = (text = '1'): number => {
  const shards = Number(text)
  if (!Number.isInteger(shards) || shards < 1 || shards > 256)
    throw new SecretError('SHARDS is not a number from 1 to 256')
  return shards
}

/** Throws a SecretError that names what is missing or malformed; there is no default key. */
export const readEdgeConfig = async (env: Env): Promise<EdgeConfig> => {
  const demo = env.TOUSU_MODE === 'demo'
  const origin = demo ? 'demo.tousu.invalid/log' : required(env, 'TOUSU_ORIGIN')
  return {
    demo,
    shards: readShards(env.SHARDS),
    secrets: await readSecrets(parse(required(env, 'TOUSU_SECRETS'))),
    origin: shard => `${origin}/${shard}`,
    baseUrl: required(env, 'BASE_URL').replace(/\/$/, ''),
    platformKey: env.TOUSU_PLATFORM_KEY,
  }
}
