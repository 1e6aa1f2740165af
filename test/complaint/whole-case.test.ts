import { describe, expect, test } from 'vitest'
import { noticesFor } from '../../src/complaint/deadlines/notices.ts'
import { toComplaintView } from '../../src/complaint/view/complaint-view.ts'
import { en } from '../../src/i18n/en/complaint.ts'
import * as m from './moves.ts'
import {
  boss,
  buyer,
  DAY,
  desk,
  entriesOf,
  given,
  HOUR,
  later,
  type Move,
  machine,
  merchant,
  newestPolicy,
  START,
} from './support.ts'

const filed = m.submits({ policy: newestPolicy })
const until = (at: number): Move => later(`${Math.round((at - START) / HOUR)}h`)
const inReview = [filed, m.rejected, m.escalates]
const end = START + 60 * DAY

/** A complaint that its supervisor missed too: open for as long as nobody rules. */
const stuck = [...inReview, later('200h')]

describe('the whole-case clock', () => {
  test('runs from the submission, beside the step’s, and moves neither state nor due', () => {
    const { c } = given(filed).world
    expect([c.total, c.totalMissed]).toEqual([end, false])
    const { world } = given(...stuck, until(end - 200 * HOUR))
    const missed = world.steps.at(-1)
    expect(missed).toMatchObject({ kind: 'total_missed', on: end, p: { party: 'supervisor', due: end } })
    expect(world.c).toMatchObject({ state: 'platform_review', holder: 'supervisor', totalMissed: true })
  })

  test('is missed once, however long nothing happens', () => {
    const { world } = given(...stuck, later('300d'))
    expect(world.steps.filter(({ kind }) => kind === 'total_missed')).toHaveLength(1)
  })

  test('a late scheduler appends it between the holder’s deadlines, in the order of their instants', () => {
    const { world } = given(filed, m.rejected, m.notified, later('58d'), later('30d'))
    const clock = world.steps.filter(({ by }) => by === 'system').map(({ kind, on }) => [kind, on] as const)
    expect(clock.map(([, on]) => on)).toEqual(clock.map(([, on]) => on).toSorted((a, b) => a - b))
    expect(clock.map(([kind]) => kind)).toContain('total_missed')
  })

  test('ends with the complaint, and begins anew where it is reopened', () => {
    const closed = given(filed, m.confirms)
    expect(closed.world.c.total).toBeNull()
    const { c, now } = given(filed, m.confirms, later('20d'), m.reopens).world
    expect(c.total).toBe(now + 60 * DAY)
  })

  test('an old document has none', () => {
    const { c, steps } = given(m.submitted, m.rejected, m.escalates, later('200d')).world
    expect(c.total).toBeNull()
    expect(steps.some(({ kind }) => kind === 'total_missed')).toBe(false)
  })
})

describe('an interim report', () => {
  const late = [...stuck, until(START + 30 * DAY + HOUR)]

  test('gives the reason and a later end; no other clock moves', () => {
    const before = given(...late).world.c
    const { world } = given(...late, m.reports(end + DAY, boss))
    expect(world.c).toMatchObject({ total: end + DAY, due: before.due, state: before.state, rule: before.rule })
    expect(world.steps.at(-1)).toMatchObject({
      kind: 'interim_reported',
      p: { due: end + DAY, firstDue: end },
      content: { reason: '还在等检测报告' },
    })
  })

  test('is owed once the end has passed, and clears it', () => {
    const { world } = given(...stuck, later('80d'), w => m.reports(w.now + 10 * DAY, boss)(w))
    expect(world.c).toMatchObject({ totalMissed: false, total: world.now + 10 * DAY })
  })

  test('refused: an end that is not later, one beyond the cap, and from anybody but the holder', () => {
    given(...late)
      .when(m.reports(end, boss))
      .refused('date_not_later')
    given(...late)
      .when(m.reports(end + 31 * DAY, boss))
      .refused('date_beyond_cap')
    given(...late)
      .when(m.reports(end + DAY, desk))
      .refused('not_holder')
    given(...late)
      .when(m.reports(end + DAY, merchant))
      .refused('not_holder')
    given(...stuck)
      .when(m.reports(end + DAY, boss))
      .refused('wrong_state')
  })

  test('where the buyer is waited for, the platform gives it', () => {
    const { world } = given(
      ...stuck,
      until(START + 40 * DAY - 200 * HOUR),
      m.rules(m.owes(), boss),
      m.fulfils(),
      later('1h'),
      w => m.reports(w.c.total! + DAY, desk)(w),
    )
    expect(world.c).toMatchObject({ holder: 'buyer', total: end + DAY })
  })
})

describe('a nudge', () => {
  test('once in 24 hours, counted in the stay, and the holder is told at once', () => {
    const first = given(filed, m.nudges)
    first.then('awaiting_merchant', { holder: 'merchant', due: '48h', step: 'nudged' })
    given(filed, m.nudges, later('23h')).when(m.nudges).refused('nudged_already')
    const { world } = given(filed, m.nudges, later('24h'), m.nudges)
    const step = world.steps.at(-1)!
    expect(step.p).toEqual({ count: 2 })
    expect(noticesFor(step, world.c, world.c)).toContainEqual({
      party: 'merchant',
      template: 'reminder',
      at: world.now,
    })
  })

  test('the third in a review goes to a supervisor, and no clock moves', () => {
    const before = given(...inReview).world.c
    const world = given(...inReview, m.nudges, later('24h'), m.nudges, later('24h'), later('1h'), m.nudges).world
    expect(world.c).toMatchObject({
      holder: 'supervisor',
      due: before.due,
      rule: before.rule,
      state: 'platform_review',
    })
    expect(given(...inReview, m.nudges, later('24h'), m.nudges).world.c.holder).toBe('platform')
  })

  test('a new stay counts anew, and the day between two goes on', () => {
    const moved = [filed, m.nudges, m.rejected, m.escalates]
    given(...moved)
      .when(m.nudges)
      .refused('nudged_already')
    expect(given(...moved, later('24h'), m.nudges).world.steps.at(-1)?.p).toEqual({ count: 1 })
  })

  test('refused while the buyer is waited for, after the end, and under an old document', () => {
    given(filed, m.rejected).when(m.nudges).refused('wrong_state')
    given(filed, m.confirms).when(m.nudges).refused('closed')
    given(m.submitted).when(m.nudges).refused('wrong_state')
  })
})

describe('an erasure that is refused', () => {
  const asked = [filed, m.asksErasure(0, 'statement')]

  test('says why, and is answered once', () => {
    const told = given(...asked, m.refusesErasure(0, 'statement'))
    told.then('awaiting_merchant', { step: 'redaction_refused' })
    given(...asked, m.refusesErasure(0, 'statement'))
      .when(m.refusesErasure(0, 'statement'))
      .refused('not_requested')
  })

  test('only what the buyer asked for, and by a person', () => {
    given(...asked)
      .when(m.refusesErasure(0, 'orderId'))
      .refused('not_requested')
    given(filed).when(m.refusesErasure(0, 'statement')).refused('not_requested')
    given(...asked)
      .when(m.refusesErasure(0, 'statement', machine))
      .refused('human_required')
  })
})

test('the view says by when all is to be over, and that it passed although no step says so yet', () => {
  const world = given(...stuck).world
  const at = (now: number) =>
    toComplaintView({
      id: '0K3F8Q2M7Z',
      entries: entriesOf(world),
      reader: 'buyer',
      role: buyer.role,
      now,
      dictionary: en,
    }).complaint
  expect(at(end - 1)).toMatchObject({ total: new Date(end).toISOString(), totalMissed: false })
  expect(at(end)).toMatchObject({ totalMissed: true })
})
