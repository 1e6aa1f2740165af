// Time: instants are UTC milliseconds; calendar and clock are those of Asia/Shanghai, which has kept UTC+8 without
// summer time since 1992. The one home of this arithmetic. How a language writes a time is in src/i18n.

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const OFFSET = 8 * HOUR

/** ISO 8601 in UTC. Throws RangeError for an instant beyond the calendar. */
export const iso = (at: number): string => new Date(at).toISOString()
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))

/** What calendar and clock show in Shanghai; `clock` is 18:05. */
export interface ShanghaiParts {
  year: number
  month: number
  date: number
  clock: string
}

const two = (n: number): string => String(n).padStart(2, '0')

export const shanghaiParts = (at: number): ShanghaiParts => {
  const local = new Date(at + OFFSET)
  const clock = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, date: local.getUTCDate(), clock }
}

/** The date in Shanghai, as YYYY-MM-DD. */
export const shanghaiDate = (at: number): string => iso(at + OFFSET).slice(0, 10)
/** Date and time in Shanghai, as `datetime-local` writes them: YYYY-MM-DDTHH:MM. */
export const shanghaiDateTime = (at: number): string => iso(at + OFFSET).slice(0, 16)

/** Days since 1 January 1970, counted at Shanghai's midnights. */
export const dayNumber = (at: number): number => Math.floor((at + OFFSET) / DAY)
export const isSameDay = (a: number, b: number): boolean => dayNumber(a) === dayNumber(b)
/** The midnight at which this instant's day began in Shanghai. */
export const startOfDay = (at: number): number => dayNumber(at) * DAY - OFFSET
/** The first instant of a date like 2026-11-11 in Shanghai. */
export const startOfDate = (date: string): number => Date.parse(`${date}T00:00:00+08:00`)
export const isMidnight = (at: number): boolean => (at + OFFSET) % DAY === 0

/** A date like 2026-11-11 that the calendar has: `Date.parse` takes 31 February for a day in March. */
export const isDate = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
}

/** Event loop: a macrotask, so that other requests of the process are answered between two portions of long work. */
export const yieldToEventLoop = (): Promise<void> => new Promise(resolve => setTimeout(resolve))
