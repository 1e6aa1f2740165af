import type { Locale } from '../../../complaint/words.ts'
import { merchantEn } from './en.ts'
import { type MerchantWords, merchantZhCN } from './zh-cn.ts'
import { merchantZhTW } from './zh-tw.ts'

export type { Templates } from './templates.ts'
export type { FormName, MerchantWords } from './zh-cn.ts'

export const merchantWords: Record<Locale, MerchantWords> = {
  'zh-CN': merchantZhCN,
  'zh-TW': merchantZhTW,
  en: merchantEn,
}
