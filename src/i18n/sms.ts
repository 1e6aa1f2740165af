import { isSameDay, shanghaiParts } from '../complaint/time.ts'
import type { Vendor } from '../notify/sms/vendor.ts'

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
  /** The same, short, as said at `now`; never later than the deadline itself. */
  day(at: number, now: number): string
}

const chineseDate = (at: number): string => {
  const { month, date } = shanghaiParts(at)
  return `${month}月${date}日`
}

/** Both ways of writing Chinese. A date alone reads as "before that day begins", so the day itself needs the hour. */
export const chineseDates = {
  instant: (at: number): string => `${chineseDate(at)} ${shanghaiParts(at).clock}`,
  day: (at: number, now: number): string => (isSameDay(at, now) ? `今天${shanghaiParts(at).clock}` : chineseDate(at)),
}
