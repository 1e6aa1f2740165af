import { expect } from 'vitest'
import newest from '../../../db/policies/cn-2026-3.json' with { type: 'json' }
import type { Story } from '../fixture.ts'
import { buyer, DAY, type LedgerFixture, merchant, officer, rejection, START, supervisor } from '../fixture.ts'

/** Nine months, so that a story need not wait three years. */
const PERIOD = 270 * DAY
const policy = { ...newest, name: 'kept', retention: { ...newest.retention, afterEndDays: 270 } }
const PHOTO = { sha256: 'ab'.repeat(32), name: 'a.jpg', type: 'image/jpeg', size: 9 }
const THUMB = { sha256: 'cd'.repeat(32), size: 3 }
const ORDER = { orderId: 'KEPT-ORDER', buyer: { name: '王小明', phone: '13912345678' } }

/** Ended at START, with texts, a photo, an officer, a note and an alert. */
const ended = async (world: LedgerFixture, changes: { orderId?: string } = {}): Promise<number> => {
  const id = await world.submit({ ...ORDER, ...changes })
  await world.does('evidence', buyer, id, { text: '照片', files: [{ ...PHOTO, thumb: THUMB }] })
  await world.does('responses', merchant(), id, rejection)
  await world.does('escalation', buyer, id, { reason: '没有回复' })
  await world.does('assignment', officer(), id, { officer: 'A17' })
  await world.ledger.team.addNote('desk', id, { author: 'A17', text: '老顾客' })
  await world.does('withdrawal', buyer, id, { ground: 'asked_by_merchant', reason: '商家要我撤' })
  return id
}

/** The scheduler as it runs, for more portions than a story has. */
const sweep = async (world: LedgerFixture) => {
  for (let i = 0; i < 6; i++) {
    await world.ledger.tick()
    await world.later(100)
  }
}

const daysPass = async (world: LedgerFixture, days: number) => {
  for (let i = 0; i < days; i++) {
    await world.later(DAY)
    await sweep(world)
  }
}

/** To the day at which an end at START is over, and a week of days by which the clock is believed. */
const periodPasses = async (world: LedgerFixture, days = 8) => {
  await world.at(START + PERIOD)
  await sweep(world)
  await daysPass(world, days)
}

const openWith = async (world: LedgerFixture) => world.restart(policy)
const textsOf = async (world: LedgerFixture, id: number) =>
  (await world.entries(id)).flatMap(({ fields }) => Object.keys(fields))
const rows = async (world: LedgerFixture, table: string, id: number) =>
  (await world.sql(`select * from ${table} where complaint = ${id}`)).length
const isErased = async (world: LedgerFixture, id: number) => (await world.kinds(id)).includes('redacted')

export const kept = (story: Story): void => {
  story(
    'what an ended complaint says goes once its time is over, with all that is kept beside the log',
    async world => {
      await openWith(world)
      const [id, open] = [await ended(world), await world.submit()]
      expect(await rows(world, 'alerts', id)).toBe(1)
      await periodPasses(world)
      expect(await textsOf(world, id)).toEqual(['id', 'merchantId', 'merchantName'])
      expect((await world.entries(id)).at(-1)?.step).toMatchObject({
        kind: 'redacted',
        by: 'system',
        p: { field: '*', basis: 'retention' },
      })
      for (const table of ['alerts', 'team_notes', 'team_assignees'])
        expect(await rows(world, table, id), table).toBe(0)
      expect(await world.ledger.find({ orderId: ORDER.orderId, phone: ORDER.buyer.phone })).toEqual([])
      const search = { now: world.now, limit: 9, first: [] }
      expect((await world.ledger.search({ ...search, phone: ORDER.buyer.phone })).total).toBe(0)
      expect((await world.ledger.erasedFiles(9)).map(({ sha256 }) => sha256).sort()).toEqual([
        PHOTO.sha256,
        THUMB.sha256,
      ])
      await world.ledger.filesRemoved(await world.ledger.erasedFiles(9))
      expect(await world.ledger.erasedFiles(9)).toEqual([])
      expect(await textsOf(world, open)).toContain('statement')
      expect((await world.ledger.metrics()).retentionLag).toBe(0)
      await world.restart(policy)
      expect(await textsOf(world, id)).toEqual(['id', 'merchantId', 'merchantName'])
    },
  )

  story('a hundred are erased in portions, each call a few', async world => {
    await openWith(world)
    const ids: number[] = []
    for (let i = 0; i < 30; i++) {
      const id = await world.submit({ orderId: `KEPT-${i}` })
      await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
      ids.push(id)
    }
    await periodPasses(world, 6)
    await world.later(DAY)
    const erased = async () => (await Promise.all(ids.map(id => isErased(world, id)))).filter(Boolean).length
    await world.ledger.tick()
    expect(await erased()).toBe(10)
    // A restart in the middle loses no place.
    await world.restart(policy)
    await sweep(world)
    expect(await erased()).toBe(30)
  })

  story('under a policy without retention nothing is erased by itself', async world => {
    const id = await ended(world)
    await periodPasses(world, 20)
    expect(await isErased(world, id)).toBe(false)
  })

  story('a legal hold keeps it, with notes and assignment; released or ended it is erased', async world => {
    await openWith(world)
    const [held, until] = [await ended(world), await ended(world, { orderId: 'OTHER' })]
    await world.does('legal-holds', supervisor(), held, { reason: '诉讼' })
    await world.does('legal-holds', supervisor(), until, { reason: '调查', until: START + PERIOD + 20 * DAY })
    await periodPasses(world, 19)
    for (const id of [held, until]) {
      expect(await isErased(world, id)).toBe(false)
      expect(await rows(world, 'team_notes', id)).toBe(1)
    }
    const body = { seq: 0, field: 'statement', reason: '' }
    expect(await world.order('redactions', officer(), held, body)).toEqual({ refused: 'legal_hold' })
    expect(await world.order('redaction-request', buyer, held, body)).toEqual({ refused: 'legal_hold' })
    await daysPass(world, 3)
    expect([await isErased(world, held), await isErased(world, until)]).toEqual([false, true])
    await world.does('legal-hold-releases', supervisor(), held, { reason: '结案' })
    await daysPass(world, 2)
    expect(await isErased(world, held)).toBe(true)
  })

  story('a hold that arrives while the sweep runs is either in time or refused, never half', async world => {
    await openWith(world)
    const ids = await Promise.all(Array.from({ length: 15 }, (_, i) => ended(world, { orderId: `R-${i}` })))
    await periodPasses(world, 6)
    await world.later(DAY)
    const [answers] = await Promise.all([
      Promise.all(ids.map(id => world.order('legal-holds', supervisor(), id, { reason: '诉讼' }))),
      sweep(world),
    ])
    for (const [i, id] of ids.entries()) {
      const isHeld = !('refused' in answers[i]!)
      expect(await isErased(world, id)).toBe(!isHeld)
      expect((await textsOf(world, id)).includes('statement')).toBe(isHeld)
      if (!isHeld) expect(answers[i]).toEqual({ refused: 'already_redacted' })
    }
  })

  story(
    'an act that arrives while the sweep runs is recorded, and goes with the rest or in the next run',
    async world => {
      await openWith(world)
      const ids = await Promise.all(Array.from({ length: 15 }, (_, i) => ended(world, { orderId: `A-${i}` })))
      await periodPasses(world, 6)
      await world.later(DAY)
      const rotate = (id: number) => world.order('link-rotation', officer(), id, { reason: '换了号码' })
      // In both orders: those of the first portion before it, the others within or after it.
      const [answers] = await Promise.all([
        Promise.all(ids.slice(0, 5).map(rotate)),
        sweep(world),
        Promise.all(ids.slice(5).map(rotate)),
      ])
      expect(answers.every(answer => 'seq' in answer)).toBe(true)
      for (const id of ids) expect((await world.kinds(id)).filter(kind => kind === 'link_rotated')).toHaveLength(1)
      await daysPass(world, 2)
      for (const id of ids) expect(await textsOf(world, id)).toEqual(['id', 'merchantId', 'merchantName'])
    },
  )

  story('an act that comes later is swept too, and the complaint takes it', async world => {
    await openWith(world)
    const id = await ended(world)
    await periodPasses(world)
    await world.does('link-rotation', officer(), id, { reason: '换了号码' })
    await daysPass(world, 2)
    expect((await world.entries(id)).filter(({ step }) => step.kind === 'redacted')).toHaveLength(2)
    expect(await textsOf(world, id)).toEqual(['id', 'merchantId', 'merchantName'])
  })

  story('a clock that leaps ahead by a year erases nothing: a week must be seen to pass', async world => {
    await openWith(world)
    const id = await ended(world)
    await sweep(world)
    await world.later(365 * DAY)
    await sweep(world)
    expect(await isErased(world, id)).toBe(false)
    expect((await world.ledger.metrics()).retentionLag).toBeCloseTo(95 * 86_400, -2)
    // Another leap begins the week anew, and so does a restart with a clock that stood still for long.
    await daysPass(world, 6)
    await world.later(5 * DAY)
    await world.restart(policy)
    await daysPass(world, 6)
    expect(await isErased(world, id)).toBe(false)
    await daysPass(world, 2)
    expect(await isErased(world, id)).toBe(true)
  })

  story('a row that says it is due, against its leaves, erases nothing', async world => {
    await openWith(world)
    const id = await ended(world)
    await world.sql(`update complaints set erase_at = ${START} where id = ${id}`)
    await world.restart(policy)
    await daysPass(world, 9)
    expect(await isErased(world, id)).toBe(false)
    expect(await world.sql(`select erase_at - closed_at as kept from complaints where id = ${id}`)).toEqual([
      { kept: PERIOD },
    ])
  })

  story('the same photo in another step stays until that one is erased', async world => {
    await openWith(world)
    const id = await world.submit(ORDER)
    for (const text of ['一', '二']) await world.does('evidence', buyer, id, { text, files: [PHOTO] })
    await world.does('redaction-request', buyer, id, { seq: 1, field: 'file1', reason: '' })
    await world.does('redactions', officer(), id, { seq: 1, field: 'file1', reason: '' })
    expect(await world.ledger.erasedFiles(9)).toEqual([{ complaint: id, sha256: PHOTO.sha256 }])
    expect((await world.entries(id))[2]?.fields.file1).toMatchObject({ sha256: PHOTO.sha256 })
  })
}
