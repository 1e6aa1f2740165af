import { expect } from 'vitest'
import type { Story } from '../fixture.ts'
import {
  buyer,
  DAY,
  fullOffer,
  HOUR,
  intake,
  type LedgerFixture,
  merchant,
  officer,
  rejection,
  ruling,
  START,
  shop,
  smallOffer,
} from '../fixture.ts'

/** From the submission to a review by the platform. */
export const escalated = async (world: LedgerFixture): Promise<number> => {
  const id = await world.submit()
  await world.does('responses', merchant(), id, rejection)
  await world.does('escalation', buyer, id, { reason: '骗人' })
  return id
}

export const steps = (story: Story): void => {
  story('a complaint goes from its submission to the confirmation', async world => {
    const submitted = await world.does('submit', shop, null, intake())
    const { id } = submitted
    expect(submitted).toEqual({ id, seq: 0, replayed: false })
    expect(await world.standing(id)).toEqual({ state: 'awaiting_merchant', holder: 'merchant', due: START + 48 * HOUR })
    await world.does('responses', merchant(), id, rejection)
    await world.does('escalation', buyer, id, { reason: '骗人' })
    await world.does('assignment', officer(), id, { officer: 'A17' })
    await world.does('evidence-requests', officer(), id, { from: 'buyer', request: '请拍照' })
    await world.does('evidence', buyer, id, { text: '见图', files: [file(1), file(2)] })
    await world.does('rulings', officer(), id, ruling())
    await world.does('fulfilment', merchant(), id, { statement: '已退款', proof: 'T1' })
    const last = await world.does('confirmation', buyer, id, {})
    expect(last).toEqual({ id, seq: 8, replayed: false })
    expect(await world.kinds(id)).toEqual([
      'submitted',
      'merchant_responded',
      'escalated',
      'officer_assigned',
      'evidence_requested',
      'evidence_supplied',
      'ruled',
      'fulfilled',
      'confirmed',
    ])
    expect(await world.standing(id)).toEqual({ state: 'closed_confirmed', holder: null, due: null })
  })

  story('what was said is read back, field by field', async world => {
    const id = await world.submit({ statement: '第一句\n"引号" \\ 😀' })
    await world.does('responses', merchant('m1', '李娜'), id, smallOffer)
    const [submitted, answered] = await world.entries(id)
    expect(submitted?.fields).toMatchObject({ statement: '第一句\n"引号" \\ 😀', buyerName: '王小明' })
    expect(submitted?.fields).toMatchObject({ remedySoughtAmount: { value: '89.00', currency: 'CNY' } })
    expect(submitted?.step.policy?.name).toBe('cn-2026-1')
    expect(answered?.fields).toEqual({
      statement: '只能退一部分',
      offerAmount: { value: '20.00', currency: 'CNY' },
      operator: '李娜',
    })
    expect(answered).toMatchObject({ seq: 1, erased: [], step: { by: 'merchant', auto: false } })
  })

  story('an offer of all that was sought goes straight to its fulfilment', async world => {
    const id = await world.submit()
    await world.does('responses', merchant(), id, fullOffer)
    expect(await world.standing(id)).toEqual({ state: 'fulfilment', holder: 'merchant', due: START + 48 * HOUR })
  })

  story('a refusal is a value and leaves no trace', async world => {
    const id = await world.submit()
    const before = await world.entries(id)
    const outbox = await world.ledger.outbox.dueMessages(100)
    expect(await world.order('escalation', buyer, id, { reason: '' })).toEqual({ refused: 'wrong_state' })
    expect(await world.order('rulings', merchant(), id, ruling())).toEqual({ refused: 'not_yours' })
    expect(await world.order('responses', buyer, id, rejection)).toEqual({ refused: 'not_yours' })
    expect(await world.entries(id)).toEqual(before)
    expect(await world.ledger.outbox.dueMessages(100)).toEqual(outbox)
  })

  story('a refused command still appends what had fallen due', async world => {
    const id = await world.submit()
    await world.later(3 * DAY)
    expect(await world.order('escalation', buyer, id, { reason: '' })).toEqual({ refused: 'wrong_state' })
    expect(await world.kinds(id)).toEqual(['submitted', 'deadline_missed'])
  })

  story("another merchant's complaint is not found, and nothing happens to it", async world => {
    const id = await world.submit({ merchantId: 'm1' })
    await world.later(3 * DAY)
    expect(await world.order('responses', merchant('m2'), id, rejection)).toEqual({ refused: 'not_found' })
    expect(await world.kinds(id)).toEqual(['submitted'])
  })

  story('an unknown complaint is not found', async world => {
    const unknown = 12345
    expect(await world.order('messages', buyer, unknown, { text: '在吗' })).toEqual({ refused: 'not_found' })
    expect(await world.order('messages', buyer, null, { text: '在吗' })).toEqual({ refused: 'not_found' })
    expect(await world.ledger.read(unknown)).toBeNull()
    expect(await world.ledger.head(unknown)).toBeNull()
    expect(await world.ledger.receipt(unknown, 'buyer')).toBeNull()
    expect(await world.ledger.statement(unknown)).toBeNull()
  })

  story('one open complaint for each order item', async world => {
    const about = { orderId: 'ORDER-A', item: '1' }
    const id = await world.submit(about)
    expect(await world.order('submit', shop, null, intake(about))).toEqual({ refused: 'already_open' })
    await world.submit({ ...about, item: '2' })
    await world.submit({ ...about, item: undefined })
    await world.does('withdrawal', buyer, id, { ground: 'changed_mind', reason: '' })
    await world.submit(about)
  })

  story('a closed complaint does not reopen while another one about its item is open', async world => {
    const about = { orderId: 'ORDER-B' }
    const first = await world.submit(about)
    await world.does('withdrawal', buyer, first, { ground: 'changed_mind', reason: '' })
    const second = await world.submit(about)
    expect(await world.order('reopening', buyer, first, { reason: '又坏了' })).toEqual({ refused: 'already_open' })
    expect(await world.kinds(first)).toEqual(['submitted', 'withdrawn'])
    await world.does('rating', buyer, first, { score: 2 })
    await world.does('withdrawal', buyer, second, { ground: 'changed_mind', reason: '' })
    await world.does('reopening', buyer, first, { reason: '又坏了' })
    expect(await world.order('submit', shop, null, intake(about))).toEqual({ refused: 'already_open' })
  })

  story('the same person has the same tag within a complaint, and another one in the next', async world => {
    const [a, b] = [await escalated(world), await escalated(world)]
    for (const id of [a, a, b]) await world.does('messages', officer('A17'), id, { text: '收到' })
    await world.does('messages', officer('B2'), a, { text: '收到' })
    const tagsOf = async (id: number) => (await world.entries(id)).slice(3).map(entry => entry.step.who)
    const [first, second, other] = await tagsOf(a)
    const [elsewhere] = await tagsOf(b)
    expect(first).toBe(second)
    expect(new Set([first, other, elsewhere]).size).toBe(3)
  })
}

const file = (i: number) => ({ sha256: `${i}`.repeat(64), name: `${i}.jpg`, type: 'image/jpeg', size: 1000 })
