import type { Locale } from '../complaint/words.ts'
import type { PageContext } from '../views/context.ts'
import { DICTIONARIES } from './complaint.ts'
import { enPage } from './en/track.ts'
import type { PageWords } from './page-words.ts'
import { zhCNPage } from './zh-CN/track.ts'
import { zhTWPage } from './zh-TW/track.ts'

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
