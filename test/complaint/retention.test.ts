import { describe, expect, test } from 'vitest'
import newest from '../../db/policies/cn-2026-3.json' with { type: 'json' }
import { noticesFor } from '../../src/complaint/deadlines/notices.ts'
import { DeadlinePolicyError, parsePolicy } from '../../src/complaint/deadlines/policy.ts'
import { retentionEnd } from '../../src/complaint/deadlines/retention.ts'
import { toComplaintView } from '../../src/complaint/view/complaint-view.ts'
import { en } from '../../src/i18n/en/complaint.ts'
import * as m from './moves.ts'
import {
  boss,
  DAY,
  type DomainWorld,
  desk,
  entriesOf,
  given,
  later,
  machine,
  newestPolicy,
  policy,
  START,
} from './support.ts'

const filed = m.submits({ policy: newestPolicy })
const ended = [filed, m.withdraws()]
const PERIOD = newestPolicy.retention?.afterEndDays ?? Number.NaN
const over = later(`${PERIOD}d`)
const seenBy = (world: DomainWorld, reader: 'buyer' | 'merchant' | 'platform' = 'buyer') =>
  toComplaintView({ id: '0K3F8Q2M7Z', entries: entriesOf(world), reader, role: null, now: world.now, dictionary: en })

describe('retention', () => {
  test('erases all that an ended complaint says, by one step that names the last one it covers', () => {
    const { world } = given(...ended, over, m.expires)
    const erasing = world.steps.at(-1)!
    expect(erasing).toMatchObject({ kind: 'redacted', by: 'system', auto: true, who: null, content: {} })
    expect(erasing.p).toEqual({ seq: 1, field: '*', basis: 'retention' })
    expect(world.c).toMatchObject({ state: 'closed_withdrawn', due: null, holder: null })
  })

  test('not a millisecond before its time, not while the complaint is open, and never under an older policy', () => {
    given(...ended, later(`${PERIOD - 1}d 23h 59m`))
      .when(m.expires)
      .refused('redaction_not_due')
    given(filed, over).when(m.expires).refused('redaction_not_due')
    given(m.submits({ policy }), m.withdraws(), later('3000d')).when(m.expires).refused('redaction_not_due')
  })

  test('counts from the last end: a complaint that was reopened keeps its texts', () => {
    const { world } = given(...ended, later('20d'), m.reopens, later('10d'), m.rulesForMerchant)
    expect(retentionEnd(world.c)).toBe(START + 30 * DAY + PERIOD * DAY)
  })

  test('once; and again where a later step said something', () => {
    given(...ended, over, m.expires)
      .when(m.expires)
      .refused('redaction_not_due')
    const { world } = given(...ended, over, m.expires, m.rotates('电话换号'), m.expires)
    expect(world.steps.at(-1)?.p).toMatchObject({ seq: 3, field: '*' })
    expect(retentionEnd(world.c)).toBeNull()
  })

  test('nothing that it erased can be erased or asked for again, and nobody but the clock can say all of it', () => {
    given(...ended, over, m.expires)
      .when(m.asksErasure(0, 'statement'))
      .refused('already_redacted')
    given(...ended, over, m.expires)
      .when(m.erases(0, 'statement'))
      .refused('already_redacted')
    given(...ended, later('30d'))
      .when(m.erases(0, '*'))
      .refused('unknown_step')
    given(filed).when(m.asksErasure(0, '*')).refused('unknown_step')
  })

  test('answers a request that was open, and is told by no message: there is no number left', () => {
    const { world } = given(filed, m.asksErasure(0, 'statement'), m.withdraws(), over, m.expires)
    expect(noticesFor(world.steps.at(-1)!, world.c, world.c)).toEqual([])
    given(...ended, over, m.expires)
      .when(m.refusesErasure(0, 'statement'))
      .refused('not_requested')
  })

  test('a policy whose period ends before a window in which the parties may act is refused', () => {
    const shorter = { ...newest, retention: { ...newest.retention, afterEndDays: 179 } }
    expect(() => parsePolicy(shorter)).toThrow(DeadlinePolicyError)
    expect(
      parsePolicy({ ...newest, retention: { ...newest.retention, afterEndDays: 180 } }).retention?.afterEndDays,
    ).toBe(180)
  })
})

describe('a legal hold', () => {
  test('stops retention, an erasure, and the request of one; each refusal names it', () => {
    given(filed, m.holds(), m.withdraws(), over).when(m.expires).refused('legal_hold')
    given(filed, m.holds()).when(m.asksErasure(0, 'statement')).refused('legal_hold')
    given(...ended, later('30d'), m.holds())
      .when(m.erases(0, 'statement'))
      .refused('legal_hold')
  })

  test('released, it stops nothing: what is over is erased', () => {
    const { world } = given(filed, m.holds(), m.withdraws(), over, m.releases(), m.expires)
    expect(world.steps.at(-1)).toMatchObject({ kind: 'redacted', p: { basis: 'retention' } })
  })

  test('with an end lifts itself at that instant', () => {
    const end = START + (PERIOD + 10) * DAY
    const held = given(filed, m.holds(end), m.withdraws(), later(`${PERIOD + 9}d 23h 59m`))
    held.when(m.expires).refused('legal_hold')
    const { world } = given(filed, m.holds(end), m.withdraws(), later(`${PERIOD + 10}d`), m.expires)
    expect(world.steps.at(-1)?.kind).toBe('redacted')
    given(filed, m.holds(end), later(`${PERIOD + 10}d`))
      .when(m.releases())
      .refused('no_legal_hold')
  })

  test('is a supervisor’s, a person’s, ends later than now, and can be given another end', () => {
    given(filed).when(m.holds(undefined, desk)).refused('not_yours')
    given(filed)
      .when(m.holds(undefined, { ...boss, auto: true }))
      .refused('human_required')
    given(filed).when(m.holds(undefined, machine)).refused('not_yours')
    given(filed, later('1d'))
      .when(m.holds(START + DAY))
      .refused('date_not_later')
    given(filed).when(m.releases()).refused('no_legal_hold')
    expect(given(filed, m.holds(), m.holds(START + 9 * DAY)).world.c.legalHold).toEqual({ until: START + 9 * DAY })
    given(...ended, over, m.expires)
      .when(m.holds())
      .refused('already_redacted')
  })

  test('moves no clock, and is shown to both parties with its end; its reason to the platform alone', () => {
    const { world } = given(filed, m.holds(START + 9 * DAY))
    expect(world.c).toMatchObject({ state: 'awaiting_merchant', due: START + 2 * DAY })
    for (const reader of ['buyer', 'merchant'] as const) {
      const view = seenBy(world, reader)
      expect(view.complaint.legalHold).toEqual({ until: new Date(START + 9 * DAY).toISOString() })
      expect(JSON.stringify(view)).not.toContain('民初')
    }
    expect(JSON.stringify(seenBy(world, 'platform'))).toContain('民初')
  })
})

describe('the view', () => {
  test('says when: days while it is open, the date once it ended, that it happened', () => {
    expect(seenBy(given(filed).world).complaint.retention).toEqual({
      afterEndDays: PERIOD,
      eraseAt: null,
      erased: false,
    })
    const eraseAt = new Date(START + PERIOD * DAY).toISOString()
    expect(seenBy(given(...ended).world).complaint.retention).toEqual({ afterEndDays: PERIOD, eraseAt, erased: false })
    expect(seenBy(given(...ended, over, m.expires).world).complaint.retention).toMatchObject({
      eraseAt: null,
      erased: true,
    })
    expect(seenBy(given(m.submits({ policy })).world).complaint.retention).toBeNull()
  })
})
