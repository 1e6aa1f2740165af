import type { Locale } from '../../complaint/words.ts'
import type { Messages } from '../../i18n/index.ts'
import { zhCNMessages } from '../../i18n/zh-CN/index.ts'

/** The languages that this isolate has: that of most buyers at once, another with its first reader. */
export const LOADED: Partial<Record<Locale, Messages>> = { 'zh-CN': zhCNMessages }

/** No promise is kept: `import` itself loads a module once. */
export const loadLanguage = async (locale: Locale): Promise<void> => {
  if (LOADED[locale]) return
  if (locale === 'en') LOADED.en = (await import('../../i18n/en/index.ts')).enMessages
  if (locale === 'zh-TW') LOADED['zh-TW'] = (await import('../../i18n/zh-TW/index.ts')).zhTWMessages
}
