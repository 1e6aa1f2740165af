import type { Locale } from '../../complaint/words.ts'
import { signingEn } from '../en/signing.ts'
import { type SigningWords, signingZhCN } from '../zh-CN/signing.ts'
import { signingZhTW } from '../zh-TW/signing.ts'

export const SIGNING_WORDS: Record<Locale, SigningWords> = { 'zh-CN': signingZhCN, 'zh-TW': signingZhTW, en: signingEn }
