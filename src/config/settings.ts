// Reads the settings of schema.ts from a host's environment. All faults are reported at once, each with the setting's name.

import type { OidcSettings } from '../auth/oidc.ts'
import type { TicketSettings } from '../auth/order-ticket.ts'
import type { Secrets } from '../ledger/log/secrets.ts'
import type { SmsSettings } from '../notify/sms/vendors/config.ts'
import type { Brand } from '../views/brand.ts'
import { type Host, Malformed, type ReadFile, SETTINGS, type Setting, type SettingName, type Value } from './schema.ts'

/** Settings that are missing, malformed or unknown; the message names each. */
export class SettingsError extends Error {}

/** As the host has it: `process.env`, or a Worker's with its bindings. */
type Environment = object

/** A folder, or a bucket with the key to it. */
export type FileSettings =
  | { folder: string }
  | { bucket: string; endpoint: string; region: string; accessKeyId: string; secretAccessKey: string }

interface Common {
  /** The identity provider whose access tokens the API takes. */
  identity: { issuer: string; audience: string; jwksUri: string } | undefined
  /** The identity provider by which people sign in. */
  oidc: OidcSettings | undefined
  /** Who signs the tickets of the shops' order pages; a demo does so itself. */
  tickets: TicketSettings | undefined
  /** C2SP tlog-policy: the witnesses to ask, and their quorum. */
  witnesses: string | undefined
  /** The deadline policy in force: it binds new complaints. */
  policy: unknown
  /** The bearer token of `/metrics`. */
  metricsToken: string | undefined
  /** SMS handed to the vendors at a time. */
  smsLanes: number
  /** The operator's name, colour and legal lines; undefined for ours. */
  brand: Brand | undefined
}
interface Live {
  demo: false
  baseUrl: string
  secrets: Secrets
  /** The name of a new log; an old one keeps its own. */
  origin: string
  /** An API key for the platform's own systems. */
  platformKey: string | undefined
  /** The SMS vendors; without them messages wait in the outbox. */
  sms: SmsSettings | undefined
  /** The time-stamping authority. */
  tsa: string | undefined
}
interface NodeLive extends Live {
  /** How many ledgers. */
  shards: number
  /** Those that take no new complaints. */
  closedShards: readonly number[]
  /** Where evidence files lie; undefined for a folder of the data folder. */
  files: FileSettings | undefined
  /** PostgreSQL that keeps the commits, as a URL; undefined where the data folder alone does. */
  commitLog: string | undefined
  /** Where the other processes of this server reach this one. */
  peerUrl: string | undefined
}
/** A demo on Node makes its own secrets; without a base URL it is reached at its port. */
interface NodeDemo {
  demo: true
  baseUrl: string | undefined
}
export type NodeSettings = Common & {
  port: number
  dataDir: string
  clockOk: string | undefined
  trustedProxies: string[]
} & (NodeLive | NodeDemo)
export type WorkerSettings = Common & {
  shards: number
  closedShards: readonly number[]
  /** The bearer token of `/operator`. */
  operatorToken: string | undefined
  locationHint: Value<'TOUSU_LOCATION_HINT'> | undefined
  jurisdiction: Value<'TOUSU_JURISDICTION'> | undefined
} & Omit<Live, 'demo'> & { demo: boolean }

/** Throws a SettingsError that names all faults. */
export const readNodeSettings = (env: Environment, readFile?: ReadFile): Promise<NodeSettings> =>
  readAll('node', env, readFile, async read => {
    // A malformed mode reads like a demo, which needs less: its fault is enough.
    const demo = (await read.required('TOUSU_MODE')) !== 'live'
    if (demo) read.refuseForgottenMode()
    const common = {
      port: await read.required('PORT'),
      dataDir: await read.required('DATA_DIR'),
      clockOk: await read.optional('TOUSU_CLOCK_OK'),
      trustedProxies: await read.required('TOUSU_TRUSTED_PROXIES'),
      ...(await readCommon(read)),
    }
    if (demo) return { ...common, demo, baseUrl: await read.optional('BASE_URL') }
    const commitLog = await read.optional('TOUSU_COMMIT_LOG')
    if (commitLog !== undefined)
      await read.required('TOUSU_FILES', 'is missing: with TOUSU_COMMIT_LOG all processes need the same files')
    return {
      ...common,
      demo,
      ...(await readShards(read)),
      files: await readFiles(read),
      commitLog,
      peerUrl: await read.optional('TOUSU_PEER_URL'),
      ...(await readLive(read)),
    }
  })

/** Throws a SettingsError that names all faults. Calls no Durable Object. */
export const readWorkerSettings = (env: Environment): Promise<WorkerSettings> =>
  readAll('worker', env, undefined, async read => {
    const demo = (await read.required('TOUSU_MODE')) !== 'live'
    const common = {
      ...(await readShards(read)),
      operatorToken: await read.optional('TOUSU_OPERATOR_TOKEN'),
      locationHint: await read.optional('TOUSU_LOCATION_HINT'),
      jurisdiction: await read.optional('TOUSU_JURISDICTION'),
      ...(await readCommon(read)),
    }
    if (!demo) return { ...common, demo, ...(await readLive(read)) }
    return {
      ...common,
      demo,
      baseUrl: await read.required('BASE_URL'),
      secrets: await read.required('TOUSU_SECRETS'),
      origin: 'demo.tousu.invalid/log',
      platformKey: await read.optional('TOUSU_PLATFORM_KEY'),
      sms: undefined,
      tsa: undefined,
    }
  })

const readShards = async (read: Reader): Promise<{ shards: number; closedShards: readonly number[] }> => {
  const shards = await read.required('SHARDS')
  const closedShards = (await read.optional('CLOSED_SHARDS')) ?? []
  read.refuseClosed(shards, closedShards)
  return { shards, closedShards }
}

const readFiles = async (read: Reader): Promise<FileSettings | undefined> => {
  const place = await read.optional('TOUSU_FILES')
  if (place === undefined || 'folder' in place) return place
  return {
    ...place,
    accessKeyId: await read.required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: await read.required('AWS_SECRET_ACCESS_KEY'),
  }
}

const readLive = async (read: Reader): Promise<Omit<Live, 'demo'>> => ({
  baseUrl: await read.required('BASE_URL'),
  secrets: await read.required('TOUSU_SECRETS'),
  origin: await read.required('TOUSU_ORIGIN'),
  platformKey: await read.optional('TOUSU_PLATFORM_KEY'),
  sms: await read.optional('TOUSU_SMS'),
  tsa: await read.optional('TOUSU_TSA'),
})

const readCommon = async (read: Reader): Promise<Common> => {
  const [identity, oidc] = [await readIdentity(read), await readOidc(read)]
  if (identity && oidc) read.refuseSharedAudience(identity, oidc)
  return { identity, oidc, ...(await readRest(read)) }
}

const readRest = async (read: Reader): Promise<Omit<Common, 'identity' | 'oidc'>> => ({
  tickets: await readTickets(read),
  witnesses: await read.optional('TOUSU_WITNESSES'),
  policy: await read.required('TOUSU_POLICY'),
  metricsToken: await read.optional('TOUSU_METRICS_TOKEN'),
  smsLanes: await read.required('TOUSU_SMS_LANES'),
  brand: await read.optional('TOUSU_BRAND'),
})

const readIdentity = async (read: Reader): Promise<Common['identity']> => {
  const issuer = await read.optional('TOUSU_ISSUER')
  if (issuer === undefined) return undefined
  return { issuer, audience: await read.required('TOUSU_AUDIENCE'), jwksUri: await read.required('TOUSU_JWKS_URI') }
}

const readOidc = async (read: Reader): Promise<OidcSettings | undefined> => {
  if (!read.isSet('TOUSU_OIDC_ISSUER')) return undefined
  return {
    issuer: await read.required('TOUSU_OIDC_ISSUER'),
    clientId: await read.required('TOUSU_OIDC_CLIENT_ID', 'is missing'),
    clientSecret: await read.optional('TOUSU_OIDC_CLIENT_SECRET'),
    scope: await read.required('TOUSU_OIDC_SCOPE'),
    claims: {
      role: await read.required('TOUSU_OIDC_ROLE_CLAIM'),
      merchant: await read.required('TOUSU_OIDC_MERCHANT_CLAIM'),
      name: await read.required('TOUSU_OIDC_NAME_CLAIM'),
    },
  }
}

/** A key set of their own, or the identity provider's. */
const readTickets = async (read: Reader): Promise<TicketSettings | undefined> => {
  const issuer = (await read.optional('TOUSU_TICKET_ISSUER')) ?? (await read.optional('TOUSU_ISSUER'))
  if (read.isSet('TOUSU_TICKET_JWKS_URI')) {
    return {
      jwksUri: await read.required('TOUSU_TICKET_JWKS_URI'),
      issuer: issuer ?? (await read.required('TOUSU_TICKET_ISSUER', 'is missing')),
    }
  }
  const jwksUri = await read.optional('TOUSU_JWKS_URI')
  return issuer !== undefined && jwksUri !== undefined ? { issuer, jwksUri } : undefined
}

const readAll = async <T>(
  host: Host,
  env: Environment,
  readFile: ReadFile | undefined,
  read: (reader: Reader) => Promise<T>,
): Promise<T> => {
  const reader = new Reader(host, env, readFile)
  const settings = await read(reader)
  const faults = [...unknownSettings(env), ...reader.faults]
  if (faults.length > 0) throw new SettingsError(faults.join('. '))
  return settings
}

/** Collects validation errors instead of throwing at the first, so that an operator corrects all settings in one go. */
class Reader {
  readonly #faults = new Map<SettingName, string>()
  readonly #host: Host
  readonly #env: ReadonlyMap<string, unknown>
  readonly #readFile: ReadFile | undefined

  constructor(host: Host, env: Environment, readFile: ReadFile | undefined) {
    this.#host = host
    this.#env = new Map(Object.entries(env))
    this.#readFile = readFile
  }

  get faults(): string[] {
    return [...this.#faults.values()]
  }

  isSet(name: SettingName): boolean {
    return this.#text(name) !== undefined
  }

  /** Fail closed: a demo lets anyone sign in, so it does not start by default beside settings that only a live server has. */
  refuseForgottenMode(): void {
    if (this.#env.has('TOUSU_MODE')) return
    const live = LIVE_ALONE.filter(name => this.isSet(name))
    if (live.length > 0)
      this.#faults.set('TOUSU_MODE', `TOUSU_MODE is missing: say live or demo, since ${live.join(', ')} is set`)
  }

  /** Token confusion: an ID token's audience is the client, so that with the same issuer it would pass as an access token. */
  refuseSharedAudience(identity: { issuer: string; audience: string }, oidc: OidcSettings): void {
    const [api, people] = [identity.issuer, oidc.issuer].map(issuer => issuer?.replace(/\/$/, ''))
    if (api !== undefined && api === people && identity.audience === oidc.clientId)
      this.#faults.set('TOUSU_AUDIENCE', 'TOUSU_AUDIENCE is TOUSU_OIDC_CLIENT_ID: an ID token would be an API token')
  }

  /** New complaints need a shard that is there and open. */
  refuseClosed(shards: number, closed: readonly number[]): void {
    if (closed.some(shard => shard >= shards))
      this.#faults.set('CLOSED_SHARDS', 'CLOSED_SHARDS names a shard that SHARDS does not have')
    else if (new Set(closed).size === shards)
      this.#faults.set('CLOSED_SHARDS', 'CLOSED_SHARDS leaves no shard open for new complaints')
  }

  /** Undefined where it is unset or malformed. */
  async optional<N extends SettingName>(name: N): Promise<Value<N> | undefined> {
    const text = this.#text(name)
    if (text === undefined) return undefined
    try {
      // The value of a name is what its own `parse` returns; TypeScript sees the union of all.
      return (await SETTINGS[name].parse(text, this.#readFile)) as Value<N>
    } catch (error) {
      const wrong = error instanceof Malformed ? error.message : 'cannot be read'
      this.#faults.set(name, wrong.startsWith(':') ? `${name}${wrong}` : `${name} ${wrong}`)
      return undefined
    }
  }

  async required<N extends SettingName>(name: N, missing = MISSING[this.#host]): Promise<Value<N>> {
    if (!this.isSet(name)) this.#faults.set(name, `${name} ${missing}`)
    // Undefined only after a fault, and then `readAll` throws before the value is used.
    return (await this.optional(name)) as Value<N>
  }

  #text(name: SettingName): string | undefined {
    const text = this.#env.get(name)
    const { refuseEmpty, default: unset }: Setting<unknown> = SETTINGS[name]
    if (typeof text === 'string' && (text !== '' || refuseEmpty)) return text
    return typeof unset === 'object' ? unset[this.#host] : unset
  }
}

/** Settings that a demo on Node has no use for. */
const LIVE_ALONE: readonly SettingName[] = [
  'TOUSU_SECRETS',
  'TOUSU_ORIGIN',
  'TOUSU_COMMIT_LOG',
  'TOUSU_PLATFORM_KEY',
  'TOUSU_METRICS_TOKEN',
  'TOUSU_SMS',
  'TOUSU_ISSUER',
  'TOUSU_OIDC_ISSUER',
  'TOUSU_TICKET_JWKS_URI',
  'TOUSU_TICKET_ISSUER',
]

const MISSING = { node: 'is missing: live mode needs it', worker: 'is missing; see docs/deploy.md' }

/** A misspelt name would quietly leave its setting unset. */
const unknownSettings = (env: Environment): string[] =>
  Object.keys(env)
    .filter(name => name.startsWith('TOUSU_') && !Object.hasOwn(SETTINGS, name))
    .map(name => {
      const distance = (known: string) => editDistance(known.replace('TOUSU_', ''), name.replace('TOUSU_', ''))
      const [nearest] = Object.keys(SETTINGS).toSorted((a, b) => distance(a) - distance(b))
      return `${name} is no setting; the nearest is ${nearest}`
    })

/** Levenshtein distance: how many letters to insert, delete or replace. */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === b[j] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] ?? 0
}
