import { expect, test } from 'vitest'
import { verifyToken } from '../../../src/log/promise.ts'
import { verifyReceipt } from '../../../src/log/verify.ts'
import { expectProblem, HOUR, parseAs, SECRET, useServer } from '../../support/server.ts'
import { Submitted } from '../../support/shapes.ts'

const house = useServer()
const submit = (over: object = {}, headers: object = house.bearer('platform')) =>
  house.post('/api/v1/complaints', house.intake(over), { ...headers })

test('the platform submits and gets the link, the code, the clock and the receipt', async () => {
  const filed = parseAs(Submitted, await submit())
  expect(filed).toMatchObject({ state: 'awaiting_merchant', holder: { role: 'merchant', name: '花间集' } })
  const { complaint, steps } = await house.view({ room: new URL(filed.trackingUrl).pathname })
  expect(complaint).toMatchObject({ id: filed.id, due: filed.due, state: filed.state })
  expect(Date.parse(filed.due ?? '') - Date.parse(complaint.openedAt)).toBe(48 * HOUR)
  expect(steps).toMatchObject([{ seq: 0, kind: 'submitted', by: { role: 'buyer', name: SECRET.name } }])
  const policy = await house.get('/log/0/policy')
  expect(await verifyReceipt(filed.receipt, policy.text)).toMatchObject({ ok: true })
})

// Before other complaints of this phone: it gets two SMS a day.
test('the SMS goes to the buyer and holds the link that was answered', async () => {
  const filed = await house.submit()
  await house.advance(0)
  const sms = house.door.messages().filter(({ text }) => text.includes(filed.trackingUrl))
  expect(sms.map(({ to }) => to)).toEqual([SECRET.phone])
})

test('whoever submits holds a promise at once, which the receipt keeps, and the fingerprint of the SMS', async () => {
  const filed = parseAs(Submitted, await submit())
  expect(await verifyToken(filed.receipt, filed.promise)).toMatchObject({ name: 'promise', ok: true })
  expect(await verifyToken(filed.receipt, filed.fingerprint)).toMatchObject({ name: 'fingerprint', ok: true })
  const kept = await house.get(`${new URL(filed.trackingUrl).pathname}/promise.txt`)
  expect([kept.status, kept.text]).toEqual([200, `${filed.promise}\n`])
  expect(kept.headers.get('content-disposition')).toContain('promise.txt')
})

test('one open complaint for each order item', async () => {
  const order = { orderId: 'TB-1', item: 'a' }
  expect((await submit(order)).status).toBe(201)
  expectProblem(await submit(order), 409, 'already_open')
  expect((await submit({ ...order, item: 'b' })).status).toBe(201)
})

test('without a remedy sought, in another language, with an order number of any kind', async () => {
  const filed = await house.submit({ remedySought: undefined, locale: 'en', orderId: '#1001/2 甲', item: undefined })
  expect((await house.view(filed)).complaint.remedySought).toBeNull()
})

test.each([
  ['no key', {}, 401, 'unauthorized'],
  ['an unknown key', { Authorization: 'Bearer nobody-knows-this-key' }, 401, 'unauthorized'],
  ['a JWT where none is taken', { Authorization: `Bearer eyJhbGciOiJub25lIn0.e30.` }, 401, 'unauthorized'],
  ['basic credentials', { Authorization: 'Basic cGxhdGZvcm06eA==' }, 401, 'unauthorized'],
])('%s submits nothing', async (_name, headers, status, code) => {
  const reply = await submit({}, headers)
  expectProblem(reply, status, code)
  expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer /)
})

test('a merchant submits nothing', async () => {
  expectProblem(await submit({}, house.bearer('merchant')), 403, 'not_yours')
})

const BAD: readonly (readonly [field: string, over: object, code: string])[] = [
  ['orderId', { orderId: '' }, 'required'],
  ['orderId', { orderId: undefined }, 'required'],
  ['orderId', { orderId: 'x'.repeat(65) }, 'too_long'],
  ['merchantId', { merchantId: 'm1; drop' }, 'characters'],
  ['merchantName', { merchantName: '   ' }, 'required'],
  ['merchantName', { merchantName: '花间集\n【官方】' }, 'characters'],
  ['buyer.phone', { buyer: { name: '王', phone: 'call me' } }, 'phone'],
  ['buyer.name', { buyer: { phone: '13800000000' } }, 'required'],
  ['buyer', { buyer: 'somebody' }, 'other'],
  ['category', { category: 'whatever' }, 'choose'],
  ['category', { category: '__proto__' }, 'choose'],
  ['statement', { statement: 'x'.repeat(100_000) }, 'too_long'],
  ['statement', { statement: 'a\u0000b' }, 'characters'],
  ['statement', { statement: '退款\u202e款退' }, 'characters'],
  ['statement', { statement: '\ud800' }, 'characters'],
  ['statement', { statement: ['a'] }, 'required'],
  ['locale', { locale: 'xx' }, 'choose'],
  ['remedySought.kind', { remedySought: { kind: 'constructor' } }, 'choose'],
  ...['1e9', '-1', '00.1', '', '0', '0.00', '1.234', '１２', '99999999999', 'NaN', 89, null].map(
    value => ['remedySought.amount.value', { remedySought: { kind: 'refund', amount: { value } } }, 'amount'] as const,
  ),
  [
    'remedySought.amount.currency',
    { remedySought: { kind: 'refund', amount: { value: '1', currency: '¥' } } },
    'choose',
  ],
]
test.each(BAD)('a bad %s is named: %j', async (name, over, code) => {
  const { errors = [] } = expectProblem(await submit(over), 422, 'invalid')
  expect(errors).toContainEqual(expect.objectContaining({ field: name, code }))
})
