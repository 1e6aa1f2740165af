import type { Locale } from '../../complaint/words.ts'
import { personEn } from '../en/person.ts'
import { type PersonWords, personZhCN } from '../zh-CN/person.ts'
import { personZhTW } from '../zh-TW/person.ts'

export const PERSON_WORDS: Record<Locale, PersonWords> = { 'zh-CN': personZhCN, 'zh-TW': personZhTW, en: personEn }
