import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHost, TestServer } from '../support/server.ts'

let server: TestServer<Awaited<ReturnType<typeof openTestHost>>>
beforeAll(async () => {
  server = new TestServer(await openTestHost(undefined, { demo: false }))
})
afterAll(() => server.door.close())

test.each(['/demo', '/demo.json', '/demo/phone', '/demo/shop', '/gallery', '/gallery/front'])(
  'live mode: there is no %s',
  async path => {
    expect((await server.get(path, { Accept: 'text/html' })).status).toBe(404)
  },
)

test.each(['/demo/clock', '/demo/signin', '/demo/shop'])('live mode: nothing is posted to %s', async path => {
  const headers = { Origin: 'https://t.tousu.example', 'Sec-Fetch-Site': 'same-origin' }
  const reply = await server.post(path, { advanceHours: 1, role: 'supervisor' }, headers)
  expect([reply.status, reply.headers.get('set-cookie')]).toEqual([404, null])
})
