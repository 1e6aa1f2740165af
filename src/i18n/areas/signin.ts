import type { Locale } from '../../complaint/words.ts'
import { signInEn } from '../en/signin.ts'
import { type SignInWords, signInZhCN } from '../zh-CN/signin.ts'
import { signInZhTW } from '../zh-TW/signin.ts'

export const SIGN_IN_WORDS: Record<Locale, SignInWords> = { 'zh-CN': signInZhCN, 'zh-TW': signInZhTW, en: signInEn }
