/** A process to be killed: writes one line for each step that the ledger acknowledged, and never stops by itself. */
import { writeSync } from 'node:fs'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { readSecrets } from '../../src/ledger/log/secrets.ts'

const [folder = '', secrets = '', origin = ''] = process.argv.slice(2)
const host = openNodeHost(folder)
const ledger = new LocalLedger({
  host,
  secrets: await readSecrets(JSON.parse(secrets)),
  policy: document,
  origin,
  signEveryMs: 20,
})

const acknowledge = (answer: unknown) => writeSync(1, `${JSON.stringify(answer)}\n`)

const live = async (lane: number) => {
  for (let i = 0; ; i++) {
    const opened = await ledger.execute({
      act: 'submit',
      complaint: null,
      by: { role: 'platform', automated: true },
      body: {
        orderId: `${process.pid}-${lane}-${i}`,
        merchantId: 'm1',
        merchantName: '小店',
        buyer: { name: '王小明', phone: '13800001234' },
        category: 'quality',
        statement: '坏了',
        locale: 'zh-CN',
      },
    })
    acknowledge(opened)
    if ('refused' in opened) throw new Error(opened.refused)
    const by = { role: 'buyer', automated: false } as const
    for (let k = 0; k < 5; k++) {
      acknowledge(await ledger.execute({ act: 'messages', complaint: opened.id, by, body: { text: `第${k}条` } }))
    }
  }
}
await Promise.all(Array.from({ length: 16 }, (_, lane) => live(lane)))
