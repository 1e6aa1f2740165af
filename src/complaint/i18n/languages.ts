import type { Dictionary } from '../view/dictionary.ts'
import type { Locale } from '../words.ts'
import { en } from './en.ts'
import { zhCN } from './zh-cn.ts'
import { zhTW } from './zh-tw.ts'

export const DICTIONARIES: Record<Locale, Dictionary> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }
