/**
 * The statement: a JWS (RFC 7515, compact, `alg: Ed25519` of RFC 9864) in which the log commits to what a complaint's
 * last leaf is. A newer leaf that it hid contradicts it, with the log's own signature.
 */

import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose'
import { sha256 } from '#sha256'
import { fromBase64url, fromUtf8, toBase64url, utf8 } from './encoding.ts'
import { LogError } from './error.ts'
import { HASH_BYTES } from './tree.ts'

export interface Statement {
  /** UTC milliseconds, unlike a JWT's `iat`: the same unit as a leaf's `at`, which it is compared with. */
  readonly iat: number
  /** Tag of the complaint. */
  readonly c: string
  readonly origin: string
  /** Size and base64url root of the checkpoint: the tree holds every leaf with `at` < `iat`. */
  readonly size: number
  readonly root: string
  /** Position in the chain and base64url leaf hash of the last leaf of `c` in that tree. */
  readonly head_seq: number
  readonly head_leaf: string
}

export class StatementError extends LogError {
  override name = 'StatementError'
}

const ALG = 'Ed25519'

/** `key` is an Ed25519 private key; `x` its public half, base64url. */
export async function signStatement(statement: Statement, key: CryptoKey, x: string): Promise<string> {
  const { iat, c, origin, size, root, head_seq, head_leaf } = parseStatement(statement)
  return signClaims({ iat, c, origin, size, root, head_seq, head_leaf }, key, x)
}

/** JWS, compact, of claims in this order. `key` is an Ed25519 private key; `x` its public half, base64url. */
export async function signClaims(claims: object, key: CryptoKey, x: string): Promise<string> {
  return new CompactSign(utf8(JSON.stringify(claims))).setProtectedHeader({ alg: ALG, kid: statementKid(x) }).sign(key)
}

/** Throws a StatementError unless the key `x` signed it and it is well-formed. */
export async function verifyStatement(jws: string, x: string): Promise<Statement> {
  await verifySignature(jws, x)
  return readStatement(jws)
}

/** Throws a StatementError unless the key `x` signed this JWS. */
export async function verifySignature(jws: string, x: string): Promise<void> {
  if (readKid(jws) !== statementKid(x)) throw new StatementError('signed by another key')
  requireOneSpelling(jws)
  try {
    await compactVerify(jws, { kty: 'OKP', crv: 'Ed25519', x, alg: ALG }, { algorithms: [ALG] })
  } catch {
    throw new StatementError('its signature is wrong')
  }
}

/** The payload without any check of the signature. */
export function readStatement(jws: string): Statement {
  return parseStatement(readPayload(jws))
}

/** The claims of a JWS, unchecked. */
export function readPayload(jws: string): unknown {
  return parsePayload(jws.split('.')[1] ?? '')
}

/** The key id that the header names. */
export function readKid(jws: string): string {
  try {
    const { alg, kid } = decodeProtectedHeader(jws)
    if (alg === ALG && typeof kid === 'string') return kid
  } catch {}
  throw new StatementError('its header is not {alg: Ed25519, kid}')
}

/** RFC 7638 thumbprint of the Ed25519 public key `x`. */
export function statementKid(x: string): string {
  return toBase64url(sha256(utf8(`{"crv":"Ed25519","kty":"OKP","x":${JSON.stringify(x)}}`)))
}

/** Header and payload are signed as they are spelled; of the signature itself, decoders take several spellings. */
function requireOneSpelling(jws: string): void {
  try {
    fromBase64url(jws.slice(jws.lastIndexOf('.') + 1))
  } catch {
    throw new StatementError('its signature is not base64url')
  }
}

function parsePayload(payload: string): unknown {
  try {
    return JSON.parse(fromUtf8(fromBase64url(payload)))
  } catch {
    throw new StatementError('its payload is not JSON')
  }
}

const NAMES = ['c', 'head_leaf', 'head_seq', 'iat', 'origin', 'root', 'size']

function parseStatement(value: unknown): Statement {
  const claims = requireClaims(value, NAMES)
  const hash = (name: string) => requireHash(text(claims, name))
  return {
    iat: count(claims, 'iat'),
    c: text(claims, 'c'),
    origin: text(claims, 'origin'),
    size: count(claims, 'size'),
    root: hash('root'),
    head_seq: count(claims, 'head_seq'),
    head_leaf: hash('head_leaf'),
  }
}

/** Exactly these claims, in code unit order. */
export function requireClaims(value: unknown, names: readonly string[]): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new StatementError('not an object')
  if (Object.keys(value).sort().join() !== names.join()) throw new StatementError('not the names of its claims')
  return new Map<string, unknown>(Object.entries(value))
}

export function text(claims: ReadonlyMap<string, unknown>, name: string): string {
  const value = claims.get(name)
  if (typeof value !== 'string') throw new StatementError(`its ${name} is not a string`)
  return value
}

export function count(claims: ReadonlyMap<string, unknown>, name: string): number {
  const value = claims.get(name)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new StatementError(`its ${name} is not an integer from 0`)
}

export function requireHash(text: string): string {
  try {
    if (fromBase64url(text).length === HASH_BYTES) return text
  } catch {}
  throw new StatementError('a hash that is not base64url of 32 bytes')
}
