import type { Locale } from '../../complaint/words.ts'
import { thirdPartyEn } from '../en/third-party.ts'
import { type ThirdPartyWords, thirdPartyZhCN } from '../zh-CN/third-party.ts'
import { thirdPartyZhTW } from '../zh-TW/third-party.ts'

export const THIRD_PARTY_WORDS: Record<Locale, ThirdPartyWords> = {
  'zh-CN': thirdPartyZhCN,
  'zh-TW': thirdPartyZhTW,
  en: thirdPartyEn,
}
