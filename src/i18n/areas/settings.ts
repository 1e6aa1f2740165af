import type { Locale } from '../../complaint/words.ts'
import { settingsEn } from '../en/settings.ts'
import { type SettingsWords, settingsZhCN } from '../zh-CN/settings.ts'
import { settingsZhTW } from '../zh-TW/settings.ts'

export const SETTINGS_WORDS: Record<Locale, SettingsWords> = {
  'zh-CN': settingsZhCN,
  'zh-TW': settingsZhTW,
  en: settingsEn,
}
