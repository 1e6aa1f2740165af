import { describe, expect, test } from 'vitest'
import { meetsSought } from '../../src/complaint/command.ts'
import { responsibility } from '../../src/complaint/view/responsibility.ts'
import { replay } from '../../src/complaint/view/timeline.ts'
import * as m from './moves.ts'
import {
  boss,
  DAY,
  type DomainWorld,
  desk,
  entriesOf,
  given,
  later,
  type Move,
  machine,
  merchant,
  officer,
  policy,
  robot,
  START,
  silence,
  supervisor,
} from './support.ts'

const cny = (value: string) => ({ value, currency: 'CNY' })

describe('rule 11: offers', () => {
  const due = START + 7 * DAY
  test('up to three better ones, which move no clock', () => {
    const better = [m.submitted, m.rejected, later('1d'), m.offered, m.offered, m.offered]
    given(...better).then('awaiting_buyer', { due })
    given(...better)
      .when(m.offered)
      .refused('offer_limit')
    given(m.submitted, m.rejected, m.offersAll()).then('awaiting_buyer', { due })
    given(...m.inReview, later('1d'), m.offered).then('platform_review', { due: '48h' })
  })
  test('an offer in the review can be accepted or refused there', () => {
    given(...m.inReview, m.offered)
      .when(m.accepts())
      .then('fulfilment')
    given(...m.inReview, m.offered, m.refusesOffer())
      .then('platform_review', { due: '72h', step: 'offer_refused' })
      .when(m.accepts())
      .refused('no_offer')
  })
  test('acceptance names the offer it saw', () => {
    const seen = given(m.submitted, m.offered)
    const first = seen.world.c.offer!.seq
    seen.when(m.offers({ amount: cny('30.00') }), m.accepts(first)).refused('offer_changed')
    seen.when(m.accepts(seen.world.c.offer!.seq)).then('fulfilment', { step: 'offer_accepted' })
  })
  test('an offer stays acceptable for 30 days after a lapse', () => {
    const lapsed = [m.submitted, m.offered, m.notifiedThrice, silence]
    given(...lapsed, later('719h'))
      .when(m.accepts())
      .then('fulfilment', { due: '48h', after: null })
    given(...lapsed, later('30d'))
      .when(m.accepts())
      .refused('closed')
    given(m.submitted, m.offered, m.withdraws()).when(m.accepts()).refused('closed')
  })
  test('a rejection names a ground and is given once', () => {
    const { world } = given(m.submitted, m.rejected)
    expect(world.steps.at(-1)?.p).toEqual({ answer: 'reject', ground: 'as_described' })
    given(m.submitted, m.rejected).when(m.rejected).refused('wrong_state')
    given(m.submitted, m.rejects(merchant, { offer: { kind: 'refund' } })).then('awaiting_buyer')
  })
  test('an apology alone, against money sought, is a rejection', () => {
    const { world } = given(m.submitted, m.offers({ kind: 'apology' })).then('awaiting_buyer')
    expect(world.steps.at(-1)?.p).toEqual({ answer: 'reject', ground: 'other' })
    given(m.submits({ remedySought: { kind: 'apology' } }), m.offers({ kind: 'apology', amount: undefined })).then(
      'fulfilment',
    )
  })
  test('a merchant binds nobody but itself', () => {
    given(m.submitted, m.offers({ owedBy: 'platform' }), m.accepts()).then('fulfilment', { holder: 'merchant' })
  })
  test.each([
    ['the same amount', { kind: 'refund', amount: cny('89.00') }, cny('89'), true],
    ['more', { kind: 'refund', amount: cny('100') }, cny('89.00'), true],
    ['one fen less', { kind: 'refund', amount: cny('88.99') }, cny('89.00'), false],
    ['digits that only look like more', { kind: 'refund', amount: cny('9.5') }, cny('89.00'), false],
    ['tenths', { kind: 'refund', amount: cny('0.5') }, cny('0.50'), true],
    ['another currency', { kind: 'refund', amount: { value: '89.00', currency: 'HKD' } }, cny('89.00'), false],
    ['the whole price', { kind: 'refund' }, cny('89.00'), true],
    ['some amount against the whole price', { kind: 'refund', amount: cny('20') }, undefined, false],
    ['another kind', { kind: 'partial_refund', amount: cny('89.00') }, cny('89.00'), false],
  ] as const)('meets what was sought: %s', (_name, offer, amount, meets) => {
    expect(meetsSought(offer, { kind: 'refund' }, amount)).toBe(meets)
  })
  test('a part without an amount meets no amount; with nothing sought nothing is met', () => {
    expect(meetsSought({ kind: 'compensation' }, { kind: 'compensation' }, cny('5'))).toBe(false)
    expect(meetsSought({ kind: 'exchange' }, { kind: 'exchange' })).toBe(true)
    expect(meetsSought({ kind: 'refund' }, null)).toBe(false)
  })
})

// Rule 12, one open complaint for each order item: only the ledger sees two complaints (test/ledger/contract/steps.ts).

describe('rule 13: corrections are new steps', () => {
  const told = [m.submitted, m.writes()]
  test('a field is erased on its author’s request', () => {
    given(...told)
      .when(m.erases(1, 'text', desk))
      .refused('redaction_not_due')
    const { world } = given(...told, m.asksErasure(1, 'text'))
      .when(m.erases(1, 'text', desk))
      .then('awaiting_merchant', { holder: 'merchant', due: '48h', step: 'redacted' })
    expect(world.steps.at(-1)).toMatchObject({ who: desk.who, p: { seq: 1, field: 'text', basis: 'author' } })
  })
  test('a request by somebody else does not count', () => {
    given(m.submitted, m.rejected, m.asksErasure(1, 'statement'))
      .when(m.erases(1, 'statement', desk))
      .refused('redaction_not_due')
  })
  test('or by a second supervisor', () => {
    given(...told)
      .when(m.erases(1, 'text'))
      .then('awaiting_merchant', { step: 'redaction_requested' })
    given(...told, m.erases(1, 'text'))
      .when(m.erases(1, 'text'))
      .refused('already_asked')
    const { world } = given(...told, m.erases(1, 'text'), m.erases(1, 'text', supervisor('S2')))
    expect(world.steps.at(-1)).toMatchObject({ kind: 'redacted', p: { basis: 'supervisors' } })
  })
  test('or when the appeal window has closed', () => {
    given(...told, m.confirms, later('167h'))
      .when(m.erases(1, 'text', desk))
      .refused('redaction_not_due')
    const { world } = given(...told, m.confirms, later('7d'))
      .when(m.erases(1, 'text', desk))
      .then('closed_confirmed')
    expect(world.steps.at(-1)?.p).toMatchObject({ basis: 'window_closed' })
  })
  test('once, by a human, and only what is there', () => {
    given(...told, m.asksErasure(1, 'text'), m.erases(1, 'text'))
      .when(m.erases(1, 'text'))
      .refused('already_redacted')
    given(...told)
      .when(m.erases(1, 'text', machine))
      .refused('human_required')
    given(...told)
      .when(m.erases(1, 'proof'))
      .refused('unknown_step')
    given(...told)
      .when(m.asksErasure(7, 'text'))
      .refused('unknown_step')
    given(...told, m.asksErasure(1, 'text'))
      .when(m.asksErasure(1, 'text'))
      .refused('already_asked')
  })
})

describe('rule 14: the policy is pinned at submission', () => {
  test('every clock of this complaint runs by the document it began with', () => {
    const short = structuredClone(policy)
    short.times.awaiting_merchant.hours = 1
    short.hash = 'another'
    const { world } = given(m.submits({ policy: short })).then('awaiting_merchant', { due: '1h' })
    expect(world.c.policy.hash).toBe('another')
    expect(given(m.submitted).world.c.policy.hash).toBe(policy.hash)
  })
  test('each open state names the clause behind its due', () => {
    const rules = (moves: Move[]) => given(...moves).world.c.rule
    expect(rules([m.submitted])).toBe('times.awaiting_merchant')
    expect(rules([...m.inReview, silence])).toBe('times.supervisor')
    expect(rules([m.submitted, m.offersAll()])).toBe('times.fulfilment_money')
    expect(rules([m.submitted, m.confirms])).toBeNull()
  })
})

const shares = (world: DomainWorld, now = world.now) =>
  responsibility(
    replay(entriesOf(world)).map(({ entry, after }) => ({ on: entry.step.on, after })),
    now,
  )
const hours = (world: DomainWorld, now?: number) =>
  Object.fromEntries(shares(world, now).map(({ role, seconds }) => [role, seconds / 3600]))

describe('rule 15: every hour in an open state belongs to somebody', () => {
  test('to the holder', () => {
    const { world } = given(m.submitted, later('10h'), m.rejected, later('20h'), m.escalates, later('5h'))
    expect(hours(world)).toEqual({ merchant: 10, buyer: 20, platform: 5 })
  })
  test('bounded by due instants and not by when a timer noticed', () => {
    const noticed = given(m.submitted, later('50h')).world
    const unnoticed = given(m.submitted).world
    expect(hours(unnoticed, START + 50 * 3_600_000)).toEqual(hours(noticed))
    expect(hours(noticed)).toEqual({ merchant: 48, platform: 2 })
  })
  test('late time apart', () => {
    const { world } = given(m.submitted, later('200h'))
    expect(shares(world).map(share => [share.role, share.seconds / 3600, share.lateSeconds / 3600])).toEqual([
      ['merchant', 48, 0],
      ['platform', 72, 0],
      ['supervisor', 80, 56],
    ])
  })
  test('a pause to whoever holds meanwhile, halves to both', () => {
    const { world } = given(...m.inReview, m.asksEvidence('both'), later('10h'), m.supplies(), later('6h'))
    expect(hours(world)).toEqual({ buyer: 5, merchant: 11 })
  })
  test('the way of a returned parcel to the courier', () => {
    const { world } = given(...m.returnRuled, later('1d'), m.ships, later('3d'), m.receives, later('1d'))
    expect(hours(world)).toEqual({ buyer: 24, courier: 72, merchant: 24 })
  })
  test('a parcel that never arrives is the courier’s for eight days', () => {
    const { world } = given(...m.returnRuled, m.ships, later('14d'))
    expect(hours(world)).toEqual({ courier: 192, merchant: 144 })
  })
  test('closed time belongs to nobody', () => {
    const { world } = given(m.submitted, later('10h'), m.confirms, later('100h'), m.reopens, later('3h'))
    expect(hours(world)).toEqual({ merchant: 10, platform: 3 })
  })
})

describe('links, ratings, reports', () => {
  test('a link is replaced three times at most', () => {
    const thrice = [m.submitted, m.rotates(), m.rotates(), m.rotates()]
    given(...thrice)
      .when(m.rotates())
      .refused('rotation_limit')
  })
  test('the old link works until the new one was accepted, unless it was stolen', () => {
    expect(given(m.submitted, m.rotates()).world.c).toMatchObject({ linkEpoch: 1, oldLinkEpoch: 0 })
    expect(given(m.submitted, m.rotates('theft')).world.c.oldLinkEpoch).toBeNull()
    const accepted =
      (link: number): Move =>
      w =>
        w.act('notice', { role: 'system', auto: true, who: null }, { to: 'buyer', stay: w.c.enteredSeq, link })
    expect(given(m.submitted, m.rotates(), accepted(1)).world.c.oldLinkEpoch).toBeNull()
    expect(given(m.submitted, m.rotates(), m.rotates(), accepted(1)).world.c.oldLinkEpoch).toBe(0)
  })
  test('a rotation ends what was shared', () => {
    const shares: Move = w =>
      w.act('share-links', { role: 'buyer', auto: false, who: null }, { texts: true, files: false })
    expect(given(m.submitted, shares).world.c.shared).toEqual({ texts: true, files: false })
    expect(given(m.submitted, shares, m.rotates()).world.c.shared).toBeNull()
  })
  test('a rating follows each end, once', () => {
    const rates: Move = w => w.act('rating', { role: 'buyer', auto: false, who: null }, { score: 4 })
    given(m.submitted).when(rates).refused('wrong_state')
    given(m.submitted, m.confirms, rates).when(rates).refused('already_rated')
    given(m.submitted, m.confirms, rates, m.reopens, m.confirms).when(rates).then('closed_confirmed', { step: 'rated' })
  })
  test('a week after an end the buyer says once whether it was really solved', () => {
    const says: Move = w => w.act('follow-up', { role: 'buyer', auto: false, who: null }, { solved: false })
    given(m.submitted, later('200h')).when(says).refused('wrong_state')
    given(m.submitted, m.confirms, later('167h')).when(says).refused('wrong_state')
    given(m.submitted, m.confirms, later('168h')).when(says).then('closed_confirmed', { step: 'followed_up' })
    given(m.submitted, m.confirms, later('168h'), says).when(says).refused('already_rated')
    given(m.submitted, m.confirms, later('168h'), says, m.reopens, m.confirms, later('168h'))
      .when(says)
      .then('closed_confirmed', { step: 'followed_up' })
    given(m.submitted, m.withdraws(), later('200h')).when(says).refused('wrong_state')
  })
  test('conduct is reported of a step that is there', () => {
    const reports =
      (seq: number): Move =>
      w =>
        w.act('conduct-report', { role: 'buyer', auto: false, who: null }, { seq, text: '威胁我' })
    given(m.submitted, m.rejected).when(reports(1)).then('awaiting_buyer', { step: 'conduct_reported' })
    given(m.submitted, m.rejected).when(reports(2)).refused('unknown_step')
  })
  test('an answer of the supervisor after its desk was silent is an answer', () => {
    given(...m.inReview, silence)
      .when(m.rules(m.owes(), boss))
      .then('fulfilment')
    given(m.submitted, m.robotAnswers, m.rejects(robot)).then('awaiting_merchant')
    given(m.submitted, m.turnsAway(officer('B'))).then('refused')
  })
})
