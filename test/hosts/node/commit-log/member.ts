/** A process of a house on a commit log, to be killed or stopped: serves, acts whether it leads or not, and writes what was acknowledged. */
import { writeSync } from 'node:fs'
import { createAdaptorServer } from '@hono/node-server'
import document from '../../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { createReplica } from '../../../../src/hosts/node/server.ts'
import { systemClock } from '../../../../src/ledger/clock.ts'
import { readSecrets } from '../../../../src/ledger/log/secrets.ts'
import type { MemberSettings } from './town.ts'

// What town.ts wrote.
const settings: MemberSettings = JSON.parse(process.argv[2] ?? '')
const { url, leaseMs, port, house, folder, files, witnesses } = settings
const peerUrl = `http://127.0.0.1:${port}`
const own = {
  dataDir: folder,
  files: { folder: files },
  origin: house,
  policy: document,
  clock: systemClock,
  signEveryMs: 50,
}
const { app, ledger, failed } = createReplica(
  { ...own, baseUrl: 'https://t.example.cn', witnesses, secrets: await readSecrets(settings.secrets) },
  { url, peerUrl, leaseMs, leads: async () => void tell({ leads: process.pid }) },
)
createAdaptorServer({ fetch: app.fetch }).listen(port, '127.0.0.1')
failed.catch(error => {
  console.error(error)
  process.exit(1)
})
const tell = (line: unknown) => writeSync(3, `${JSON.stringify(line)}\n`)
const rest = () => new Promise(resolve => setTimeout(resolve, 20))

/** What fails is tried again as another complaint, since it may have been recorded. */
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
      const said = await ledger.execute({ act: 'messages', complaint: opened.id, by: buyer, body: { text: '在吗' } })
      if ('refused' in said) throw new Error(said.refused)
      tell({ done: said })
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
