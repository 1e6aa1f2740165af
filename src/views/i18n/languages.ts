import { DICTIONARIES } from '../../complaint/i18n/languages.ts'
import type { Locale } from '../../complaint/words.ts'
import type { PageContext } from '../context.ts'
import { enPage } from './en.ts'
import type { PageWords } from './words.ts'
import { zhCNPage } from './zh-cn.ts'
import { zhTWPage } from './zh-tw.ts'

export const PAGE_WORDS: Record<Locale, PageWords> = { 'zh-CN': zhCNPage, 'zh-TW': zhTWPage, en: enPage }

/** Every language of the pages; `verifyUrl` where the host serves `/verify`. */
export const languages = (verifyUrl?: string): Record<Locale, PageContext> => {
  const inLanguage = (locale: Locale): PageContext => ({
    locale,
    words: PAGE_WORDS[locale],
    dictionary: DICTIONARIES[locale],
    verifyUrl,
  })
  return { 'zh-CN': inLanguage('zh-CN'), 'zh-TW': inLanguage('zh-TW'), en: inLanguage('en') }
}
