import { beforeAll, describe, expect, test } from 'vitest'
import { registryLedger } from '../../../src/routes/deps.ts'
import { type Signed, signIn } from '../../support/people.ts'
import { expectProblem, useServer } from '../../support/server.ts'

const house = useServer()
const page = { Accept: 'text/html' }
const ORIGIN = 'https://t.tousu.example'

/** Where the sign-in page sends somebody who is signed in already. */
const roomOf = async (person: Signed) => (await person.get('/signin')).headers.get('location')

describe('without a session', () => {
  test.each([
    ['/merchant', '/signin?to=%2Fmerchant'],
    ['/desk', '/signin?to=%2Fdesk'],
    ['/merchant/complaints/X?filter=late', '/signin?to=%2Fmerchant%2Fcomplaints%2FX%3Ffilter%3Dlate'],
  ])('%s asks to sign in and remembers the way', async (path, location) => {
    for (const Cookie of ['', '__Host-session=', '__Host-session=nobody', 'session=nobody; __Host-session=x']) {
      const reply = await house.get(path, { ...page, Cookie })
      expect([reply.status, reply.headers.get('location')]).toEqual([303, location])
      expect(reply.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('a form that is sent too late asks to sign in and leads to no address of a form', async () => {
    const reply = await house.send('/merchant/complaints/X/responses', '', { ...page, Origin: ORIGIN })
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/signin'])
  })

  test('a part of a page asks the whole page to sign in', async () => {
    const reply = await house.get('/merchant', { ...page, 'HX-Request': 'true' })
    expect([reply.status, reply.headers.get('hx-redirect')]).toEqual([401, '/signin?to=%2Fmerchant'])
  })
})

describe('with a session', () => {
  let merchant: Signed
  let officer: Signed
  beforeAll(async () => {
    merchant = await signIn(house, 'merchant')
    officer = await signIn(house, 'platform')
  })

  test('each comes to a room, and not to the other', async () => {
    expect([await roomOf(merchant), await roomOf(officer)]).toEqual(['/merchant', '/desk'])
    for (const [person, room, other] of [
      [merchant, '/merchant', '/desk'],
      [officer, '/desk', '/merchant'],
    ] as const) {
      const [own, foreign] = [await person.get(room), await person.get(other)]
      expect([own.status, foreign.status]).toEqual([200, 403])
      for (const { headers } of [own, foreign]) expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  test.each([
    ['/merchant/complaints', '/merchant/complaints'],
    ['/merchant?state=x', '/merchant?state=x'],
    ['/merchantile', '/merchant'],
    ['/desk', '/merchant'],
    ['//evil.example/merchant', '/merchant'],
    ['/\\evil.example/merchant', '/merchant'],
    ['https://evil.example/merchant', '/merchant'],
    ['/merchant/../..//evil.example', '/merchant'],
    ['/merchant\r\nX: y', '/merchantX:%20y'],
    ['javascript:alert(1)', '/merchant'],
    ['/signout', '/merchant'],
    [`/merchant/${'x'.repeat(600)}`, '/merchant'],
    [`/merchant/${'单'.repeat(100)}`, '/merchant'],
    ['/%5cevil.example', '/merchant'],
    ['/signin?to=/signin?to=/merchant', '/merchant'],
  ])('the way on to %j leads to %s', async (to, location) => {
    const reply = await merchant.get(`/signin?to=${encodeURIComponent(to)}`)
    const led = reply.headers.get('location') ?? ''
    expect(reply.status).toBe(303)
    expect(new URL(led, ORIGIN).origin).toBe(ORIGIN)
    expect([location, '/merchant']).toContain(led)
  })

  test('eight hours, and no longer', async () => {
    const late = await signIn(house, 'merchant')
    await house.advance(7.9)
    expect(await roomOf(late)).toBe('/merchant')
    await house.advance(0.2)
    expect(await roomOf(late)).toBeNull()
  })

  test('one session or all of a person end at once', async () => {
    const subject = 'idp somebody'
    const [one, two] = [await signIn(house, 'platform', { subject }), await signIn(house, 'platform', { subject })]
    const other = await signIn(house, 'platform', { subject: 'idp somebody else' })
    const out = await one.post('/signout', {})
    expect(out.status).toBe(200)
    expect(out.headers.get('set-cookie')).toMatch(
      /^__Host-session=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect([await roomOf(one), await roomOf(two)]).toEqual([null, '/desk'])
    await registryLedger(house.door.deps).registry.endSessionsOf(subject)
    expect([await roomOf(two), await roomOf(other)]).toEqual([null, '/desk'])
  })
})

describe('a form from elsewhere', () => {
  const FOREIGN: [string, Record<string, string>][] = [
    ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['another site, of which the browser only says the origin', { Origin: 'https://evil.example' }],
    ['a neighbour', { Origin: 'https://shop.tousu.example', 'Sec-Fetch-Site': 'same-site' }],
    ['our name on http', { Origin: 'http://t.tousu.example' }],
    ['another port', { Origin: 'https://t.tousu.example:8443' }],
    ['a name that ours begins', { Origin: 'https://t.tousu.example.evil.example' }],
    ['a sandbox', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }],
    ['a sandbox, without more', { Origin: 'null' }],
    ['nobody says where', {}],
    ['a lie beside the truth', { Origin: ORIGIN, 'Sec-Fetch-Site': 'cross-site' }],
    ['a bookmark', { 'Sec-Fetch-Site': 'none' }],
  ]
  test.each(FOREIGN)('from %s changes nothing', async (_from, from) => {
    const person = await signIn(house, 'merchant')
    const sent = { Cookie: person.cookie, 'Content-Type': 'application/x-www-form-urlencoded', ...page, ...from }
    for (const path of ['/signout', '/merchant/complaints/X/responses', '/desk/complaints/X/rulings']) {
      const reply = await house.send(path, 'answer=offer', sent)
      expect([path, reply.status, reply.headers.get('cache-control')]).toEqual([path, 403, 'no-store'])
      expect(reply.text).toContain('没有被接受')
      expectProblem(await house.send(path, '{}', { ...sent, Accept: 'application/json' }), 403, 'foreign_origin')
    }
    expect(await roomOf(person)).toBe('/merchant')
  })

  test.each([
    ['its origin', { Origin: ORIGIN }],
    ['fetch metadata', { 'Sec-Fetch-Site': 'same-origin' }],
    ['fetch metadata, and a web view’s null', { 'Sec-Fetch-Site': 'same-origin', Origin: 'null' }],
  ])('one of ours is known by %s', async (_by, from) => {
    const person = await signIn(house, 'merchant')
    expect((await house.send('/signout', '', { Cookie: person.cookie, ...page, ...from })).status).toBe(200)
    expect(await roomOf(person)).toBeNull()
  })
})
