import { expect, test } from 'vitest'
import { nextTry, TRIES_BY_DAY } from '../../src/notify/retry.ts'
import { DAY, HOUR } from './sms/support.ts'

const waits = (random: number, tries?: number): number[] => {
  const all: number[] = []
  for (let tried = 1, wait = nextTry(tried, 0, random, tries); wait !== null; wait = nextTry(++tried, 0, random, tries))
    all.push(wait)
  return all
}

test('waits double from half a minute to an hour, and end after a day, with its ten quiet hours or without', () => {
  const all = waits(0.5)
  expect(all.slice(0, 9)).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600].map(seconds => seconds * 1000))
  const length = (each: readonly number[]) => each.reduce((sum, wait) => sum + wait, 0)
  expect(Math.abs(length(all) - DAY)).toBeLessThan(HOUR)
  expect(Math.abs(length(waits(0.5, TRIES_BY_DAY)) + 10 * HOUR - DAY)).toBeLessThan(1.1 * HOUR)
})

test('messages that failed together come back apart', () => {
  expect(nextTry(1, 1000, 0)).toBe(1000 + 22_500)
  expect(nextTry(1, 1000, 1)).toBe(1000 + 37_500)
})
