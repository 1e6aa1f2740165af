import type { Locale } from '../../complaint/words.ts'
import { merchantEn } from '../en/merchant.ts'
import { type MerchantWords, merchantZhCN } from '../zh-CN/merchant.ts'
import { merchantZhTW } from '../zh-TW/merchant.ts'

export const MERCHANT_WORDS: Record<Locale, MerchantWords> = {
  'zh-CN': merchantZhCN,
  'zh-TW': merchantZhTW,
  en: merchantEn,
}
