import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { bucketStore } from '../../../src/hosts/worker/file-store.ts'
import { hashOf, PDF, PNG } from '../../routes/uploads.ts'

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
