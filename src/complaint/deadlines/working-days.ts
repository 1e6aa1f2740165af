import type { PolicyDocument } from './policy.ts'

type Calendar = PolicyDocument['calendar']

const DAY = 86_400_000
/** Asia/Shanghai has kept UTC+8 without summer time since 1992. */
const SHANGHAI = 8 * 3_600_000

/** The date in Shanghai, as YYYY-MM-DD. */
export const shanghaiDate = (at: number): string => new Date(at + SHANGHAI).toISOString().slice(0, 10)

const isWorkingDay = (day: number, calendar: Calendar): boolean => {
  const date = new Date(day).toISOString().slice(0, 10)
  if (calendar.workdays.includes(date)) return true
  if (calendar.holidays.includes(date)) return false
  const weekday = new Date(day).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * The end of the n-th working day after `from`, UTC ms: the day of receipt is day zero, and the last day counts to
 * its midnight in Shanghai. Past the table's `coveredUntil` weekends alone are known; see `isProvisional`.
 */
export const afterWorkingDays = (from: number, n: number, calendar: Calendar): number => {
  let day = Math.floor((from + SHANGHAI) / DAY) * DAY
  for (let left = n; left > 0; ) {
    day += DAY
    if (isWorkingDay(day, calendar)) left--
  }
  return day + DAY - SHANGHAI
}

/** The date rests on a year whose holidays were not announced yet. */
export const isProvisional = (due: number, calendar: Calendar): boolean => shanghaiDate(due - 1) > calendar.coveredUntil
