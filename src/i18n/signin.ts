import type { Locale } from '../complaint/words.ts'
import { en } from './en/signin.ts'
import { zhCN } from './zh-CN/signin.ts'
import { zhTW } from './zh-TW/signin.ts'

/** The shape of all is that of the first. */
export type SignInWords = typeof zhCN

export const signInWords: Record<Locale, SignInWords> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }
