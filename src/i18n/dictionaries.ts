// The sentences about a complaint alone, for the page /verify, which loads nothing else.

import type { Dictionary } from '../complaint/view/types.ts'
import type { Locale } from '../complaint/words.ts'
import { en } from './en/complaint.ts'
import { zhCN } from './zh-CN/complaint.ts'
import { zhTW } from './zh-TW/complaint.ts'

export const DICTIONARIES: Record<Locale, Dictionary> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }
