import { describe, expect, test } from 'vitest'
import { decide } from '../../src/complaint/decide.ts'
import * as m from './moves.ts'
import {
  boss,
  DAY,
  desk,
  given,
  HOUR,
  justBeforeDue,
  later,
  machine,
  officer,
  robot,
  START,
  silence,
} from './support.ts'

describe('rule 6: a handoff never resets or pauses a clock', () => {
  test('the sender holds until the other desk accepts', () => {
    const due = START + 72 * HOUR
    const first = given(...m.inReview, m.assigns(desk, { desk: '家电组' }), later('5h'))
    first.when(m.hands('服饰组')).then('platform_review', { holder: 'platform', due, step: 'handoff_offered' })
    expect(first.world.c).toMatchObject({ officer: 'tag-of-A17', desk: encodeURIComponent('家电组') })
    first.when(m.takes(officer('B2'))).then('platform_review', { due, step: 'handoff_accepted' })
    expect(first.world.c).toMatchObject({ officer: 'tag-of-B2', desk: encodeURIComponent('服饰组'), handoff: null })
    first.when(m.takes(officer('B2'))).refused('no_handoff')
  })
  test('the third goes to a supervisor with no clock moved', () => {
    const story = given(...m.inReview, m.hands('甲'), m.takes(officer('B')), m.hands('乙'), m.takes(officer('C')))
    const { due } = story.world.c
    story.when(later('2h'), m.hands('丙')).then('platform_review', { holder: 'supervisor', due: due! })
    expect(story.world.c.handoffs).toBe(3)
    story.when(m.hands('丁')).refused('not_holder')
    story.when(m.takes(officer('D'))).then('platform_review', { holder: 'supervisor', due: due! })
  })
  test('a policy that lists its desks takes no other', () => {
    const { c, now } = given(...m.inReview).world
    const listed = { ...c, policy: { ...c.policy, desks: ['家电组'] } }
    const hand = (toDesk: string) =>
      decide({ act: 'handoffs', by: desk, body: { toDesk, reason: '家电' } }, listed, now)
    expect(hand('家电祖')).toEqual({ refused: 'unknown_desk' })
    expect(hand('家电组')).toMatchObject([{ kind: 'handoff_offered' }])
    const body = { officer: 'A17', desk: '家电祖' }
    expect(decide({ act: 'assignment', by: desk, body }, listed, now)).toEqual({ refused: 'unknown_desk' })
  })
  test('every assignment after the first is one too, and needs a reason', () => {
    const assigned = given(...m.inReview, m.assigns())
    expect(assigned.world.c.handoffs).toBe(0)
    given(...m.inReview, m.assigns())
      .when(m.assigns(officer('B')))
      .refused('reason_required')
    const again = m.assigns(officer('B'), { reason: '休假' })
    const { due } = assigned.world.c
    given(...m.inReview, m.assigns(), again, again, again).then('platform_review', { holder: 'supervisor', due: due! })
  })
  test('while evidence is awaited a handoff counts too, and shows when the review resumes', () => {
    const again = m.assigns(officer('B'), { reason: '休假' })
    const paused = [...m.inReview, m.assigns(), m.asksEvidence(), again, again, again]
    given(...paused).then('evidence_requested', { holder: 'buyer', due: '72h' })
    given(...paused, m.supplies()).then('platform_review', { holder: 'supervisor', due: '72h' })
  })
  test('a desk that no text could name is no trouble', () => {
    given(...m.inReview)
      .when(m.hands('\ud800"\\'))
      .then('platform_review')
  })
})

describe('rule 7: extensions and dates', () => {
  test('by the holder, before due, once, at most the time of the state', () => {
    given(m.submitted, justBeforeDue)
      .when(m.extends_(48 * HOUR))
      .then('awaiting_merchant', { due: START + 96 * HOUR, rule: 'times.awaiting_merchant' })
    given(m.submitted)
      .when(m.extends_(48 * HOUR + 1))
      .refused('date_beyond_cap')
    given(m.submitted).when(m.extends_(0)).refused('date_not_later')
    given(m.submitted).when(m.extends_(HOUR, desk)).refused('not_holder')
    given(m.submitted, m.extends_(HOUR)).when(m.extends_(HOUR)).refused('already_extended')
    given(m.submitted, silence).when(m.extends_(HOUR)).refused('not_holder')
  })
  test('the first date is kept beside the new one', () => {
    const { world } = given(m.submitted, m.extends_(HOUR))
    expect(world.steps.at(-1)?.p).toEqual({ due: START + 49 * HOUR, firstDue: START + 48 * HOUR })
  })
  test('each stay has its own; a pause is part of the stay that it pauses', () => {
    given(m.submitted, m.extends_(HOUR), m.offersAll())
      .when(m.extends_(48 * HOUR))
      .then('fulfilment')
    given(...m.inReview, m.extends_(HOUR, desk), m.asksEvidence(), m.supplies())
      .when(m.extends_(HOUR, desk))
      .refused('already_extended')
    given(...m.inReview, m.asksEvidence('both'))
      .when(m.extends_(HOUR))
      .then('evidence_requested')
  })
  test('a supervisor who took over extends nothing', () => {
    given(...m.inReview, silence)
      .when(m.extends_(HOUR, boss))
      .refused('already_extended')
  })
  test('an appeal is extended by seven working days at most', () => {
    const appealed = [...m.inReview, m.rulesRefund, m.appeals, m.assigns(officer('B2'))]
    // To the midnight after Wednesday the 11th; seven working days more end with Friday the 20th.
    given(...appealed)
      .when(m.extends_(9 * DAY, desk))
      .then('appeal_review', { due: Date.parse('2026-03-20T16:00:00Z') })
    given(...appealed)
      .when(m.extends_(9 * DAY + 1, desk))
      .refused('date_beyond_cap')
  })
  test('dates promised or ruled lie ahead and within the cap', () => {
    given(m.submitted)
      .when(m.offers({ by: START + 7 * DAY }))
      .then('awaiting_buyer')
    given(m.submitted)
      .when(m.offers({ by: START + 7 * DAY + 1 }))
      .refused('date_beyond_cap')
    given(m.submitted)
      .when(m.offers({ kind: 'reship', by: START + 15 * DAY }))
      .then('awaiting_buyer')
    given(m.submitted)
      .when(m.offers({ by: START }))
      .refused('date_not_later')
    given(...m.inReview)
      .when(m.rules({ ...m.owes(), due: START + 8 * DAY }))
      .refused('date_beyond_cap')
    given(...m.inReview)
      .when(m.rules({ remedy: { kind: 'refund', owedBy: 'merchant', by: START + 8 * DAY } }))
      .refused('date_beyond_cap')
  })
})

describe('rule 8: a ruling', () => {
  test('names its officer: the one who rules, else the one assigned', () => {
    given(...m.inReview)
      .when(m.rules({}, machine))
      .refused('officer_required')
    const { world } = given(...m.inReview, m.assigns(officer('A17')))
      .when(m.rules(m.owes(), machine))
      .then('fulfilment')
    expect(world.steps.at(-1)).toMatchObject({
      kind: 'ruled',
      who: 'tag-of-A17',
      p: { remedy: { owedBy: 'merchant' } },
    })
  })
  test('says facts, rule and reasons, and who owes the remedy', () => {
    const { world } = given(...m.inReview, m.rules(m.owes('platform')))
    const ruled = world.steps.at(-1)
    expect(ruled?.content).toMatchObject({ facts: expect.any(String), rule: expect.any(String), officer: 'A17' })
    expect(ruled?.p).toEqual({
      outcome: 'for_buyer',
      remedy: { kind: 'refund', owedBy: 'platform' },
      enforcement: false,
    })
  })
})

describe('rule 9: an appeal', () => {
  const ruled = [...m.inReview, m.rulesRefund]
  test('comes within seven days', () => {
    const end = [...m.inReview, m.rulesForMerchant]
    given(...end, later('167h'))
      .when(m.appeals)
      .then('appeal_review')
    given(...end, later('7d'))
      .when(m.appeals)
      .refused('appeal_too_late')
    given(...end, later('7d'))
      .when(m.merchantAppeals)
      .refused('appeal_too_late')
  })
  test('pauses fulfilment', () => {
    given(...ruled)
      .when(m.merchantAppeals)
      .then('appeal_review', { holder: 'platform' })
    given(...m.returnRuled)
      .when(m.merchantAppeals)
      .then('appeal_review', { holder: 'platform' })
  })
  test('by the merchant comes only before fulfilment is reported or due', () => {
    given(...ruled, justBeforeDue)
      .when(m.merchantAppeals)
      .then('appeal_review')
    given(...ruled, silence)
      .when(m.merchantAppeals)
      .refused('wrong_state')
    given(...ruled, m.fulfils())
      .when(m.merchantAppeals)
      .refused('wrong_state')
  })
  test('by the buyer may come later, but not after the buyer confirmed', () => {
    given(...ruled, m.fulfils())
      .when(m.appeals)
      .then('appeal_review')
    given(...ruled, silence)
      .when(m.appeals)
      .then('appeal_review')
    given(...ruled, m.confirms)
      .when(m.appeals)
      .refused('closed')
  })
  test('goes to an officer who did not rule', () => {
    const appealed = [...ruled, m.appeals]
    given(...appealed)
      .when(m.assigns(desk))
      .refused('same_officer')
    given(...appealed)
      .when(m.rules(m.owes(), desk))
      .refused('same_officer')
    given(...appealed, m.hands('甲'))
      .when(m.takes(desk))
      .refused('same_officer')
    given(...appealed)
      .when(m.rules(m.owes(), machine))
      .refused('officer_required')
    given(...appealed, m.assigns(officer('B2')))
      .when(m.rules(m.owes(), machine))
      .then('fulfilment', { step: 'appeal_ruled' })
    given(m.submitted, m.turnsAway(), m.appeals).when(m.assigns(desk)).refused('same_officer')
  })
  test('no officer who ruled at any time may answer it', () => {
    const enforced = [...ruled, m.fulfils(), m.disputes, m.rules({ outcome: 'for_merchant' }, officer('B2'))]
    given(...enforced, m.appeals)
      .then('appeal_review')
      .when(m.assigns(desk))
      .refused('same_officer')
    given(...enforced, m.appeals)
      .when(m.assigns(officer('B2')))
      .refused('same_officer')
  })
  test('a new date for what was ruled opens no new time for an appeal, an end without a remedy does', () => {
    given(...ruled, silence, m.rulesRefund, m.fulfils(), later('6d'))
      .when(m.appeals)
      .refused('appeal_too_late')
    given(...ruled, m.fulfils(), later('6d'), m.disputes, later('2d'), m.rulesForMerchant)
      .when(m.appeals)
      .then('appeal_review')
  })
  test('is for what was ruled, not for what was agreed', () => {
    given(m.submitted, m.offersAll()).when(m.appeals).refused('wrong_state')
    given(m.submitted, m.offersAll()).when(m.merchantAppeals).refused('wrong_state')
  })
  test('an answer that restates the remedy starts its enforcement anew', () => {
    const final = [...ruled, silence, m.rulesRefund, m.appeals, m.rules(m.owes(), officer('B2')), silence]
    given(...final)
      .when(m.rules(m.owes(), officer('C3')))
      .then('fulfilment', { holder: 'merchant' })
  })
})

describe('rule 10: a refusal', () => {
  test('is made by a human, from awaiting_merchant or platform_review', () => {
    given(m.submitted).when(m.turnsAway()).then('refused', { holder: null })
    given(...m.inReview)
      .when(m.turnsAway())
      .then('refused')
    given(m.submitted, m.offered).when(m.turnsAway()).refused('wrong_state')
    given(m.submitted).when(m.turnsAway(robot)).refused('not_yours')
  })
  test('can be appealed within seven days, by the buyer', () => {
    given(m.submitted, m.turnsAway(), later('167h')).when(m.appeals).then('appeal_review')
    given(m.submitted, m.turnsAway(), later('7d')).when(m.appeals).refused('appeal_too_late')
  })
  test('that an appeal overturned is not repeated', () => {
    const heard = [m.submitted, m.turnsAway(), m.appeals, m.rules({}, officer('B2'))]
    given(...heard)
      .when(m.turnsAway(officer('C3')))
      .refused('refusal_overturned')
    given(...heard, silence)
      .when(m.turnsAway(officer('C3')))
      .refused('refusal_overturned')
    given(...heard, m.rejected).then('awaiting_buyer')
  })
  test('after a granted appeal the merchant may still appeal what is ruled then', () => {
    const heard = [m.submitted, m.turnsAway(), m.appeals, m.rules({}, officer('B2')), m.rejected, m.escalates]
    given(...heard, m.rulesRefund)
      .when(m.merchantAppeals)
      .then('appeal_review')
    given(...heard, m.rulesForMerchant)
      .when(m.appeals)
      .refused('appeal_used')
  })
})
