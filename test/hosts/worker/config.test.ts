import { env, listDurableObjectIds } from 'cloudflare:test'
import { expect, test, vi } from 'vitest'
import document from '../../../db/policies/cn-2026-1.json' with { type: 'json' }
import type { Env } from '../../../src/hosts/worker/bindings.ts'
import { front } from './front.ts'

const without = (secrets: string, name: string) => JSON.stringify({ ...JSON.parse(secrets), [name]: undefined })
const secrets = env.TOUSU_SECRETS ?? ''

const withoutState = JSON.stringify({ ...document, times: { ...document.times, awaiting_buyer: undefined } })

const WRONG: [what: string, changes: Partial<Env>, said: string][] = [
  ['no secrets', { TOUSU_SECRETS: '' }, 'TOUSU_SECRETS is missing'],
  ['secrets cut short', { TOUSU_SECRETS: secrets.slice(0, 40) }, 'TOUSU_SECRETS: is not JSON'],
  ['no link key', { TOUSU_SECRETS: without(secrets, 'links') }, 'TOUSU_SECRETS: secrets: links is missing'],
  ['no note key', { TOUSU_SECRETS: without(secrets, 'note') }, 'TOUSU_SECRETS: secrets: note is missing'],
  ['another mode', { TOUSU_MODE: 'production' }, 'TOUSU_MODE is neither demo nor live'],
  ['no origin', { TOUSU_ORIGIN: '' }, 'TOUSU_ORIGIN is missing'],
  ['an origin with a scheme', { TOUSU_ORIGIN: 'https://t.example.cn/log' }, 'TOUSU_ORIGIN is not like'],
  ['no base URL', { BASE_URL: '' }, 'BASE_URL is missing'],
  ['a base URL with a path', { BASE_URL: 'https://t.example.cn/x' }, 'BASE_URL is not like'],
  ['no shards', { SHARDS: '0' }, 'SHARDS is not a number'],
  ['too many shards', { SHARDS: '257' }, 'SHARDS is not a number'],
  ['a short platform key', { TOUSU_PLATFORM_KEY: 'short' }, 'TOUSU_PLATFORM_KEY is shorter'],
  ['no such policy', { TOUSU_POLICY: 'cn-1999-1' }, 'TOUSU_POLICY: no policy of this name'],
  ['a policy without a state', { TOUSU_POLICY: withoutState }, 'deadline policy cn-2026-1: times.awaiting_buyer: '],
  ['half an identity provider', { TOUSU_ISSUER: 'https://id.example' }, 'TOUSU_AUDIENCE is missing'],
]

test.each(WRONG)('%s: one error that names it, and nothing is served', async (_what, changes, said) => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const { fetch, calls } = front(changes)
  for (const path of ['/', '/readyz', '/log/0/checkpoint']) {
    const answer = await fetch(path)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('30')
    expect(await answer.json()).toMatchObject({ code: 'unavailable', detail: expect.stringContaining(said) })
  }
  expect(calls).toEqual([])
  expect(await listDurableObjectIds(env.LIVE)).toEqual([])
  expect(log.mock.calls.flat().join(' ')).not.toContain(JSON.parse(secrets).tags)
  log.mockRestore()
})

test('settings that are right again are read again', async () => {
  vi.spyOn(console, 'error').mockReturnValueOnce()
  const { fetch, settings } = front({ TOUSU_SECRETS: '' })
  expect((await fetch('/readyz')).status).toBe(503)
  settings.TOUSU_SECRETS = secrets
  expect((await fetch('/readyz')).status).toBe(200)
})
