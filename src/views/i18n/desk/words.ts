import type { Locale } from '../../../complaint/words.ts'
import { deskEn } from './en.ts'
import { type DeskWords, deskZhCN } from './zh-cn.ts'
import { deskZhTW } from './zh-tw.ts'

export type { DeskWords } from './zh-cn.ts'
export const deskWords: Record<Locale, DeskWords> = { 'zh-CN': deskZhCN, 'zh-TW': deskZhTW, en: deskEn }
