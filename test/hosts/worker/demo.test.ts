import { env, evictDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { DemoFacts } from '../../../src/demo/replay.ts'
import { STORIES } from '../../../src/demo/stories.ts'
import { front } from './front.ts'

const demo = () => front({ TOUSU_MODE: 'demo', SHARD: env.SHARD })
const json = { headers: { Accept: 'application/json' } }
const factsOf = async ({ fetch } = demo()) => (await (await fetch('/demo.json')).json()) as DemoFacts

test('seeding happens once, also with concurrent first requests', async () => {
  const [first, ...others] = await Promise.all(Array.from({ length: 6 }, () => factsOf()))
  expect(first?.stories.map(({ name }) => name)).toEqual(STORIES.map(({ name }) => name))
  for (const each of others) expect(each).toEqual(first)
  await evictDurableObject(env.SHARD.get(env.SHARD.idFromName('0')))
  expect(await factsOf()).toEqual(first)
})

test('each story ends in its state', async () => {
  const { fetch } = demo()
  for (const { name, trackingUrl, shareUrl } of (await factsOf()).stories) {
    const { complaint } = (await (await fetch(new URL(trackingUrl).pathname, json)).json()) as {
      complaint: { state: string; holder: { role: string } | null }
    }
    const ends = STORIES.find(story => story.name === name)?.ends
    expect([name, complaint.state, complaint.holder?.role ?? null]).toEqual([name, ends?.state, ends?.holder])
    expect((await fetch(new URL(shareUrl).pathname)).status).toBe(200)
  }
})

test('the clock moves for every isolate, and stays moved', async () => {
  const [here, there] = [demo(), demo()]
  const move = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"advanceHours":1000}' }
  const before = Date.now()
  const { now } = (await (await here.fetch('/demo/clock', move)).json()) as { now: string }
  expect(Date.parse(now)).toBeGreaterThan(before + 999 * 3_600_000)
  await evictDurableObject(env.SHARD.get(env.SHARD.idFromName('0')))
  const [story] = (await factsOf()).stories
  const room = new URL(story?.trackingUrl ?? '').pathname
  const said = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"text":"还在吗"}' }
  const { step } = (await (await there.fetch(`${room}/messages`, said)).json()) as { step: { at: string } }
  expect(Date.parse(step.at)).toBeGreaterThanOrEqual(Date.parse(now))
})

test('404: a page, or problem details', async () => {
  const page = await demo().fetch('/nothing', { headers: { Accept: 'text/html' } })
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
  const problem = await demo().fetch('/demo/nothing', json)
  expect(await problem.json()).toMatchObject({ code: 'not_found' })
})
