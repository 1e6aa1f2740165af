import { expect } from 'vitest'
import { maySee, type Reader } from '../../../src/complaint/view/visibility.ts'
import { openDisclosure } from '../../../src/log/disclosure.ts'
import type { Receipt } from '../../../src/log/receipt.ts'
import { readStatement } from '../../../src/log/statement.ts'
import { verifyReceipt } from '../../../src/log/verify.ts'
import { publishedLeaves } from '../check-log.ts'
import type { Story } from '../fixture.ts'
import { buyer, type LedgerFixture, MINUTE, officer } from '../fixture.ts'
import { escalated } from './steps.ts'

const READERS: Reader[] = ['buyer', 'share', 'merchant', 'platform']

const receiptFor = async (world: LedgerFixture, id: number, reader: Reader): Promise<Receipt> => {
  const receipt = await world.ledger.receipt(id, reader)
  if (!receipt) throw new Error('no receipt')
  return receipt
}
/** As it travels: a receipt is what its JSON says. */
const check = async (world: LedgerFixture, receipt: Receipt) => {
  const policy = `log ${(await world.ledger.log.identity()).verifierKey}\nquorum none\n`
  const { ok, checks } = await verifyReceipt(JSON.parse(JSON.stringify(receipt)), policy)
  expect(checks.filter(each => !each.ok)).toEqual([])
  expect(ok).toBe(true)
}
const fieldsIn = (receipt: Receipt) =>
  receipt.steps.map(step => step.disclosures.map(text => openDisclosure(text).name))

export const proofs = (story: Story): void => {
  story('a receipt verifies for every reader, and shows what that reader may see', async world => {
    const id = await escalated(world)
    const all = (await world.entries(id)).map(entry => Object.keys(entry.fields))
    for (const reader of READERS) {
      const receipt = await receiptFor(world, id, reader)
      await check(world, receipt)
      expect(fieldsIn(receipt)).toEqual(all.map(names => names.filter(name => maySee(reader, name, null))))
    }
    expect(fieldsIn(await receiptFor(world, id, 'share')).flat()).not.toContain('buyerName')
    expect(fieldsIn(await receiptFor(world, id, 'merchant')).flat()).not.toContain('buyerPhone')
  })

  story('a share link shows the texts once the buyer ticked them', async world => {
    const id = await escalated(world)
    await world.does('share-links', buyer, id, { texts: true, files: false })
    const receipt = await receiptFor(world, id, 'share')
    await check(world, receipt)
    expect(fieldsIn(receipt)[0]).toContain('statement')
    expect(fieldsIn(receipt)[0]).not.toContain('buyerPhone')
  })

  story('after an erasure the receipt lacks the text, and verifies', async world => {
    const id = await escalated(world)
    await world.does('redaction-request', buyer, id, { seq: 2, field: 'reason', reason: '说错了' })
    await world.does('redactions', officer(), id, { seq: 2, field: 'reason', reason: '应本人要求' })
    const receipt = await receiptFor(world, id, 'platform')
    await check(world, receipt)
    expect(fieldsIn(receipt)[2]).toEqual([])
  })

  story('a receipt asked for in a stream of steps is whole, and names the last one of its tree', async world => {
    const id = await world.submit()
    const busy = stream(world, id, 40)
    const receipts = await Promise.all([1, 2, 3].map(() => receiptFor(world, id, 'buyer')))
    for (const receipt of receipts) await check(world, receipt)
    await busy
    const leaves = await world.ledger.statement(id).then(() => publishedLeaves(world.ledger.log))
    for (const { statement } of receipts) {
      const { c, size, head_seq } = readStatement(statement)
      expect(leaves.slice(0, size).findLast(({ leaf }) => leaf.c === c)?.leaf.seq).toBe(head_seq)
    }
  })

  story('a statement is signed once for each checkpoint, and afresh when the checkpoint is old', async world => {
    const id = await world.submit()
    const first = await world.ledger.statement(id)
    expect(await world.ledger.statement(id)).toBe(first)
    await world.later(9 * MINUTE)
    expect(await world.ledger.statement(id)).toBe(first)
    await world.later(2 * MINUTE)
    const second = readStatement((await world.ledger.statement(id)) ?? '')
    expect(second.iat).toBe(world.now)
    expect(second.head_leaf).toBe(readStatement(first ?? '').head_leaf)
  })

  story('nothing is served beyond the published size', async world => {
    await world.ledger.statement(await world.submit())
    const { length } = await publishedLeaves(world.ledger.log)
    const { log } = world.ledger
    expect(await log.entries(0, length + 1)).toBeNull()
    expect(await log.tile(0, 0, length + 1)).toBeNull()
    expect(await log.tile(1, 0, 1)).toBeNull()
    expect(await log.tile(0, 1, 1)).toBeNull()
    for (const width of [0, -1, 257, 1.5, Number.NaN]) expect(await log.tile(0, 0, width)).toBeNull()
    for (const n of [-1, 0.5, Number.NaN, 2 ** 60]) expect(await log.entries(n, 1)).toBeNull()
    for (const level of [-1, 0.5, 64]) expect(await log.tile(level, 0, 1)).toBeNull()
  })
}

const stream = async (world: LedgerFixture, id: number, steps: number) => {
  for (let i = 0; i < steps; i++) {
    await world.does('messages', buyer, id, { text: `第${i}条` })
    await new Promise(resolve => setTimeout(resolve, 1))
  }
}
