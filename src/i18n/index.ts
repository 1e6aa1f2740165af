// The sentences of the buyer's pages, and what all pages share: `messages(locale).track`. Those of an area that loads later are
// imported from it: `DESK_WORDS[locale]` of `areas/desk.ts`. An area is one file for all languages, so that a bundle has the three
// texts of a sentence near each other: gzip finds what they share within 32 KiB.

import type { Locale } from '../complaint/words.ts'
import { forBuyer } from './areas/complaint.ts'
import { console } from './areas/console.ts'
import { track } from './areas/track.ts'
import { DICTIONARIES } from './dictionaries.ts'
import type { Messages } from './messages.ts'

export type * from './messages.ts'

const AREAS: { [A in keyof Messages]: Record<Locale, Messages[A]> } = {
  complaint: DICTIONARIES,
  forBuyer,
  track,
  console,
}

const inLanguage = (locale: Locale): Messages =>
  // Cast: the areas are those of `Messages`, by the type of `AREAS`.
  Object.fromEntries(Object.entries(AREAS).map(([area, words]) => [area, words[locale]])) as unknown as Messages

const MESSAGES = { 'zh-CN': inLanguage('zh-CN'), 'zh-TW': inLanguage('zh-TW'), en: inLanguage('en') }

export const messages = (locale: Locale): Messages => MESSAGES[locale]

/** Each language by its own name, in the order of the switch. */
export const LANGUAGE_NAMES: readonly (readonly [locale: Locale, name: string])[] = [
  ['zh-CN', '简体'],
  ['zh-TW', '繁體'],
  ['en', 'English'],
]
