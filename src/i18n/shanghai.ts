import { isMidnight, type ShanghaiParts, shanghaiParts } from '../complaint/time.ts'

/** A time that ends with a day ends at its 24:00, not at 00:00 of the next. */
export const inShanghai = (iso: string): ShanghaiParts => {
  const at = Date.parse(iso)
  return isMidnight(at) ? { ...shanghaiParts(at - 1), clock: '24:00' } : shanghaiParts(at)
}

/** How a language says an amount of time. */
interface Units {
  days(n: number): string
  hours(n: number): string
  minutes(n: number): string
  underMinute: string
}

/** No minutes beside days, nor beside six hours and more: too fine to plan by. */
export const spanIn = (seconds: number, units: Units): string => {
  const minutes = Math.floor(seconds / 60)
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  const said = [
    days > 0 && units.days(days),
    hours > 0 && units.hours(hours),
    days === 0 && hours < 6 && rest > 0 && units.minutes(rest),
  ]
  return said.filter(Boolean).join(' ') || units.underMinute
}
