import { createLocalJWKSet, createRemoteJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { openOrderTickets, orderTickets } from '../../src/auth/order-ticket.ts'
import { readNodeSettings } from '../../src/config/settings.ts'

const NOW = Date.parse('2026-03-02T02:00:00Z')
const AUDIENCE = 'https://t.tousu.example'
const secret = new Uint8Array(32).fill(7)
const clock = { at: NOW, now: () => clock.at }

let desk: ReturnType<typeof orderTickets>
let sign: (claims: object, header?: object) => Promise<string>
let stranger: (claims: object) => Promise<string>

/** Signed as a platform does, in one of the algorithms it may choose. */
const signer =
  (key: CryptoKey) =>
  (claims: object, header: object = {}) =>
    new SignJWT({ iss: 'https://shop.example', aud: AUDIENCE, jti: '1', exp: NOW / 1000 + 600, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'shop', ...header })
      .sign(key)

beforeAll(async () => {
  const [ours, theirs] = [await generateKeyPair('ES256', { extractable: true }), await generateKeyPair('ES256')]
  const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'shop', alg: 'ES256', use: 'sig' }
  const keys = createLocalJWKSet({ keys: [jwk] })
  desk = orderTickets({ issuer: 'https://shop.example', audience: AUDIENCE, keys, secret, clock })
  sign = signer(ours.privateKey)
  stranger = signer(theirs.privateKey)
})

const open = async (text: string) => desk.open(text)
const FOREIGN = { refused: 'foreign' }

describe('a platform’s ticket', () => {
  test('opens by the platform’s key', async () => {
    expect(await open(await sign({ orderId: 'X' }))).toMatchObject({ jti: '1', claims: { orderId: 'X' } })
  })

  test.each([
    ['another issuer', { iss: 'https://other.example' }],
    ['another audience', { aud: 'https://other.example' }],
    ['no audience', { aud: undefined }],
    ['no end', { exp: undefined }],
    ['an end in two hours', { exp: NOW / 1000 + 7200 }],
    ['no number of its own', { jti: undefined }],
  ])('with %s is foreign', async (_what, claims) => {
    expect(await open(await sign(claims))).toEqual(FOREIGN)
  })

  test('that has expired says so', async () => {
    expect(await open(await sign({ exp: NOW / 1000 - 61 }))).toEqual({ refused: 'expired' })
  })

  test('clock skew: of a shop half a minute ahead opens too', async () => {
    const ahead = NOW / 1000 + 30
    for (const claims of [{ exp: ahead + 3600 }, { nbf: ahead, iat: ahead }]) {
      expect(await open(await sign(claims))).toMatchObject({ jti: '1' })
    }
  })

  test('whose key set can’t be fetched is not called foreign', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue()
    const keys = createRemoteJWKSet(new URL('https://shop.example/jwks'))
    const lonely = orderTickets({ issuer: 'https://shop.example', audience: AUDIENCE, keys, secret, clock })
    const ticket = await sign({})
    for (const answer of [
      () => Promise.reject(new TypeError('fetch failed')),
      async () => new Response('down', { status: 502 }),
      async () => new Response('<html>', { status: 200 }),
    ]) {
      vi.spyOn(globalThis, 'fetch').mockImplementation(answer)
      expect(await lonely.open(ticket)).toEqual({ refused: 'silent' })
    }
    expect(said.mock.calls.flat().join()).not.toContain(ticket)
    vi.restoreAllMocks()
  })

  test.each([
    ['a header that must be understood', { crit: ['b64'], b64: false }],
    ['another key’s name', { kid: 'another' }],
  ])('with %s is foreign', async (_what, header) => {
    const ticket = await sign({})
    const [, payload, signature] = ticket.split('.')
    const bent = btoa(JSON.stringify({ alg: 'ES256', kid: 'shop', ...header })).replaceAll('=', '')
    expect(await open([bent, payload, signature].join('.'))).toEqual(FOREIGN)
  })

  test('algorithm confusion: signed with the public key as an HMAC secret is foreign, also where the set holds a symmetric one', async () => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(publicKey)
    const k = btoa('k'.repeat(32)).replaceAll('=', '')
    const keys = createLocalJWKSet({
      keys: [
        { ...jwk, kid: 'shop' },
        { kty: 'oct', k, kid: 'oct', alg: 'HS256' },
      ],
    })
    const confused = orderTickets({ issuer: 'https://shop.example', audience: AUDIENCE, keys, secret, clock })
    for (const [kid, key] of [
      ['shop', JSON.stringify(jwk)],
      ['oct', 'k'.repeat(32)],
    ] as const) {
      const ticket = await new SignJWT({ iss: 'https://shop.example', aud: AUDIENCE, jti: '1', exp: NOW / 1000 + 60 })
        .setProtectedHeader({ alg: 'HS256', kid })
        .sign(new TextEncoder().encode(key))
      expect(await confused.open(ticket)).toEqual(FOREIGN)
    }
  })

  test('signed with an unknown key, or with a demo’s key, is foreign', async () => {
    expect(await open(await stranger({}))).toEqual(FOREIGN)
    const demo = openOrderTickets({ demo: true, baseUrl: AUDIENCE, secret, clock })
    expect(await open((await demo?.issue?.({ iss: 'https://shop.example' })) ?? '')).toEqual(FOREIGN)
    expect('issue' in desk).toBe(false)
  })
})

describe('the encrypted ticket of a form', () => {
  const formOf = async (claims: object) => {
    const opened = await open(await sign(claims))
    return 'form' in opened ? opened.form : ''
  }

  test('opens as the ticket did, and shows nothing of its content', async () => {
    const form = await formOf({ phone: '13912348765' })
    expect(atob((form.split('.')[0] ?? '').replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('139')
    expect(await open(form)).toMatchObject({ claims: { phone: '13912348765' }, jti: '1', form })
    const elsewhere = orderTickets({
      issuer: 'https://shop.example',
      audience: AUDIENCE,
      keys: 'demo',
      secret: new Uint8Array(32),
      clock,
    })
    expect(await elsewhere.open(form)).toEqual(FOREIGN)
  })

  test('is valid for half a day, and no longer by being opened', async () => {
    const form = await formOf({})
    clock.at += 11.9 * 3_600_000
    expect(await open(form)).toMatchObject({ form })
    clock.at += 0.2 * 3_600_000
    expect(await open(form)).toEqual({ refused: 'expired' })
    clock.at = NOW
  })

  test('comes with an upload token, valid as long', () => {
    const word = desk.uploadToken()
    expect(desk.verifyUploadToken(word)).toBe(true)
    for (const wrong of ['', '.', word.slice(1), `9${word}`, word.slice(0, -1)])
      expect(desk.verifyUploadToken(wrong)).toBe(false)
    clock.at += 12.1 * 3_600_000
    expect(desk.verifyUploadToken(word)).toBe(false)
    clock.at = NOW
  })
})

test('tickets are signed by keys of their own, or by the identity provider’s', async () => {
  const readTickets = async (env: object) => (await readNodeSettings({ TOUSU_MODE: 'demo', ...env })).tickets
  const provider = { TOUSU_ISSUER: 'https://id.example', TOUSU_JWKS_URI: 'https://id.example/jwks' }
  expect(await readTickets({})).toBeUndefined()
  expect(await readTickets({ ...provider, TOUSU_AUDIENCE: 'tousu' })).toEqual({
    issuer: 'https://id.example',
    jwksUri: 'https://id.example/jwks',
  })
  const own = { TOUSU_TICKET_ISSUER: 'shop', TOUSU_TICKET_JWKS_URI: 'https://shop.example/jwks' }
  for (const env of [own, { ...own, ...provider, TOUSU_AUDIENCE: 'tousu' }]) {
    expect(await readTickets(env)).toEqual({ issuer: 'shop', jwksUri: 'https://shop.example/jwks' })
  }
  expect(openOrderTickets({ baseUrl: AUDIENCE, secret, clock })).toBeUndefined()
})
