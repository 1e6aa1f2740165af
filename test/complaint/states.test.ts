import { describe, expect, test } from 'vitest'
import { actionsFor } from '../../src/complaint/decide.ts'
import {
  accepts,
  appeals,
  asksEvidence,
  assigns,
  confirms,
  disputes,
  disputesReturn,
  escalates,
  fulfils,
  inReview,
  merchantAppeals,
  notifiedThrice,
  offered,
  offers,
  offersAll,
  offersReturn,
  owes,
  receives,
  refusesOffer,
  rejected,
  reopens,
  returnRuled,
  rules,
  rulesForMerchant,
  rulesRefund,
  ships,
  submits,
  submitted,
  supplies,
  turnsAway,
  withdraws,
  writes,
} from './moves.ts'
import { boss, buyer, DAY, desk, given, justBeforeDue, later, merchant, officer, START, silence } from './support.ts'

// One describe for each row of the table of states (docs/states.md).

describe('awaiting_merchant', () => {
  test('the merchant has 48 hours', () => {
    given(submitted).then('awaiting_merchant', { holder: 'merchant', due: '48h', rule: 'times.awaiting_merchant' })
  })
  test('an offer goes to the buyer', () => {
    given(submitted).when(offered).then('awaiting_buyer', { holder: 'buyer', due: '7d', step: 'merchant_responded' })
  })
  test('a rejection goes to the buyer', () => {
    given(submitted).when(rejected).then('awaiting_buyer', { holder: 'buyer', due: '7d' })
  })
  test('an offer of what was sought is simply carried out', () => {
    given(submitted).when(offersAll()).then('fulfilment', { holder: 'merchant', due: '48h' })
  })
  test('an offer of what was sought still asks the buyer when goods must be returned', () => {
    given(submits({ remedySought: { kind: 'return_refund' } }))
      .when(offersReturn)
      .then('awaiting_buyer')
  })
  test('a reported fulfilment is for the buyer to check', () => {
    given(submitted).when(fulfils()).then('awaiting_confirmation', { holder: 'buyer', due: '7d', step: 'fulfilled' })
  })
  test('silence goes to the platform', () => {
    given(submitted, later('50h')).then('platform_review', { holder: 'platform', due: '70h', step: 'deadline_missed' })
  })
  test('1 ms before due the merchant answers; at due it is too late to stop the clock', () => {
    given(submitted, justBeforeDue).when(offered).then('awaiting_buyer')
    given(submitted, silence).when(offered).then('platform_review')
  })
  test('the buyer may not escalate yet', () => {
    given(submitted).when(escalates).refused('wrong_state')
  })
})

describe('awaiting_buyer', () => {
  test('acceptance goes to fulfilment, or to the return first', () => {
    given(submitted, offered).when(accepts()).then('fulfilment', { holder: 'merchant', due: '48h' })
    given(submitted, offersReturn).when(accepts()).then('awaiting_return', { holder: 'buyer', due: '7d' })
  })
  test('refusal and escalation go to the platform', () => {
    given(submitted, offered).when(refusesOffer()).then('platform_review', { holder: 'platform', due: '72h' })
    given(submitted, rejected).when(escalates).then('platform_review', { step: 'escalated' })
  })
  test('a rejection offers nothing to accept or refuse', () => {
    given(submitted, rejected).when(accepts()).refused('no_offer')
    given(submitted, rejected).when(refusesOffer()).refused('no_offer')
  })
  test('silence lapses', () => {
    given(submitted, offered, notifiedThrice, silence).then('closed_lapsed', { holder: null, after: 'offer' })
  })
})

describe('platform_review', () => {
  test('the platform has 72 hours, whoever is assigned', () => {
    given(...inReview)
      .when(assigns())
      .then('platform_review', { holder: 'platform', due: '72h' })
  })
  test('a ruling with a remedy is carried out, or returned first', () => {
    given(...inReview)
      .when(rulesRefund)
      .then('fulfilment', { holder: 'merchant', due: '48h', step: 'ruled' })
    given(...returnRuled).then('awaiting_return', { holder: 'buyer', due: '7d' })
  })
  test('what the platform owes, it holds', () => {
    given(...inReview)
      .when(rules(owes('platform')))
      .then('fulfilment', { holder: 'platform' })
  })
  test('a ruling without a remedy is the end', () => {
    given(...inReview)
      .when(rulesForMerchant)
      .then('closed_ruled', { holder: null })
  })
  test('silence stays, and the supervisor has 24 hours from the missed instant', () => {
    given(...inReview, later('80h')).then('platform_review', { holder: 'supervisor', due: '16h' })
  })
  test('after the supervisor nobody is left: due stays past', () => {
    const { world } = given(...inReview, later('30d')).then('platform_review', {
      holder: 'supervisor',
      due: START + 4 * DAY,
    })
    expect(world.steps.filter(s => s.kind === 'deadline_missed').map(s => s.p)).toMatchObject([
      { party: 'platform' },
      { party: 'supervisor' },
    ])
  })
  test('a supervisor who rules late rules all the same', () => {
    given(...inReview, later('30d'))
      .when(rules(owes(), boss))
      .then('fulfilment', { due: '48h' })
  })
})

describe('evidence_requested', () => {
  test('the review stands still, and what was left of it is resumed', () => {
    given(...inReview, later('10h'), asksEvidence()).then('evidence_requested', { holder: 'buyer', due: '72h' })
    given(...inReview, later('10h'), asksEvidence(), later('20h'))
      .when(supplies())
      .then('platform_review', { holder: 'platform', due: '62h', rule: 'times.platform_review' })
  })
  test('time up is recorded as absence, and the review resumes at that instant', () => {
    given(...inReview, later('10h'), asksEvidence('merchant'), later('75h')).then('platform_review', {
      due: '59h',
      step: 'evidence_absent',
    })
  })
  test('1 ms before due evidence is supplied', () => {
    given(...inReview, asksEvidence(), justBeforeDue)
      .when(supplies())
      .then('platform_review', { step: 'evidence_supplied', due: '72h' })
  })
  test('both until one supplies, then the other holds with the same due', () => {
    given(...inReview, asksEvidence('both')).then('evidence_requested', { holder: 'both' })
    given(...inReview, asksEvidence('both'), later('10h'))
      .when(supplies(merchant))
      .then('evidence_requested', { holder: 'buyer', due: '62h' })
    given(...inReview, asksEvidence('both'), supplies(merchant))
      .when(supplies())
      .then('platform_review')
    given(...inReview, asksEvidence('both'), supplies(), silence).then('platform_review', { step: 'evidence_absent' })
  })
  test('evidence by the one who was not asked moves nothing', () => {
    given(...inReview, asksEvidence('buyer'))
      .when(supplies(merchant))
      .then('evidence_requested', { holder: 'buyer' })
    given(...inReview, asksEvidence('both'), supplies())
      .when(supplies())
      .then('evidence_requested', { holder: 'merchant' })
    given(...inReview, asksEvidence('merchant'))
      .when(supplies(desk))
      .then('evidence_requested', { holder: 'merchant' })
  })
  test('two requests pause a review, a third does not', () => {
    const twice = [...inReview, asksEvidence(), supplies(), asksEvidence(), supplies()]
    given(...twice)
      .when(asksEvidence('merchant'))
      .then('platform_review', { holder: 'platform', due: '72h', step: 'evidence_requested' })
  })
  test('an appeal review is paused and resumed like any other', () => {
    const appealed = given(submitted, turnsAway(), appeals, assigns(officer('B2')))
    const left = appealed.world.c.due! - appealed.world.now
    appealed
      .when(asksEvidence(), later('30h'), supplies())
      .then('appeal_review', { due: START + left + 30 * 3_600_000, rule: 'times.appeal_review' })
  })
})

describe('awaiting_return', () => {
  test('the shipment goes to fulfilment, 15 days at the latest', () => {
    given(...returnRuled)
      .when(ships)
      .then('fulfilment', { holder: 'merchant', due: '15d', rule: 'times.fulfilment_after_shipment' })
  })
  test('receipt makes it 7 days', () => {
    given(...returnRuled, ships, later('3d'))
      .when(receives)
      .then('fulfilment', { due: '7d', rule: 'times.fulfilment_after_receipt' })
  })
  test('a late receipt never moves the fifteenth day', () => {
    given(...returnRuled, ships, later('10d'))
      .when(receives)
      .then('fulfilment', { due: '5d', rule: 'times.fulfilment_after_shipment' })
  })
  test('silence lapses', () => {
    given(...returnRuled, notifiedThrice, silence).then('closed_lapsed', { after: 'return' })
  })
  test('exchange and repair go the same way', () => {
    for (const kind of ['exchange', 'repair'] as const) {
      given(submitted, offers({ kind }), accepts()).then('awaiting_return')
      given(...inReview, rules({ remedy: { kind, owedBy: 'merchant' } })).then('awaiting_return')
    }
  })
})

describe('fulfilment', () => {
  test('a promised date counts, else 48 h for money and 7 d for goods', () => {
    given(submitted, offers({ by: START + 5 * DAY }), accepts()).then('fulfilment', { due: '5d', rule: 'promised' })
    given(submitted, offers({ kind: 'reship' }), accepts()).then('fulfilment', { due: '7d' })
    given(...inReview, rules({ ...owes(), due: START + 3 * DAY })).then('fulfilment', { due: '3d' })
  })
  test('a promised date that passed before acceptance no longer counts', () => {
    given(submitted, offers({ by: START + DAY }), later('2d'), accepts()).then('fulfilment', { due: '48h' })
  })
  test('proof goes to the buyer', () => {
    given(submitted, offersAll()).when(fulfils()).then('awaiting_confirmation')
  })
  test('missed goes to the platform, where it can still be fulfilled late', () => {
    given(submitted, offersAll(), later('49h')).then('platform_review', { holder: 'platform', due: '71h' })
    given(submitted, offersAll(), later('49h')).when(fulfils()).then('awaiting_confirmation')
  })
  test('a return that the merchant objects to goes to the platform, once for each parcel', () => {
    given(...returnRuled, ships)
      .when(disputesReturn)
      .then('platform_review', { step: 'return_disputed' })
    const again = rules({ remedy: { kind: 'return_refund', owedBy: 'merchant' } })
    given(...returnRuled, ships, disputesReturn, again)
      .when(disputesReturn)
      .refused('dispute_used')
  })
  test('nothing was returned, so nothing is objected to', () => {
    given(submitted, offersAll()).when(disputesReturn).refused('wrong_state')
    given(submitted, offersAll()).when(receives).refused('wrong_state')
  })
  test('goods that went back for a refund are not sent back again', () => {
    const again = rules({ remedy: { kind: 'return_refund', owedBy: 'merchant' } })
    given(...returnRuled, ships, fulfils(), disputes)
      .when(again)
      .then('fulfilment', { due: '48h' })
  })
  test('goods that were exchanged can be', () => {
    const exchange = rules({ remedy: { kind: 'exchange', owedBy: 'merchant' } })
    given(...inReview, exchange, ships, fulfils(), disputes)
      .when(exchange)
      .then('awaiting_return')
  })
})

describe('awaiting_confirmation', () => {
  const proved = [submitted, offersAll(), fulfils()]
  test('the buyer confirms', () => {
    given(...proved)
      .when(confirms)
      .then('closed_confirmed', { holder: null })
  })
  test('the buyer disputes', () => {
    given(...proved)
      .when(disputes)
      .then('platform_review', { due: '72h' })
  })
  test('silence lapses', () => {
    given(...proved, notifiedThrice, silence).then('closed_lapsed', { after: 'proof' })
  })
})

describe('appeal_review', () => {
  const appealed = [...inReview, rulesRefund, appeals]
  test('an officer who did not rule has seven working days', () => {
    // From Monday the 2nd to the midnight after Wednesday the 11th.
    given(...appealed).then('appeal_review', { holder: 'platform', due: Date.parse('2026-03-11T16:00:00Z') })
  })
  test('the final ruling leads to fulfilment or to the end', () => {
    given(...appealed, rules(owes(), officer('B2'))).then('fulfilment', { step: 'appeal_ruled' })
    given(...appealed, rules({ outcome: 'for_merchant' }, officer('B2'))).then('closed_ruled')
  })
  test('an upheld remedy is restated', () => {
    given(...appealed)
      .when(rules({}, officer('B2')))
      .refused('remedy_required')
  })
  test('silence stays, and the supervisor has 24 hours', () => {
    given(...appealed, silence).then('appeal_review', { holder: 'supervisor', due: '24h' })
  })
  test('a granted appeal of a refusal begins with the merchant', () => {
    given(submitted, turnsAway(), appeals, rules({}, officer('B2'))).then('awaiting_merchant', { due: '48h' })
    given(submitted, turnsAway(), appeals, rules({ outcome: 'for_merchant' }, officer('B2'))).then('closed_ruled')
  })
})

describe('closed states', () => {
  test('nobody holds, and nothing but what the page offers is possible', () => {
    given(submitted, confirms).when(writes()).refused('closed')
    given(submitted, confirms).when(offered).refused('closed')
    given(submitted, confirms).when(disputes).refused('closed')
    given(submitted, confirms).when(confirms).refused('closed')
  })
  test('a ruling or a refusal is not reopened but appealed', () => {
    given(...inReview, rulesForMerchant)
      .when(reopens)
      .refused('wrong_state')
    given(...inReview, rulesForMerchant)
      .when(appeals)
      .then('appeal_review')
    given(submitted, turnsAway()).when(appeals).then('appeal_review')
    given(submitted, turnsAway()).when(merchantAppeals).refused('wrong_state')
  })
})

describe('in every open state', () => {
  const everywhere = {
    awaiting_merchant: [submitted],
    awaiting_buyer: [submitted, offered],
    platform_review: inReview,
    evidence_requested: [...inReview, asksEvidence('merchant')],
    awaiting_return: returnRuled,
    fulfilment: [submitted, offersAll()],
    awaiting_confirmation: [submitted, fulfils()],
    appeal_review: [submitted, turnsAway(), appeals],
  } as const
  test.each(Object.entries(everywhere))('%s: confirmation, withdrawal, messages, unasked evidence', (state, story) => {
    const open = state as keyof typeof everywhere
    given(...story)
      .when(confirms)
      .then('closed_confirmed')
    given(...story)
      .when(withdraws())
      .then('closed_withdrawn')
    const { due, holder } = given(...story).then(open).world.c
    for (const by of [buyer, merchant, desk, boss]) {
      given(...story)
        .when(writes(by))
        .then(open, { due: due!, holder, step: 'message_added' })
    }
    given(...story)
      .when(supplies())
      .then(open, { due: due!, holder, step: 'evidence_supplied' })
    const { world } = given(...story)
    expect(actionsFor(world.c, 'buyer', world.now)).toEqual(
      expect.arrayContaining(['confirmation', 'withdrawal', 'messages', 'evidence', 'human-request']),
    )
  })
})
