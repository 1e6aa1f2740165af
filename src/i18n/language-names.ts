import type { Locale } from '../complaint/words.ts'

/** Each language by its own name, in the order of the switch. */
export const LANGUAGE_NAMES: readonly (readonly [locale: Locale, name: string])[] = [
  ['zh-CN', '简体'],
  ['zh-TW', '繁體'],
  ['en', 'English'],
]
