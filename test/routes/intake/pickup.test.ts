import { expect, test } from 'vitest'
import { expectProblem, type Reply, SECRET, useServer } from '../../support/server.ts'

const house = useServer()
const last4 = SECRET.phone.slice(-4)
const pickup = (code: string, digits = last4): Promise<Reply> => house.post('/pickup', { code, last4: digits })
const form = (path: string, fields: Record<string, string>): Promise<Reply> =>
  house.send(path, new URLSearchParams(fields).toString(), {
    'Content-Type': 'application/x-www-form-urlencoded',
    Accept: 'text/html',
  })
/** Until another SMS with the link may go out, by day: the clock of these tests reads the morning. */
const UNTIL_FRESH = 2.1
const face = ({ status, text }: Reply) => ({ status, text })

test('code and phone lead to the tracking page', async () => {
  const { pickupCode, trackingUrl } = await house.submit()
  expect(JSON.parse((await pickup(pickupCode)).text)).toEqual({ trackingUrl })
  const reply = await form('/pickup', { code: pickupCode, last4 })
  expect([reply.status, reply.headers.get('location')]).toEqual([303, trackingUrl])
})

test('as people type it: any case, dashes, O for 0 and I for 1', async () => {
  const { pickupCode } = await house.submit()
  const typed = pickupCode.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'i')
  expect((await pickup(`${typed.slice(0, 4)}-${typed.slice(4)} `)).status).toBe(200)
  const wide = (text: string) => text.replace(/[!-~]/g, each => String.fromCharCode(each.charCodeAt(0) + 0xfee0))
  expect((await pickup(wide(pickupCode), wide(last4))).status).toBe(200)
})

test('a wrong code and a wrong phone get the same answer', async () => {
  const { pickupCode } = await house.submit()
  const wrongPhone = await pickup(pickupCode, '0000')
  expectProblem(wrongPhone, 404, 'not_found')
  expect(face(await pickup('00000000'))).toEqual(face(wrongPhone))
  expect(face(await pickup('not-a-code'))).toEqual(face(wrongPhone))
  const page = await form('/pickup', { code: pickupCode, last4: '0000' })
  expect([page.status, page.text.includes('对不上')]).toEqual([404, true])
  expect((await form('/pickup', { code: '00000000', last4: '0000' })).status).toBe(404)
})

test('five wrong tries lock the code, the right one too, for a quarter of an hour', async () => {
  const { pickupCode } = await house.submit()
  for (let i = 0; i < 5; i++) expectProblem(await pickup(pickupCode, `000${i}`), 404, 'not_found')
  const locked = await pickup(pickupCode)
  expectProblem(locked, 429, 'too_many_attempts')
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await form('/pickup', { code: pickupCode, last4 })).status).toBe(429)
  expect((await pickup((await house.submit()).pickupCode)).status).toBe(200)
  await house.advance(0.26)
  expect((await pickup(pickupCode)).status).toBe(200)
})

test('a code that a stranger locked leaves its buyer the way by the order', async () => {
  const order = { orderId: 'locked-1', phone: '13700007777' }
  const { pickupCode, trackingUrl } = await house.submit({
    orderId: order.orderId,
    buyer: { name: SECRET.name, phone: order.phone },
  })
  for (let i = 0; i < 5; i++) expect((await pickup(pickupCode, '0000')).status).toBe(404)
  const page = await form('/pickup', { code: pickupCode, last4: '7777' })
  expect([page.status, page.text.includes('action="/pickup/by-order"')]).toEqual([429, true])
  // What is known without the phone opens nothing, and locks nothing either.
  const guesses = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      house.post('/pickup/by-order', { code: pickupCode, orderId: order.orderId, phone: `138${10_000_000 + i}` }),
    ),
  )
  for (const guess of guesses) expectProblem(guess, 404, 'not_found')
  const reply = await form('/pickup/by-order', { code: pickupCode, ...order })
  expect([reply.status, reply.headers.get('location')]).toEqual([303, trackingUrl])
  // The four digits stay locked, and another code is no more welcome with this order.
  expectProblem(await pickup(pickupCode, '7777'), 429, 'too_many_attempts')
  for (let i = 0; i < 5; i++) {
    expectProblem(await house.post('/pickup/by-order', { code: '00000000', ...order }), 404, 'not_found')
  }
  expectProblem(await house.post('/pickup/by-order', { code: pickupCode, ...order }), 429, 'too_many_attempts')
})

test('a code takes twenty wrong tries in a day', async () => {
  const { pickupCode } = await house.submit()
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 5; i++) expect((await pickup(pickupCode, '0000')).status).toBe(404)
    await house.advance(0.26)
  }
  expectProblem(await pickup(pickupCode, '0000'), 429, 'too_many_attempts')
  await house.advance(24)
  expect((await pickup(pickupCode)).status).toBe(200)
})

test('many tries at once get no more than five', async () => {
  const { pickupCode } = await house.submit()
  const replies = await Promise.all(Array.from({ length: 200 }, (_, i) => pickup(pickupCode, `${1000 + i}`)))
  expect(replies.filter(({ status }) => status === 404)).toHaveLength(5)
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(195)
})

test('a right try takes the wrong ones back', async () => {
  const { pickupCode } = await house.submit()
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 4; i++) expect((await pickup(pickupCode, '0000')).status).toBe(404)
    expect((await pickup(pickupCode)).status).toBe(200)
  }
})

test('the SMS comes again, and the answer is the same for an order that does not exist', async () => {
  const orderId = 'again-1'
  const phone = '13700001111'
  const { trackingUrl } = await house.submit({ orderId, buyer: { name: SECRET.name, phone } })
  await house.advance(UNTIL_FRESH)
  const sent = () => house.door.messages().filter(({ to, text }) => to === phone && text.includes(trackingUrl)).length
  const before = sent()
  const there = await house.post('/pickup/resend', { orderId, phone })
  expect(there.status).toBe(202)
  for (const other of [
    { orderId: 'again-2', phone: '13700001112' },
    { orderId, phone: '13700001113' },
  ]) {
    expect(face(await house.post('/pickup/resend', other))).toEqual(face(there))
  }
  await house.advance(0)
  expect(sent()).toBe(before + 1)
  const page = await form('/pickup/resend', { orderId, phone: '137 0000-1111' })
  expect(page.status).toBe(202)
  expect((await form('/pickup/resend', { orderId: 'no', phone: '13700001114' })).text).toBe(page.text)
})

test('nobody makes a phone ring all day', async () => {
  const ask = (orderId: string) => house.post('/pickup/resend', { orderId, phone: '13700002222' })
  for (let i = 0; i < 5; i++) expect((await ask('o9')).status).toBe(202)
  expectProblem(await ask('o9'), 429, 'too_many_attempts')
  for (const phone of ['+8613700002222', '8613700002222']) {
    expectProblem(await house.post('/pickup/resend', { orderId: 'o9', phone }), 429, 'too_many_attempts')
  }
})

test('who knows a phone and no order of it locks nobody out', async () => {
  const phone = '13700006666'
  await house.submit({ orderId: 'mine-1', buyer: { name: SECRET.name, phone } })
  for (let i = 0; i < 9; i++) {
    expect((await house.post('/pickup/resend', { orderId: `guess-${i}`, phone })).status).toBe(202)
  }
  expect((await house.post('/pickup/resend', { orderId: 'mine-1', phone })).status).toBe(202)
})

test('a phone is the same with its country code', async () => {
  const orderId = 'abroad-1'
  const phone = '+8613700003333'
  const { pickupCode } = await house.submit({ orderId, buyer: { name: SECRET.name, phone } })
  expect((await pickup(pickupCode, '3333')).status).toBe(200)
  await house.advance(UNTIL_FRESH)
  const sent = () => house.door.messages().filter(({ to }) => to === phone).length
  const before = sent()
  expect((await house.post('/pickup/resend', { orderId, phone: '13700003333' })).status).toBe(202)
  await house.advance(0)
  expect(sent()).toBe(before + 1)
})

test.each([
  [{}, 'code', 'required'],
  [{ code: 'x'.repeat(100_000), last4 }, 'code', 'too_long'],
  [{ code: '00000000', last4: '12345' }, 'last4', 'phone'],
  [{ code: '00000000', last4: '一二三四' }, 'last4', 'phone'],
  [{ code: 5, last4 }, 'code', 'required'],
])('%j is named', async (body, field, code) => {
  const { errors } = expectProblem(await house.post('/pickup', body), 422, 'invalid')
  expect(errors).toContainEqual(expect.objectContaining({ field, code }))
})

test('a form comes back with what was typed', async () => {
  const page = await form('/pickup', { code: '"><b>', last4: '' })
  expect([page.status, page.text.includes('value="&quot;&gt;&lt;b&gt;"')]).toEqual([422, true])
  const resend = await form('/pickup/resend', { orderId: 'TB-1', phone: '?' })
  expect([resend.status, resend.text.includes('value="TB-1"')]).toEqual([422, true])
})
