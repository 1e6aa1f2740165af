import { describe, expect, test } from 'vitest'
import { startOfDay } from '../../../src/complaint/time.ts'
import { counts, whenToDigest, whenToSend } from '../../../src/notify/sms/timing.ts'

/** An instant in Shanghai, in March 2026. */
const at = (text: string): number => {
  const [day, time] = text.split(' ')
  return Date.parse(`2026-03-${day?.padStart(2, '0')}T${time?.length === 5 ? `${time}:00` : time}+08:00`)
}
const shown = (instant: number): string => {
  const iso = new Date(instant + 8 * 3_600_000).toISOString()
  return `${Number(iso.slice(8, 10))} ${iso.slice(11, 19)}`
}

const news = { template: 'merchant_responded', due: null }
const reminder = (due: string) => ({ template: 'reminder', due: at(due) })
const link = { template: 'link', due: null }
const question = { template: 'rating', due: null }
const first = { template: 'submitted', due: null }
const ruling = { template: 'ruled', due: null }

describe('a buyer’s phone', () => {
  test.each([
    // Quiet hours.
    ['2 21:59:59', news, 0, '2 21:59:59'],
    ['2 22:00', news, 0, '3 08:00:00'],
    ['2 23:59:59', news, 0, '3 08:00:00'],
    ['3 00:00', news, 0, '3 08:00:00'],
    ['3 07:59:59', news, 0, '3 08:00:00'],
    ['3 08:00', news, 0, '3 08:00:00'],
    ['3 02:00', ruling, 0, '3 08:00:00'],
    // Due today goes at night; due tomorrow waits, unless the morning is too late.
    ['2 22:30', reminder('2 23:30'), 0, '2 22:30:00'],
    ['3 00:30', reminder('3 20:00'), 0, '3 00:30:00'],
    ['2 23:30', reminder('3 20:00'), 0, '3 08:00:00'],
    ['2 23:30', reminder('3 08:01'), 0, '3 08:00:00'],
    ['2 23:30', reminder('3 07:00'), 0, '2 23:30:00'],
    ['2 23:30', reminder('3 08:00'), 0, '2 23:30:00'],
    // A question waits for a day without news, and takes the place of none.
    ['3 10:00', question, 0, '3 10:00:00'],
    ['3 23:00', question, 0, '4 08:00:00'],
    ['3 10:00', question, 1, '4 08:00:00'],
    // What a caller asked for: not at night, and apart from the day's two.
    ['3 02:00', link, 0, '3 08:00:00'],
    ['2 23:30', { ...link, due: at('2 23:59') }, 0, '3 08:00:00'],
    // The first SMS, within an hour of filing; a day late it waits like any other.
    ['2 23:34', { ...first, filedAt: at('2 23:34') }, 0, '2 23:34:00'],
    ['3 00:20', { ...first, filedAt: at('2 23:34') }, 1, '3 00:20:00'],
    ['2 23:34', { ...first, filedAt: at('2 23:34') }, 2, '3 08:00:00'],
    ['3 00:40', { ...first, filedAt: at('2 23:34') }, 0, '3 08:00:00'],
    // Two a day.
    ['2 10:00', news, 1, '2 10:00:00'],
    ['2 10:00', news, 2, '3 08:00:00'],
    ['2 10:00', link, 2, '2 10:00:00'],
    ['2 10:00', reminder('2 20:00'), 2, '3 08:00:00'],
    ['2 10:00', ruling, 5, '2 10:00:00'],
    ['2 23:00', news, 2, '3 08:00:00'],
    ['3 00:30', news, 2, '4 08:00:00'],
    // The last second of the year's shortest month is no edge.
    ['31 23:59:59', news, 0, '32 08:00:00'],
  ])('at %s, %o after %i today: %s', (now, mail, sentToday, then) => {
    const expected = then.startsWith('32') ? at('31 08:00:00') + 86_400_000 : at(then)
    expect(shown(whenToSend(at(now), mail, sentToday))).toBe(shown(expected))
    expect(whenToSend(at(now), mail, sentToday)).toBe(expected)
  })

  test('once the instant has come, it goes', () => {
    for (const mail of [news, link, ruling, reminder('4 12:00')]) {
      for (let hour = 0; hour < 48; hour++) {
        const now = at('2 00:00') + hour * 3_600_000 + 1
        const then = whenToSend(now, mail, hour % 3)
        expect(whenToSend(then, mail, 0)).toBe(then)
      }
    }
  })

  test('rulings and links that were asked for are not among the two', () => {
    expect([news, link, ruling, { template: 'appeal_ruled', due: null }].map(counts)).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  test('a day begins at midnight in Shanghai', () => {
    expect(shown(startOfDay(at('2 23:59:59')))).toBe('2 00:00:00')
    expect(shown(startOfDay(at('3 00:00')))).toBe('3 00:00:00')
  })
})

describe('a digest', () => {
  test.each([
    // Planned at, due by, looked at: goes at.
    ['2 08:59', '4 08:59', '2 08:59', '2 09:00:00'],
    ['2 09:00', '4 09:00', '2 09:00', '2 09:00:00'],
    ['2 09:01', '4 09:01', '2 09:01', '2 16:00:00'],
    ['2 16:00:01', '4 12:00', '2 16:00:01', '3 09:00:00'],
    // A few seconds late, or days: its slot has come.
    ['2 09:00', '4 09:00', '2 09:00:07', '2 09:00:07'],
    ['2 10:00', '9 10:00', '5 11:00', '5 11:00:00'],
    // Its own deadline passes before its slot.
    ['2 19:24', '3 05:00', '2 19:24', '2 19:24:00'],
    ['2 16:30', '2 18:00', '2 16:30', '2 16:30:00'],
    ['2 16:30', '3 09:00', '2 16:30', '2 16:30:00'],
    // And the night lies between.
    ['2 22:30', '3 08:30', '2 22:30', '3 08:00:00'],
    ['2 22:30', '3 07:30', '2 22:30', '2 22:30:00'],
    ['3 01:00', '3 08:30', '3 01:00', '3 01:00:00'],
    // A server that slept through its slot wakes nobody.
    ['2 10:00', '9 10:00', '2 23:00', '3 08:00:00'],
  ])('planned for %s, due %s, at %s: %s', (since, due, now, then) => {
    const mail = { since: at(since), attempts: 0, due: at(due) }
    expect(shown(whenToDigest(at(now), mail))).toBe(then)
  })

  test('that failed does not wait for another slot, but for the morning', () => {
    const mail = { since: at('2 16:30'), attempts: 1, due: at('5 12:00') }
    expect(shown(whenToDigest(at('2 16:30'), mail))).toBe('2 16:30:00')
    expect(shown(whenToDigest(at('2 22:10'), mail))).toBe('3 08:00:00')
  })
})
