import { newJwk } from '../ledger/log/make-secrets.ts'
import { concat, fromBase64, fromBase64url, toBase64 } from '../log/encoding.ts'
import { type KeyType, keyId, type VerifierKey, verifierKey } from '../log/note.ts'

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
