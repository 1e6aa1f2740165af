import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { About } from './device.ts'

/** A merchant's program or an officer's browser: a key, and signatures written from docs/log.md, section 11, without the code under test. */
export class PartyDevice {
  /** PKCS #8 in PEM: workerd takes no key object. */
  readonly #secret: string
  readonly alg: 'ES256' | 'EdDSA'
  readonly key: string
  readonly coordinates: { x: string; y?: string }

  constructor(alg: 'ES256' | 'EdDSA' = 'EdDSA') {
    const pair = alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { crv, kty, x = '', y } = pair.publicKey.export({ format: 'jwk' })
    this.#secret = String(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }))
    this.alg = alg
    this.key = sha256(JSON.stringify({ crv, kty, x, ...(y && { y }) }))
    this.coordinates = { x, ...(y && { y }) }
  }

  jws(claim: Record<'act' | 'body' | 'c' | 'origin' | 'seen', string>): { input: string; sig: string } {
    const { act, body, c, origin, seen } = claim
    const header = { alg: this.alg, kid: this.key }
    const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify({ act, body, c, origin, seen }))}`
    const secret = this.alg === 'EdDSA' ? this.#secret : ({ key: this.#secret, dsaEncoding: 'ieee-p1363' } as const)
    return {
      input,
      sig: sign(this.alg === 'EdDSA' ? null : 'sha256', Buffer.from(input), secret).toString('base64url'),
    }
  }

  /** Header `Tousu-Signature` over the very text that is sent. */
  header({ origin, c, seen, act }: Omit<About, 'body'>, sent: string): { 'Tousu-Signature': string } {
    const salt = randomBytes(16).toString('base64url')
    const body = sha256(base64url(`["${salt}","signedRequest",${sent}]`))
    const { input, sig } = this.jws({ act, body, c, origin, seen })
    return { 'Tousu-Signature': `${input}.${sig};salt=${salt}` }
  }

  /** The form field `signature`, as a page's script makes it. */
  field({ origin, c, seen, act }: Omit<About, 'body'>, sent: object): string {
    const salt = randomBytes(16).toString('base64url')
    const body = sha256(base64url(`["${salt}","signedRequest",${JSON.stringify(sent)}]`))
    return [this.key, seen, salt, this.jws({ act, body, c, origin, seen }).sig].join('.')
  }

  /** The claim signed as a passkey would (W3C Web Authentication, section 6.3.3), with `sig` in the form of docs/log.md. */
  assertion(
    claim: Record<'act' | 'body' | 'c' | 'origin' | 'seen', string>,
    { flags = 0x05, ...over }: { flags?: number; type?: string; challenge?: string; crossOrigin?: boolean } = {},
  ): string {
    const { act, body, c, origin, seen } = claim
    const challenge = sha256(JSON.stringify({ act, body, c, origin, seen }))
    const said = { type: 'webauthn.get', challenge, origin: 'https://t.test', crossOrigin: false, ...over }
    const client = Buffer.from(JSON.stringify(said))
    const authenticator = Buffer.concat([randomBytes(32), Buffer.from([flags, 0, 0, 0, 1])])
    const message = Buffer.concat([authenticator, createHash('sha256').update(client).digest()])
    const sig = sign('sha256', message, { key: this.#secret, dsaEncoding: 'ieee-p1363' })
    return [authenticator, client, sig].map(part => part.toString('base64url')).join('.')
  }

  /** A claim about keys, signed by this one. */
  about(
    act: string,
    { party, key = this.key, origin = '', seen = '' }: { party: string; key?: string; origin?: string; seen?: string },
  ) {
    return { key: this.key, sig: this.jws({ act, body: key, c: party, origin, seen }).sig }
  }

  /** The body of `POST /api/v1/keys`. */
  offer(party: string, voucher?: PartyDevice) {
    return {
      ...this.coordinates,
      name: 'ERP',
      sig: this.about('party-keys', { party }).sig,
      ...(voucher && { voucher: voucher.about('party-keys', { party, key: this.key }) }),
    }
  }
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The tag of a merchant in leaves. */
export const tagOf = (merchant: string): string =>
  createHash('sha256').update(`tousu merchant\0${merchant}`).digest().subarray(0, 12).toString('base64url')
