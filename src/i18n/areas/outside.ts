import type { Locale } from '../../complaint/words.ts'
import { outsideEn } from '../en/outside.ts'
import { type OutsideWords, outsideZhCN } from '../zh-CN/outside.ts'
import { outsideZhTW } from '../zh-TW/outside.ts'

export const OUTSIDE_WORDS: Record<Locale, OutsideWords> = { 'zh-CN': outsideZhCN, 'zh-TW': outsideZhTW, en: outsideEn }
