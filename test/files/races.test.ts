import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FileStore } from '../../src/files/store.ts'
import { createServer } from '../../src/hosts/node/server.ts'
import { DemoClock } from '../../src/ledger/clock.ts'
import { makeSecrets, readSecrets } from '../../src/ledger/log/secrets.ts'
import { createApp } from '../../src/routes/app.ts'
import { hashKey } from '../../src/routes/authenticate.ts'
import { PROOF } from '../routes/scenes.ts'
import { hashOf, PNG, upload } from '../routes/uploads.ts'
import { START, type TestHost, TestServer } from '../support/server.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'tousu-races-'))
const opened = createServer({
  ...{ dataDir, secrets: await readSecrets(await makeSecrets()), clock: new DemoClock(START), signEveryMs: 0 },
  ...{ baseUrl: 'https://t.tousu.example', origin: 'log.test/0' },
})
const { ledger, deps } = opened
/** Holds what was just stored until it is told to go on. */
let held: Promise<void> | null = null
const files: FileStore = {
  ...deps.files,
  stage: async bytes => {
    const staged = await deps.files.stage(bytes)
    const keep: typeof staged.keep = async (...to) => {
      const [isNew, wait] = [await staged.keep(...to), held]
      held = null
      await wait
      return isNew
    }
    return { ...staged, keep }
  },
}
const app = createApp({ ...deps, files })
const door: Pick<TestHost, 'fetch' | 'keys'> = {
  fetch: async (path, init) => app.request(path, init),
  keys: { platform: 'key-of-the-platform', supervisor: '', merchant: 'key-of-merchant-m1', other: '' },
}
const house = new TestServer(door as TestHost)

beforeAll(async () => {
  await ledger.registry.addCredential(hashKey(door.keys.platform), { role: 'platform', name: 'platform' })
  await ledger.registry.addCredential(hashKey(door.keys.merchant), { role: 'merchant', merchant: 'm1', name: 'm1' })
})
afterAll(async () => {
  await opened.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('of two who hand in one photo at once, the one who is refused takes nothing from the other', async () => {
  const filed = await house.submit()
  const { body, headers } = await upload([['a.png', PNG]], PROOF)
  const post = () =>
    house.send(`/api/v1/complaints/${filed.id}/fulfilment`, body, { ...headers, ...house.bearer('merchant') })
  let goOn = () => {}
  held = new Promise(resolve => {
    goOn = resolve
  })
  const first = post()
  while (held !== null) await new Promise(resolve => setTimeout(resolve, 1))
  const second = await post()
  goOn()
  expect([second.status, (await first).status]).toEqual([201, 409])
  const kept = await house.get(`/api/v1/complaints/${filed.id}/files/${hashOf(PNG)}`, house.bearer('merchant'))
  expect(kept.status).toBe(200)
})

test('a request that comes again does not bring back a file that was erased', async () => {
  const filed = await house.submit()
  const { body, headers } = await upload([['a.png', PNG]])
  const post = () =>
    house.send(`${filed.room}/evidence`, body, { ...headers, 'Idempotency-Key': 'again', Accept: 'application/json' })
  const [first, stored] = [await post(), () => deps.files.get(filed.id, hashOf(PNG))]
  expect([first.status, await stored()]).toEqual([201, expect.anything()])
  const asked = { seq: 1, field: 'file1', reason: '不想留着' }
  expect((await house.asBuyer(filed, 'redaction-request', asked)).status).toBe(201)
  const erased = { ...asked, operator: 'A17' }
  expect((await house.asPlatform(filed, 'redactions', erased)).status).toBe(201)
  expect(await stored()).toBeNull()
  expect((await post()).status).toBe(201)
  expect(await stored()).toBeNull()
})
