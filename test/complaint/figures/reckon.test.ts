import { expect, test } from 'vitest'
import type { Complaint } from '../../../src/complaint/complaint.ts'
import { evolve } from '../../../src/complaint/evolve.ts'
import { addCounts, type Counts, reckon, type Standing } from '../../../src/complaint/figures/reckon.ts'
import { recordOf } from '../../../src/complaint/figures/record.ts'
import * as m from '../moves.ts'
import { DAY, given, later, leafOnly, type Move, merchant, officer, silence } from '../support.ts'

/** The record of these complaints, leaf by leaf, as far as the clock has come in each. */
const record = (...stories: Move[][]) => {
  const counts: Counts = {}
  for (const story of stories) {
    let complaint: Complaint | null = null
    let standing: Standing | null = null
    for (const step of given(...story).world.steps.map(leafOnly)) {
      complaint = evolve(complaint, step)
      const reckoned = reckon(standing, { ...step, ...complaint, p: { ...step.p } })
      addCounts(counts, reckoned.counts)
      standing = reckoned.after
    }
  }
  return recordOf(counts)
}
const deadlines = (...story: Move[]) => {
  const { kept, missed } = record(story).deadlines
  return [kept, missed]
}

test('an answer in time keeps the deadline, silence misses it', () => {
  expect(deadlines(m.submitted)).toEqual([0, 0])
  expect(deadlines(m.submitted, later('47h'), m.rejected)).toEqual([1, 0])
  expect(deadlines(m.submitted, silence)).toEqual([0, 1])
  expect(deadlines(m.submitted, silence, m.offered)).toEqual([0, 1])
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

test('a parcel’s way is the courier’s time, a review the platform’s, and a supervisor is the platform too', () => {
  const returned = [...m.returnRuled, later('1d'), m.ships, later('2d'), m.receives, later('1d'), m.fulfils()]
  const day = DAY / 1000
  expect(record(returned).seconds).toMatchObject({ merchant: day, buyer: day, platform: 0, courier: 2 * day })
  expect(deadlines(...returned)).toEqual([2, 0])
  expect(deadlines(...m.returnRuled, m.ships, m.fulfils())).toEqual([2, 0])
  const decided = record([...m.inReview, later('80h'), m.rules({}, officer('B2'))])
  expect(decided.seconds).toMatchObject({ merchant: 0, platform: 80 * 3600 })
})
