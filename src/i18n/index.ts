// The one way to a page's sentences: `messages(locale).desk`.

import type { Locale } from '../complaint/words.ts'
import { en } from './en/index.ts'
import type { Messages } from './messages.ts'
import { zhCN } from './zh-CN/index.ts'
import { zhTW } from './zh-TW/index.ts'

export type * from './messages.ts'

const MESSAGES: Record<Locale, Messages> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }

export const messages = (locale: Locale): Messages => MESSAGES[locale]

/** Each language by its own name, in the order of the switch. */
export const LANGUAGE_NAMES: readonly (readonly [locale: Locale, name: string])[] = [
  ['zh-CN', '简体'],
  ['zh-TW', '繁體'],
  ['en', 'English'],
]
