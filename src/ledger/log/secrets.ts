import * as v from 'valibot'
import { hmacSha256 } from '#sha256'
import type { LinkKeys } from '../../link/token.ts'
import { fromBase64url, toBase64url, utf8 } from '../../log/encoding.ts'

/** An Ed25519 key: the private half to sign with, the public half as base64url. */
export interface SigningKey {
  sign: CryptoKey
  x: string
}
export interface Secrets {
  links: LinkKeys
  /** For keyed tags of people, orders and pickup codes. */
  tags: Uint8Array
  /** Signs checkpoints. */
  note: SigningKey
  statement: SigningKey
  /** Keys before these, newest first: until their signatures are no longer needed. */
  previous?: { note: readonly SigningKey[]; statement: readonly SigningKey[] }
}

/** The keys of one use, newest first. */
export const ownKeys = (secrets: Secrets, use: 'note' | 'statement'): SigningKey[] => [
  secrets[use],
  ...(secrets.previous?.[use] ?? []),
]

export const publicBytes = (key: SigningKey): Uint8Array => fromBase64url(key.x)

/** A missing or malformed secret; names it, and never shows it. */
export class SecretError extends Error {}

const secret = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'is not 32 bytes in base64url'))
const jwk = v.object({ kty: v.literal('OKP'), crv: v.literal('Ed25519'), x: secret, d: secret })
/** One key, or several with the newest first. */
const jwks = v.pipe(
  v.unknown(),
  v.transform(value => (Array.isArray(value) ? value : [value])),
  v.array(jwk),
  v.minLength(1),
  v.maxLength(4),
  v.check(keys => new Set(keys.map(({ x }) => x)).size === keys.length),
)
const SecretsSchema = v.object({
  v: v.literal(1),
  links: v.pipe(v.array(secret), v.minLength(1), v.maxLength(4)),
  tags: secret,
  note: jwks,
  statement: jwks,
})

/** Reads what `makeSecrets` wrote, or the same with lists of keys. Throws a SecretError that names the part which is wrong. */
export const readSecrets = async (json: unknown): Promise<Secrets> => {
  const parsed = v.safeParse(SecretsSchema, json)
  if (!parsed.success) {
    const issue = parsed.issues[0]
    throw new SecretError(`secrets: ${v.getDotPath(issue) ?? 'the whole'} is missing or malformed`)
  }
  const { links, tags } = parsed.output
  const [note, ...notes] = await importKeys('note', parsed.output.note)
  const [statement, ...statements] = await importKeys('statement', parsed.output.statement)
  if (!note || !statement) throw new SecretError('secrets: a key is missing')
  return {
    links: links.map(fromBase64url),
    tags: fromBase64url(tags),
    note,
    statement,
    previous: { note: notes, statement: statements },
  }
}

const importKeys = (name: string, keys: readonly Jwk[]) => Promise.all(keys.map(key => importKey(name, key)))

const importKey = async (name: string, key: Jwk): Promise<SigningKey> => {
  try {
    return { sign: await crypto.subtle.importKey('jwk', key, 'Ed25519', false, ['sign']), x: key.x }
  } catch {
    throw new SecretError(`secrets: ${name} is not an Ed25519 key`)
  }
}

/** HMAC tag: the same text gives the same tag, and the text can't be recovered without the key. 22 characters. */
export const tagger =
  (key: Uint8Array) =>
  (domain: string, ...parts: string[]): string => {
    // Lengths keep ("ab", "c") and ("a", "bc") apart.
    let text = `${domain.length}:${domain}`
    for (const part of parts) text += `${part.length}:${part}`
    return toBase64url(hmacSha256(key, utf8(text)).subarray(0, 16))
  }
export type Tagger = ReturnType<typeof tagger>

/** An Ed25519 pair as JWK (RFC 8037): `d` is the private half, `x` the public one. */
interface Jwk {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  d: string
}
/** What `readSecrets` reads. To change a signing key, its place takes a list: the new one first. */
export interface SecretsFile {
  v: 1
  links: string[]
  tags: string
  note: Jwk
  statement: Jwk
}

export const newJwk = async (): Promise<Jwk> => {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new TypeError('no Ed25519 in this runtime')
  const { x = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  return { kty: 'OKP', crv: 'Ed25519', x, d }
}

/** New random secrets, to be kept in a file or a secret store. */
export const makeSecrets = async (): Promise<SecretsFile> => {
  const random = () => toBase64url(crypto.getRandomValues(new Uint8Array(32)))
  return { v: 1, links: [random()], tags: random(), note: await newJwk(), statement: await newJwk() }
}
