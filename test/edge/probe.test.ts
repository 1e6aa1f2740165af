import { env, runInDurableObject, evictDurableObject } from 'cloudflare:test'
import { test, expect } from 'vitest'
test('x', async () => {
  const stub = env.SHARD.get(env.SHARD.idFromName('0'))
  expect(await stub.readOnly()).toBeNull()
  await evictDurableObject(stub)
  await runInDurableObject(stub, (_i, state) => { console.log(state.id.name, [...state.storage.sql.exec('select sqlite_version() v')]) })
})
