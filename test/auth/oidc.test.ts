import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readNodeSettings } from '../../src/config/settings.ts'
import * as scenes from '../routes/scenes.ts'
import { made, openTestHost, TestServer } from '../support/server.ts'
import { CALLBACK, CLIENT, freePort, openProvider, type TestProvider } from './oidc-provider.ts'
import { Traveller, toCallback } from './traveller.ts'

let provider: TestProvider
let house: Awaited<ReturnType<typeof openTestHost>>
const logged: string[] = []

beforeAll(async () => {
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...words) => void logged.push(words.join(' ')))
  }
  provider = await openProvider(await freePort())
  house = await openTestHost(undefined, { oidc: await settings(provider.issuer) })
})
afterAll(async () => {
  await house.close()
  await provider.close()
  vi.restoreAllMocks()
})

/** Reason and code of each line about a sign-in that was refused. */
const refusals = () =>
  logged
    .filter(line => line.includes('sign-in refused'))
    .map(line => JSON.parse(line))
    .map(({ reason, code }) => [reason, code])

const settings = async (issuer: string) => {
  const { oidc } = await readNodeSettings({
    TOUSU_MODE: 'demo',
    TOUSU_OIDC_ISSUER: issuer,
    TOUSU_OIDC_CLIENT_ID: CLIENT,
    TOUSU_OIDC_CLIENT_SECRET: 'secret-of-the-client-itself-32-bytes',
  })
  return oidc
}

const traveller = () => new Traveller(house.fetch)
const signedIn = async (login: string, to = '') => {
  const person = traveller()
  const arrived = await person.go(await toCallback(person, login, to))
  return { person, arrived }
}
const sessionOf = (person: Traveller) => person.cookie('__Host-session')
/** The signed-in role of this browser, as seen from outside: where its sign-in page leads. */
const roomOf = async (person: Traveller) => (await person.go('/signin')).headers.get('location')

describe('a real provider', () => {
  test.each([
    ['li-na', '/merchant'],
    ['a17', '/desk'],
    ['s01', '/desk'],
  ])('%s signs in and comes to %s', async (login, room) => {
    const { person, arrived } = await signedIn(login)
    expect([arrived.status, arrived.headers.get('location')]).toEqual([303, room])
    expect(arrived.headers.get('cache-control')).toBe('no-store')
    expect(sessionOf(person)?.value).toMatch(/^[\w-]{43}$/)
    expect(sessionOf(person)?.attributes).toBe(' Path=/; HttpOnly; Secure; SameSite=Lax')
    expect(person.names().filter(name => name.includes('signin'))).toEqual([])
    expect(await roomOf(person)).toBe(room)
  })

  test('open redirect: after sign-in the browser returns to the page it wanted, if the role may see it', async () => {
    const locations = []
    for (const to of ['/desk/complaints/1?x=2', '/merchant', '//evil.example', 'https://evil.example/desk']) {
      locations.push((await signedIn('a17', to)).arrived.headers.get('location'))
    }
    expect(locations).toEqual(['/desk/complaints/1?x=2', '/desk', '/desk', '/desk'])
  })

  test.each(['intern', 'shopless', 'nameless', 'forger'])('%s: a page says that no role is known', async login => {
    const { person, arrived } = await signedIn(login)
    expect(arrived.status).toBe(403)
    expect(await arrived.text()).toContain('没有开通')
    expect(sessionOf(person)).toBeUndefined()
  })

  test('session fixation: a new session each time, and the one before has ended', async () => {
    const { person } = await signedIn('a17')
    const first = sessionOf(person)?.value ?? ''
    await person.go(await toCallback(person, 'a17'))
    expect(sessionOf(person)?.value).not.toBe(first)
    const thief = traveller()
    thief.jar.set('t.tousu.example __Host-session', { value: first, attributes: '' })
    expect(await roomOf(thief)).toBeNull()
    expect(await roomOf(person)).toBe('/desk')
  })

  test('sign-out ends the session, and links to where the provider’s own session ends', async () => {
    const { person } = await signedIn('a17')
    const copy = traveller()
    for (const [key, cookie] of person.jar) copy.jar.set(key, cookie)
    const out = await person.post('/signout', {}, { Origin: 'https://t.tousu.example' })
    expect(out.status).toBe(200)
    expect(await out.text()).toContain(`${provider.issuer}/session/end?`)
    expect([sessionOf(person), await roomOf(copy)]).toEqual([undefined, null])
  })

  test('a session ends after eight hours', async () => {
    const { person } = await signedIn('a17')
    await house.advance(7.9)
    expect(await roomOf(person)).toBe('/desk')
    await house.advance(0.2)
    expect(await roomOf(person)).toBeNull()
  })

  test('login CSRF, replay: a callback that comes twice, or to another browser, is refused', async () => {
    const { person } = await signedIn('a17')
    const callback = await toCallback(person, 'a17')
    const stranger = await traveller().go(callback)
    expect([stranger.status, (await stranger.text()).includes('过期')]).toEqual([400, true])
    const name = person.names().find(each => each.startsWith('__Host-signin')) ?? ''
    const kept = person.cookie(name)
    expect((await person.go(callback)).status).toBe(303)
    expect((await person.go(callback)).status).toBe(400)
    // Nor with the cookie put back: the provider takes a code once.
    const again = traveller()
    if (kept) again.jar.set(`t.tousu.example ${name}`, kept)
    expect((await again.go(callback)).status).toBe(400)
    expect(sessionOf(again)).toBeUndefined()
    expect(refusals()).toContainEqual(['refused', 'invalid_grant'])
  })

  test('separation of duties: an account renamed at the provider decides no appeal of its ruling, its namesake does', async () => {
    const server = new TestServer(house)
    const filed = await scenes.escalated(server)
    const ruling = { ...scenes.RULING, outcome: 'for_merchant', 'remedy.kind': 'none', confirm: 'yes' }
    const { remedy: _, officer: __, ...form } = ruling
    const own = { Origin: 'https://t.tousu.example', 'Sec-Fetch-Site': 'same-origin' }
    const rule = async (login: string) => {
      const { person } = await signedIn(login)
      return (await person.post(`/desk/complaints/${filed.id}/rulings`, form, own)).status
    }
    expect(await rule('a17')).toBe(303)
    made(await server.asBuyer(filed, 'appeal', { reason: '不服' }))
    provider.rename('a17', 'A18')
    expect(await rule('a17')).toBe(409)
    provider.rename('a17', 'A17')
    // Another subject, and `preferred_username` A17 too.
    expect(await rule('b2')).toBe(303)
  })

  test('two concurrent sign-ins of one browser both succeed', async () => {
    const person = traveller()
    const first = await toCallback(person, 'a17', '/desk/complaints/1')
    const second = await toCallback(person, 'a17', '/desk/complaints/2')
    for (const [callback, room] of [
      [second, '/desk/complaints/2'],
      [first, '/desk/complaints/1'],
    ] as const) {
      expect((await person.go(callback)).headers.get('location')).toBe(room)
    }
  })

  test('a foreign callback ends no pending sign-in, and a hundred pending ones keep few cookies', async () => {
    const person = traveller()
    for (let i = 0; i < 100; i++) await person.go('/signin/start')
    expect(person.names().length).toBeLessThan(8)
    const callback = await toCallback(person, 'a17')
    expect((await person.go('/signin/callback?code=x&state=another')).status).toBe(400)
    expect((await person.go(callback)).status).toBe(303)
  })

  test('a callback with another state is refused', async () => {
    const person = traveller()
    const callback = new URL(await toCallback(person, 'a17'))
    callback.searchParams.set('state', 'another')
    expect((await person.go(callback.href)).status).toBe(400)
    expect(sessionOf(person)).toBeUndefined()
  })

  test('mix-up, code injection: a callback of another issuer, with two codes or a foreign code, signs nobody in', async () => {
    const forge: [string, (url: URL) => void][] = [
      ['another issuer', url => url.searchParams.set('iss', 'https://evil.example')],
      ['two codes', url => url.searchParams.append('code', 'another')],
      ['a foreign code', url => url.searchParams.set('code', 'another')],
    ]
    for (const [what, change] of forge) {
      const person = traveller()
      const callback = new URL(await toCallback(person, 'a17'))
      change(callback)
      expect([what, (await person.go(callback.href)).status, sessionOf(person)]).toEqual([what, 400, undefined])
    }
  })

  test('a sign-in that was denied at the provider gets a page of its own', async () => {
    const person = traveller()
    const begun = new URL((await person.go('/signin/start')).headers.get('location') ?? '')
    const state = begun.searchParams.get('state') ?? ''
    const iss = encodeURIComponent(provider.issuer)
    const back = `/signin/callback?error=access_denied&error_description=%3Cb%3Esecret&state=${state}&iss=${iss}`
    const page = await person.go(back)
    expect(page.status).toBe(403)
    expect(await page.text()).not.toContain('secret')
    expect(logged.join('\n')).not.toContain('secret')
    expect(refusals()).toContainEqual(['denied', 'access_denied'])
  })

  test('the request asks for code, PKCE, state and nonce', async () => {
    const begun = new URL((await traveller().go('/signin/start')).headers.get('location') ?? '')
    expect(Object.fromEntries(begun.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: CLIENT,
      redirect_uri: CALLBACK,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
  })
})

describe('an ID token', () => {
  const arrive = async (claims: (nonce: string) => Promise<string>) => {
    const person = traveller()
    const begun = new URL((await person.go('/signin/start')).headers.get('location') ?? '')
    const [state, nonce] = ['state', 'nonce'].map(name => begun.searchParams.get(name) ?? '')
    provider.stageTokens(() => claims(nonce ?? ''))
    const query = new URLSearchParams({ code: 'x', state: state ?? '', iss: provider.issuer })
    const arrived = await person.go(`/signin/callback?${query}`)
    provider.stageTokens(null)
    return { arrived, person }
  }
  const exp = Math.floor(Date.now() / 1000) + 60
  const right = { sub: 'a17', preferred_username: 'A17', role: 'platform', exp }

  test('with the right claims signs in', async () => {
    const { arrived, person } = await arrive(nonce => provider.sign({ ...right, nonce }))
    expect([arrived.status, await roomOf(person)]).toEqual([303, '/desk'])
  })

  test.each(['阿依古丽·买买提', ' 李娜 ', '李娜（花间集）', 'O’Neill, Siobhán'])(
    'may state the name %j',
    async name => {
      const { arrived } = await arrive(nonce => provider.sign({ ...right, preferred_username: name, nonce }))
      expect(arrived.status).toBe(303)
    },
  )

  test.each([
    ['with control characters in the name', { preferred_username: 'A\u0007' }],
    ['with ten kilobytes of name', { preferred_username: 'A'.repeat(10_000) }],
    ['with a name of a filler that is drawn as nothing', { preferred_username: '\u3164' }],
    ['with a name of a combining mark', { preferred_username: '\u0301' }],
    ['with a tower of marks in the name', { preferred_username: `A${'\u0f74'.repeat(20)}` }],
    ['with a name of brackets', { preferred_username: 'A】已处理' }],
    ['with a numbered merchant', { role: 'merchant', merchant: 1001 }],
    ['with an empty merchant', { role: 'merchant', merchant: '' }],
    ['with a merchant with spaces', { role: 'merchant', merchant: ' m1' }],
    ['with two merchants', { role: 'merchant', merchant: ['m1', 'm2'] }],
    ['with a role by number', { role: 1 }],
    ['with no role in a list', { role: [] }],
    ['with a role in an object', { role: { platform: true } }],
  ])('%s leads to no room', async (_what, over) => {
    provider.stageUserinfo({ sub: 'a17' })
    const { arrived, person } = await arrive(nonce => provider.sign({ ...right, nonce, ...over }))
    expect([arrived.status, sessionOf(person)]).toEqual([403, undefined])
  })

  test('without the merchant is completed by the userinfo endpoint', async () => {
    provider.stageUserinfo({ sub: 'a17', merchant: 'm1' })
    const { arrived } = await arrive(nonce => provider.sign({ ...right, role: 'merchant', nonce }))
    expect(arrived.headers.get('location')).toBe('/merchant')
  })

  test('for several audiences is taken where it is issued to us', async () => {
    const aud = [CLIENT, 'another']
    const { arrived } = await arrive(nonce => provider.sign({ ...right, aud, azp: CLIENT, nonce }))
    expect(arrived.status).toBe(303)
    const stolen = await arrive(nonce => provider.sign({ ...right, aud, azp: 'another', nonce }))
    expect([stolen.arrived.status, sessionOf(stolen.person)]).toEqual([400, undefined])
  })

  test.each([
    ['of another client', { aud: 'another' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['with another nonce', { nonce: 'another' }],
    ['without a nonce', { nonce: undefined }],
    ['that has expired', { exp: exp - 600 }],
    ['without a subject', { sub: undefined }],
  ])('%s signs nobody in', async (_what, over) => {
    const { arrived, person } = await arrive(nonce => provider.sign({ ...right, nonce, ...over }))
    expect([arrived.status, sessionOf(person)]).toEqual([400, undefined])
  })

  test.each(['', 'AAAA'])('with the signature %j is refused', async signature => {
    const { arrived, person } = await arrive(async nonce =>
      (await provider.sign({ ...right, nonce })).replace(/[^.]*$/, signature),
    )
    expect([arrived.status, sessionOf(person)]).toEqual([400, undefined])
  })

  test('without a signature (alg none) is refused', async () => {
    const { arrived, person } = await arrive(async nonce => {
      const token = await provider.sign({ ...right, nonce })
      const none = Buffer.from('{"alg":"none"}').toString('base64url')
      return `${none}.${token.split('.')[1]}.`
    })
    expect([arrived.status, sessionOf(person)]).toEqual([400, undefined])
  })
})

describe('back-channel logout', () => {
  const EVENT = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const tell = (token: string) => {
    const body = new URLSearchParams({ logout_token: token }).toString()
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': `${body.length}` }
    return house.fetch('/signin/backchannel-logout', { method: 'POST', body, headers })
  }
  const exp = Math.floor(Date.now() / 1000) + 60
  const right = { sub: 'a17', jti: 'once', events: EVENT, exp }

  test('ends every session of that person at once, and no other', async () => {
    const [here, there] = [await signedIn('a17'), await signedIn('a17')]
    const other = await signedIn('s01')
    expect((await tell(await provider.sign(right))).status).toBe(200)
    expect([await roomOf(here.person), await roomOf(there.person), await roomOf(other.person)]).toEqual([
      null,
      null,
      '/desk',
    ])
  })

  test.each([
    ['an ID token', { nonce: 'n' }],
    ['no event', { events: {} }],
    ['another client', { aud: 'another' }],
    ['nobody', { sub: undefined }],
  ])('with %s ends nothing', async (_what, over) => {
    const { person } = await signedIn('a17')
    expect((await tell(await provider.sign({ ...right, ...over }))).status).toBe(400)
    expect(await roomOf(person)).toBe('/desk')
  })

  test('without a signature (alg none), or signed by another, ends nothing', async () => {
    const { person } = await signedIn('a17')
    const [, payload = '', signature = ''] = (await provider.sign(right)).split('.')
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const forged of [`${part({ alg: 'none' })}.${payload}.`, `${part({ alg: 'HS256' })}.${payload}.${signature}`])
      expect((await tell(forged)).status).toBe(400)
    expect(await roomOf(person)).toBe('/desk')
  })

  test('works without a Content-Length too', async () => {
    const { person } = await signedIn('a17')
    const body = new URLSearchParams({ logout_token: await provider.sign(right) }).toString()
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const reply = await house.fetch('/signin/backchannel-logout', { method: 'POST', body, headers })
    expect([reply.status, await roomOf(person)]).toEqual([200, null])
  })

  test('with a malformed token is refused', async () => {
    for (const token of ['', 'x', 'x'.repeat(19_000)]) expect((await tell(token)).status).toBe(400)
    expect((await tell('x'.repeat(30_000))).status).toBe(413)
  })
})

test('a provider that is down: a page says so, and the next sign-in retries', async () => {
  const port = await freePort()
  const lonely = await openTestHost(undefined, { oidc: await settings(`http://127.0.0.1:${port}`) })
  const page = await lonely.fetch('/signin/start', { headers: { Accept: 'text/html' } })
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '30'])
  expect(await page.text()).toContain('现在无法登录')
  const late = await openProvider(port)
  expect((await lonely.fetch('/signin/start')).headers.get('location')).toContain(late.issuer)
  await late.close()
  await lonely.close()
})

test('no claim and no token ever stood in a log line', () => {
  const all = logged.filter(line => /sign-in|identity provider/.test(line)).join('\n')
  expect(all).toMatch(/sign-in refused.*[\s\S]*cannot be asked/)
  expect(all).not.toMatch(/李娜|A17|eyJ|code=|state=/)
})
