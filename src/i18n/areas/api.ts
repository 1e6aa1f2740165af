import type { Locale } from '../../complaint/words.ts'
import { apiEn } from '../en/api.ts'
import { type ApiWords, apiZhCN } from '../zh-CN/api.ts'
import { apiZhTW } from '../zh-TW/api.ts'

export const API_WORDS: Record<Locale, ApiWords> = { 'zh-CN': apiZhCN, 'zh-TW': apiZhTW, en: apiEn }
