import { expect, test } from 'vitest'
import { addComplaint, noStatistics } from '../../../src/complaint/view/statistics.ts'
import * as m from '../moves.ts'
import { DAY, given, HOUR, later, leafOnly, type Move, merchant, officer, silence } from '../support.ts'

/** What these complaints say of their merchant, as far as the clock has come in each. */
const record = (...stories: Move[][]) => {
  const sum = noStatistics()
  for (const story of stories) {
    const { world } = given(...story)
    addComplaint(sum, world.steps.map(leafOnly), world.now)
  }
  return sum
}
const deadlines = (...story: Move[]) => {
  const { onTime, missed } = record(story)
  return [onTime, missed]
}
const lateUnnoticed =
  (length: number): Move =>
  w => {
    w.now += length
  }

test('an answer in time keeps the deadline, silence misses it', () => {
  expect(deadlines(m.submitted)).toEqual([0, 0])
  expect(deadlines(m.submitted, later('47h'), m.rejected)).toEqual([1, 0])
  expect(deadlines(m.submitted, silence)).toEqual([0, 1])
  expect(deadlines(m.submitted, silence, m.offered)).toEqual([0, 1])
})

test('a miss counts although no timer has noticed it yet', () => {
  expect(deadlines(m.submitted, lateUnnoticed(49 * HOUR))).toEqual([0, 1])
})

test('a promise is a deadline of its own', () => {
  expect(deadlines(m.submitted, m.offersAll(), later('1d'), m.fulfils())).toEqual([2, 0])
  expect(deadlines(m.submitted, m.offersAll(), silence)).toEqual([1, 1])
  expect(deadlines(m.submitted, m.offersAll(), silence, m.fulfils())).toEqual([1, 1])
  expect(deadlines(m.submitted, m.offersAll(), m.confirms)).toEqual([2, 0])
})

test('a machine keeps no deadline, nor does a word that moves nothing', () => {
  expect(deadlines(m.submitted, m.robotAnswers, m.writes(merchant), m.supplies(merchant))).toEqual([0, 0])
})

test('what the buyer or the platform ended is neither kept nor missed', () => {
  expect(deadlines(m.submitted, m.withdraws())).toEqual([0, 0])
  expect(deadlines(m.submitted, m.turnsAway())).toEqual([0, 0])
})

test('the delays of others are not the merchant’s', () => {
  expect(deadlines(...m.inReview, silence, silence)).toEqual([1, 0])
  expect(deadlines(m.submitted, m.offered, m.notifiedThrice, silence)).toEqual([1, 0])
})

test('evidence that the merchant was asked for is a deadline as well', () => {
  const asked = [...m.inReview, m.asksEvidence('merchant')]
  expect(deadlines(...asked, m.supplies(merchant))).toEqual([2, 0])
  expect(deadlines(...asked, silence)).toEqual([1, 1])
  const both = [...m.inReview, m.asksEvidence('both')]
  expect(deadlines(...both, m.supplies(merchant), silence)).toEqual([2, 0])
  expect(deadlines(...both, m.supplies(), silence)).toEqual([1, 1])
  expect(deadlines(...both, silence)).toEqual([1, 1])
  expect(deadlines(...m.inReview, m.asksEvidence('buyer'), silence)).toEqual([1, 0])
})

test('an appeal moves a deadline away, and keeps none', () => {
  expect(deadlines(...m.inReview, m.rulesRefund, m.merchantAppeals)).toEqual([1, 0])
})

test('a parcel’s way is the courier’s time, a review the platform’s', () => {
  const returned = record([...m.returnRuled, later('1d'), m.ships, later('2d'), m.receives, later('1d'), m.fulfils()])
  expect(returned.seconds).toEqual({
    merchant: DAY / 1000,
    buyer: DAY / 1000,
    platform: 0,
    courier: (2 * DAY) / 1000,
  })
  const waited = record([...m.inReview, later('2d')])
  expect(waited.seconds).toMatchObject({ merchant: 0, platform: (2 * DAY) / 1000 })
  // A supervisor is the platform too.
  expect(record([...m.inReview, later('80h')]).seconds).toMatchObject({ platform: 80 * 3600 })
})

test('how complaints ended', () => {
  const stories = [
    [m.submitted, m.offersAll(), m.fulfils(), m.confirms],
    [m.submitted, m.confirms],
    [...m.inReview, m.rulesRefund],
    [...m.inReview, m.rulesForMerchant],
    [...m.inReview, m.rules({ ...{ remedy: { kind: 'refund', owedBy: 'merchant' } }, outcome: 'partly' })],
    [m.submitted, m.offered, m.notifiedThrice, silence],
    [m.submitted],
  ]
  expect(record(...stories)).toMatchObject({
    complaints: 7,
    confirmed: 2,
    lapsed: 1,
    ruledForBuyer: 1,
    ruledForMerchant: 1,
  })
})

test('of an appealed ruling the answer counts', () => {
  const appealed = [...m.inReview, m.rulesForMerchant, m.appeals]
  expect(record(appealed)).toMatchObject({ ruledForBuyer: 0, ruledForMerchant: 1 })
  const answered = [...appealed, m.rules(m.owes(), officer('B2'))]
  expect(record(answered)).toMatchObject({ ruledForBuyer: 1, ruledForMerchant: 0 })
})

test('no complaints, no figures', () => {
  expect(record()).toEqual(noStatistics())
})
