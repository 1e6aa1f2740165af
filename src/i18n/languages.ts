import type { Dictionary } from '../complaint/view/types.ts'
import type { Locale } from '../complaint/words.ts'
import { en } from './en/complaint.ts'
import { enMessages } from './en/index.ts'
import type { Messages } from './index.ts'
import { zhCN } from './zh-CN/complaint.ts'
import { zhCNMessages } from './zh-CN/index.ts'
import { zhTW } from './zh-TW/complaint.ts'
import { zhTWMessages } from './zh-TW/index.ts'

/** All languages, for a program that has them at once; the Worker loads them one by one (hosts/worker/deps.ts). */
export const MESSAGES: Record<Locale, Messages> = { 'zh-CN': zhCNMessages, 'zh-TW': zhTWMessages, en: enMessages }

// The sentences about a complaint alone, for the page /verify, which loads nothing else.

export const DICTIONARIES: Record<Locale, Dictionary> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }
