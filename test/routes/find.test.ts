import { beforeAll, describe, expect, test } from 'vitest'
import { type Signed, signIn } from '../support/people.ts'
import { type Filed, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'

// The search box of both consoles: a post, so that no address ever holds what was looked for.
const house = useServer()
const PHONE = '13866667777'
const buyer = { name: '测试', phone: PHONE }
const ids = (text: string): string[] =>
  [...text.matchAll(/<a href="\/(?:merchant|desk)\/complaints\/([0-9A-Z]{10})"/g)].map(([, id]) => id ?? '')

let one: Filed
let two: Filed
let theirs: Filed
let clerk: Signed
let officer: Signed
beforeAll(async () => {
  one = await house.submit({ orderId: 'P26-100004', buyer })
  two = await house.submit({ orderId: 'P26-100005', buyer })
  theirs = await house.submit({ orderId: 'P26-100006', buyer, merchantId: 'm2' })
  for (let i = 0; i < 3; i++) await scenes.escalated(house)
  clerk = await signIn(house, 'merchant')
  officer = await signIn(house, 'platform')
})
const CONSOLES = [
  ['merchant', () => clerk],
  ['desk', () => officer],
] as const

describe.each(CONSOLES)('in /%s', (name, who) => {
  const find = (q: string) => who().post(`/${name}/search`, { q })

  test.each([
    ['its order', () => 'P26-100004'],
    ['its id, read aloud', () => one.id.toLowerCase().replace(/^.{5}/, '$& ').replaceAll('0', 'o')],
    [
      'full-width letters of an input method',
      () => one.id.replace(/[0-9A-Z]/g, c => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
    ],
  ])('one complaint is opened by %s', async (_, asked) => {
    const reply = await find(asked())
    expect([reply.status, reply.headers.get('location')]).toEqual([303, `/${name}/complaints/${one.id}`])
  })

  test('several are listed with the true total, and what was asked stands in the box and in no address', async () => {
    const reply = await find('138 6666 7777')
    expect(reply.status).toBe(200)
    const expected = name === 'desk' ? [one.id, two.id, theirs.id] : [one.id, two.id]
    expect(ids(reply.text)).toEqual(expected)
    expect(reply.text).toContain(`共 ${expected.length} 件`)
    expect(reply.text).toContain('value="138 6666 7777"')
    for (const [, address] of reply.text.matchAll(/(?:href|action)="([^"]*)"/g)) expect(address).not.toMatch(/138|7777/)
  })

  test('nothing found is said, for nonsense too', async () => {
    for (const q of ['P26-999999', '', '   ', '*', '13866667770', 'x'.repeat(5000), `${one.id}0`]) {
      const reply = await find(q)
      expect([q.slice(0, 20), reply.status, ids(reply.text)]).toEqual([q.slice(0, 20), 200, []])
      expect(reply.text).toContain('没有找到')
    }
  })

  test('a form of another site finds nothing, and the address of the form leads to the list', async () => {
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    expect((await who().post(`/${name}/search`, { q: 'P26-100004' }, foreign)).status).toBe(403)
    expect((await who().get(`/${name}/search`)).headers.get('location')).toBe(`/${name}`)
  })
})

test('a merchant finds its own alone', async () => {
  expect((await clerk.post('/merchant/search', { q: 'P26-100006' })).text).toContain('没有找到')
  expect((await clerk.post('/merchant/search', { q: theirs.id })).text).toContain('没有找到')
  const other = await signIn(house, 'other')
  const reply = await other.post('/merchant/search', { q: PHONE })
  expect(reply.headers.get('location')).toBe(`/merchant/complaints/${theirs.id}`)
})
