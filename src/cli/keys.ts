import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { makeSecrets, newJwk } from '../ledger/log/secrets.ts'
import { type AuthorKey, signingInput, thumbprintOf } from '../log/author-signature.ts'
import { concat, fromBase64, fromBase64url, toBase64 } from '../log/encoding.ts'
import { LogError } from '../log/error.ts'
import {
  COSIGNATURE_V1,
  ED25519,
  formatVerifierKey,
  type KeyType,
  keyId,
  type VerifierKey,
  verifierKey,
} from '../log/note.ts'
import { keyClaim, type PartyLeaf, partyIn } from '../log/party-key.ts'
import { CliError, type Command, FINE, type Io, needed, only, readArguments, readText, writeSecret } from './io.ts'

/** Makes keys: the public half is printed, the secret half goes to a new file that its owner alone can read. */
export const keys: Command = async ([what, ...args], io) => {
  if (what === 'party') {
    await partyKeys(args, io)
    return FINE
  }
  const { values, positionals } = readArguments(args, { out: { type: 'string' }, origin: { type: 'string' } })
  if (what === 'witness') await makeKey(only(positionals, 'the name of the witness'), COSIGNATURE_V1, values.out, io)
  else if (what === 'log') await makeKey(only(positionals, 'the origin of the log'), ED25519, values.out, io)
  else if (what === 'secrets') await makeAll(values.out, values.origin, io)
  else throw new CliError('keys of what? witness, log, secrets or party')
  return FINE
}

const makeKey = async (name: string, type: KeyType, out: string | undefined, io: Io): Promise<void> => {
  const file = needed(out, '--out')
  const { vkey, text } = await named(() => newSecretKey(name, type))
  writeSecret(file, text)
  io.out(formatVerifierKey(vkey))
}

const makeAll = async (out: string | undefined, origin: string | undefined, io: Io): Promise<void> => {
  const secrets = await makeSecrets()
  const json = JSON.stringify(secrets)
  const vkey = origin === undefined ? null : await named(async () => verifierKey(origin, fromBase64url(secrets.note.x)))
  if (out === undefined) io.out(json)
  else writeSecret(out, `${json}\n`)
  // For the trust policies of others; beside the answer, which may be piped into a secret store.
  if (vkey !== null) io.err(`log ${formatVerifierKey(vkey)}\n`)
}

const named = async <T>(make: () => Promise<T>): Promise<T> => {
  try {
    return await make()
  } catch (error) {
    throw error instanceof LogError ? new CliError(error.message) : error
  }
}

export interface SecretKey {
  readonly vkey: VerifierKey
  readonly sign: CryptoKey
}

/**
 * The secret form that Go's note package writes and most witnesses read:
 * `PRIVATE+KEY+<name>+<key id>+base64(type ‖ seed)`.
 */
export const newSecretKey = async (name: string, type: KeyType): Promise<{ vkey: VerifierKey; text: string }> => {
  const { x, d } = await newJwk()
  const vkey = verifierKey(name, fromBase64url(x), type)
  return { vkey, text: `PRIVATE+KEY+${name}+${vkey.id}+${toBase64(concat(Uint8Array.of(type), fromBase64url(d)))}\n` }
}

/** Null unless it is a whole key of this type. */
export const readSecretKey = async (text: string, type: KeyType): Promise<SecretKey | null> => {
  const [, name, id, encoded] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim()) ?? []
  if (name === undefined || id === undefined || encoded === undefined) return null
  try {
    const [found, ...seed] = fromBase64(encoded)
    if (found !== type || seed.length !== 32) return null
    const key = await crypto.subtle.importKey('pkcs8', concat(PKCS8, Uint8Array.from(seed)), 'Ed25519', true, ['sign'])
    const publicKey = fromBase64url((await crypto.subtle.exportKey('jwk', key)).x ?? '')
    return keyId(name, publicKey, type) === id ? { vkey: verifierKey(name, publicKey, type), sign: key } : null
  } catch {
    return null
  }
}

/** What stands before the seed in PKCS #8 (RFC 8410 section 7). */
const PKCS8 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20])

const OPTIONS = {
  out: { type: 'string' },
  name: { type: 'string' },
  by: { type: 'string' },
  retire: { type: 'string' },
  require: { type: 'boolean' },
  release: { type: 'boolean' },
} as const

/** A signing key of a merchant or of the platform, in PEM (PKCS #8): made and registered, retired, or demanded. */
const partyKeys = async (args: string[], io: Io): Promise<void> => {
  const { values, positionals } = readArguments(args, OPTIONS)
  const api = new KeyApi(only(positionals, 'the address of the server'), io)
  const list = await api.list()
  const by = values.by === undefined ? null : readKey(values.by)
  if (values.retire !== undefined) {
    const signed = by && { signed: proofBy(by, 'party_key_retired', { ...list, seen: '' }, values.retire) }
    await api.post(`/${encodeURIComponent(values.retire)}/retirement`, signed ?? {})
    io.out(`retired: ${values.retire}`)
  } else if (values.require || values.release) {
    const kind = values.require ? 'signing_demanded' : 'signing_released'
    await api.post(values.require ? '/requirement' : '/release', by ? { signed: proofBy(by, kind, list) } : {})
    io.out(values.require ? 'nothing unsigned counts as yours from now on' : 'unsigned acts are taken again')
  } else {
    io.out(await added(api, list, { file: needed(values.out, '--out'), name: values.name ?? 'tousu keys party', by }))
  }
}

const added = async (api: KeyApi, list: Listed, { file, name, by }: { file: string; name: string; by: Own | null }) => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const own = ownOf(privateKey)
  writeSecret(file, String(privateKey.export({ format: 'pem', type: 'pkcs8' })))
  const voucher = by && { voucher: proofBy(by, 'party_key_added', list, own.key) }
  await api.post('', { x: own.x, name, sig: proofBy(own, 'party_key_added', list).sig, ...voucher })
  return own.key
}

interface Listed {
  origin: string
  party: string
  seen: string
}

class KeyApi {
  readonly #url: string
  readonly #io: Io

  constructor(server: string, io: Io) {
    this.#url = `${server.replace(/\/+$/, '')}/api/v1/keys`
    this.#io = io
  }

  async list(): Promise<Listed> {
    // What the server answers to `listKeys` of openapi.json.
    return (await this.#ask('')) as Listed
  }

  async post(path: string, body: object): Promise<void> {
    await this.#ask(path, { method: 'POST', body: JSON.stringify(body) })
  }

  async #ask(path: string, init: { method?: string; body?: string } = {}): Promise<unknown> {
    const { apiKey, fetch } = this.#io
    const headers = {
      Accept: 'application/json',
      Authorization: `Bearer ${needed(apiKey, 'TOUSU_KEY, an API key, in the environment')}`,
      ...(init.body !== undefined && { 'Content-Type': 'application/json' }),
    }
    const reply = await fetch(this.#url + path, { ...init, headers }).catch(() => null)
    if (reply === null) throw new CliError(`${this.#url}: no answer`)
    const answer = await reply.json().catch(() => ({}))
    if (!reply.ok) throw new CliError(`${this.#url}: ${answer.code ?? reply.status}: ${answer.title ?? ''}`)
    return answer
  }
}

interface Own extends AuthorKey {
  secret: KeyObject
}

const readKey = (file: string): Own => {
  const text = readText(file)
  try {
    return ownOf(createPrivateKey(text))
  } catch {
    throw new CliError(`${file}: no private key on Ed25519 or P-256 in PEM`)
  }
}

const ownOf = (secret: KeyObject): Own => {
  const { crv, x = '', y } = createPublicKey(secret).export({ format: 'jwk' })
  if (crv !== 'Ed25519' && crv !== 'P-256') throw new RangeError('a key of another type')
  return { secret, key: thumbprintOf(x, y), x, ...(y !== undefined && { y }) }
}

/** A signature over a claim about a key, by default about the one that signs. */
const proofBy = (own: Own, kind: PartyLeaf, { origin, party: name, seen }: Listed, key = own.key) => {
  const party = partyIn(name === 'platform' || name === 'supervisor' ? { role: name } : { role: 'merchant', m: name })
  if (party === null) throw new CliError('the server names no party that has keys')
  const isOffer = kind === 'party_key_added'
  const input = Buffer.from(signingInput(own, keyClaim(kind, { party, key, origin, seen: isOffer ? '' : seen })))
  const sig =
    own.y === undefined
      ? sign(null, input, own.secret)
      : sign('sha256', input, { key: own.secret, dsaEncoding: 'ieee-p1363' })
  return { key: own.key, sig: sig.toString('base64url') }
}
