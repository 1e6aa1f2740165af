import { describe, expect, test } from 'vitest'
import { indexOf, trendOf } from '../../../src/complaint/figures/public-index.ts'
import { bucketOf, type Counts, hoursOf } from '../../../src/complaint/figures/reckon.ts'
import { recordOf, shareOf } from '../../../src/complaint/figures/record.ts'
import { DAY, HOUR } from '../../../src/complaint/time.ts'

test('buckets are hours below two days, then days, and none is left out', () => {
  const ends = [0, HOUR - 1, HOUR, 47 * HOUR, 48 * HOUR - 1, 48 * HOUR, 3 * DAY - 1, 3 * DAY]
  expect(ends.map(bucketOf)).toEqual([0, 0, 1, 47, 47, 48, 48, 49])
  expect([0, 47, 48, 49].map(hoursOf)).toEqual([0, 47, 48, 72])
  expect(bucketOf(-5)).toBe(0)
})

describe('Wilson’s interval', () => {
  // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (hits, cases, low, high) => {
    const share = shareOf(hits, cases)
    expect(share?.low).toBeCloseTo(low, 3)
    expect(share?.high).toBeCloseTo(high, 3)
  })
  test('of no case there is none', () => expect(shareOf(0, 0)).toBeNull())
})

describe('the median of first answers', () => {
  const medianOf = (counts: Counts) => recordOf(counts).answerHours
  test('is the lower one, in hours', () => {
    expect(medianOf({ 'answer.3': 1, 'answer.10': 1 })).toBe(3)
    expect(medianOf({ 'answer.3': 1, 'answer.10': 2 })).toBe(10)
    expect(medianOf({ 'answer.49': 1 })).toBe(72)
  })
  test('counts a miss as longer than any answer', () => {
    expect(medianOf({ 'answer.3': 2, 'answer.5': 2, unanswered: 3 })).toBe(5)
    expect(medianOf({ 'answer.3': 2, unanswered: 3 })).toBeNull()
    expect(medianOf({})).toBeNull()
  })
})

test('ratings of what others ended count apart, and lift no score', () => {
  const { own, other, response } = recordOf({ 'score.own.5': 3, 'score.other.1': 1, endings: 10 }).satisfaction
  expect([own, other]).toEqual([
    { cases: 3, mean: 5 },
    { cases: 1, mean: 1 },
  ])
  expect(response).toMatchObject({ cases: 10, share: 0.4 })
})

describe('the index', () => {
  const merchants = (counts: Record<string, Counts>) => {
    const { merchants } = indexOf({
      period: 90,
      until: 20_000,
      days: Object.values(counts).map(counts => ({ day: 20_000, category: 'quality', counts })),
      before: {},
      merchants: new Map(Object.entries(counts)),
    })
    return Object.fromEntries(merchants.map(({ m, comparison }) => [m, comparison]))
  }
  const of = (inTime: number, missed: number): Counts => ({
    opened: inTime + missed,
    'answer.2': inTime,
    unanswered: missed,
  })

  test('compares only what the numbers can tell apart', () => {
    expect(
      merchants({ good: of(100, 0), bad: of(40, 60), like: of(45, 15), new: of(3, 0), silent: of(0, 19) }),
    ).toEqual({
      good: 'better',
      bad: 'worse',
      like: 'same',
      new: 'few',
      silent: 'few',
    })
  })
  test('ties are ties: the same counts compare alike, whatever the name', () => {
    expect(merchants({ a: of(30, 10), b: of(30, 10), c: of(90, 10) })).toMatchObject({ a: 'same', b: 'same' })
  })
  test('twenty is enough, and a merchant without a case is not there', () => {
    expect(merchants({ a: of(20, 0), b: of(0, 20) })).toEqual({ a: 'better', b: 'worse' })
    expect(merchants({})).toEqual({})
  })
})

test.each([30, 90, 365])('a trend of %i days has every day once', period => {
  const [from, until] = [20_000 - period + 1, 20_000]
  const days = Array.from({ length: period }, (_, i) => ({ day: from + i, category: 'q', counts: { opened: 1 } }))
  const steps = trendOf(days, from, until)
  expect(steps.length).toBeLessThanOrEqual(12)
  expect(steps.reduce((sum, { opened }) => sum + opened, 0)).toBe(period)
  expect([steps[0]?.from, steps.at(-1)?.until]).toEqual([from, until])
})
