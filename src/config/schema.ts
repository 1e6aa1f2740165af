// The schema of the settings, for both hosts: one table of environment variables.
// docs/settings.md and .env.example are written from it and from about.ts (test/config/settings.test.ts). No message shows the value of a
// secret.

import { DEFAULT_POLICY, policyNames, shippedPolicy } from '../../db/policies/index.ts'
import { DeadlinePolicyError } from '../complaint/deadlines/policy.ts'
import { readPolicy } from '../ledger/log/read-policy.ts'
import { readSecrets, SecretError, type Secrets } from '../ledger/log/secrets.ts'
import type { SmsSettings } from '../notify/sms/vendors/config.ts'
import type { Brand } from '../views/brand.ts'
import { BrandError, readBrand } from './brand.ts'

/** The text of a file, where a value may name one: on Node alone. Throws an error with a `code`. */
export type ReadFile = (path: string) => string

/** Validation error of one setting. Its message completes a sentence that begins with the name: "PORT" + "is not a port number". */
export class Malformed extends Error {}

export interface Setting<T> {
  /** The value where it is unset. */
  default?: string | Readonly<Record<Host, string>>
  /** A value for `.env.example`. */
  example?: string
  /** The one host that reads it. */
  only?: Host
  /** Never put it into a file that is shared. */
  secret?: true
  /** An empty value is refused: taken for unset, an empty TOUSU_MODE would open a demo in place of a live server. */
  refuseEmpty?: true
  /** Throws Malformed. */
  parse(text: string, readFile?: ReadFile): T | Promise<T>
}
export type Host = 'node' | 'worker'

/** The place of evidence files on Node: a folder, or a bucket at an endpoint. */
type FilesSetting = { folder: string } | { bucket: string; endpoint: string; region: string }

const setting = <T>(each: Setting<T>): Setting<T> => each
const anyText = (text: string): string => text
const bearerToken = (text: string): string => {
  if (!/^[\x21-\x7e]{24,}$/.test(text)) throw new Malformed('is not 24 or more printable characters without spaces')
  return text
}

const matching =
  (shape: RegExp, wrong: string) =>
  (text: string): string => {
    if (!shape.test(text)) throw new Malformed(wrong)
    return text
  }

/** Only https keeps a secret on its way to the provider; loopback is for tests and first steps. */
const safeUrl = (example: string) => (text: string) => {
  const safe = text.startsWith('https://') || /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/.test(text)
  if (!URL.canParse(text) || !safe) throw new Malformed(`is not like ${example}`)
  return text
}

const wholeNumber = (least: number, most: number, wrong: string) => (text: string) => {
  const number = /^\d+$/.test(text) && text.length <= String(most).length ? Number(text) : Number.NaN
  if (!(number >= least && number <= most)) throw new Malformed(wrong)
  return number
}

const oneOf =
  <const T extends string>(words: readonly T[]) =>
  (text: string): T => {
    const word = words.find(each => each === text)
    if (word === undefined) throw new Malformed(`is not one of ${words.join(', ')}`)
    return word
  }

/** A document, or on Node the name of a file that holds one. */
const documentIn = (text: string, isDocument: RegExp, readFile: ReadFile | undefined): string =>
  readFile === undefined || isDocument.test(text) ? text : readFile(text)

/** Where the documented reverse proxy is: loopback, the private networks (RFC 1918, RFC 4193) and the shared one (RFC 6598). */
export const LOCAL_NETWORKS: readonly string[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '::1',
  'fc00::/7',
]

/** An IP address, alone or with the length of a prefix. */
const isNetwork = (text: string): boolean => {
  const [, address = '', bits] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const v6 = address.includes(':')
  const host = v6 ? `[${address}]` : address
  // The URL parser writes an IPv4 address in full: one that was short or octal comes out changed.
  const known =
    address !== '' && URL.canParse(`http://${host}/`) && (v6 || new URL(`http://${host}/`).hostname === address)
  return known && (bits === undefined || Number(bits) <= (v6 ? 128 : 32))
}

export const SETTINGS = {
  PORT: setting({
    default: '8787',
    only: 'node',
    refuseEmpty: true,
    parse: wholeNumber(0, 65535, 'is not a port number'),
  }),
  DATA_DIR: setting({
    default: 'data',
    only: 'node',
    parse: anyText,
  }),
  TOUSU_COMMIT_LOG: setting({
    example: 'postgres://tousu:…@pg1,pg2/tousu?target_session_attrs=read-write',
    only: 'node',
    secret: true,
    parse: (text: string): string => {
      if (!/^postgres(ql)?:\/\/[^/]+\/./.test(text))
        throw new Malformed('is not like postgres://user:password@host/database')
      return text
    },
  }),
  TOUSU_PEER_URL: setting({
    example: 'http://10.0.0.11:8787',
    only: 'node',
    parse: (text: string): string => {
      const url = URL.canParse(text) ? new URL(text) : null
      if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '')
        throw new Malformed('is not like http://10.0.0.11:8787')
      return url.origin
    },
  }),
  TOUSU_FILES: setting({
    example: 's3://tousu?endpoint=https://s3.example.cn&region=cn-1',
    only: 'node',
    parse: (text: string): FilesSetting => {
      const url = URL.canParse(text) ? new URL(text) : null
      if (url?.protocol === 'file:' && url.host === '') return { folder: decodeURIComponent(url.pathname) }
      const endpoint = url?.searchParams.get('endpoint') ?? ''
      const known = [...(url?.searchParams.keys() ?? [])].every(key => key === 'endpoint' || key === 'region')
      if (url?.protocol !== 's3:' || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.host) || !known)
        throw new Malformed('is not like file:///srv/files or s3://bucket?endpoint=https://s3.example.cn')
      safeUrl('s3://bucket?endpoint=https://s3.example.cn')(endpoint)
      const region = url.searchParams.get('region') ?? 'us-east-1'
      return { bucket: url.host, endpoint: endpoint.replace(/\/$/, ''), region }
    },
  }),
  AWS_ACCESS_KEY_ID: setting({
    only: 'node',
    parse: anyText,
  }),
  AWS_SECRET_ACCESS_KEY: setting({ only: 'node', secret: true, parse: anyText }),
  TOUSU_TRUSTED_PROXIES: setting({
    default: LOCAL_NETWORKS.join(', '),
    only: 'node',
    parse: (text: string): string[] => {
      const networks = text.split(',').map(each => each.trim())
      if (!networks.every(isNetwork)) throw new Malformed('is not a list like 127.0.0.1, 10.0.0.0/8, fc00::/7')
      return networks
    },
  }),
  SHARDS: setting({
    default: '1',
    refuseEmpty: true,
    // The shard is one byte of a complaint's id.
    parse: wholeNumber(1, 256, 'is not a number from 1 to 256'),
  }),
  CLOSED_SHARDS: setting({
    example: '0,1',
    parse: value => {
      const numbers = value.split(',').map(each => (/^\s*\d{1,3}\s*$/.test(each) ? Number(each) : Number.NaN))
      if (numbers.some(each => !(each < 256))) throw new Malformed('is not a list of shard numbers, such as 0,1')
      return numbers
    },
  }),
  TOUSU_LOCATION_HINT: setting({
    example: 'apac',
    only: 'worker',
    parse: oneOf(['apac', 'wnam', 'enam', 'sam', 'weur', 'eeur', 'oc', 'afr', 'me']),
  }),
  TOUSU_JURISDICTION: setting({
    only: 'worker',
    parse: oneOf(['eu', 'fedramp']),
  }),
  BASE_URL: setting({
    example: 'https://t.example.cn',
    parse: (text: string) =>
      matching(/^https?:\/\/[^/?#\s]+\/?$/, 'is not like https://t.example.cn')(text).replace(/\/$/, ''),
  }),
  TOUSU_MODE: setting({
    default: { node: 'demo', worker: 'live' },
    example: 'live',
    refuseEmpty: true,
    parse: (text: string) => {
      if (text !== 'demo' && text !== 'live') throw new Malformed('is neither demo nor live')
      return text
    },
  }),
  TOUSU_SECRETS: setting({
    example: '{"v":1,"links":["…"],"tags":"…","note":{…},"statement":{…}}',
    secret: true,
    parse: async (text: string): Promise<Secrets> => {
      try {
        return await readSecrets(JSON.parse(text))
      } catch (error) {
        throw new Malformed(`: ${error instanceof SecretError ? error.message : 'is not JSON'}`)
      }
    },
  }),
  TOUSU_ORIGIN: setting({
    example: 't.example.cn/log/0',
    // A schema-less URL, as C2SP tlog-checkpoint asks of an origin; it stands in leaf 0 for ever.
    parse: matching(/^[a-z0-9][a-z0-9./-]{2,200}[a-z0-9]$/, 'is not like t.example.cn/log'),
  }),
  TOUSU_PLATFORM_KEY: setting({
    secret: true,
    refuseEmpty: true,
    parse: (text: string) => {
      if (text.length < 24) throw new Malformed('is shorter than 24 characters')
      return text
    },
  }),
  TOUSU_METRICS_TOKEN: setting({ secret: true, refuseEmpty: true, parse: bearerToken }),
  TOUSU_OPERATOR_TOKEN: setting({ only: 'worker', secret: true, refuseEmpty: true, parse: bearerToken }),
  TOUSU_SMS: setting({
    example: '/etc/tousu/sms.json',
    secret: true,
    // Loaded where it is set: with the texts of all SMS, against which it is held.
    parse: async (text: string, readFile?: ReadFile): Promise<SmsSettings> => {
      const { readSms, SmsConfigError } = await import('../notify/sms/vendors/config.ts')
      try {
        return readSms(documentIn(text, /^\s*\{/, readFile))
      } catch (error) {
        throw new Malformed(`: ${error instanceof SmsConfigError ? error.message : 'the file cannot be read'}`)
      }
    },
  }),
  TOUSU_SMS_LANES: setting({
    default: { node: '64', worker: '6' },
    refuseEmpty: true,
    parse: wholeNumber(1, 512, 'is not a number from 1 to 512'),
  }),
  TOUSU_POLICY: setting({
    default: DEFAULT_POLICY,
    parse: (text: string, readFile?: ReadFile): unknown => {
      try {
        return policyDocument(text, readFile)
      } catch (error) {
        throw new Malformed(`: ${messageOf(error)}`)
      }
    },
  }),
  TOUSU_BRAND: setting({
    example: '/etc/tousu/brand.json',
    parse: (text: string, readFile?: ReadFile): Brand => {
      try {
        return readBrand(documentIn(text, /^\s*\{/, readFile))
      } catch (error) {
        throw new Malformed(`: ${error instanceof BrandError ? error.message : 'the file cannot be read'}`)
      }
    },
  }),
  TOUSU_WITNESSES: setting({
    example: '/etc/tousu/witnesses.txt',
    parse: async (text: string, readFile?: ReadFile): Promise<string> => {
      const { readWitnesses } = await import('../witness/submit.ts')
      try {
        const policy = documentIn(text, /^\s*quorum\s/m, readFile)
        readWitnesses(policy)
        return policy
      } catch (error) {
        throw new Malformed(`: ${messageOf(error)}`)
      }
    },
  }),
  TOUSU_TSA: setting({
    example: 'http://timestamp.example.cn/tsa',
    parse: (text: string): string => {
      // The token is signed, so that plain http, which most authorities offer alone, hides nothing and changes nothing.
      if (!/^https?:\/\/./.test(text) || !URL.canParse(text))
        throw new Malformed('is not like http://timestamp.example.cn/tsa')
      return text
    },
  }),
  TOUSU_CLOCK_OK: setting({
    example: '2026-11-28',
    only: 'node',
    parse: matching(/^\d{4}-\d{2}-\d{2}$/, 'is not a date like 2026-11-28'),
  }),
  TOUSU_ISSUER: setting({
    example: 'https://id.example.cn',
    parse: anyText,
  }),
  TOUSU_AUDIENCE: setting({ example: 'tousu', parse: anyText }),
  TOUSU_JWKS_URI: setting({
    example: 'https://id.example.cn/jwks.json',
    parse: anyText,
  }),
  TOUSU_OIDC_ISSUER: setting({
    example: 'https://id.example.cn',
    parse: safeUrl('https://id.example.cn'),
  }),
  TOUSU_OIDC_CLIENT_ID: setting({ example: 'tousu', parse: anyText }),
  TOUSU_OIDC_CLIENT_SECRET: setting({
    secret: true,
    parse: anyText,
  }),
  TOUSU_OIDC_SCOPE: setting({ default: 'openid profile', parse: anyText }),
  TOUSU_OIDC_ROLE_CLAIM: setting({ default: 'role', parse: anyText }),
  TOUSU_OIDC_MERCHANT_CLAIM: setting({
    default: 'merchant',
    parse: anyText,
  }),
  TOUSU_OIDC_NAME_CLAIM: setting({
    default: 'preferred_username',
    parse: anyText,
  }),
  TOUSU_TICKET_JWKS_URI: setting({
    example: 'https://shop.example.cn/jwks.json',
    parse: safeUrl('https://id.example.cn/jwks.json'),
  }),
  TOUSU_TICKET_ISSUER: setting({
    example: 'https://shop.example.cn',
    parse: anyText,
  }),
}

export type SettingName = keyof typeof SETTINGS
/** What its `parse` makes of a value. */
export type Value<N extends SettingName> = Awaited<ReturnType<(typeof SETTINGS)[N]['parse']>>

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'cannot be read')

export { policyNames, shippedPolicy }

/**
 * The deadline policy that TOUSU_POLICY means: the name of a shipped one (the newest without it), the document's JSON,
 * or the name of a file, where `readFile` is given. Throws DeadlinePolicyError, or what `readFile` throws for a file that exists.
 */
export const policyDocument = (setting: string = DEFAULT_POLICY, readFile?: (path: string) => string): unknown => {
  const document = shippedPolicy(setting) ?? parseJson(textOf(setting, readFile))
  readPolicy(document)
  return document
}

const textOf = (setting: string, readFile: ((path: string) => string) | undefined): string => {
  if (setting.trimStart().startsWith('{')) return setting
  const none = new DeadlinePolicyError(`no policy of this name; there are ${policyNames.join(', ')}`)
  if (readFile === undefined) throw none
  try {
    return readFile(setting)
  } catch (error) {
    throw isNoFile(error) ? none : error
  }
}

const isNoFile = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(String(error.code))

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new DeadlinePolicyError('the document is not JSON')
  }
}
