// The schema of the settings, for both hosts: one table of environment variables.
// docs/settings.md and .env.example are written from it (test/config/settings.test.ts). No message shows the value of a
// secret.

import { DEFAULT_POLICY } from '../../db/policies/index.ts'
import { readSecrets, SecretError, type Secrets } from '../ledger/log/secrets.ts'
import { SmsConfigError, type SmsSettings } from '../notify/sms/vendors/config.ts'
import { readSms } from '../notify/sms/vendors/coverage.ts'
import type { Brand } from '../views/brand.ts'
import { readWitnesses } from '../witness/config.ts'
import { BrandError, readBrand } from './brand.ts'
import { policyDocument } from './policy.ts'

/** The text of a file, where a value may name one: on Node alone. Throws an error with a `code`. */
export type ReadFile = (path: string) => string

/** Validation error of one setting. Its message completes a sentence that begins with the name: "PORT" + "is not a port number". */
export class Malformed extends Error {}

export interface Setting<T> {
  /** What it means, in Markdown. */
  about: string
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
export type FilesSetting = { folder: string } | { bucket: string; endpoint: string; region: string }

const setting = <T>(each: Setting<T>): Setting<T> => each
const anyText = (text: string): string => text

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
    about: 'The port, on all addresses; 0 for any that is free.',
    default: '8787',
    only: 'node',
    refuseEmpty: true,
    parse: wholeNumber(0, 65535, 'is not a port number'),
  }),
  DATA_DIR: setting({
    about: 'The folder of the ledger, the evidence files and the last published checkpoint.',
    default: 'data',
    only: 'node',
    parse: anyText,
  }),
  TOUSU_COMMIT_LOG: setting({
    about:
      'PostgreSQL that keeps every commit on a second machine before it is answered, and lets several processes serve one house ([two-boxes.md](two-boxes.md)); unset, the disk of `DATA_DIR` alone has it. Several hosts as in libpq. Live mode alone.',
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
    about:
      'Where the other processes of a house with `TOUSU_COMMIT_LOG` reach this one, within your network: they pass acts on to the one that leads. Calls are encrypted under a key of the secrets file.',
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
    about:
      'Where evidence files lie: a folder, or a bucket of a service that speaks S3; `files` in `DATA_DIR` unless set. Several machines need one that all reach. Live mode alone.',
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
    about: 'The access key of the bucket in `TOUSU_FILES`, with leave to list, read, write and delete.',
    only: 'node',
    parse: anyText,
  }),
  AWS_SECRET_ACCESS_KEY: setting({ about: 'The secret of that key.', only: 'node', secret: true, parse: anyText }),
  TOUSU_TRUSTED_PROXIES: setting({
    about:
      'The addresses and networks of the reverse proxies, whose `X-Forwarded-For` names the client for the rate limits; any other sender is the client itself.',
    default: LOCAL_NETWORKS.join(', '),
    only: 'node',
    parse: (text: string): string[] => {
      const networks = text.split(',').map(each => each.trim())
      if (!networks.every(isNetwork)) throw new Malformed('is not a list like 127.0.0.1, 10.0.0.0/8, fc00::/7')
      return networks
    },
  }),
  SHARDS: setting({
    about:
      'The number of ledgers, each with a log of its own, 1 to 256: on Cloudflare a Durable Object each, on Node a folder under `DATA_DIR`. Never lower it ([deploy.md](deploy.md)).',
    default: '1',
    refuseEmpty: true,
    // The shard is one byte of a complaint's id.
    parse: wholeNumber(1, 256, 'is not a number from 1 to 256'),
  }),
  TOUSU_LOCATION_HINT: setting({
    about:
      'Near where the Durable Objects are made: `apac`, `wnam`, `enam`, `sam`, `weur`, `eeur`, `oc`, `afr` or `me`. Without it a shard is made near whoever calls it first.',
    example: 'apac',
    only: 'worker',
    parse: oneOf(['apac', 'wnam', 'enam', 'sam', 'weur', 'eeur', 'oc', 'afr', 'me']),
  }),
  TOUSU_JURISDICTION: setting({
    about:
      'Where the Durable Objects may live, by law: `eu` or `fedramp`. It is part of their identity: with another value the server finds none of what it has, so it is set before the first start and never changed.',
    only: 'worker',
    parse: oneOf(['eu', 'fedramp']),
  }),
  BASE_URL: setting({
    about:
      'Where buyers reach this server, scheme and host alone; at most 18 characters if every SMS is to be one segment. Live mode needs it, and so does a demo on Cloudflare.',
    example: 'https://t.example.cn',
    parse: (text: string) =>
      matching(/^https?:\/\/[^/?#\s]+\/?$/, 'is not like https://t.example.cn')(text).replace(/\/$/, ''),
  }),
  TOUSU_MODE: setting({
    about:
      '`demo` or `live`. A demo has six stories, a clock that can be moved, `/demo` and sign-in without a password; on Node it makes its own secrets. On Node a start without it is refused beside settings of live mode.',
    default: { node: 'demo', worker: 'live' },
    example: 'live',
    refuseEmpty: true,
    parse: (text: string) => {
      if (text !== 'demo' && text !== 'live') throw new Malformed('is neither demo nor live')
      return text
    },
  }),
  TOUSU_SECRETS: setting({
    about:
      'The JSON that `tousu keys secrets` writes: the link keys, the tag key and both signing keys; in place of a signing key there may be a list, the newest first. Live mode needs it, and so does a demo on Cloudflare.',
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
    about:
      'The name of a new log, such as `t.example.cn/log/0`, on Cloudflare without the number of the shard. An old log keeps its own. Live mode needs it.',
    example: 't.example.cn/log/0',
    // A schema-less URL, as C2SP tlog-checkpoint asks of an origin; it stands in leaf 0 for ever.
    parse: matching(/^[a-z0-9][a-z0-9./-]{2,200}[a-z0-9]$/, 'is not like t.example.cn/log'),
  }),
  TOUSU_PLATFORM_KEY: setting({
    about:
      "An API key for the platform's own systems, 24 characters or more; a demo on Node has its own. On Cloudflare a new one ends the old.",
    secret: true,
    refuseEmpty: true,
    parse: (text: string) => {
      if (text.length < 24) throw new Malformed('is shorter than 24 characters')
      return text
    },
  }),
  TOUSU_METRICS_TOKEN: setting({
    about:
      'The bearer token of `/metrics`, 24 characters or more ([operations.md](operations.md#metrics)). Without it live mode answers on Node to this machine alone, and on Cloudflare to no caller.',
    secret: true,
    refuseEmpty: true,
    parse: (text: string) => {
      if (!/^[\x21-\x7e]{24,}$/.test(text)) throw new Malformed('is not 24 or more printable characters without spaces')
      return text
    },
  }),
  TOUSU_SMS: setting({
    about:
      'The SMS vendors of live mode as JSON, or on Node the name of a file with it; at most 5 KB on Cloudflare ([sms.md](sms.md)). Without it no message goes out, and no silence ever lapses.',
    example: '/etc/tousu/sms.json',
    secret: true,
    parse: (text: string, readFile?: ReadFile): SmsSettings => {
      try {
        return readSms(documentIn(text, /^\s*\{/, readFile))
      } catch (error) {
        throw new Malformed(`: ${error instanceof SmsConfigError ? error.message : 'the file cannot be read'}`)
      }
    },
  }),
  TOUSU_SMS_LANES: setting({
    about:
      'How many SMS are handed to the vendors at a time, 1 to 512. A vendor that answers in 200 ms gets five times as many a second. Cloudflare opens six connections at a time, and further ones wait.',
    default: { node: '64', worker: '6' },
    refuseEmpty: true,
    parse: wholeNumber(1, 512, 'is not a number from 1 to 512'),
  }),
  TOUSU_POLICY: setting({
    about:
      'The deadline policy in force for new complaints: the name of a shipped one, its JSON (at most 5 KB on Cloudflare), or on Node the name of a file with it ([states.md](states.md)).',
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
    about:
      'The name of the operator on every page, as JSON (at most 5 KB on Cloudflare), or on Node the name of a file with it. `names` by language (`zh-CN`; `zh-TW`, `en`); and if wanted `logo` (an SVG without script or references, 16 KB), `hue` (`#rrggbb`; one without contrast is refused with the nearest that has it), `hotline`, `company`, `icp`, `privacy` (an address in place of `/privacy`), and `links`, each with `text` by language and `url`. Without it the pages say 透诉.',
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
    about:
      'The witnesses to ask and their quorum: a C2SP tlog-policy without `log` lines, or on Node the name of a file with it. Without it no witness is asked; with it the log takes no writes until a quorum has accepted its last checkpoint.',
    example: '/etc/tousu/witnesses.txt',
    parse: (text: string, readFile?: ReadFile): string => {
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
    about:
      'A time-stamping authority (RFC 3161 over HTTP) that is asked for a token over the served checkpoint every hour ([operations.md](operations.md#time-stamps)); nothing waits for it. Live mode alone.',
    example: 'http://timestamp.example.cn/tsa',
    parse: (text: string): string => {
      // The token is signed, so that plain http, which most authorities offer alone, hides nothing and changes nothing.
      if (!/^https?:\/\/./.test(text) || !URL.canParse(text))
        throw new Malformed('is not like http://timestamp.example.cn/tsa')
      return text
    },
  }),
  TOUSU_CLOCK_OK: setting({
    about:
      'Confirms the clock for a day: a date. A start more than 30 days after the newest leaf writes nothing for ten minutes (`clock_ahead`), since a clock that is wrong does lasting harm; with the date of today it writes at once.',
    example: '2026-11-28',
    only: 'node',
    parse: matching(/^\d{4}-\d{2}-\d{2}$/, 'is not a date like 2026-11-28'),
  }),
  TOUSU_ISSUER: setting({
    about:
      'The identity provider whose access tokens the API takes, with the claims `role` and `merchant_id`; then the next two are needed.',
    example: 'https://id.example.cn',
    parse: anyText,
  }),
  TOUSU_AUDIENCE: setting({ about: 'The audience of these access tokens.', example: 'tousu', parse: anyText }),
  TOUSU_JWKS_URI: setting({
    about: 'The key set (RFC 7517) that signs these access tokens.',
    example: 'https://id.example.cn/jwks.json',
    parse: anyText,
  }),
  TOUSU_OIDC_ISSUER: setting({
    about:
      'The identity provider by which people sign in, with OpenID Connect ([operations.md](operations.md#sign-in)); without it the consoles stay closed.',
    example: 'https://id.example.cn',
    parse: safeUrl('https://id.example.cn'),
  }),
  TOUSU_OIDC_CLIENT_ID: setting({ about: 'The id of our client there.', example: 'tousu', parse: anyText }),
  TOUSU_OIDC_CLIENT_SECRET: setting({
    about: 'The secret of our client. Without one it is a public client, which PKCE alone protects.',
    secret: true,
    parse: anyText,
  }),
  TOUSU_OIDC_SCOPE: setting({ about: 'The scope to ask for.', default: 'openid profile', parse: anyText }),
  TOUSU_OIDC_ROLE_CLAIM: setting({ about: "The claim with a person's role.", default: 'role', parse: anyText }),
  TOUSU_OIDC_MERCHANT_CLAIM: setting({
    about: "The claim with the merchant's id.",
    default: 'merchant',
    parse: anyText,
  }),
  TOUSU_OIDC_NAME_CLAIM: setting({
    about: 'The claim with the name that stands in steps.',
    default: 'preferred_username',
    parse: anyText,
  }),
  TOUSU_TICKET_JWKS_URI: setting({
    about:
      "The keys that sign tickets of the shops' order pages, for `/new`; `TOUSU_JWKS_URI` unless set. With neither there is no complaint form.",
    example: 'https://shop.example.cn/jwks.json',
    parse: safeUrl('https://id.example.cn/jwks.json'),
  }),
  TOUSU_TICKET_ISSUER: setting({
    about: 'The `iss` of the tickets; `TOUSU_ISSUER` unless set.',
    example: 'https://shop.example.cn',
    parse: anyText,
  }),
}

export type SettingName = keyof typeof SETTINGS
/** What its `parse` makes of a value. */
export type Value<N extends SettingName> = Awaited<ReturnType<(typeof SETTINGS)[N]['parse']>>

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'cannot be read')
