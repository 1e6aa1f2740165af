import { describe, expect, test } from 'vitest'
import { afterWorkingDays, isProvisional } from '../../../src/complaint/deadlines/policy.ts'
import { shanghaiDate } from '../../../src/complaint/time.ts'
import { zhCN } from '../../../src/i18n/zh-CN/complaint.ts'
import { policy } from '../support.ts'

const { calendar } = policy
/** Noon in Shanghai. */
const noon = (date: string): number => Date.parse(`${date}T04:00:00Z`)
/** The last day of the time, and proof that it ends with that day. */
const lastDay = (from: number, n: number): string => {
  const end = afterWorkingDays(from, n, calendar)
  expect((end + 8 * 3_600_000) % 86_400_000).toBe(0)
  return shanghaiDate(end - 1)
}

describe('working days of 2026', () => {
  test.each([
    ['an ordinary week', '2026-03-02', 7, '2026-03-11'],
    ['the day of receipt is day zero', '2026-03-02', 1, '2026-03-03'],
    ['received on a Saturday', '2026-03-07', 1, '2026-03-09'],
    ['across 春节, with Saturday the 14th and 28th worked', '2026-02-12', 7, '2026-02-28'],
    ['a make-up Saturday counts', '2026-02-13', 1, '2026-02-14'],
    ['the first working day after 春节', '2026-02-14', 1, '2026-02-24'],
    ['across 国庆, with Saturday the 10th worked', '2026-09-30', 3, '2026-10-10'],
    ['a make-up Sunday counts', '2026-09-18', 1, '2026-09-20'],
    ['中秋 and 国庆 in one time', '2026-09-24', 7, '2026-10-12'],
    ['across 劳动节', '2026-04-30', 4, '2026-05-09'],
    ['清明 on a Monday', '2026-04-03', 1, '2026-04-07'],
  ])('%s', (_name, from, n, last) => {
    expect(lastDay(noon(from), n)).toBe(last)
  })

  test('a day is a day in Shanghai', () => {
    // 23:59:59.999 on Monday, then 00:00 on Tuesday.
    const midnight = Date.parse('2026-03-02T16:00:00Z')
    expect(lastDay(midnight - 1, 1)).toBe('2026-03-03')
    expect(lastDay(midnight, 1)).toBe('2026-03-04')
  })

  test('past the announced years a date is provisional', () => {
    expect(isProvisional(afterWorkingDays(noon('2026-12-30'), 1, calendar), calendar)).toBe(false)
    expect(isProvisional(afterWorkingDays(noon('2026-12-31'), 1, calendar), calendar)).toBe(true)
    expect(lastDay(noon('2026-12-31'), 1)).toBe('2027-01-01')
  })

  test('the last day reads as its own end, not as the beginning of the next', () => {
    const end = new Date(afterWorkingDays(noon('2026-03-02'), 7, calendar)).toISOString()
    expect(zhCN.when(end)).toBe('3月11日 24:00')
    expect(zhCN.when('2026-12-31T16:00:00.000Z')).toBe('12月31日 24:00')
    expect(zhCN.when('2026-12-31T16:00:00.001Z')).toBe('1月1日 00:00')
    expect(zhCN.when('2026-12-31T15:59:59.999Z')).toBe('12月31日 23:59')
  })
})
