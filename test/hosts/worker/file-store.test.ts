import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { DAY } from '../../../src/complaint/time.ts'
import { bucketStore } from '../../../src/hosts/worker/file-store.ts'
import { hashOf, PDF, PNG } from '../../routes/uploads.ts'
import { front, submit } from './front.ts'

const keysUnder = async (prefix: string) => (await env.FILES.list({ prefix })).objects.map(({ key }) => key)

test('evidence: an upload becomes a complaint’s file when it is kept, and can be kept again until it is discarded', async () => {
  const store = bucketStore(env.FILES)
  const [complaint, sha256] = ['ABCDEFGHJK', hashOf(PNG)]
  const staged = await store.stage(PNG)
  expect(await store.get(complaint, sha256)).toBeNull()
  expect([await staged.keep(complaint, sha256), await staged.keep(complaint, sha256)]).toEqual([true, false])
  await store.remove(complaint, sha256)
  expect(await staged.keep(complaint, sha256)).toBe(true)
  expect(await store.get(complaint, sha256)).toEqual(PNG)
  const other = await store.stage(PDF)
  await other.keep(complaint, hashOf(PDF))
  expect(await store.used(complaint)).toBe(PNG.length + PDF.length)
  expect(await store.used('ABCDEFGHJ')).toBe(0)
  for (const each of [staged, other]) await each.discard()
  expect(await keysUnder('uploads/')).toEqual([])
})

test('orphaned files: what a Worker left goes after a day by the cron trigger, what a step refers to stays', async () => {
  const own = front()
  const { id } = (await (await submit(own)).json()) as { id: string }
  const store = bucketStore(env.FILES)
  for (const file of [PNG, PDF]) await (await store.stage(file)).keep(id, hashOf(file))
  await store.stage(PNG)
  const isReferred = async (_: string, sha256: string) => sha256 === hashOf(PNG)
  await store.sweep(Date.now() - 60_000, isReferred)
  expect([(await keysUnder('uploads/')).length, (await keysUnder(id)).length]).toEqual([5, 2])
  await store.sweep(Date.now() + 60_000, isReferred)
  expect([await keysUnder('uploads/'), await keysUnder(id)]).toEqual([[], [`${id}/${hashOf(PNG)}`]])
  // By the trigger the ledger is asked, and no step of this complaint refers to a file.
  const left = await store.stage(PDF)
  await left.keep(id, hashOf(PDF))
  await own.sweep(Date.now() + DAY - 60_000)
  expect(await keysUnder(id)).toHaveLength(2)
  await own.sweep(Date.now() + DAY + 60_000)
  expect([await keysUnder('uploads/'), await keysUnder(id)]).toEqual([[], [`${id}/${hashOf(PNG)}`]])
})
