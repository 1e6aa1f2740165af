import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type OidcSettings, readOidc, readTickets, SettingError, type TicketSettings } from '../auth/settings.ts'
import { SmsConfigError, type SmsSettings } from '../notify/sms/vendors/config.ts'
import { readSms } from '../notify/sms/vendors/coverage.ts'
import { readWitnesses } from '../witness/config.ts'
import { policyDocument } from './policy.ts'

export interface Config {
  /** 0 for any that is free. */
  port: number
  dataDir: string
  /** Demo mode has stories, a clock that can be moved and secrets of its own; live mode has none of them. */
  demo: boolean
  /** Where buyers reach this server; a demo without one is reached at its port. */
  baseUrl: string | undefined
  /** JSON of `makeSecrets`; demo mode makes its own. */
  secrets: string | undefined
  /** Name of a new log; an old one keeps its own. */
  origin: string | undefined
  /** A key for the platform's own systems, at least 24 characters. */
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

/** A setting that is missing or malformed; the message names it. */
export class ConfigError extends Error {}

type Env = Readonly<Record<string, string | undefined>>

const readPort = (text = '8787'): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port >= 0 && port <= 65535)) throw new ConfigError('PORT is not a port number')
  return port
}

const readMode = (text = 'demo'): boolean => {
  if (text !== 'demo' && text !== 'live') throw new ConfigError('TOUSU_MODE is neither demo nor live')
  return text === 'demo'
}

const required = (env: Env, name: string): string => {
  const value = env[name]
  if (!value) throw new ConfigError(`${name} is missing: live mode needs it`)
  return value
}

/** Scheme and host alone: links, cookies and the way back from a sign-in are made of it. */
const readBaseUrl = (text: string): string => {
  if (!/^https?:\/\/[^/?#\s]+\/?$/.test(text)) throw new ConfigError('BASE_URL is not like https://t.example.cn')
  return text.replace(/\/$/, '')
}

const readIdentity = (env: Env): Config['identity'] => {
  if (!env.TOUSU_ISSUER) return undefined
  return {
    issuer: env.TOUSU_ISSUER,
    audience: required(env, 'TOUSU_AUDIENCE'),
    jwksUri: required(env, 'TOUSU_JWKS_URI'),
  }
}

/** Names the setting in this host's way. */
const settled = <T>(read: () => T): T => {
  try {
    return read()
  } catch (error) {
    throw new ConfigError(error instanceof SettingError ? error.message : 'a setting cannot be read')
  }
}

/** The policy itself, which has a quorum line, or the name of a file that holds it. */
const readWitnessPolicy = (setting: string | undefined): string | undefined => {
  if (!setting) return undefined
  try {
    const text = /^\s*quorum\s/m.test(setting) ? setting : readFileSync(setting, 'utf8')
    readWitnesses(text)
    return text
  } catch (error) {
    throw new ConfigError(`TOUSU_WITNESSES: ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

/** A name, a document, or a file that holds one. */
const readDeadlines = (setting: string | undefined): unknown => {
  try {
    return policyDocument(setting || undefined, file => (existsSync(file) ? readFileSync(file, 'utf8') : null))
  } catch (error) {
    throw new ConfigError(`TOUSU_POLICY: ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

/** JSON, or the name of a file that holds it. */
const readSmsSetting = (setting: string | undefined): SmsSettings | undefined => {
  if (!setting) return undefined
  try {
    return readSms(setting.trimStart().startsWith('{') ? setting : readFileSync(setting, 'utf8'))
  } catch (error) {
    throw new ConfigError(`TOUSU_SMS: ${error instanceof SmsConfigError ? error.message : 'the file cannot be read'}`)
  }
}

/** Reads the environment. Throws a ConfigError that names what is wrong. */
export const readConfig = (env: Env): Config => {
  const demo = readMode(env.TOUSU_MODE)
  const port = readPort(env.PORT)
  const common = {
    port,
    dataDir: resolve(env.DATA_DIR || 'data'),
    demo,
    identity: readIdentity(env),
    oidc: settled(() => readOidc(env)),
    tickets: settled(() => readTickets(env)),
    witnesses: readWitnessPolicy(env.TOUSU_WITNESSES),
    policy: readDeadlines(env.TOUSU_POLICY),
  }
  if (demo)
    return {
      ...common,
      baseUrl: env.BASE_URL ? readBaseUrl(env.BASE_URL) : undefined,
      secrets: undefined,
      origin: undefined,
      platformKey: undefined,
      sms: undefined,
    }
  const platformKey = env.TOUSU_PLATFORM_KEY
  if (platformKey !== undefined && platformKey.length < 24)
    throw new ConfigError('TOUSU_PLATFORM_KEY is shorter than 24 characters')
  return {
    ...common,
    baseUrl: readBaseUrl(required(env, 'BASE_URL')),
    secrets: required(env, 'TOUSU_SECRETS'),
    origin: required(env, 'TOUSU_ORIGIN'),
    platformKey,
    sms: readSmsSetting(env.TOUSU_SMS),
  }
}
