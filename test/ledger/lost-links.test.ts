import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createServer } from '../../src/hosts/node/server.ts'
import { DemoClock } from '../../src/ledger/clock.ts'
import { makeSecrets, readSecrets } from '../../src/ledger/log/secrets.ts'
import { hashKey } from '../../src/routes/authenticate.ts'
import { START, type TestHost, TestServer } from '../support/server.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'tousu-lost-'))
const opened = createServer({
  ...{ dataDir, secrets: await readSecrets(await makeSecrets()), clock: new DemoClock(START), signEveryMs: 0 },
  ...{ baseUrl: 'https://t.tousu.example', origin: 'log.test/0' },
})
const { ledger } = opened
const door: Pick<TestHost, 'fetch' | 'keys'> = {
  fetch: async (path, init) => opened.app.request(path, init),
  keys: { platform: 'key-of-the-platform', supervisor: '', merchant: '', other: '' },
}
const house = new TestServer(door as TestHost)

beforeAll(() => ledger.registry.addCredential(hashKey(door.keys.platform), { role: 'platform', name: 'platform' }))
afterAll(async () => {
  await opened.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** How often the disk is waited for: what a stopwatch at the other end would tell. */
const waits = async (body: object): Promise<number> => {
  const spies = [vi.spyOn(ledger, 'resend'), vi.spyOn(ledger.registry, 'recordAttempt')]
  expect((await house.post('/pickup/resend', body)).status).toBe(202)
  const calls = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
  for (const spy of spies) spy.mockRestore()
  return calls
}

test('an order that does not exist takes as long as one that does', async () => {
  const phone = '13700004444'
  await house.submit({ orderId: 'lost-1', buyer: { name: '张三', phone } })
  const found = await waits({ orderId: 'lost-1', phone })
  expect(await waits({ orderId: 'lost-2', phone: '13700005555' })).toBe(found)
})
