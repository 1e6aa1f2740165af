const SHANGHAI = 8 * 3_600_000
const DAY = 86_400_000

/** What calendar and clock show in Asia/Shanghai; `clock` is 18:05. */
interface Wall {
  year: number
  month: number
  date: number
  clock: string
}

const two = (n: number): string => String(n).padStart(2, '0')

/** A time that ends with a day ends at its 24:00, not at 00:00 of the next. */
export const inShanghai = (iso: string): Wall => {
  const local = Date.parse(iso) + SHANGHAI
  const endsDay = local % DAY === 0
  const at = new Date(endsDay ? local - 1 : local)
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    date: at.getUTCDate(),
    clock: endsDay ? '24:00' : `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  }
}

/** How a language says an amount of time. */
interface Units {
  days(n: number): string
  hours(n: number): string
  minutes(n: number): string
  underMinute: string
}

/** No minutes beside days, nor beside six hours and more: nobody plans by them. */
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
