import type { Vendor } from '../notify/sms/catalogue.ts'

/** How one language writes its messages. `{name}` stands where a value goes. */
export interface SmsLanguage<Variant extends string = string> {
  /** What stands in 【】; registered with the vendor. */
  signature: string
  texts: Record<Variant, string>
  /** Follows a text that brings no code, where links may not vary. */
  code: string
  /** The vendors that take this language. */
  vendors: readonly Vendor[]
  /** A date and time in Shanghai. */
  instant(at: number): string
  /** The same, short, as said at `now`: nobody is late who goes by it. */
  day(at: number, now: number): string
}

const SHANGHAI = 8 * 3_600_000

/** Date and time in Shanghai, in numbers; `clock` is 22:05. */
export const inShanghai = (at: number): { year: number; month: number; date: number; clock: string } => {
  const day = new Date(at + SHANGHAI)
  const clock = day.toISOString().slice(11, 16)
  return { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, date: day.getUTCDate(), clock }
}

export const isSameDay = (a: number, b: number): boolean => {
  const [first, second] = [inShanghai(a), inShanghai(b)]
  return first.year === second.year && first.month === second.month && first.date === second.date
}

const chineseDate = (at: number): string => {
  const { month, date } = inShanghai(at)
  return `${month}月${date}日`
}

/** Both ways of writing Chinese. A date alone reads as "before that day begins", so the day itself needs the hour. */
export const chineseDates = {
  instant: (at: number): string => `${chineseDate(at)} ${inShanghai(at).clock}`,
  day: (at: number, now: number): string => (isSameDay(at, now) ? `今天${inShanghai(at).clock}` : chineseDate(at)),
}
