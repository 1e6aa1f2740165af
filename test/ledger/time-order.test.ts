import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { makeSecrets, readSecrets } from '../../src/ledger/log/secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'tousu-order-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a clock step and the command that follows it are dated in their order, however slow the machine', async () => {
  let now = Date.UTC(2026, 2, 2)
  // Every look at this clock costs a second, as if the machine had been busy in between.
  const clock = { now: () => (now += 1000) }
  const secrets = await readSecrets(await makeSecrets())
  const host = openNodeHost(folder)
  const ledger = new LocalLedger({ host, secrets, policy: document, origin: 'order.invalid/log/0', clock })
  const done = await ledger.execute({
    act: 'submit',
    complaint: null,
    by: { role: 'buyer', automated: false },
    body: {
      orderId: 'o1',
      merchantId: 'm1',
      merchantName: '店',
      buyer: { name: '王', phone: '13800000000' },
      category: 'quality',
      statement: '坏了',
      locale: 'zh-CN',
    },
  })
  if ('refused' in done) throw new Error(done.refused)
  now += 60 * 3_600_000
  await ledger.execute({
    act: 'messages',
    complaint: done.id,
    by: { role: 'buyer', automated: false },
    body: { text: '还在吗' },
  })
  const steps = (await ledger.read(done.id))?.entries.map(entry => entry.step) ?? []
  expect(steps.map(step => step.kind)).toEqual(['submitted', 'deadline_missed', 'message_added'])
  expect(steps.map(step => step.at)).toEqual(steps.map(step => step.at).toSorted((a, b) => a - b))
  await ledger.close()
})
