import type { Locale } from '../../complaint/words.ts'
import { consoleEn } from '../en/console.ts'
import { type ConsoleWords, consoleZhCN } from '../zh-CN/console.ts'
import { consoleZhTW } from '../zh-TW/console.ts'

export const console: Record<Locale, ConsoleWords> = { 'zh-CN': consoleZhCN, 'zh-TW': consoleZhTW, en: consoleEn }
