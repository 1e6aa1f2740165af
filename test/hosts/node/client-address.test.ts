import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { LOCAL_NETWORKS } from '../../../src/config/schema.ts'
import { readNodeSettings } from '../../../src/config/settings.ts'
import { nodeClientAddress } from '../../../src/hosts/node/server.ts'
import { serve } from '../../support/serve.ts'

/** What the app takes for the client of a connection from `peer`. */
const client = async (peer: string | undefined, forwarded?: string, trusted = LOCAL_NETWORKS) => {
  const addressOf = nodeClientAddress(trusted)
  const app = new Hono().get('/', c => c.json(addressOf(c) ?? null))
  const env = peer === undefined ? undefined : { incoming: { socket: { remoteAddress: peer } } }
  const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded }
  return (await app.request('/', { headers }, env)).json()
}

describe('without a proxy', () => {
  test.each(['203.0.113.7', '2001:db8::7'])('%s is the client, whatever it says of others', async peer => {
    expect(await client(peer, '198.51.100.1')).toBe(peer)
  })
  test('an IPv4 client of a socket for both families is the IPv4 address', async () => {
    expect(await client('::ffff:203.0.113.7', '198.51.100.1')).toBe('203.0.113.7')
  })
  test('a neighbour that forwards nothing is not told apart from a proxy', async () => {
    expect(await client('127.0.0.1')).toBeNull()
    expect(await client('192.168.1.20', '')).toBeNull()
  })
})

describe('behind a proxy', () => {
  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '172.17.0.1', '10.1.2.3', '100.64.0.9', 'fd00::1'])(
    '%s is believed',
    async peer => {
      expect(await client(peer, '203.0.113.7')).toBe('203.0.113.7')
    },
  )
  test.each([
    ['what the client wrote before it is not', '198.51.100.1, 10.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['a chain of our own proxies is passed over', '198.51.100.1, 203.0.113.7, 10.0.0.1', '203.0.113.7'],
    ['a client on a private network is the first', '192.168.1.5, 10.0.0.1', '192.168.1.5'],
    ['no address is none', 'unknown', null],
    ['nor is half of one', '203.0.113.7, evil', null],
    ['IPv6', '2001:db8::7', '2001:db8::7'],
  ])('%s', async (_what, forwarded, address) => {
    expect(await client('127.0.0.1', forwarded)).toBe(address)
  })
  test('a proxy that no setting names is a client', async () => {
    expect(await client('127.0.0.1', '203.0.113.7', ['192.0.2.1'])).toBe('127.0.0.1')
    expect(await client('192.0.2.1', '203.0.113.7', ['192.0.2.1'])).toBe('203.0.113.7')
  })
})

test('a real server hands the address of its socket on', async () => {
  const addressOf = nodeClientAddress(['192.0.2.1'])
  const app = new Hono().get('/', c => c.json(addressOf(c) ?? null))
  const { server, origin } = await serve(app)
  expect(await (await fetch(origin, { headers: { 'X-Forwarded-For': '203.0.113.7' } })).json()).toBe('127.0.0.1')
  server.close()
})

describe('TOUSU_TRUSTED_PROXIES', () => {
  test('is a list; local networks unless it is set', async () => {
    expect((await readNodeSettings({})).trustedProxies).toEqual(LOCAL_NETWORKS)
    const { trustedProxies } = await readNodeSettings({ TOUSU_TRUSTED_PROXIES: '192.0.2.1,2001:db8::/32, 10.0.0.0/8' })
    expect(trustedProxies).toEqual(['192.0.2.1', '2001:db8::/32', '10.0.0.0/8'])
    expect(await client('2001:db8::9', '203.0.113.7', trustedProxies)).toBe('203.0.113.7')
  })
  test.each([
    'proxy',
    '10.0.0',
    '10.0.0.0/33',
    '300.1.1.1',
    '010.0.0.1',
    '10.0.0.1;',
    '::/129',
    '1::2::3',
    '10.0.0.0/8/8',
  ])('%s is no list of networks', async text => {
    await expect(readNodeSettings({ TOUSU_TRUSTED_PROXIES: text })).rejects.toThrow(
      'TOUSU_TRUSTED_PROXIES is not a list like',
    )
  })
})
