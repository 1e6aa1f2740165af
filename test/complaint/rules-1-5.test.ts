import { describe, expect, test } from 'vitest'
import { dueSteps, nextDueAt } from '../../src/complaint/deadlines/due-steps.ts'
import * as m from './moves.ts'
import {
  boss,
  buyer,
  DAY,
  desk,
  given,
  HOUR,
  justBeforeDue,
  later,
  type Move,
  machine,
  merchant,
  newestPolicy,
  officer,
  robot,
  START,
  silence,
} from './support.ts'

const kinds = (world: { steps: { kind: string }[] }) => world.steps.map(step => step.kind)

describe('rule 1: nothing waits on nobody, and nothing cycles for ever', () => {
  const ruledAndMissed = [...m.inReview, m.rulesRefund, silence]
  const newDate = m.rulesRefund
  const platformPays = m.rules(m.owes('platform'))

  test('one dispute for each fulfilment', () => {
    const disputedThenOffered = [m.submitted, m.fulfils(), m.disputes, m.offered, m.accepts(), m.fulfils()]
    given(...disputedThenOffered)
      .when(m.disputes)
      .then('platform_review')
    // The proof that the platform gives anew, after a dispute, is not disputed twice.
    given(...ruledAndMissed, newDate, silence, platformPays, m.fulfils(desk), m.disputes, m.fulfils(boss))
      .then('awaiting_confirmation')
      .when(m.disputes)
      .refused('dispute_used')
  })

  test('a late fulfilment of the same remedy is the same fulfilment', () => {
    given(m.submitted, m.offersAll(), silence, m.fulfils(), m.disputes).when(m.fulfils()).refused('wrong_state')
  })

  test('a ruled remedy that is missed reopens enforcement, never the merits', () => {
    given(...ruledAndMissed)
      .when(m.rulesForMerchant)
      .refused('merits_settled')
    given(...ruledAndMissed)
      .when(m.rules({ remedy: { kind: 'apology', owedBy: 'merchant' } }))
      .refused('merits_settled')
    given(...ruledAndMissed)
      .when(m.offered)
      .refused('merits_settled')
    given(...ruledAndMissed)
      .when(m.turnsAway())
      .refused('merits_settled')
  })

  test('it gets one new date, then the platform owes it', () => {
    given(...ruledAndMissed)
      .when(newDate)
      .then('fulfilment', { holder: 'merchant', due: '48h' })
    given(...ruledAndMissed, newDate, silence)
      .when(newDate)
      .refused('platform_owes')
    given(...ruledAndMissed, newDate, silence)
      .when(platformPays)
      .then('fulfilment', { holder: 'platform' })
  })

  test('the platform misses it too: the supervisor holds until it is fulfilled', () => {
    const missedByAll = [...ruledAndMissed, newDate, silence, platformPays, silence]
    given(...missedByAll).then('platform_review', { holder: 'supervisor', due: '24h' })
    given(...missedByAll)
      .when(m.rules(m.owes('platform'), boss))
      .refused('remedy_owed')
    given(...missedByAll)
      .when(m.rulesForMerchant)
      .refused('remedy_owed')
    const stuck = given(...missedByAll, later('60d')).then('platform_review', { holder: 'supervisor' })
    expect(nextDueAt(stuck.world.c)).toBeNull()
    expect(stuck.world.c.due).toBeLessThan(stuck.world.now)
    stuck.when(m.fulfils()).refused('not_holder')
    stuck.when(m.fulfils(boss)).then('awaiting_confirmation', { holder: 'buyer', due: '7d' })
  })

  test('an objection to a return is no missed date', () => {
    const again = m.rules({ remedy: { kind: 'return_refund', owedBy: 'merchant' } })
    given(...m.returnRuled, m.ships, m.disputesReturn, again, silence, again).then('fulfilment', { holder: 'merchant' })
    given(...m.returnRuled, m.ships, m.disputesReturn, again, silence, again, silence)
      .when(again)
      .refused('platform_owes')
  })

  test('a remedy that the platform owed from the first stays its own', () => {
    const missed = [...m.inReview, m.rules(m.owes('platform')), silence]
    given(...missed).then('platform_review', { holder: 'supervisor', due: '24h' })
    given(...missed)
      .when(newDate)
      .refused('platform_owes')
  })

  test('an agreed remedy that is missed opens the merits, which nobody has ruled on', () => {
    given(m.submitted, m.offersAll(), silence).when(m.rulesForMerchant).then('closed_ruled')
  })

  test('one appeal for each party; the other may join; the answer is final for both', () => {
    const joined = [...m.inReview, m.rulesRefund, m.appeals, m.merchantAppeals]
    given(...joined).then('appeal_review', { step: 'appealed' })
    given(...joined)
      .when(m.appeals)
      .refused('appeal_used')
    given(...joined)
      .when(m.merchantAppeals)
      .refused('appeal_used')
    const answered = [...m.inReview, m.rulesRefund, m.appeals, m.rules(m.owes(), officer('B2'))]
    given(...answered)
      .when(m.merchantAppeals)
      .refused('appeal_used')
    given(...answered)
      .when(m.appeals)
      .refused('appeal_used')
  })

  test('one reopening after each of confirmation, lapse and withdrawal', () => {
    const lapse: Move[] = [m.fulfils(), m.notifiedThrice, silence]
    const ways = [m.submitted, m.confirms, m.reopens, m.withdraws(), m.reopens, m.offered, m.accepts(), ...lapse]
    given(...ways)
      .when(m.reopens)
      .then('platform_review', { step: 'reopened' })
    given(...ways, m.reopens, m.confirms)
      .when(m.reopens)
      .refused('reopening_used')
    given(m.submitted, m.withdraws(), m.reopens, m.withdraws()).when(m.reopens).refused('reopening_used')
  })

  test('a reopening comes within 30 days', () => {
    given(m.submitted, m.confirms, later('719h')).when(m.reopens).then('platform_review', { holder: 'platform' })
    given(m.submitted, m.confirms, later('30d')).when(m.reopens).refused('reopening_too_late')
  })

  test('what was ruled is enforced, not argued again, after a reopening', () => {
    given(...m.inReview, m.rulesRefund, m.withdraws(), m.reopens)
      .when(m.turnsAway())
      .refused('merits_settled')
  })
})

describe('rule 2: only the buyer can confirm, refuse an offer, dispute or withdraw', () => {
  test.each([
    ['confirmation', {}],
    ['offer-refusal', { reason: '' }],
    ['dispute', { reason: '' }],
    ['withdrawal', { ground: 'other', reason: '' }],
    ['offer-acceptance', {}],
    ['escalation', { reason: '' }],
    ['reopening', { reason: '' }],
  ] as const)('%s', (act, body) => {
    for (const by of [merchant, robot, desk, boss, { ...machine, role: 'system' as const }]) {
      given(m.submitted, m.offered)
        .when(w => w.act(act, by, body))
        .refused('not_yours')
    }
  })
  test('and only a merchant answers as the merchant, only the platform rules', () => {
    given(m.submitted).when(m.offers({}, desk)).refused('not_yours')
    given(...m.inReview)
      .when(m.rules({}, merchant))
      .refused('not_yours')
    given(...m.inReview)
      .when(m.rules({}, buyer))
      .refused('not_yours')
  })
  test('a withdrawal that the merchant asked for says so', () => {
    const { world } = given(m.submitted).when(m.withdraws('asked_by_merchant')).then('closed_withdrawn')
    expect(world.steps.at(-1)?.p).toEqual({ ground: 'asked_by_merchant' })
  })
})

describe('rule 3: what a machine wrote says so', () => {
  test('an automated answer is an automated reply and stops no clock', () => {
    const { due } = given(m.submitted).world.c
    for (const reply of [m.robotAnswers, m.offers({}, robot), m.offers({ kind: 'apology' }, robot)]) {
      const { world } = given(m.submitted, later('10h'))
        .when(reply)
        .then('awaiting_merchant', { holder: 'merchant', due: due!, step: 'automated_reply' })
      expect(world.steps.at(-1)).toMatchObject({ auto: true, by: 'merchant', who: null })
      expect(world.c.offer).toBeNull()
    }
    given(m.submitted, m.robotAnswers, later('48h')).then('platform_review', { step: 'deadline_missed' })
  })
  test('except an offer equal to what was sought', () => {
    const { world } = given(m.submitted).when(m.offersAll(robot)).then('fulfilment', { step: 'merchant_responded' })
    expect(world.steps.at(-1)).toMatchObject({ auto: true, p: { offer: { meetsSought: true } } })
  })
  test('a refusal is never automated', () => {
    given(m.submitted).when(m.turnsAway(machine)).refused('human_required')
    given(m.submitted)
      .when(m.turnsAway({ ...desk, auto: true }))
      .refused('human_required')
  })
  test('nor is a ruling once the buyer asked for a human', () => {
    const ruling = m.rules(m.owes(), { ...machine, who: 'tag-of-model' })
    given(...m.inReview)
      .when(ruling)
      .then('fulfilment', { step: 'ruled' })
    given(...m.inReview, m.asksForHuman)
      .when(ruling)
      .refused('human_required')
    given(...m.inReview, m.asksForHuman)
      .when(m.rulesRefund)
      .then('fulfilment')
    given(m.submitted, m.asksForHuman).when(m.asksForHuman).refused('already_asked')
  })
})

describe('rule 4: silence is a step of its own', () => {
  test('it names the party and the instant missed; at is when the timer noticed', () => {
    const { world } = given(m.submitted, later('50h'))
    expect(world.steps.at(-1)).toMatchObject({
      kind: 'deadline_missed',
      by: 'system',
      auto: true,
      at: START + 50 * HOUR,
      on: START + 48 * HOUR,
      p: { party: 'merchant', due: START + 48 * HOUR },
    })
  })
  test('however late the timer was, the next clock starts at the missed instant', () => {
    const { world } = given(m.submitted, later('90d')).then('platform_review', {
      holder: 'supervisor',
      due: START + 144 * HOUR,
    })
    const missed = world.steps.slice(1).map(({ kind, on }) => [kind, (on - START) / HOUR])
    expect(missed).toEqual([
      ['deadline_missed', 48],
      ['deadline_missed', 120],
      ['deadline_missed', 144],
    ])
  })
  test('nothing falls due 1 ms before, and once a supervisor missed it too, nothing ever', () => {
    const { world } = given(m.submitted, justBeforeDue)
    expect(dueSteps(world.c, world.now)).toEqual([])
    expect(dueSteps(world.c, world.now + 1)).toHaveLength(1)
    expect(nextDueAt(world.c)).toBe(world.c.due)
    const stuck = given(m.submitted, later('90d')).world
    expect(dueSteps(stuck.c, stuck.now + 900 * DAY)).toEqual([])
    expect(nextDueAt(stuck.c)).toBeNull()
  })
  test('a supervisor to whom it was handed has its own time, then one more', () => {
    const handed = [...m.inReview, m.hands('甲'), m.hands('乙'), m.hands('丙')]
    given(...handed, silence).then('platform_review', { holder: 'supervisor', due: '24h' })
    expect(nextDueAt(given(...handed, silence, silence).world.c)).toBeNull()
  })
})

describe('rule 5: a lapse needs three notices on two different days', () => {
  const at = (...hours: number[]): Move[] =>
    hours.map(hour => w => {
      w.now = START + hour * HOUR
      m.notified(w)
    })

  test('three on two days lapse', () => {
    given(m.submitted, m.offered, ...at(1, 2, 30), silence).then('closed_lapsed', { after: 'offer', step: 'lapsed' })
  })
  test('two notices, or three on one day, do not', () => {
    given(m.submitted, m.offered, ...at(1, 30), silence).then('platform_review', { holder: 'platform', due: '72h' })
    given(m.submitted, m.offered, ...at(1, 2, 3), silence).then('platform_review', { step: 'deadline_missed' })
  })
  test('under a policy that asks for proofs, one without the vendor’s proof does not count', () => {
    const silent = (...last: Move[]) =>
      given(m.submits({ policy: newestPolicy }), m.offered, ...at(1, 2), later('30h'), ...last, silence)
    silent(m.notified).then('closed_lapsed')
    silent(m.unproved, m.unproved, m.unproved).then('platform_review', { step: 'deadline_missed' })
    // A complaint keeps the policy that it began with.
    given(m.submitted, m.offered, ...at(1, 2), later('30h'), m.unproved, silence).then('closed_lapsed')
  })
  test('a day is a day in Shanghai', () => {
    // 13:59:59 after 10:00 in Shanghai is still the same day there; 14 hours after it is the next.
    given(m.submitted, m.offered, ...at(1, 2, 13.9), silence).then('platform_review')
    given(m.submitted, m.offered, ...at(1, 2, 14), silence).then('closed_lapsed')
  })
  test('one that was reported failed does not count, nor its day', () => {
    const failing =
      (count: number): Move =>
      w => {
        w.failed = count
      }
    given(m.submitted, m.offered, ...at(1, 2, 30), failing(1), silence).then('platform_review')
    given(m.submitted, m.offered, ...at(1, 2, 3, 30), failing(1), silence).then('platform_review')
    given(m.submitted, m.offered, ...at(1, 2, 30, 60), failing(1), silence).then('closed_lapsed')
  })
  test('notices of an earlier stay do not count', () => {
    given(m.submitted, m.offered, ...at(1, 30, 60), m.accepts(), m.fulfils(), silence).then('platform_review')
    const stale: Move = w =>
      w.act('notice', { role: 'system', auto: true, who: null }, { to: 'buyer', stay: w.c.enteredSeq - 1 })
    given(m.submitted, m.offered, stale, later('24h'), stale, later('24h'), stale, silence).then('platform_review')
  })
  test('it says what the silence followed', () => {
    given(m.submitted, m.rejected, m.notifiedThrice, silence).then('closed_lapsed', { after: 'rejection' })
    given(m.submitted, m.rejected, m.offered, m.notifiedThrice, silence).then('closed_lapsed', { after: 'offer' })
    given(...m.returnRuled, m.notifiedThrice, silence).then('closed_lapsed', { after: 'return' })
    given(m.submitted, m.fulfils(), m.notifiedThrice, silence).then('closed_lapsed', { after: 'proof' })
  })
  test('the miss stands before the lapse, at the same instant', () => {
    const { world } = given(m.submitted, m.offered, m.notifiedThrice, later('10d'))
    expect(kinds(world).slice(-2)).toEqual(['deadline_missed', 'lapsed'])
    expect(world.steps.at(-1)?.on).toBe(START + 7 * DAY)
    expect(world.c.closedAt).toBe(START + 7 * DAY)
  })
})
