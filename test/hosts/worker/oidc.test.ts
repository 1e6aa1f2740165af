import { env } from 'cloudflare:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, expect, test, vi } from 'vitest'
import { parseLines } from '../../support/log-lines.ts'
import { front } from './front.ts'

const ISSUER = 'https://id.example'

/** As much of a provider as openid-client needs; test/auth has a whole one, on Node. */
const provider = async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const metadata = {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/auth`,
    token_endpoint: `${ISSUER}/token`,
    jwks_uri: `${ISSUER}/jwks`,
    response_types_supported: ['code'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
  const told = { nonce: '', aud: 'tousu' }
  const idToken = () =>
    new SignJWT({ sub: 'a17', preferred_username: 'A17', role: 'platform', nonce: told.nonce })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuer(ISSUER)
      .setAudience(told.aud)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey)
  const answers: Record<string, () => Promise<object>> = {
    '/.well-known/openid-configuration': async () => metadata,
    '/jwks': async () => ({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] }),
    '/token': async () => ({ access_token: 'x', token_type: 'Bearer', id_token: await idToken() }),
  }
  vi.spyOn(globalThis, 'fetch').mockImplementation(async asked => {
    const { origin, pathname } = new URL(asked instanceof Request ? asked.url : asked)
    const answer = origin === ISSUER ? answers[pathname] : undefined
    return answer ? Response.json(await answer()) : new Response(null, { status: 404 })
  })
  return told
}
afterEach(() => void vi.restoreAllMocks())

const settings = { TOUSU_OIDC_ISSUER: ISSUER, TOUSU_OIDC_CLIENT_ID: 'tousu', SHARD: env.LIVE }
const cookieOf = (answer: Response, name: string) =>
  answer.headers
    .getSetCookie()
    .find(line => line.startsWith(`${name}=`))
    ?.split(';')[0] ?? ''

const arrive = async ({ fetch }: ReturnType<typeof front>, told: { nonce: string }) => {
  const begun = await fetch('/signin/start?to=/desk/x', { redirect: 'manual' })
  const to = new URL(begun.headers.get('location') ?? '')
  told.nonce = to.searchParams.get('nonce') ?? ''
  const query = new URLSearchParams({ code: 'c', state: to.searchParams.get('state') ?? '' })
  const Cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return fetch(`/signin/callback?${query}`, { redirect: 'manual', headers: { Cookie, Accept: 'text/html' } })
}

test('OpenID Connect sign-in works on Workers', async () => {
  const server = front(settings)
  const arrived = await arrive(server, await provider())
  expect([arrived.status, arrived.headers.get('location')]).toEqual([303, '/desk/x'])
  const Cookie = cookieOf(arrived, '__Host-session')
  const there = await server.fetch('/signin', { redirect: 'manual', headers: { Cookie } })
  expect(there.headers.get('location')).toBe('/desk')
})

test('a token for another client is refused', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const told = await provider()
  told.aud = 'another'
  const arrived = await arrive(front(settings), told)
  expect([arrived.status, cookieOf(arrived, '__Host-session')]).toEqual([400, ''])
  expect(parseLines(said.mock.calls)).toMatchObject([
    { msg: 'sign-in refused', reason: 'refused', code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' },
  ])
})

test('incomplete or unsafe settings are named', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  for (const [changes, said] of [
    [{ TOUSU_OIDC_ISSUER: 'http://id.example' }, 'TOUSU_OIDC_ISSUER is not like'],
    [{ TOUSU_OIDC_ISSUER: ISSUER, TOUSU_OIDC_CLIENT_ID: '' }, 'TOUSU_OIDC_CLIENT_ID is missing'],
    [{ TOUSU_TICKET_JWKS_URI: 'http://id.example/jwks' }, 'TOUSU_TICKET_JWKS_URI is not like'],
    [{ TOUSU_TICKET_JWKS_URI: 'https://id.example/jwks' }, 'TOUSU_TICKET_ISSUER is missing'],
  ] as const) {
    const answer = await front(changes).fetch('/')
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ detail: expect.stringContaining(said) }),
    ])
  }
})
