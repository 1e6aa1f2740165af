// A signed act as a buyer's page sends it: form, route, verification, leaf, commit; beside the same form unsigned.

import { join } from 'node:path'
import { createServer, type Server } from '../src/hosts/node/server.ts'
import { makeSecrets, readSecrets } from '../src/ledger/log/secrets.ts'
import { signLink } from '../src/link/token.ts'
import { Device } from '../test/support/device.ts'
import { type Cost, compare, type Row, timed } from './measure.ts'
import { inFolder } from './place.ts'

const COMPLAINTS = 200
const BUYER = { role: 'buyer', automated: false } as const
const TEXT = '请尽快处理，谢谢。'

/** A complaint whose buyer's phone is bound. */
interface Bound {
  id: number
  room: string
  c: string
  origin: string
  device: Device
}

const headOf = async ({ ledger }: Server, id: number) => {
  const head = await ledger.head(id)
  if (!head) throw new Error('no such complaint')
  return head
}

const bound = async (house: Server, links: readonly Uint8Array[], n: number): Promise<Bound> => {
  const order = { orderId: `S-${n}`, merchantId: 'm-1', merchantName: '花间集', category: 'quality' }
  const buyer = { name: '林晓雨', phone: '13800001234' }
  const body = { ...order, buyer, statement: '漏水。', locale: 'zh-CN' as const }
  const done = await house.ledger.execute({ act: 'submit', complaint: null, by: BUYER, body })
  if ('refused' in done) throw new Error(done.refused)
  const [device, { c, origin, head: seen }] = [await Device.make(), await headOf(house, done.id)]
  const room = `/t/${signLink({ id: done.id, scope: 'act', epoch: 0 }, [...links])}`
  const signature = await device.sign({ origin, c, seen, act: 'device-keys', body: device.coordinates })
  await send(house, `${room}/device-keys`, { ...device.coordinates, signature })
  return { id: done.id, room, c, origin, device }
}

const send = async ({ app }: Server, path: string, fields: Record<string, string>): Promise<void> => {
  const { status } = await app.request(path, { method: 'POST', body: new URLSearchParams(fields) })
  if (status !== 303) throw new Error(`${path.replace(/\/t\/[^/]+/, '')} was answered with ${status}`)
}

/** One message on each complaint; made and signed before the clock runs. */
const messages = async (house: Server, all: readonly Bound[], isSigned: boolean): Promise<Cost> => {
  const sent = await Promise.all(
    all.map(async ({ id, room, c, origin, device }) => {
      const { head: seen } = await headOf(house, id)
      const signature = await device.sign({ origin, c, seen, act: 'messages', body: { text: TEXT } })
      return { path: `${room}/messages`, fields: { seen, text: TEXT, ...(isSigned && { signature }) } }
    }),
  )
  return timed(sent.length, async () => {
    for (const { path, fields } of sent) await send(house, path, fields)
  })
}

export const signedRows = (quick: boolean): Promise<Row[]> =>
  inFolder(async folder => {
    const secrets = await readSecrets(await makeSecrets())
    const provider = { name: 'gateway' as const, send: async () => ({ status: 'accepted' as const }) }
    const options = { dataDir: join(folder, 'signed'), baseUrl: 'http://localhost', origin: 'bench.invalid/0' }
    const clock = { now: () => Date.now() }
    // The demo bounds no rate.
    const house = createServer({ ...options, demo: true, secrets, provider, clock })
    const all = await Promise.all(Array.from({ length: COMPLAINTS }, (_, n) => bound(house, secrets.links, n)))
    for (const isSigned of [true, false]) await messages(house, all, isSigned)
    const row = await compare(
      {
        what: 'a signed act by a form, beside the same unsigned',
        aim: '150 µs of CPU more',
        rounds: quick ? 5 : 11,
        as: 'cost',
      },
      () => messages(house, all, false),
      () => messages(house, all, true),
    )
    await house.close()
    return [row]
  })
