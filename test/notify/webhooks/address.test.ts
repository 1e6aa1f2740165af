import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isLoopback, isPublic, nodeWebhookClient } from '../../../src/hosts/node/webhook-client.ts'
import { endpointProblem } from '../../../src/notify/webhooks/deliver.ts'

test.each([
  ['https://erp.example.com/hooks?x=1', null],
  ['https://erp.example.com:8443/', null],
  ['http://erp.example.com/', 'not_https'],
  ['ftp://erp.example.com/', 'not_https'],
  ['https://user:secret@erp.example.com/', 'not_a_url'],
  ['https://erp.example.com/#x', 'not_a_url'],
  ['erp.example.com', 'not_a_url'],
  [`https://erp.example.com/${'x'.repeat(600)}`, 'not_a_url'],
  ['https://localhost/', 'not_public'],
  ['https://db.localhost./', 'not_public'],
  ['https://localhost../', 'not_public'],
  ['https://１２７.0.0.1/', 'not_public'],
  ['https://printer.local/', 'not_public'],
  ['https://vault.internal/', 'not_public'],
  ['https://redis.svc/', 'not_public'],
  ['https://erp/', 'not_public'],
  ['https://127.0.0.1/', 'not_public'],
  ['https://0x7f.1/', 'not_public'],
  ['https://2130706433/', 'not_public'],
  ['https://[::1]/', 'not_public'],
  ['https://[2001:4860:4860::8888]/', 'not_public'],
])('%s as an endpoint: %s', (url, problem) => {
  expect(endpointProblem(url)).toBe(problem)
})

test.each([
  ['http://localhost:9000/hook', null],
  ['http://127.0.0.1/', null],
  ['https://[::1]:8443/', null],
  ['http://2130706433/', null],
  ['http://localhost:9000/#x', 'not_a_url'],
  ['http://me:pass@localhost/', 'not_a_url'],
  ['http://erp.example.com/', 'not_https'],
  ['http://localhost.example.com/', 'not_https'],
  ['https://10.0.0.1/', 'not_public'],
  ['https://db.localhost/', 'not_public'],
  ['ftp://localhost/', 'not_https'],
])('%s as an endpoint of a demo on its own machine: %s', (url, problem) => {
  expect(endpointProblem(url, { loopback: true })).toBe(problem)
})

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['128.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['localhost', false],
])('%s is this machine’s own: %s', (address, own) => {
  expect(isLoopback(address)).toBe(own)
})

test.each([
  ['8.8.8.8', true],
  ['2001:4860:4860::8888', true],
  ['127.0.0.1', false],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['198.18.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::7f00:1', false],
  ['fe80::1', false],
  ['fc00::1', false],
  ['fd12:3456::1', false],
  ['ff02::1', false],
  ['2002:7f00:1::', false],
  ['2001:db8::1', false],
  ['fe80::1%eth0', false],
  ['', false],
  ['erp.example.com', false],
])('%s is anybody’s to reach: %s', (address, reachable) => {
  expect(isPublic(address)).toBe(reachable)
})

const seen: string[] = []
const server = createServer((request, response) => {
  seen.push(`${request.headers.host} ${request.url}`)
  if (request.url === '/redirect') response.writeHead(302, { Location: '/inside' }).end()
  else if (request.url !== '/slow') response.writeHead(204).end()
})
let port = 0
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

const LOOP = { address: '127.0.0.1', family: 4 }
const post = (poster: ReturnType<typeof nodeWebhookClient>, path: string, signal = AbortSignal.timeout(5000)) =>
  poster.post(`http://erp.example.com:${port}${path}`, { 'webhook-id': 'm' }, '{"a":"中"}', signal)

test('a name that leads to this machine is refused after it was resolved', async () => {
  const inside = nodeWebhookClient({ resolve: async () => [LOOP] })
  expect(await post(inside, '/inside')).toEqual({ failed: 'refused_address' })
  const mixed = nodeWebhookClient({ resolve: async () => [{ address: '8.8.8.8', family: 4 }, LOOP] })
  expect(await post(mixed, '/inside')).toEqual({ failed: 'refused_address' })
  const literal = `http://127.0.0.1:${port}/inside`
  expect(await nodeWebhookClient().post(literal, {}, '', AbortSignal.timeout(5000))).toEqual({
    failed: 'refused_address',
  })
  expect(seen).toEqual([])
})

test('a name that changes its mind is connected to where it was looked at', async () => {
  // TEST-NET-1 stands for a public address: nobody answers there.
  const answers = [[{ address: '192.0.2.1', family: 4 }], [LOOP]]
  let asked = 0
  const resolve = async () => answers[asked++] ?? [LOOP]
  const rebinding = nodeWebhookClient({ resolve, allow: address => address !== LOOP.address })
  expect(await post(rebinding, '/inside', AbortSignal.timeout(300))).toHaveProperty('failed')
  expect([asked, seen]).toEqual([1, []])
})

test('what may be reached is posted to, a redirect is an answer like another, and silence ends', async () => {
  const poster = nodeWebhookClient({ resolve: async () => [LOOP], allow: () => true })
  expect(await post(poster, '/hook')).toEqual({ status: 204 })
  expect(await post(poster, '/redirect')).toEqual({ status: 302 })
  expect(await post(poster, '/slow', AbortSignal.timeout(200))).toEqual({ failed: 'timeout' })
  expect(seen).toEqual(['/hook', '/redirect', '/slow'].map(path => `erp.example.com:${port} ${path}`))
  const nobody = nodeWebhookClient({ resolve: () => Promise.reject(new Error('ENOTFOUND')) })
  expect(await post(nobody, '/hook')).toEqual({ failed: 'unreachable' })
})
