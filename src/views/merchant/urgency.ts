import { DAY, HOUR, isSameDay, shanghaiParts } from '../../complaint/time.ts'
import type { MerchantWords } from '../../i18n/merchant.ts'
import { type Html, html } from '../html.ts'

export const isToday = (due: number, now: number): boolean => due > now && isSameDay(due, now)

/** How urgent: in words, and in a colour that repeats them; calm where somebody else must act. */
export const urgency = (due: number | null, mine: boolean, now: number, { left }: MerchantWords): Html => {
  if (due === null) return badge('none', left.closed)
  if (due <= now) return badge(mine ? 'late' : 'calm', left.late)
  const tone = mine ? (isToday(due, now) ? 'today' : due - now < 2 * DAY ? 'soon' : 'calm') : 'calm'
  return badge(tone, inWords(due, now, left))
}

const inWords = (due: number, now: number, left: MerchantWords['left']): string => {
  if (isToday(due, now)) return left.today(shanghaiParts(due).clock)
  const hours = Math.floor((due - now) / HOUR)
  if (hours < 1) return left.soon
  return hours < 24 ? left.hours(hours) : left.days(Math.floor(hours / 24))
}

const badge = (tone: string, words: string): Html => html`<span class="badge ${tone}">${words}</span>`
