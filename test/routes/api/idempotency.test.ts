import { expect, test } from 'vitest'
import { expectProblem, made, parseAs, useServer } from '../../support/server.ts'
import { Submitted } from '../../support/shapes.ts'
import { JPEG, PNG, upload } from '../uploads.ts'

const house = useServer()
const key = (name: string) => ({ 'Idempotency-Key': name })
const text = { text: '您好', operator: '李娜' }

test('the same key and body get the first answer again, whatever came between', async () => {
  const filed = await house.submit()
  const first = await house.as('merchant', filed, 'messages', text, key('a'))
  await house.asBuyer(filed, 'confirmation')
  const again = await house.as('merchant', filed, 'messages', text, key('a'))
  expect([again.status, JSON.parse(again.text)]).toEqual([201, JSON.parse(first.text)])
  expect((await house.view(filed)).steps).toHaveLength(3)
})

test('the same key with another body, act or complaint is refused', async () => {
  const [filed, other] = [await house.submit(), await house.submit()]
  made(await house.as('merchant', filed, 'messages', text, key('b')))
  for (const reply of [
    await house.as('merchant', filed, 'messages', { ...text, text: '再见' }, key('b')),
    await house.as('merchant', filed, 'messages', { ...text, operator: '王' }, key('b')),
    await house.as('merchant', filed, 'evidence', text, key('b')),
    await house.as('merchant', other, 'messages', text, key('b')),
  ]) {
    expectProblem(reply, 422, 'key_reused')
  }
  expect((await house.view(filed)).steps).toHaveLength(2)
})

test('a key counts for its caller, and not for what was refused', async () => {
  const filed = await house.submit()
  made(await house.as('merchant', filed, 'messages', text, key('c')))
  made(await house.as('platform', filed, 'messages', text, key('c')))
  expectProblem(await house.as('merchant', filed, 'messages', {}, key('d')), 422, 'invalid')
  made(await house.as('merchant', filed, 'messages', text, key('d')))
})

test('files with the same name and size are not the same', async () => {
  const filed = await house.submit()
  const send = async (file: Uint8Array<ArrayBuffer>) => {
    const { body, headers } = await upload([['a.png', file]], text)
    const sent = { ...headers, ...house.bearer('merchant'), ...key('e') }
    return house.send(`/api/v1/complaints/${filed.id}/evidence`, body, sent)
  }
  made(await send(PNG))
  made(await send(PNG))
  expectProblem(await send(JPEG), 422, 'key_reused')
  expect((await house.view(filed)).steps).toHaveLength(2)
})

test('a hundred posts at once are one step', async () => {
  const filed = await house.submit()
  const posts = Array.from({ length: 100 }, () => house.as('merchant', filed, 'messages', text, key('f')))
  const replies = await Promise.all(posts)
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]))
  expect(new Set(replies.map(reply => made(reply).step.leaf)).size).toBe(1)
  expect((await house.view(filed)).steps).toHaveLength(2)
})

test('a hundred submissions at once are one complaint', async () => {
  const intake = house.intake()
  const headers = { ...house.bearer('platform'), ...key('g') }
  const posts = Array.from({ length: 100 }, () => house.post('/api/v1/complaints', intake, headers))
  const filed = (await Promise.all(posts)).map(reply => parseAs(Submitted, reply))
  const { id, trackingUrl, pickupCode } = filed[0]!
  for (const each of filed) expect(each).toMatchObject({ id, trackingUrl, pickupCode })
})

test('a buyer whose network broke may send the same post again', async () => {
  const filed = await house.submit()
  for (let i = 0; i < 3; i++) made(await house.asBuyer(filed, 'messages', { text: '在吗' }, key('h')))
  expect((await house.view(filed)).steps).toHaveLength(2)
})

test.each(['', 'x'.repeat(256), '键', 'a\tb'])('the key %j is none', async name => {
  const filed = await house.submit()
  const headers = new Headers({ 'Content-Type': 'application/json', ...house.bearer('merchant') })
  headers.set('Idempotency-Key', encodable(name))
  const path = `/api/v1/complaints/${filed.id}/messages`
  const response = await house.door.fetch(path, { method: 'POST', headers, body: JSON.stringify(text) })
  const reply = { status: response.status, headers: response.headers, text: await response.text() }
  expectProblem(reply, 422, 'idempotency_key')
})
/** Header values are bytes: as a client would send UTF-8. */
const encodable = (name: string) => String.fromCharCode(...new TextEncoder().encode(name))

test('an odd and deeply nested body with a key is refused like any other unknown field', async () => {
  const filed = await house.submit()
  const deep = `{"text":"您好","x":${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}}`
  expectProblem(await house.as('merchant', filed, 'messages', deep, key('i')), 422, 'unknown_field')
})
