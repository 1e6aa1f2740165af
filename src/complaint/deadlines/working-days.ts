import { DAY, shanghaiDate, startOfDay } from '../time.ts'
import type { PolicyDocument } from './policy.ts'

type Calendar = PolicyDocument['calendar']

const isWorkingDay = (date: string, calendar: Calendar): boolean => {
  if (calendar.workdays.includes(date)) return true
  if (calendar.holidays.includes(date)) return false
  const weekday = new Date(date).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * The end of the n-th working day after `from`, UTC ms: the day of receipt is day zero, and the last day counts to
 * its midnight in Shanghai. Past the table's `coveredUntil` weekends alone are known; see `isProvisional`.
 */
export const afterWorkingDays = (from: number, n: number, calendar: Calendar): number => {
  let day = startOfDay(from)
  for (let left = n; left > 0; ) {
    day += DAY
    if (isWorkingDay(shanghaiDate(day), calendar)) left--
  }
  return day + DAY
}

/** The date rests on a year whose holidays were not announced yet. */
export const isProvisional = (due: number, calendar: Calendar): boolean => shanghaiDate(due - 1) > calendar.coveredUntil
