import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { choosing } from '../../auth/choosing.ts'
import { front } from './front.ts'

test('a demo offers a choice of roles', async () => {
  await choosing(front({ TOUSU_MODE: 'demo', SHARD: env.SHARD }).fetch)
})

test('live mode has no role chooser', async () => {
  const { fetch } = front()
  const headers = { Origin: 'https://t.tousu.example', 'Content-Type': 'application/x-www-form-urlencoded' }
  const reply = await fetch('/demo/signin', { method: 'POST', body: 'role=supervisor', headers })
  expect([reply.status, reply.headers.get('set-cookie')]).toEqual([404, null])
  const page = await fetch('/signin', { headers: { Accept: 'text/html' } })
  expect([page.status, (await page.text()).includes('/demo/')]).toEqual([503, false])
})
