import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { DAY } from '../../../src/complaint/time.ts'
import { objectFileStore } from '../../../src/files/store.ts'
import { bucketStore } from '../../../src/hosts/worker/bindings.ts'
import { testFileStore } from '../../files/store-contract.ts'
import { hashOf, PDF } from '../../routes/uploads.ts'
import { front, submit } from './front.ts'

const keysUnder = async (prefix: string) => (await env.FILES.list({ prefix })).objects.map(({ key }) => key)
const store = objectFileStore(bucketStore(env.FILES))

testFileStore(async () => ({ store, uploads: () => keysUnder('uploads/') }))

test('orphaned files: the cron trigger asks the ledger, a day after', async () => {
  const own = front()
  const { id } = (await (await submit(own)).json()) as { id: string }
  await (await store.stage(PDF)).keep(id, hashOf(PDF))
  await own.sweep(Date.now() + DAY - 60_000)
  expect(await keysUnder(id)).toHaveLength(1)
  await own.sweep(Date.now() + DAY + 60_000)
  expect([await keysUnder('uploads/'), await keysUnder(id)]).toEqual([[], []])
})
