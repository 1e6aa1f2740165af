import { expect } from 'vitest'
import document from '../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { readStatement } from '../../../src/log/statement.ts'
import type { Story } from '../fixture.ts'
import {
  buyer,
  DAY,
  fullOffer,
  HOUR,
  type LedgerFixture,
  MINUTE,
  merchant,
  officer,
  rejection,
  START,
} from '../fixture.ts'
import { escalated } from './steps.ts'

const times = async (world: LedgerFixture, id: number) =>
  (await world.entries(id)).map(({ step }) => ({ kind: step.kind, at: step.at, on: step.on }))

/** When it was missed, in hours from the beginning. */
const missedAt = async (world: LedgerFixture, id: number) =>
  (await times(world, id)).filter(({ kind }) => kind === 'deadline_missed').map(({ on }) => (on - START) / HOUR)

const SURGE = { name: '春季促销', hours: 24, basis: 'platform_rule', source: '平台公告' }

/** Merchants and desks have read what waits for them. */
const digested = async (world: LedgerFixture): Promise<void> => {
  for (const { messages } of await world.dueDigests()) {
    for (const message of messages)
      await world.ledger.outbox.recordDeliveries([{ message, delivery: { outcome: 'accepted' } }])
  }
}

export const clock = (story: Story): void => {
  story('after days of downtime each missed instant is a step of its own, in order', async world => {
    const id = await world.submit()
    const back = START + 10 * DAY
    await world.at(back)
    await world.ledger.tick()
    expect(await times(world, id)).toEqual([
      { kind: 'submitted', at: START, on: START },
      { kind: 'deadline_missed', at: back, on: START + 48 * HOUR },
      { kind: 'deadline_missed', at: back, on: START + (48 + 72) * HOUR },
      { kind: 'deadline_missed', at: back, on: START + (48 + 72 + 24) * HOUR },
    ])
    const due = START + (48 + 72 + 24) * HOUR
    expect(await world.standing(id)).toEqual({ state: 'platform_review', holder: 'supervisor', due })
  })

  story('what a supervisor missed too is left alone, and stays overdue', async world => {
    const id = await world.submit()
    await world.later(10 * DAY)
    await world.ledger.tick()
    await world.later(10 * DAY)
    await world.ledger.tick()
    expect(await world.kinds(id)).toHaveLength(4)
    expect(await world.ledger.inbox({ overdue: true, now: world.now, limit: 10 })).toMatchObject([{ id }])
  })

  story('a tick settles what is due, and says when to come again', async world => {
    const first = await world.submit()
    await world.later(HOUR)
    const second = await world.submit()
    await world.sendAll()
    // Half of the merchant's time will be over: a message.
    expect(await world.ledger.tick()).toBe(START + 24 * HOUR)
    await world.at(START + 48 * HOUR - 1)
    await digested(world)
    expect(await world.ledger.tick()).toBe(START + 48 * HOUR)
    expect(await world.kinds(first)).toEqual(['submitted'])
    await world.at(START + 48 * HOUR)
    await world.ledger.tick()
    await world.sendAll()
    await digested(world)
    expect(await world.ledger.tick()).toBe(START + 49 * HOUR)
    expect(await world.kinds(first)).toEqual(['submitted', 'deadline_missed'])
    expect(await world.kinds(second)).toEqual(['submitted'])
  })

  story('hundreds that fall due at once are all settled', async world => {
    const ids = await Promise.all(Array.from({ length: 450 }, () => world.submit()))
    await world.later(2 * DAY)
    await world.ledger.tick()
    for (const id of ids) expect(await world.kinds(id)).toHaveLength(2)
  })

  story(
    'after downtime the deadlines of several complaints are told in the order in which they were missed',
    async world => {
      const first = await world.submit()
      await world.at(START + 30 * HOUR)
      const second = await world.submit()
      await world.does('responses', merchant(), second, rejection)
      await world.at(START + 40 * HOUR)
      const third = await escalated(world)
      await world.does('evidence-requests', officer(), third, { from: 'both', request: '照片' })
      await world.at(START + 30 * DAY)
      await Promise.all([world.ledger.tick(), world.ledger.tick()])
      const steps = (await Promise.all([first, second, third].map(id => world.entries(id)))).flat()
      const missed = steps.filter(({ step }) => step.by === 'system').sort((a, b) => a.index - b.index)
      const hours = missed.map(({ step }) => [step.kind, (step.on - START) / HOUR])
      expect(hours).toEqual([
        ['deadline_missed', 48],
        ['evidence_absent', 40 + 72],
        ['deadline_missed', 48 + 72],
        ['deadline_missed', 48 + 72 + 24],
        ['deadline_missed', 40 + 72 + 72],
        ['deadline_missed', 30 + 168],
        ['deadline_missed', 40 + 72 + 72 + 24],
        ['deadline_missed', 30 + 168 + 72],
        ['deadline_missed', 30 + 168 + 72 + 24],
      ])
      expect(missed.every(({ step }) => step.at === START + 30 * DAY)).toBe(true)
      await world.ledger.tick()
      expect(await Promise.all([first, second, third].map(async id => (await world.entries(id)).length))).toEqual([
        4, 5, 7,
      ])
    },
  )

  story('a new policy binds new complaints only, a surge in it those that come within it', async world => {
    const old = await world.submit()
    const surge = { ...SURGE, announced: '2026-03-02', from: '2026-03-10', until: '2026-03-12' }
    const times = { ...document.times, awaiting_merchant: { ...document.times.awaiting_merchant, hours: 24 } }
    await world.restart({ ...document, name: 'cn-2026-2', times, surges: [surge] })
    const early = await world.submit()
    expect((await world.standing(early)).due).toBe(START + 24 * HOUR)
    expect((await world.standing(old)).due).toBe(START + 48 * HOUR)
    await world.at(Date.parse('2026-03-11T09:00:00+08:00'))
    const within = await world.submit()
    expect((await world.standing(within)).due).toBe(world.now + 48 * HOUR)
    await world.restart()
    await world.does('responses', merchant(), within, rejection)
    await world.does('escalation', buyer, within, { reason: '图片完全不同' })
    expect((await world.standing(within)).due).toBe(world.now + 96 * HOUR)
    expect((await world.entries(within)).map(({ step }) => step.policy?.name)).toEqual([
      'cn-2026-2',
      undefined,
      undefined,
    ])
    await world.ledger.tick()
    // The old one was missed by the clock of its own policy, and its review had no surge.
    expect(await missedAt(world, old)).toEqual([48, 120, 144])
  })

  story('a command comes after what had fallen due', async world => {
    const id = await world.submit()
    await world.later(3 * DAY)
    await world.does('messages', buyer, id, { text: '还没有人回复' })
    const at = START + 3 * DAY
    expect((await times(world, id)).slice(1)).toEqual([
      { kind: 'deadline_missed', at, on: START + 2 * DAY },
      { kind: 'message_added', at, on: at },
    ])
  })

  story('a promise kept in time stops the clock, and evidence resumes what was paused', async world => {
    const id = await world.submit()
    await world.does('responses', merchant(), id, fullOffer)
    await world.later(HOUR)
    await world.does('fulfilment', merchant(), id, { statement: '已退', proof: 'T1' })
    const other = await escalated(world)
    await world.later(HOUR)
    await world.does('evidence-requests', officer(), other, { from: 'buyer', request: '照片' })
    await world.later(DAY)
    await world.does('evidence', buyer, other, { text: '见图' })
    expect((await world.standing(other)).due).toBe(world.now + 71 * HOUR)
  })

  story('a step is never dated before the one before it', async world => {
    const id = await world.submit()
    await world.at(START - 30_000)
    await world.does('messages', buyer, id, { text: '时钟被拨回' })
    expect((await times(world, id))[1]?.at).toBe(START)
  })

  story('a step is never dated before a signed statement', async world => {
    const id = await world.submit()
    await world.later(11 * MINUTE)
    const { iat } = readStatement((await world.ledger.statement(id)) ?? '')
    expect(iat).toBe(START + 11 * MINUTE)
    await world.later(-30_000)
    await world.does('messages', buyer, id, { text: '时钟被拨回' })
    expect((await times(world, id))[1]?.at).toBe(iat)
    await world.restart()
    await world.does('messages', buyer, id, { text: '重启之后' })
    expect((await times(world, id))[2]?.at).toBe(iat)
  })

  story('a clock that was set far back stops all writing until it is right', async world => {
    const id = await world.submit()
    await world.later(-MINUTE - 1)
    expect(await world.order('messages', buyer, id, { text: '1999 年' })).toEqual({ refused: 'clock_behind' })
    expect(await world.kinds(id)).toEqual(['submitted'])
    await world.restart()
    expect(await world.order('messages', buyer, id, { text: '1999 年' })).toEqual({ refused: 'clock_behind' })
    await world.at(START)
    await world.does('messages', buyer, id, { text: '时钟对了' })
    expect(await world.kinds(id)).toEqual(['submitted', 'message_added'])
  })
}
