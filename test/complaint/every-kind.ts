import type { FileRef } from '../../src/complaint/command.ts'
import * as m from './moves.ts'
import { deviceKey } from './random-acts.ts'
import {
  boss,
  buyer,
  type DomainWorld,
  desk,
  given,
  later,
  type Move,
  newestPolicy,
  officer,
  robot,
  START,
  silence,
} from './support.ts'

const photo: FileRef = { sha256: 'ab'.repeat(32), name: '裙子.jpg', type: 'image/jpeg', size: 91_000 }
const yuan = (value: string) => ({ value, currency: 'CNY' })
const sendsPhoto: Move = w => w.act('evidence', buyer, { text: '实物照片', files: [photo] })
const reports: Move = w => w.act('conduct-report', buyer, { seq: 1, text: '商家打电话威胁' })
const rates: Move = w => w.act('rating', buyer, { score: 4, text: '总算解决' })
const saysSolved: Move = w => w.act('follow-up', buyer, { solved: true })
export const sharesLink =
  (texts: boolean, files: boolean): Move =>
  w =>
    w.act('share-links', buyer, { texts, files })

/** A further device knows the last digits of the phone. */
export const bindsDevice =
  (n: number): Move =>
  w =>
    w.act('device-keys', buyer, { ...deviceKey(n), ...(n > 0 && { tail: '8000' }) })

/** By the digits alone: in a day, where that device signs nothing meanwhile. */
const retiresDevice =
  (n: number): Move =>
  w =>
    w.act('device-key-retirements', buyer, { key: deviceKey(n).key, tail: '8000' })

/** Fixtures: stories that together contain every kind of step, in most of its forms. */
export const stories: Record<string, () => DomainWorld> = {
  passedAround: () =>
    given(
      m.submitted,
      m.asksForHuman,
      m.robotAnswers,
      later('20h'),
      m.rejected,
      reports,
      m.notified,
      m.offered,
      m.refusesOffer({ kind: 'refund', amount: yuan('50.00') }),
      m.assigns(),
      m.hands('服饰组'),
      m.takes(officer('B2')),
      m.assigns(officer('C3'), { reason: '休假', desk: '重案组' }),
      m.asksEvidence('both'),
      sendsPhoto,
      silence,
      m.extends_(3_600_000, desk),
      sharesLink(true, false),
      m.writes(),
      m.asksErasure(0, 'statement'),
      m.erases(0, 'statement'),
    ).world,
  returned: () =>
    given(
      ...m.returnRuled,
      later('1d'),
      m.ships,
      later('2d'),
      m.receives,
      m.disputesReturn,
      m.rules({ remedy: { kind: 'return_refund', owedBy: 'merchant', amount: yuan('80.00') } }),
      silence,
      m.rules({ ...m.owes(), remedy: { kind: 'return_refund', owedBy: 'merchant' } }),
      m.fulfils(),
      m.disputes,
      m.rulesForMerchant,
    ).world,
  appealed: () =>
    given(...m.inReview, m.rulesRefund, m.appeals, m.merchantAppeals, m.rules(m.owes(), officer('B2')), m.fulfils())
      .world,
  silentMerchant: () => given(m.submitted, later('200h'), m.rules(m.owes('platform'), boss)).world,
  lapsed: () => given(m.submitted, m.offersAll(robot), m.fulfils(), m.notifiedThrice, silence, m.reopens).world,
  accepted: () =>
    given(
      ...[m.submitted, m.offered, m.accepts(), m.fulfils(), m.confirms, rates, m.rotates(), sharesLink(false, true)],
      ...[later('200h'), saysSolved],
    ).world,
  overlong: () =>
    given(
      m.submits({ policy: newestPolicy }),
      later('200h'),
      m.nudges,
      m.asksErasure(0, 'statement'),
      m.refusesErasure(0, 'statement'),
      later('40d'),
      w => m.reports(w.c.total! + 86_400_000, boss)(w),
      later('30d'),
      m.rulesRefund,
    ).world,
  outside: () =>
    given(
      m.submits({ policy: newestPolicy }),
      m.asksOutside(),
      m.rejected,
      m.escalates,
      m.asksOutside('regulator', desk),
      m.asksOutside('supplier', boss),
      m.hands('服饰组'),
      m.asksEvidence('buyer'),
      m.takes(officer('B2')),
      m.states(),
      later('6d'),
      m.rulesForMerchant,
    ).world,
  /** Held while it is over, released, and erased by the sweep; once more after a step that came later. */
  keptAndErased: () =>
    given(
      m.submits({ policy: newestPolicy }),
      m.holds(),
      m.asksForHuman,
      m.withdraws(),
      later('1200d'),
      m.releases(),
      m.holds(START + 1300 * 86_400_000),
      later('100d'),
      m.expires,
      m.rotates(),
      m.expires,
    ).world,
  /** All of it: refused while it is open, asked for again, erased by a supervisor; in the end the reason as well. */
  allErased: () =>
    given(
      m.submits({ policy: newestPolicy }),
      m.rejected,
      m.asksErasure(1, '*'),
      m.refusesErasure(1, '*'),
      m.withdraws(),
      later('8d'),
      m.asksErasure(4, '*'),
      m.erases(5, '*'),
      later('1200d'),
      m.expires,
    ).world,
  /** Asked in an appeal that is granted: the silence falls into the merchant's time. */
  outsideAppeal: () =>
    given(
      m.submits({ policy: newestPolicy }),
      m.turnsAway(),
      m.appeals,
      m.asksOutside('regulator', desk),
      later('4d'),
      m.rules({}, officer('B2')),
      later('30h'),
    ).world,
  withdrawn: () => given(m.submits({ remedySought: undefined }), m.withdraws('asked_by_merchant')).world,
  refused: () => given(m.submitted, m.turnsAway(), m.appeals, m.rules({}, officer('B2'))).world,
  refusedForGood: () =>
    given(m.submitted, m.turnsAway(), m.appeals, m.rules({ outcome: 'for_merchant' }, officer('B2'))).world,
  promised: () => given(m.submitted, w => m.offers({ by: w.now + 86_400_000 })(w)).world,
  bound: () =>
    given(
      m.submitted,
      bindsDevice(0),
      retiresDevice(0),
      m.rejected,
      bindsDevice(1),
      retiresDevice(1),
      m.escalates,
      m.writes(),
    ).world,
  handedIn: () => given(...m.inReview, m.asksEvidence('merchant'), m.writes(desk), m.supplies(robot)).world,
}
