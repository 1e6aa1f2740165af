import { expect } from 'vitest'
import type { SearchQuery } from '../../../src/ledger/contract/ledger.ts'
import type { LedgerFixture, Story } from '../fixture.ts'
import { buyer, DAY, HOUR, merchant, officer, rejection } from '../fixture.ts'

const PHONE = '13912348765'
const caller = (phone = PHONE) => ({ name: '欧阳暮雪', phone })
const ids = (items: readonly { id: number }[]) => items.map(({ id }) => id)

/** As the platform's officers search, unless `by` says otherwise. */
const search = async (world: LedgerFixture, by: Partial<SearchQuery>) => {
  const { items, total } = await world.ledger.search({ first: ['platform'], now: world.now, limit: 10, ...by })
  return { found: ids(items), total }
}
const old = (world: LedgerFixture) => world.sql('update complaints set phone = null returning id')

export const searching = (story: Story): void => {
  story('by id, order or phone, exactly; what is given together must match together', async world => {
    const one = await world.submit({ orderId: 'A-1', buyer: caller() })
    await world.later(HOUR)
    const two = await world.submit({ orderId: 'A-1', item: '鞋', buyer: caller('+86 139-1234-8765') })
    const other = await world.submit({ orderId: 'A-10', buyer: caller('13912348766') })
    expect(await search(world, { id: other })).toEqual({ found: [other], total: 1 })
    expect(await search(world, { orderId: 'A-1' })).toEqual({ found: [one, two], total: 2 })
    expect(await search(world, { phone: PHONE })).toEqual({ found: [one, two], total: 2 })
    expect(await search(world, { phone: PHONE, orderId: 'A-10' })).toEqual({ found: [], total: 0 })
    expect(await search(world, { phone: '139123487' })).toEqual({ found: [], total: 0 })
    expect(await search(world, { id: other + 1 })).toEqual({ found: [], total: 0 })
    expect(await search(world, {})).toEqual({ found: [], total: 0 })
  })

  story('a merchant finds its own alone', async world => {
    const mine = await world.submit({ orderId: 'A-1', buyer: caller() })
    const theirs = await world.submit({ orderId: 'A-1', merchantId: 'm2', item: '鞋', buyer: caller() })
    expect(await search(world, { merchant: 'm1', phone: PHONE })).toEqual({ found: [mine], total: 1 })
    expect(await search(world, { merchant: 'm1', orderId: 'A-1' })).toEqual({ found: [mine], total: 1 })
    expect(await search(world, { merchant: 'm1', id: theirs })).toEqual({ found: [], total: 0 })
  })

  story(
    'first whose turn it is, then by due, then the closed ones; the total counts what is not shown',
    async world => {
      const made: number[] = []
      for (let i = 0; i < 5; i++) {
        made.push(await world.submit({ buyer: caller() }))
        await world.later(HOUR)
      }
      const [a, b, c, d, e] = made as [number, number, number, number, number]
      await world.does('withdrawal', buyer, a, { ground: 'other', reason: '' })
      await world.later(HOUR)
      await world.does('withdrawal', buyer, b, { ground: 'other', reason: '' })
      await world.does('responses', merchant(), e, rejection)
      await world.does('escalation', buyer, e, { reason: '不同意' })
      expect(await search(world, { phone: PHONE })).toEqual({ found: [e, c, d, b, a], total: 5 })
      expect(await search(world, { phone: PHONE, limit: 2 })).toEqual({ found: [e, c], total: 5 })
      expect(await search(world, { phone: PHONE, first: ['merchant', 'both'] })).toMatchObject({
        found: [c, d, e, b, a],
      })
      expect(await search(world, { phone: PHONE, state: 'closed_withdrawn' })).toEqual({ found: [b, a], total: 2 })
      expect(await search(world, { phone: PHONE, overdue: false })).toEqual({ found: [e, c, d], total: 3 })
      expect(await search(world, { phone: PHONE, updatedSince: world.now })).toMatchObject({ total: 2 })
    },
  )

  story('a phone that was erased is no longer found by, before and after a restart', async world => {
    const id = await world.submit({ orderId: 'A-1', buyer: caller() })
    await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    await world.later(8 * DAY)
    await world.does('redactions', officer(), id, { seq: 0, field: 'buyerPhone', reason: '' })
    expect(await search(world, { phone: PHONE })).toEqual({ found: [], total: 0 })
    await world.restart()
    await world.ledger.tick()
    expect(await search(world, { phone: PHONE })).toEqual({ found: [], total: 0 })
    expect(await search(world, { orderId: 'A-1' })).toEqual({ found: [id], total: 1 })
    expect(await world.sql('select phone from complaints')).toEqual([{ phone: '' }])
  })

  story(
    'rows of before there were tags of phones get theirs in portions, and one that was erased gets none',
    async world => {
      const erased = await world.submit({ buyer: caller() })
      await world.does('withdrawal', buyer, erased, { ground: 'other', reason: '' })
      await world.later(8 * DAY)
      await world.does('redactions', officer(), erased, { seq: 0, field: 'buyerPhone', reason: '' })
      const made: number[] = []
      for (let i = 0; i < 205; i++) made.push(await world.submit({ buyer: caller() }))
      await old(world)
      await world.restart()
      const next = await world.ledger.tick()
      expect(next).toBeLessThanOrEqual(world.now + 1000)
      expect((await world.sql('select count(*) as n from complaints where phone is null'))[0]?.n).toBeLessThan(206)
      for (let i = 0; i < 5; i++) await world.ledger.tick()
      expect(await world.sql('select count(*) as n from complaints where phone is null')).toEqual([{ n: 0 }])
      const { found, total } = await search(world, { phone: PHONE, limit: 300 })
      expect([found.toSorted(), total]).toEqual([made.toSorted(), 205])
    },
  )

  story('what changed since an instant, each once, at its newest step, page by page', async world => {
    const [a, b, c] = [await world.submit(), await world.submit(), await world.submit({ merchantId: 'm2' })]
    await world.later(HOUR)
    const since = world.now
    await world.does('messages', buyer, b, { text: '还有' })
    await world.later(HOUR)
    await world.does('withdrawal', buyer, a, { ground: 'other', reason: '' })
    const { now, ledger } = world
    expect(ids(await ledger.inbox({ now, limit: 9, updatedSince: since }))).toEqual([b, a])
    expect(ids(await ledger.inbox({ now, limit: 9, updatedSince: since + 1 }))).toEqual([a])
    expect(await ledger.inbox({ now, limit: 9, updatedSince: now + 1 })).toEqual([])
    expect(ids(await ledger.inbox({ now, limit: 9, updatedSince: 0 }))).toEqual([c, b, a])
    expect(ids(await ledger.inbox({ now, limit: 9, updatedSince: 0, merchant: 'm2' }))).toEqual([c])
    expect(await ledger.inboxCount({ now, updatedSince: 0, merchant: 'm1' })).toBe(2)
    const [first] = await ledger.inbox({ now, limit: 1, updatedSince: since })
    expect(first).toMatchObject({
      updatedAt: since,
      lastStep: { kind: 'message_added', seq: 1, by: 'buyer', at: since },
    })
    expect(ids(await ledger.inbox({ now, limit: 9, afterLeaf: first?.leaf }))).toEqual([a])
  })

  story('an item says what it is about, and its newest step that is more than a notice', async world => {
    const id = await world.submit({ orderId: 'A-1', item: '连衣裙' })
    await world.sendAll()
    await world.does('responses', merchant(), id, rejection)
    await world.later(4 * DAY)
    await world.sendAll()
    expect((await world.kinds(id)).at(-1)).toBe('notice_sent')
    const [item] = await world.ledger.inbox({ now: world.now, limit: 1 })
    expect(item).toMatchObject({
      orderId: 'A-1',
      item: '连衣裙',
      remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
      lastStep: { seq: 1, kind: 'merchant_responded', by: 'merchant', automated: false },
      updatedAt: world.now,
    })
  })

  story('the tally counts by whose turn it is, what is late and what is due by an instant', async world => {
    const [a, b] = [await world.submit(), await world.submit()]
    await world.later(HOUR)
    const c = await world.submit({ merchantId: 'm2' })
    await world.does('responses', merchant(), a, rejection)
    await world.does('withdrawal', buyer, b, { ground: 'other', reason: '' })
    const { now } = world
    const due = (await world.standing(c)).due ?? 0
    const tally = (of: object) => world.ledger.tally({ now, until: now, ...of })
    const open = (holder: string, late = 0, today = 0) => ({ holder, total: 1, late, today })
    // What is late and due of all merchants is not asked: it would be counted from all of their rows.
    const whole = await tally({ now: due, until: due + 1 })
    expect(whole.closed).toBe(1)
    expect(whole.open.toSorted((x, y) => x.holder.localeCompare(y.holder))).toStrictEqual([
      { holder: 'buyer', total: 1 },
      { holder: 'merchant', total: 1 },
    ])
    expect(await tally({ merchant: 'm2', until: due + 1 })).toEqual({ open: [open('merchant', 0, 1)], closed: 0 })
    expect(await tally({ merchant: 'm1' })).toEqual({ open: [open('buyer')], closed: 1 })
    expect(await tally({ merchant: 'm2', now: due, until: due })).toEqual({ open: [open('merchant', 1)], closed: 0 })
    expect(await tally({ merchant: 'm3' })).toEqual({ open: [], closed: 0 })
    expect(await world.ledger.inboxCount({ now, holders: ['buyer'] })).toBe(1)
    expect(await world.ledger.inboxCount({ now, closed: true, merchant: 'm1' })).toBe(1)
  })
}
