import { expect, test } from 'vitest'
import { PageCache } from '../../../src/routes/track/page-cache.ts'

const MB = 1024 * 1024
const page = (kilobytes: number) => async () => 'x'.repeat(kilobytes * 1024)

test('a page is kept when it is asked for again, not before', async () => {
  const cache = new PageCache()
  let rendered = 0
  const render = async () => `${++rendered}`
  const seen = []
  for (let i = 0; i < 4; i++) seen.push(new TextDecoder().decode((await cache.get('a', render)).bytes))
  expect(seen).toEqual(['1', '2', '2', '2'])
})

test('bounded in bytes: however many pages are asked for twice', async () => {
  const cache = new PageCache(2 * MB)
  for (let i = 0; i < 50; i++) for (let twice = 0; twice < 2; twice++) await cache.get(`${i}`, page(90))
  expect(cache.size).toBeLessThanOrEqual(2 * MB)
  expect(cache.size).toBeGreaterThan(1.8 * MB)
})

test('a page of a flooded complaint is never kept', async () => {
  const cache = new PageCache()
  for (let i = 0; i < 3; i++) await cache.get('a', page(200))
  expect(cache.size).toBe(0)
})
