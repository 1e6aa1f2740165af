import type { Locale } from '../complaint/words.ts'
import { enMessages } from './en/index.ts'
import type { Messages } from './index.ts'
import { zhCNMessages } from './zh-CN/index.ts'
import { zhTWMessages } from './zh-TW/index.ts'

/** All languages, for a program that has them at once; the Worker loads them one by one (hosts/worker/languages.ts). */
export const MESSAGES: Record<Locale, Messages> = { 'zh-CN': zhCNMessages, 'zh-TW': zhTWMessages, en: enMessages }
