import { zhCN } from '../../complaint/i18n/zh-cn.ts'
import type { Locale } from '../../complaint/words.ts'
import type { PageContext } from '../context.ts'
import { zhCNPage } from './zh-cn.ts'

/** Every language of the pages; `verifyUrl` where the host serves `/verify`. */
export const languages = (verifyUrl?: string): Record<Locale, PageContext> => ({
  'zh-CN': { locale: 'zh-CN', words: zhCNPage, dictionary: zhCN, verifyUrl },
  'zh-TW': { locale: 'zh-TW', words: zhCNPage, dictionary: zhCN, verifyUrl },
  en: { locale: 'en', words: zhCNPage, dictionary: zhCN, verifyUrl },
})
