// Bearer tokens of the identity provider, and tokens of ours where another is wanted; on both hosts.

import { CompactEncrypt, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { identityReader } from '../../src/auth/oidc.ts'
import { orderTickets } from '../../src/auth/order-ticket.ts'
import { expectProblem, useServer } from '../support/server.ts'

const server = useServer()
const ISSUER = 'https://id.example'
const AUDIENCE = 'tousu-api'
type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let own: Pair
let other: Pair
beforeAll(async () => {
  own = await generateKeyPair('RS256', { extractable: true })
  other = await generateKeyPair('RS256', { extractable: true })
})

const read = (token: string) => identityReader({ issuer: ISSUER, audience: AUDIENCE }, async () => own.publicKey)(token)
const seconds = (ahead: number) => Math.floor(Date.now() / 1000) + ahead
const right = (): JWTPayload => ({ iss: ISSUER, aud: AUDIENCE, sub: 'erp', role: 'platform', exp: seconds(60) })
const signed = (claims: JWTPayload, header: object = {}, key = own.privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...header }).sign(key)
const part = (value: unknown): string =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

test('a right bearer token is read', async () => {
  expect(await read(await signed(right()))).toEqual({ role: 'platform', name: `${ISSUER} erp` })
})

describe('a bearer token', () => {
  const WRONG: [string, () => JWTPayload][] = [
    ['for another audience', () => ({ ...right(), aud: 'another' })],
    ['without an audience', () => ({ ...right(), aud: undefined }) as never],
    ['of another issuer', () => ({ ...right(), iss: 'https://evil.example' })],
    ['without an expiry', () => ({ ...right(), exp: undefined }) as never],
    ['that has expired', () => ({ ...right(), exp: seconds(-60) })],
    ['that is not valid yet', () => ({ ...right(), nbf: seconds(600) })],
    ['with a list of roles', () => ({ ...right(), role: ['platform'] })],
    ['with an unknown role', () => ({ ...right(), role: 'root' })],
    ['without a role', () => ({ ...right(), role: undefined })],
    ['of a merchant without a merchant', () => ({ ...right(), role: 'merchant' })],
    ['without a subject', () => ({ ...right(), sub: undefined }) as never],
  ]
  test.each(WRONG)('%s is none', async (_what, claims) => {
    expect(await read(await signed(claims()))).toBeNull()
  })

  test('without a signature (alg none) is none', async () => {
    for (const alg of ['none', 'None', 'NONE']) expect(await read(`${part({ alg })}.${part(right())}.`)).toBeNull()
  })

  test('algorithm confusion: signed with the public key as an HMAC secret is none', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(own.publicKey))
    const token = await new SignJWT(right()).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    expect(await read(token)).toBeNull()
  })

  test('with a key that it brings or points at itself is none', async () => {
    const jwk = await exportJWK(other.publicKey)
    for (const header of [{ jwk }, { jku: 'https://evil.example/jwks.json' }, { x5u: 'https://evil.example/x5' }])
      expect(await read(await signed(right(), header, other.privateKey))).toBeNull()
  })

  test('with a critical extension that is not understood is none', async () => {
    const [, payload = '', signature = ''] = (await signed(right())).split('.')
    expect(await read(`${part({ alg: 'RS256', crit: ['b64'], b64: false })}.${payload}.${signature}`)).toBeNull()
  })
})

describe('a token of ours for another use', () => {
  test('a statement of the log is no bearer token', async () => {
    const filed = await server.submit()
    const { statement } = await server.view(filed)
    const Authorization = `Bearer ${statement}`
    expectProblem(await server.get(`/api/v1/complaints/${filed.id}`, { Authorization }), 401, 'unauthorized')
    expect(await read(String(statement))).toBeNull()
  })

  test('an order ticket is no bearer token, and a bearer token no ticket', async () => {
    const clock = { now: () => Date.now() }
    const secret = new Uint8Array(32)
    const tickets = orderTickets({ issuer: 'shop', audience: 'https://t.tousu.example', keys: 'demo', secret, clock })
    const ticket = (await tickets.issue?.({ orderId: '1' })) ?? ''
    expect(await read(ticket)).toBeNull()
    const theirs = orderTickets({
      issuer: 'shop',
      audience: 'https://t.tousu.example',
      keys: async () => own.publicKey,
      secret,
      clock,
    })
    expect(await theirs.open(await signed(right()))).toMatchObject({ refused: 'foreign' })
  })

  test('a form’s sealed ticket with a costly or foreign encryption is refused at once', async () => {
    const clock = { now: () => Date.now() }
    const tickets = orderTickets({ issuer: 'shop', audience: 'x', keys: 'demo', secret: new Uint8Array(32), clock })
    const costly = { alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 1_000_000_000, p2s: 'AAAA' }
    const zipped = { alg: 'dir', enc: 'A256GCM', zip: 'DEF' }
    const began = performance.now()
    expect(await tickets.open('a.b.c.d.e')).toMatchObject({ refused: 'foreign' })
    const harmless = performance.now() - began
    for (const header of [costly, zipped]) {
      const at = performance.now()
      expect(await tickets.open(`${part(header)}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`)).toMatchObject({
        refused: 'foreign',
      })
      // A billion rounds take minutes.
      expect(performance.now() - at).toBeLessThan(Math.max(harmless, 20) * 100)
    }
    const foreign = await new CompactEncrypt(new TextEncoder().encode('{}'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(new Uint8Array(32).fill(1))
    expect(await tickets.open(foreign)).toMatchObject({ refused: 'foreign' })
  })
})
