import type { Locale } from '../../../complaint/words.ts'
import { consoleEn } from './en.ts'
import { type ConsoleWords, consoleZhCN } from './zh-cn.ts'
import { consoleZhTW } from './zh-tw.ts'

export const consoleWords: Record<Locale, ConsoleWords> = { 'zh-CN': consoleZhCN, 'zh-TW': consoleZhTW, en: consoleEn }
