import type { Locale } from '../../complaint/words.ts'
import { deskEn } from '../en/desk.ts'
import { type DeskWords, deskZhCN } from '../zh-CN/desk.ts'
import { deskZhTW } from '../zh-TW/desk.ts'

export const DESK_WORDS: Record<Locale, DeskWords> = { 'zh-CN': deskZhCN, 'zh-TW': deskZhTW, en: deskEn }
