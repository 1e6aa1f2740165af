import { expect, test } from 'vitest'
import { expectProblem, made, type Reply, SECRET, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

// A misspelt name would be lost without a word, and with it perhaps the human who answered.
const house = useServer()
const fieldsOf = (reply: Reply) => (expectProblem(reply, 422, 'unknown_field').errors ?? []).map(({ field }) => field)

test('a misspelt operator is refused, and nothing is recorded', async () => {
  const filed = await scenes.submitted(house)
  const { operator: operater, ...rest } = scenes.OFFER
  expect(fieldsOf(await house.asMerchant(filed, 'responses', { ...rest, operater }))).toEqual(['operater'])
  expect((await house.view(filed)).steps).toHaveLength(1)
})

test('every unknown field is named with its path; a name that is none is not repeated', async () => {
  const filed = await scenes.submitted(house)
  const at = (path: string, body: object, who: 'merchant' | 'platform' = 'merchant') =>
    house.post(`/api/v1/${path}`, body, house.bearer(who))
  const deep = { ...scenes.OFFER, offer: { kind: 'refund', amount: { value: '1', curency: 'CNY' }, rate: 1 }, x: {} }
  expect(fieldsOf(await house.asMerchant(filed, 'responses', deep))).toEqual([
    'offer.amount.curency',
    'offer.rate',
    'x',
  ])
  const odd = { text: '您好', [SECRET.phone]: 1, constructor: 1 }
  expect(fieldsOf(await house.asMerchant(filed, 'messages', odd))).toEqual(['', 'constructor'])
  expect(fieldsOf(await at('complaints', house.intake({ buyers: {} }), 'platform'))).toEqual(['buyers'])
  expect(fieldsOf(await at('complaints/search', { order: 'x' }))).toEqual(['order'])
  expect(fieldsOf(await at('webhooks', { url: 'https://erp.example.com/x', events: [] }))).toEqual(['events'])
  expect(fieldsOf(await house.asBuyer(filed, 'messages', { text: '在吗', operator: 'x' }))).toEqual(['operator'])
})

test('a misspelt field that is required is named beside the one that is missing', async () => {
  const filed = await scenes.submitted(house)
  const { errors } = expectProblem(await house.asMerchant(filed, 'messages', { txt: '您好' }), 422, 'invalid')
  expect(errors).toEqual([
    { field: 'text', code: 'required' },
    { field: 'txt', code: 'unknown' },
  ])
})

test.each([
  ['/api/v1/complaints?orderId=P26-100004', ['orderId']],
  ['/api/v1/complaints?state=&pageSize=9', ['pageSize']],
  ['/api/v1/complaints/ID?expand=steps', ['expand']],
  ['/api/v1/complaints/ID/receipt.json?v=2', ['v']],
  ['/api/v1/webhooks?limit=5', ['limit']],
  [`/api/v1/complaints?${SECRET.phone}=1`, ['']],
])('unknown query parameters of %s are refused', async (path, names) => {
  const { id } = await scenes.submitted(house)
  expect(fieldsOf(await house.get(path.replace('ID', id), house.bearer('merchant')))).toEqual(names)
})

test('the language is taken everywhere, and a multipart body is as strict', async () => {
  const filed = await scenes.submitted(house)
  expect((await house.get('/api/v1/complaints?lang=en', house.bearer('merchant'))).status).toBe(200)
  const form = new FormData()
  form.set('text', '见附件')
  form.set('operater', '李娜')
  expect(fieldsOf(await house.send(`/api/v1/complaints/${filed.id}/evidence`, form, house.bearer('merchant')))).toEqual(
    ['operater'],
  )
})

test('another merchant learns nothing of a complaint by what it misspells', async () => {
  const filed = await scenes.submitted(house)
  expectProblem(await house.as('other', filed, 'responses', { x: 1 }), 404, 'not_found')
})

test('an act without operator says that it counts as automated; one that says so itself, or names a person, does not', async () => {
  const filed = await scenes.submitted(house)
  const answer = async (by: object) => made(await house.asMerchant(filed, 'messages', { text: '您好', ...by }))
  const silent = await answer({})
  expect([silent.step.by.automated, silent.warnings?.map(({ code }) => code)]).toEqual([true, ['automated']])
  expect(await answer({ automated: true })).not.toHaveProperty('warnings')
  const named = await answer({ operator: '李娜' })
  expect([named.step.by.automated, named.step.fields.operator, named.warnings]).toEqual([false, '李娜', undefined])
})
