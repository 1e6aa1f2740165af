import { expect } from 'vitest'
import document from '../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { sumOf } from '../../../src/complaint/figures/public-index.ts'
import { recordOf, secondsUntil } from '../../../src/complaint/figures/record.ts'
import { dayNumber } from '../../../src/complaint/time.ts'
import { merchantTag } from '../../../src/log/leaf.ts'
import {
  buyer,
  DAY,
  fullOffer,
  HOUR,
  type LedgerFixture,
  merchant,
  officer,
  rejection,
  ruling,
  type Story,
} from '../fixture.ts'

const refunded = { statement: '已退款', proof: '退款单 7781' }

export const figures = (story: Story): void => {
  story('a merchant’s record is that of its own complaints', async world => {
    const paid = await world.submit()
    const ruled = await world.submit()
    const silent = await world.submit()
    await world.submit({ merchantId: 'm2' })
    await world.later(HOUR)
    await world.does('responses', merchant(), paid, fullOffer)
    await world.does('responses', merchant(), ruled, rejection)
    await world.does('escalation', buyer, ruled, { reason: '不同意' })
    await world.later(HOUR)
    await world.does('fulfilment', merchant(), paid, refunded)
    await world.does('confirmation', buyer, paid, {})
    await world.does('rulings', officer(), ruled, ruling())
    await world.later(2 * DAY)
    await world.ledger.tick()
    expect((await world.standing(silent)).state).toBe('platform_review')
    // The refund that was ruled is missed as well.
    const own = await countsOf(world, 'm1')
    expect(recordOf(own)).toMatchObject({
      opened: 3,
      deadlines: { kept: 3, missed: 2 },
      ended: { confirmed: 1, lapsed: 0 },
      rulings: { for_buyer: 1, for_merchant: 0 },
    })
    // Two reviews are under way.
    expect(secondsUntil(world.now, own)).toEqual(
      seconds({ merchant: (2 + 1 + 48 + 48) * 3600, platform: (1 + 2) * 3600 }),
    )
    expect(recordOf(await countsOf(world, 'm2'))).toMatchObject({ opened: 1, deadlines: { kept: 0, missed: 1 } })
    expect(await countsOf(world, 'm3')).toEqual({})
  })

  story('and of those that were opened since, also when they are closed', async world => {
    const old = await world.submit()
    await world.later(DAY)
    const today = dayNumber(world.now)
    const closed = await world.submit()
    await world.submit()
    for (const id of [old, closed]) await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    const since = async (from: number) => (await countsOf(world, 'm1', { from, until: today + 9 })).opened
    expect([await since(today), await since(today - 1), await since(today + 1)]).toEqual([2, 3, undefined])
  })

  story('turns under way last until now, those of two are halved, and many are summed as one is', async world => {
    const many = Array.from({ length: 600 }, () => world.submit())
    const asked = (await Promise.all(many))[0]!
    await world.later(HOUR)
    expect(secondsUntil(world.now, await countsOf(world, 'm1'))).toEqual(seconds({ merchant: 600 * 3600 }))
    await world.does('responses', merchant(), asked, rejection)
    await world.does('escalation', buyer, asked, { reason: '不同意' })
    await world.does('evidence-requests', officer(), asked, { from: 'both', request: '请补充' })
    await world.later(HOUR)
    expect(secondsUntil(world.now, await countsOf(world, 'm1'))).toEqual(
      seconds({ merchant: 600 * 3600 + 599 * 3600 + 1800, buyer: 1800 }),
    )
  })

  story('figures by day, category and merchant are those of the leaves, through every kind of life', async world => {
    await indexed(world)
    await someLives(world)
    const { merchants, days, before, whole } = await world.ledger.figures.index(EVER)
    expect(whole).toBe(true)
    expect(merchants.map(({ m }) => m).sort()).toEqual(['m1', 'm2'].map(merchantTag).sort())
    expect(days.map(({ counts }) => counts.opened).reduce((a = 0, b = 0) => a + b)).toBe(7)
    expect(before).toEqual({ open: 0, overdue: 0 })
    // One merchant's are read apart: from memory now, and after a start from the rows of its complaints.
    const kept = (id: string) => merchants.find(({ m }) => m === merchantTag(id))?.counts
    for (const id of ['m1', 'm2']) expect(await countsOf(world, id)).toEqual(kept(id))
    await indexed(world)
    for (const id of ['m1', 'm2']) {
      const own = await world.ledger.figures.days(id, EVER)
      expect(sumOf(own.days)).toEqual(kept(id))
      const later = await world.ledger.figures.days(id, { from: 90_000, until: 100_000 })
      expect([later.days, later.before.open]).toEqual([[], sumOf(own.days).open ?? 0])
    }
    const later = await world.ledger.figures.index({ from: 90_000, until: 100_000 })
    expect(later).toMatchObject({ days: [], merchants: [] })
    expect(later.before.open).toBe(merchants.reduce((sum, { counts }) => sum + (counts.open ?? 0), 0))
  })

  story('counts move from the journal to the rows, and no figure changes', async world => {
    await indexed(world)
    await someLives(world)
    const read = async () => {
      const { merchants, days, before } = await world.ledger.figures.index(EVER)
      const own = await world.ledger.figures.days('m1', EVER)
      const work = [await world.ledger.figures.desks(EVER), await world.ledger.figures.officers(EVER)]
      return { merchants: byTag(merchants), before, all: sumOf(days), own: sumOf(own.days), work }
    }
    // As if a thousand changes waited: the next one has them merged.
    await world.sql('update figure_changes set n = n + 1024')
    const id = await world.submit()
    await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    const merged = await read()
    await world.restart({ ...document, name: 'indexed', index: 'merchants' })
    expect(await read()).toEqual(merged)
    await world.does('rating', buyer, id, { score: 4 })
    const { all, own } = await read()
    for (const counts of [all, own]) expect(counts['score.own.4']).toBe(1)
    expect(all.opened).toBe(merged.all.opened)
  })

  story('a new name is no new record, and the newest one is shown', async world => {
    await indexed(world)
    await world.submit({ merchantName: '花间集' })
    await world.submit({ merchantName: '花间集旗舰店' })
    expect((await world.ledger.figures.index(EVER)).merchants).toMatchObject([
      { m: merchantTag('m1'), name: '花间集旗舰店', counts: { opened: 2 } },
    ])
  })

  story('before its policy has an index, a merchant has figures that are not public', async world => {
    await world.submit({ merchantName: '花间集' })
    expect((await world.ledger.figures.index(EVER)).merchants).toEqual([])
    expect((await world.ledger.figures.days('m1', EVER)).days).toMatchObject([
      { category: 'quality', counts: { open: 1 } },
    ])
    expect((await world.ledger.figures.merchants(EVER, 10))[0]).toMatchObject({
      m: merchantTag('m1'),
      name: '花间集',
      counts: { opened: 1 },
    })
  })

  story('erasing a text changes no figure', async world => {
    await indexed(world)
    const id = await world.submit()
    await world.does('withdrawal', buyer, id, { ground: 'other', reason: '算了' })
    const counted = await world.ledger.figures.index(EVER)
    await world.later(30 * DAY)
    await world.does('redactions', officer(), id, { seq: 0, field: 'statement', reason: '买家要求' })
    expect((await world.ledger.figures.index(EVER)).days).toEqual(counted.days)
  })

  story(
    'complaints of before the figures are counted by the scheduler, in portions, whatever joins them',
    async world => {
      await indexed(world)
      await someLives(world)
      const counted = await world.ledger.figures.index(EVER)
      for (const query of [
        'update complaints set standing = null',
        'delete from figures',
        'delete from figure_changes',
        'delete from merchant_names',
      ])
        await world.sql(query)
      await world.restart({ ...document, name: 'indexed', index: 'merchants' })
      expect(await world.ledger.figures.index(EVER)).toMatchObject({ whole: false, days: [] })
      const [open] = await world.ledger.inbox({ now: world.now, limit: 1 })
      await world.does('messages', buyer, open!.id, { text: '还在等' })
      await world.submit({ merchantId: 'm3' })
      while (!(await world.ledger.figures.index(EVER)).whole) await world.ledger.tick()
      const again = await world.ledger.figures.index(EVER)
      expect(byTag(again.merchants.filter(({ m }) => m !== merchantTag('m3')))).toEqual(byTag(counted.merchants))
      // What `checkLog` counts by itself afterwards is whole as well.
      expect(again.merchants).toHaveLength(3)
    },
  )

  story('a desk is known by its decisions and its misses, an officer by theirs', async world => {
    const id = await world.submit()
    await world.does('responses', merchant(), id, rejection)
    await world.does('escalation', buyer, id, { reason: '不同意' })
    await world.does('assignment', officer(), id, { officer: 'A17', desk: '售后组' })
    await world.later(5 * HOUR)
    await world.does('rulings', officer(), id, ruling({ outcome: 'for_merchant', remedy: undefined }))
    expect(await world.ledger.figures.desks(EVER)).toEqual([
      { desk: '售后组', counts: { decided: 1, 'decision.5': 1 } },
    ])
    expect(await world.ledger.figures.officers(EVER)).toEqual([
      { officer: 'A17', counts: { taken: 1, decided: 1, 'decision.5': 1 } },
    ])
  })
}

const EVER = { from: 0, until: 100_000 }

const seconds = (some: object) => ({ buyer: 0, merchant: 0, platform: 0, courier: 0, ...some })
const countsOf = async (world: LedgerFixture, merchant: string, days = EVER) =>
  sumOf((await world.ledger.figures.days(merchant, days)).days)

const byTag = <M extends { m: string }>(merchants: readonly M[]): M[] =>
  merchants.toSorted((a, b) => (a.m < b.m ? -1 : 1))

const indexed = (world: LedgerFixture) => world.restart({ ...document, name: 'indexed', index: 'merchants' })

/** Answered, ruled, appealed, missed, lapsed, withdrawn, refused, reopened and rated. */
const someLives = async (world: LedgerFixture): Promise<void> => {
  const lives = []
  for (let i = 0; i < 7; i++)
    lives.push(await world.submit({ merchantId: i % 2 ? 'm2' : 'm1', category: i % 3 ? 'quality' : 'other' }))
  const [paid, ruled, silent, left, refused, read] = lives as [number, number, number, number, number, number]
  const of = (i: number) => merchant(i % 2 ? 'm2' : 'm1')
  await world.later(3 * HOUR + 1500)
  await world.does('responses', of(0), paid, fullOffer)
  await world.does('responses', of(1), ruled, rejection)
  await world.does('escalation', buyer, ruled, { reason: '不同意' })
  await world.does('evidence-requests', officer(), ruled, { from: 'both', request: '请补充' })
  await world.does('withdrawal', buyer, left, { ground: 'changed_mind', reason: '算了' })
  await world.does('rating', buyer, left, { score: 2 })
  await world.does('refusal', officer(), refused, { ground: 'duplicate', facts: '重复', rule: '1.1' })
  await world.does('responses', of(5), read, rejection)
  await world.later(HOUR)
  await world.does('evidence', buyer, ruled, { text: '照片' })
  await world.later(HOUR)
  await world.does('evidence', merchant('m2'), ruled, { text: '质检' })
  await world.does('fulfilment', of(0), paid, refunded)
  await world.does('confirmation', buyer, paid, {})
  await world.does('rating', buyer, paid, { score: 5 })
  await world.does('rulings', officer(), ruled, ruling())
  await world.does('reopening', buyer, left, { reason: '没解决' })
  for (let day = 0; day < 30; day++) {
    await world.later(DAY)
    await world.ledger.tick()
    await world.sendAll()
  }
  expect((await world.standing(read)).state).toBe('closed_lapsed')
  expect((await world.standing(silent)).holder).toBe('supervisor')
}
