import { type AddressInfo, connect } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Filed, useServer } from '../support/server.ts'

// What only a real socket can do wrong. The console stays silent here too.
const house = useServer()
const server = createAdaptorServer({ fetch: request => house.door.app.fetch(request) })
let port: number
let filed: Filed
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, resolve))
  port = (server.address() as AddressInfo).port
  filed = await house.submit()
})
afterAll(() => new Promise(resolve => server.close(resolve)))

/** Writes bytes as they are, and answers the status line; empty when the other side only hung up. */
const raw = (text: string, hangUpAfterMs = 2000): Promise<string> =>
  new Promise(resolve => {
    const socket = connect(port, 'localhost')
    let answer = ''
    socket.on('data', bytes => {
      answer += bytes
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''))
    socket.write(text)
    setTimeout(() => socket.destroy(), hangUpAfterMs)
  })
const post = (headers: string, body = '') =>
  `POST ${filed.room}/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n${headers}\r\n\r\n${body}`

test('a sender who hangs up half way records nothing and is no fault of ours', async () => {
  await raw(post('Content-Length: 500', '{"text":"half'), 100)
  await raw(post('Transfer-Encoding: chunked', '5\r\n{"tex'), 100)
  expect((await house.view(filed)).steps).toHaveLength(1)
})

test.each([
  ['a negative length', 'Content-Length: -1'],
  ['two lengths', 'Content-Length: 2\r\nContent-Length: 3'],
  ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked'],
])('%s is refused', async (_name, headers) => {
  expect(await raw(post(headers, '{}'))).toContain(' 400 ')
})

test('a body without end is cut off, whatever length was announced', async () => {
  const body = new ReadableStream({ pull: controller => controller.enqueue(new Uint8Array(65_536).fill(32)) })
  const headers = { 'Content-Type': 'application/json' }
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
  const response = await fetch(`http://localhost:${port}${filed.room}/messages`, init)
  expect(response.status).toBe(413)
})

test('links lead where the house says it stands, whatever Host is sent', async () => {
  const sms = house.door.deps.baseUrl
  expect(filed.trackingUrl.startsWith(`${sms}/t/`)).toBe(true)
  expect(await raw(`GET ${filed.room} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)).toContain(' 200 ')
  expect(await raw(`GET http://evil.example${filed.room} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toContain(
    ' 200 ',
  )
})

test('forty posts at once are forty steps', async () => {
  const url = `http://localhost:${port}${filed.room}/messages`
  const headers = { 'Content-Type': 'application/json' }
  const said = Array.from({ length: 40 }, (_, i) =>
    fetch(url, { method: 'POST', headers, body: `{"text":"第${i}句"}` }),
  )
  expect(new Set((await Promise.all(said)).map(({ status }) => status))).toEqual(new Set([201]))
  const { steps } = await house.view(filed)
  expect(new Set(steps.map(({ fields }) => fields.text)).size).toBe(41)
})
