// The longest call into the ledger while digests are sent: `node bench/outbox.ts [ROWS] [RECIPIENTS]`. All rows fall due at
// one instant, as after a quiet night; half are of one desk, the others of RECIPIENTS merchants.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { policyDocument } from '../src/config/schema.ts'
import { openNodeHost } from '../src/hosts/node/sqlite.ts'
import type { DigestMessage } from '../src/ledger/contract/outbox.ts'
import { LocalLedger } from '../src/ledger/local-ledger.ts'
import { makeSecrets, readSecrets } from '../src/ledger/log/secrets.ts'

const PAGE = 100

/** Milliseconds of the longest call of each kind by the clock, of this thread's CPU, and of all together. */
export const measureDigests = async (rows: number, recipients: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-outbox-'))
  const host = openNodeHost(folder)
  const secrets = await readSecrets(await makeSecrets())
  const ledger = new LocalLedger({
    host,
    secrets,
    policy: policyDocument(),
    origin: 'bench.invalid/log/0',
    signEveryMs: 0,
  })
  try {
    const done = await ledger.execute({
      act: 'submit',
      complaint: null,
      by: { role: 'buyer', automated: false },
      body: {
        orderId: 'B-1',
        merchantId: 'm1',
        merchantName: 'm1',
        buyer: { name: 'bench', phone: '13800000000' },
        category: 'quality',
        statement: 'bench',
        remedySought: { kind: 'refund', amount: { value: '1.00', currency: 'CNY' } },
        locale: 'en',
      },
    })
    if ('refused' in done) throw new Error(done.refused)
    const add = host.sqlite.prepare(
      `insert into outbox (complaint, seq, stay, created_at, attempts, party, recipient, template, next_at)
       values (?, 1, 1, 1, 0, ?, ?, 'reminder', 1)`,
    )
    host.sqlite.transaction(() => {
      for (let i = 0; i < rows; i++) {
        const isDesk = i % 2 === 0
        add.run(done.id, isDesk ? 'platform' : 'merchant', isDesk ? 'platform' : `merchant:b${i % recipients}`)
      }
    })()
    const longest: Record<string, number> = { dueRecipients: 0, dueDigest: 0, recordDeliveries: 0, dueMessages: 0 }
    const longestCpu: Record<string, number> = {}
    const began = performance.now()
    const timed = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
      const [at, cpu] = [performance.now(), process.threadCpuUsage()]
      const result = await call()
      const { user, system } = process.threadCpuUsage(cpu)
      longest[name] = Math.max(longest[name] ?? 0, performance.now() - at)
      longestCpu[name] = Math.max(longestCpu[name] ?? 0, (user + system) / 1000)
      return result
    }
    for (;;) {
      const waiting = await timed('dueRecipients', () => ledger.outbox.dueRecipients(PAGE))
      await timed('dueMessages', () => ledger.outbox.dueMessages(2 * 64))
      if (waiting.length === 0) break
      for (const recipient of waiting) {
        const all: DigestMessage[] = []
        for (;;) {
          const page = await timed('dueDigest', () => ledger.outbox.dueDigest(recipient, PAGE, all.at(-1)))
          if (page.length === 0) break
          all.push(...page)
        }
        for (let i = 0; i < all.length; i += PAGE) {
          const outcomes = all
            .slice(i, i + PAGE)
            .map(message => ({ message, delivery: { outcome: 'dropped' } as const }))
          await timed('recordDeliveries', () => ledger.outbox.recordDeliveries(outcomes))
        }
      }
    }
    return { rows, longest, longestCpu, total: performance.now() - began }
  } finally {
    await ledger.close()
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main)
  console.log(await measureDigests(Number(process.argv[2] ?? 40_000), Number(process.argv[3] ?? 1000)))
