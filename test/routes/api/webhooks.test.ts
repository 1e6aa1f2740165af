import * as v from 'valibot'
import { expect, test } from 'vitest'
import { expectProblem, type Reply, useServer } from '../../support/server.ts'

const house = useServer()
const ROOM = '/api/v1/webhooks'

const Endpoint = v.object({
  id: v.string(),
  url: v.string(),
  disabledAt: v.nullable(v.string()),
  secret: v.optional(v.string()),
})
const endpointIn = (reply: Reply) => v.parse(Endpoint, JSON.parse(reply.text))
const itemsIn = (reply: Reply) => v.parse(v.object({ items: v.array(v.looseObject({})) }), JSON.parse(reply.text)).items

const merchant = () => house.bearer('merchant')
const add = async (url: string) => {
  const reply = await house.post(ROOM, { url }, merchant())
  expect(reply.status, reply.text).toBe(201)
  return endpointIn(reply)
}

test('a merchant adds an endpoint, changes its secret and takes it away', async () => {
  const { id, secret, url } = await add('https://erp.example.com/a')
  expect([url, secret?.startsWith('whsec_')]).toEqual(['https://erp.example.com/a', true])
  expect(endpointIn(await house.post(ROOM, { url }, merchant()))).toMatchObject({ id, secret })
  const rotated = endpointIn(await house.post(`${ROOM}/${id}/secret-rotations`, {}, merchant()))
  expect(rotated.secret).not.toBe(secret)
  const listed = await house.get(ROOM, merchant())
  expect(itemsIn(listed)).toMatchObject([{ id, url }])
  expect(listed.text).not.toContain('whsec_')
  expect((await house.send(`${ROOM}/${id}`, '', merchant(), 'DELETE')).status).toBe(204)
  expect(itemsIn(await house.get(ROOM, merchant()))).toEqual([])
})

test('each step is delivered, listed, and sent again when the merchant asks', async () => {
  const { id } = await add('https://erp.example.com/b')
  const filed = await house.submit()
  const deliveries = `${ROOM}/${id}/deliveries`
  const [newest] = itemsIn(await house.get(deliveries, merchant()))
  expect(newest).toMatchObject({ complaint: filed.id, seq: 0, outcome: null })
  expect(JSON.stringify(newest)).not.toMatch(/phone|name|text/)
  expect((await house.post(`${deliveries}/${newest?.id}/resends`, {}, merchant())).status).toBe(202)
  for (const unknown of ['0', '999999', 'x', '-1']) {
    expectProblem(await house.post(`${deliveries}/${unknown}/resends`, {}, merchant()), 404, 'not_found')
  }
  expect((await house.post(`${ROOM}/${id}/activation`, {}, merchant())).status).toBe(204)
  await house.send(`${ROOM}/${id}`, '', merchant(), 'DELETE')
})

test('another merchant’s endpoint is not there, and the platform has none', async () => {
  const { id } = await add('https://erp.example.com/c')
  const other = house.bearer('other')
  expectProblem(await house.get(`${ROOM}/${id}/deliveries`, other), 404, 'not_found')
  for (const act of ['secret-rotations', 'activation']) {
    expectProblem(await house.post(`${ROOM}/${id}/${act}`, {}, other), 404, 'not_found')
  }
  expectProblem(await house.send(`${ROOM}/${id}`, '', other, 'DELETE'), 404, 'not_found')
  expectProblem(await house.get(ROOM, house.bearer('platform')), 403, 'not_yours')
  expectProblem(await house.get(ROOM), 401, 'unauthorized')
  await house.send(`${ROOM}/${id}`, '', merchant(), 'DELETE')
})

test.each([
  ['http://erp.example.com/', 'url'],
  ['https://127.0.0.1/', 'url'],
  ['https://[fd00::1]/', 'url'],
  ['https://metadata.internal/', 'url'],
  ['https://me:pass@erp.example.com/', 'url'],
  ['javascript:alert(1)', 'url'],
  ['', 'url'],
])('%s is no endpoint', async (url, code) => {
  const { errors } = expectProblem(await house.post(ROOM, { url }, merchant()), 422, 'invalid')
  expect(errors).toEqual([{ field: 'url', code }])
})

test('ten endpoints, and no more', async () => {
  const ids: string[] = []
  for (let i = 0; i < 10; i++) ids.push((await add(`https://erp.example.com/${i}`)).id)
  expectProblem(await house.post(ROOM, { url: 'https://erp.example.com/11' }, merchant()), 409, 'too_many_endpoints')
  for (const id of ids) await house.send(`${ROOM}/${id}`, '', merchant(), 'DELETE')
})

test('a test event is asked for by its merchant alone, and is listed as about no complaint', async () => {
  const { id } = await add('https://erp.example.com/test-event')
  expect((await house.post(`${ROOM}/${id}/test`, {}, merchant())).status).toBe(202)
  expectProblem(await house.post(`${ROOM}/${id}/test`, {}, house.bearer('other')), 404, 'not_found')
  expect(itemsIn(await house.get(`${ROOM}/${id}/deliveries`, merchant()))).toMatchObject([{ complaint: null, seq: 0 }])
  const [mine] = itemsIn(await house.get(ROOM, merchant())).filter(each => each.id === id)
  expect(mine).toMatchObject({ status: expect.stringMatching(/^(untried|working|failing)$/) })
})
