import { afterAll, beforeAll, expect, test } from 'vitest'
import { LogServer } from '../cli/log-server.ts'

/** Leaves that lie in a full tile, which no start reads. */
const LEAVES = 300
let house: LogServer

beforeAll(async () => {
  house = await LogServer.open()
  await Promise.all(Array.from({ length: LEAVES }, () => house.submit()))
}, 60_000)
afterAll(() => house.close())

const altered = async (): Promise<number> => {
  await house.house.ledger.tick()
  return (await house.house.ledger.metrics()).alteredRows
}

test('an old leaf that is not the one in the tree is found after a start, and shows in the gauge', async () => {
  // Two starts: after this one nobody has touched a leaf.
  await house.edit(() => undefined)
  for (let i = 0; i < 4; i++) expect(await altered()).toBe(0)
  const idx = 200
  await house.edit(db => {
    const { bytes } = db.prepare<[number], { bytes: Buffer }>('select bytes from leaves where idx = ?').get(idx)!
    const edited = Buffer.from(bytes.toString().replace('"category":"quality"', '"category":"service"'))
    expect(edited.equals(bytes)).toBe(false)
    db.prepare('update leaves set bytes = ? where idx = ?').run(edited, idx)
  })
  await expect.poll(altered).toBe(1)
})

test('so are leaf and tile that were edited together: the node above is another', async () => {
  await house.edit(db => {
    const { bytes } = db.prepare<[], { bytes: Buffer }>('select bytes from tiles where level = 0 and n = 0').get()!
    bytes[200 * 32] = (bytes[200 * 32] ?? 0) ^ 1
    db.prepare('update tiles set bytes = ? where level = 0 and n = 0').run(bytes)
  })
  await expect.poll(altered).toBeGreaterThan(0)
})
