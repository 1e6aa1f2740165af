import type { Locale } from '../../complaint/words.ts'
import { enPage } from '../en/track.ts'
import { type PageWords, zhCNPage } from '../zh-CN/track.ts'
import { zhTWPage } from '../zh-TW/track.ts'

export const track: Record<Locale, PageWords> = { 'zh-CN': zhCNPage, 'zh-TW': zhTWPage, en: enPage }
