import { describe, expect, test } from 'vitest'
import newest from '../../db/policies/cn-2026-3.json' with { type: 'json' }
import { noticesFor } from '../../src/complaint/deadlines/notices.ts'
import { DeadlinePolicyError, parsePolicy } from '../../src/complaint/deadlines/policy.ts'
import { retentionEnd } from '../../src/complaint/deadlines/retention.ts'
import { actionsFor } from '../../src/complaint/decide.ts'
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

  test('nothing that it erased can be erased or asked for again, by anybody', () => {
    given(...ended, over, m.expires)
      .when(m.asksErasure(0, 'statement'))
      .refused('already_redacted')
    given(...ended, over, m.expires)
      .when(m.erases(0, 'statement'))
      .refused('already_redacted')
    given(...ended, over, m.expires)
      .when(m.asksErasure(2, '*'))
      .refused('already_redacted')
    given(...ended, over, m.expires)
      .when(m.erases(2, '*'))
      .refused('already_redacted')
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

describe('all of a complaint, erased because its buyer wants it (PIPL, article 47)', () => {
  const window = later(`${newestPolicy.windows.appeal.hours}h`)

  test('once it ended and the time to appeal is over, by a supervisor, in one step', () => {
    const { world } = given(...ended, window, m.erases(1, '*'))
    expect(world.steps.at(-1)).toMatchObject({
      kind: 'redacted',
      by: 'supervisor',
      p: { seq: 1, field: '*', basis: 'window_closed' },
      content: { reason: '含个人信息' },
    })
    expect(seenBy(world).complaint.retention?.erased).toBe(true)
    given(filed).when(m.erases(0, '*')).refused('redaction_not_due')
    given(...ended)
      .when(m.erases(1, '*'))
      .refused('redaction_not_due')
    given(...ended, window)
      .when(m.erases(1, '*', desk))
      .refused('not_yours')
    given(...ended, window)
      .when(m.erases(1, '*', { ...boss, auto: true }))
      .refused('human_required')
    given(...ended, window, m.holds())
      .when(m.erases(2, '*'))
      .refused('legal_hold')
  })

  test('names the step before it, so that nothing is erased that was not looked at; and is not repeated', () => {
    given(...ended, window)
      .when(m.erases(0, '*'))
      .refused('unknown_step')
    given(...ended, window)
      .when(m.erases(2, '*'))
      .refused('unknown_step')
    given(...ended, window, m.erases(1, '*'))
      .when(m.erases(2, '*'))
      .refused('already_redacted')
    const { world } = given(...ended, window, m.erases(1, '*'), m.rotates(), m.erases(3, '*'))
    expect(world.steps.at(-1)?.p).toMatchObject({ seq: 3 })
  })

  test('its reason and its officer’s name stay until retention, which is due no later', () => {
    const { world } = given(...ended, window, m.erases(1, '*'))
    expect(retentionEnd(world.c)).toBe(START + PERIOD * DAY)
    const gone = given(...ended, window, m.erases(1, '*'), over, m.expires)
    expect(gone.world.steps.at(-1)?.p).toEqual({ seq: 2, field: '*', basis: 'retention' })
    gone.when(m.expires).refused('redaction_not_due')
    expect(retentionEnd(gone.world.c)).toBeNull()
  })

  test('the buyer asks for it at any time, once until there is an answer, and each answer counts for that request', () => {
    const asked = [filed, m.asksErasure(0, '*')]
    given(...asked)
      .when(m.asksErasure(1, '*'))
      .refused('already_asked')
    given(filed).when(m.asksErasure(1, '*')).refused('unknown_step')
    given(filed, m.holds()).when(m.asksErasure(1, '*')).refused('legal_hold')
    const refused = [...asked, m.refusesErasure(0, '*')]
    given(...refused)
      .when(m.refusesErasure(0, '*'))
      .refused('not_requested')
    const { world } = given(...refused, m.withdraws(), window, m.asksErasure(3, '*'), m.erases(4, '*'))
    expect(world.steps.at(-1)?.kind).toBe('redacted')
    expect(actionsFor(world.c, 'supervisor', world.now)).not.toContain('redaction-refusals')
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
