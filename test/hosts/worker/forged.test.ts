import { env, listDurableObjectIds } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { makeSecrets, readSecrets } from '../../../src/ledger/log/secrets.ts'
import { signLink } from '../../../src/link/token.ts'
import { filed, front } from './front.ts'

const html = { headers: { Accept: 'text/html' } }

const forged = async () => {
  const own = await readSecrets(JSON.parse(env.TOUSU_SECRETS ?? ''))
  const { links } = await readSecrets(await makeSecrets())
  const good = signLink({ id: 12345, scope: 'act', epoch: 0 }, own.links)
  return {
    'signed with another key': signLink({ id: 12345, scope: 'act', epoch: 0 }, links),
    'altered in its id': `${good[0] === 'A' ? 'B' : 'A'}${good.slice(1)}`,
    'altered in its scope': `${good.slice(0, 24)}${good[24] === 'G' ? '0' : 'G'}`,
    'too short': good.slice(0, 24),
    'of dashes': '-'.repeat(25),
    'in another alphabet': `${good.slice(0, 23)}=0`,
  }
}

describe.each(['live', 'demo'])('a forged link, %s', mode => {
  test.each([
    ['GET', ''],
    ['GET', '/receipt.json'],
    ['POST', '/confirmation'],
  ])('%s asks nothing of any object, and wakes none', async (method, rest) => {
    const namespace = mode === 'live' ? env.LIVE : env.SHARD
    const { fetch, calls } = front({ TOUSU_MODE: mode, SHARD: namespace })
    for (const [how, token] of Object.entries(await forged())) {
      const answer = await fetch(`/t/${token}${rest}`, { ...html, method })
      expect(answer.status, how).toBe(404)
    }
    expect(calls).toEqual([])
    expect(await listDurableObjectIds(namespace)).toEqual([])
    expect(await listDurableObjectIds(env.NOTES)).toEqual([])
  })
})

test('a link to a shard that does not exist wakes nothing either', async () => {
  const { links } = await readSecrets(JSON.parse(env.TOUSU_SECRETS ?? ''))
  const { fetch, calls } = front()
  const token = signLink({ id: 7 * 2 ** 40 + 1, scope: 'act', epoch: 0 }, links)
  expect((await fetch(`/t/${token}`, html)).status).toBe(404)
  expect(calls).toEqual([])
})

test('a page in the cache (304) costs one call', async () => {
  const server = front()
  const { room } = await filed(server)
  server.calls.length = 0
  await server.fetch(room, html)
  // Incidents are asked for once in ten seconds (`routes/incidents.ts`).
  expect(server.calls).toEqual(['0 head', '0 invoke', '0 read'])
  // Whoever asks twice fills the cache.
  const second = await server.fetch(room, html)
  server.calls.length = 0
  const third = await server.fetch(room, html)
  expect(await third.text()).toBe(await second.text())
  expect(server.calls).toEqual(['0 head'])
  const known = { Accept: 'text/html', 'If-None-Match': third.headers.get('etag') ?? '' }
  expect((await server.fetch(room, { headers: known })).status).toBe(304)
})
