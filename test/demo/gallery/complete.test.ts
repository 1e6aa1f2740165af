import { expect, test } from 'vitest'
import { REFUSALS } from '../../../src/complaint/command.ts'
import { LOCALES, STATES, STEP_KINDS } from '../../../src/complaint/words.ts'
import { SPECIMENS } from '../../../src/demo/gallery/specimens.ts'
import { stories } from '../../../src/demo/gallery/stories.ts'
import { DESK_WORDS } from '../../../src/i18n/areas/desk.ts'
import { MERCHANT_WORDS } from '../../../src/i18n/areas/merchant.ts'
import { MESSAGES } from '../../../src/i18n/languages.ts'
import { languages } from '../../../src/views/context.ts'

const pages = languages(MESSAGES, { verifyUrl: '/verify' })
const drawn = (room: string) =>
  SPECIMENS.filter(each => each.room === room).map(each => each.draw(pages('zh-CN'), '/gallery/x'))
const told = Object.values(stories).map(story => story())

test('every state is on some page of the buyer, and every kind of step', () => {
  expect(new Set(told.map(({ complaint }) => complaint.state))).toEqual(new Set(STATES))
  const kinds = new Set(told.flatMap(({ entries }) => entries.map(({ step }) => step.kind)))
  expect(kinds).toEqual(new Set(STEP_KINDS))
  const tracking = drawn('track').join('')
  const { forBuyer: dictionary } = pages('zh-CN')
  for (const state of STATES) expect(tracking).toContain(`<title>${dictionary.states[state]}`)
})

/** The forms of these pages, by the ids of what opens or holds them. */
const formsOf = (room: string) =>
  new Set(
    drawn(room).flatMap(page =>
      [...page.matchAll(/<(?:details class="act|section class="plain ask)[^"]*" id="([a-z-]+)"/g)].map(([, id]) => id),
    ),
  )

test('every form of every party is drawn', () => {
  expect(formsOf('track')).toEqual(new Set(Object.keys(pages('zh-CN').words.acts.words)))
  expect(formsOf('merchant')).toEqual(new Set(Object.keys(MERCHANT_WORDS['zh-CN'].acts)))
  expect(formsOf('desk')).toEqual(new Set(Object.keys(DESK_WORDS['zh-CN'].acts)))
})

test('every refusal is shown, in the words of each party', () => {
  const refusals = SPECIMENS.find(({ name }) => name === 'refusals')?.draw(pages('zh-CN'), '') ?? ''
  for (const code of [...Object.keys(REFUSALS), 'stale']) expect(refusals).toContain(`<code>${code}</code>`)
})

test('every specimen is drawn whole, in every language, under a name of its own', () => {
  expect(new Set(SPECIMENS.map(({ name }) => name)).size).toBe(SPECIMENS.length)
  for (const { name, draw } of SPECIMENS) {
    for (const locale of LOCALES) {
      const page = draw(pages(locale), `/gallery/${name}`)
      expect(page, name).toContain(`<html lang="${locale}">`)
      expect(page.trimEnd(), name).toMatch(/<\/html>$/)
      expect(page, name).not.toMatch(/undefined|\[object |NaN/)
    }
  }
})
