/** A process of a house on a commit log, to be killed or stopped: acts as soon as it leads, and writes what was acknowledged. */
import { writeSync } from 'node:fs'
import document from '../../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { peerKey } from '../../../../src/hosts/node/commit-log/peer.ts'
import { Replica } from '../../../../src/hosts/node/commit-log/replica.ts'
import { LocalLedger } from '../../../../src/ledger/local-ledger.ts'
import { readSecrets } from '../../../../src/ledger/log/secrets.ts'

const [folder = '', url = '', house = '', secretsJson = ''] = process.argv.slice(2)
const secrets = await readSecrets(JSON.parse(secretsJson))
const { ledger, failed } = new Replica({
  url,
  house,
  folder,
  peerKey: peerKey(secrets.tags),
  openLedger: (host, follows) =>
    new LocalLedger({ host, secrets, policy: document, origin: house, signEveryMs: 50, follows }),
  leads: async () => void tell({ leads: process.pid }),
})
failed.catch(error => {
  console.error(error)
  process.exit(1)
})
const tell = (line: unknown) => writeSync(3, `${JSON.stringify(line)}\n`)
const rest = () => new Promise(resolve => setTimeout(resolve, 20))

/** Whether it leads or not: what fails is tried again as another complaint, since it may have been recorded. */
const live = async (lane: number) => {
  for (let i = 0; ; i++) {
    const by = { role: 'platform', automated: true } as const
    const body = {
      orderId: `${process.pid}-${lane}-${i}`,
      merchantId: 'm1',
      merchantName: '小店',
      buyer: { name: '王小明', phone: '13800001234' },
      category: 'quality' as const,
      statement: '坏了',
      locale: 'zh-CN' as const,
    }
    try {
      const opened = await ledger.execute({ act: 'submit', complaint: null, by, body })
      if ('refused' in opened) throw new Error(opened.refused)
      tell({ done: opened })
      const buyer = { role: 'buyer', automated: false } as const
      tell({ done: await ledger.execute({ act: 'messages', complaint: opened.id, by: buyer, body: { text: '在吗' } }) })
    } catch {
      await rest()
    }
  }
}

const watch = async () => {
  for (;;) {
    const note = await ledger.log.checkpoint().catch(() => null)
    if (note !== null) tell({ note })
    await rest()
  }
}
await Promise.all([watch(), ...Array.from({ length: 8 }, (_, lane) => live(lane))])
