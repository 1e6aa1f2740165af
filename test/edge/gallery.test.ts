import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { leafing } from '../gallery/leafing.ts'
import { front } from './front.ts'

test('a demo shows every specimen', async () => {
  await leafing(front({ TOUSU_MODE: 'demo', SHARD: env.SHARD }).fetch)
})

test('outside demo mode there is no gallery', async () => {
  const { fetch } = front()
  for (const path of ['/gallery', '/gallery/home']) expect((await fetch(path)).status).toBe(404)
})
