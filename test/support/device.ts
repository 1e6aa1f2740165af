import { digestOf } from '../../src/log/disclosure.ts'
import { fromBase64url, toBase64url, utf8 } from '../../src/log/encoding.ts'

/** What a signature is about; by default all of it is the complaint's own. */
export interface About {
  origin: string
  c: string
  seen: string
  act: string
  body: object
}

/** A buyer's phone: a key, and signatures written from docs/log.md, section 11, without the code under test. */
export class Device {
  readonly #pair: CryptoKeyPair
  readonly x: string
  readonly y: string
  readonly key: string

  private constructor(pair: CryptoKeyPair, { x, y }: { x: string; y: string }, key: string) {
    this.#pair = pair
    this.x = x
    this.y = y
    this.key = key
  }

  static async make(): Promise<Device> {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey)
    const thumb = await crypto.subtle.digest('SHA-256', utf8(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`))
    return new Device(pair, { x, y }, toBase64url(new Uint8Array(thumb)))
  }

  /** The coordinates that `device-keys` sends. */
  get coordinates() {
    return { x: this.x, y: this.y }
  }

  /** The form field `signature`. */
  async sign(
    { origin, c, seen, act, body }: About,
    salt = crypto.getRandomValues(new Uint8Array(16)),
  ): Promise<string> {
    const request = toBase64url(utf8(`["${toBase64url(salt)}","signedRequest",${JSON.stringify(body)}]`))
    const sig = await this.sig({ act, body: digestOf(request), c, origin, seen })
    return [this.key, seen, toBase64url(salt), sig].join('.')
  }

  /** The signature alone; `body` is the digest of the request. */
  async sig({ act, body, c, origin, seen }: Omit<About, 'body'> & { body: string }): Promise<string> {
    const header = toBase64url(utf8(JSON.stringify({ alg: 'ES256', kid: this.key })))
    const payload = toBase64url(utf8(JSON.stringify({ act, body, c, origin, seen })))
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const sig = await crypto.subtle.sign(algorithm, this.#pair.privateKey, utf8(`${header}.${payload}`))
    return toBase64url(new Uint8Array(sig))
  }
}

/** The same signature with one bit of it changed. */
export const spoiled = (signature: string): string => {
  const [key, seen, salt, sig = ''] = signature.split('.')
  const bytes = fromBase64url(sig)
  bytes[40] = (bytes[40] ?? 0) ^ 1
  return [key, seen, salt, toBase64url(bytes)].join('.')
}
