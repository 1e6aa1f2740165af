import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newSecretKey, readSecretKey } from '../../src/cli/keys.ts'
import { addCheckpoint, Memory, witnessServer } from '../../src/cli/witness.ts'
import { createServer } from '../../src/hosts/node/server.ts'
import { systemClock } from '../../src/ledger/clock.ts'
import { readSecrets } from '../../src/ledger/log/secrets.ts'
import { fromBase64url } from '../../src/log/encoding.ts'
import { COSIGNATURE_V1, formatVerifierKey, verifierKey } from '../../src/log/note.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { linkUrl } from '../../src/routes/deps.ts'
import { done, people } from '../ledger/fixture.ts'
import { newFolder, ORIGIN } from '../ledger/node-host.ts'
import { newFile } from './keys.ts'

/** `tousu witness` at a real port. */
const openWitness = async (name: string, logKey: ReturnType<typeof verifierKey>) => {
  const { text } = await newSecretKey(`${name}.example/w1`, COSIGNATURE_V1)
  const key = await readSecretKey(text, COSIGNATURE_V1)
  if (!key) throw new Error('no key')
  const memory = Memory.open(join(newFolder(), 'memory'))
  const server = witnessServer(body => addCheckpoint(body, { key, logs: [logKey], memory, now: Date.now }))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
    memory.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return `witness ${name} ${formatVerifierKey(key.vkey)} http://127.0.0.1:${port}/`
}

test('the tracking page says how many have seen the newest step, and its receipt proves it', async () => {
  const file = await newFile()
  const logKey = verifierKey(ORIGIN, fromBase64url([file.note].flat()[0]!.x))
  const lines = [await openWitness('association', logKey), await openWitness('university', logKey)]
  const witnesses = [...lines, 'group both all association university', 'quorum both'].join('\n')
  const secrets = await readSecrets(file)
  const options = { dataDir: newFolder(), baseUrl: 'https://t.example', origin: ORIGIN, clock: systemClock }
  const house = createServer({ ...options, secrets, signEveryMs: 0, witnesses })
  onTestFinished(house.close)
  const ready = async () => (await house.app.request('/readyz')).status
  await expect.poll(ready).toBe(200)
  const { id } = done(await people(house.ledger).submit())
  const room = new URL(linkUrl(house.deps, id, 'act', 0)).pathname
  const page = async () => (await house.app.request(room)).text()
  expect(await page()).toMatch(/等待见证|2 方见证/)
  await expect.poll(page, { timeout: 10_000 }).toContain('2 方见证')
  const policy = await (await house.app.request('/log/0/policy')).text()
  const receipt = await (await house.app.request(`${room}/receipt.json`)).json()
  const { ok, checks } = await verifyReceipt(receipt, policy)
  expect(checks.filter(check => !check.ok)).toEqual([])
  expect(ok).toBe(true)
})
