import type { Dictionary } from '../../complaint/view/dictionary.ts'
import type { Locale } from '../../complaint/words.ts'
import { enForBuyer } from '../en/complaint.ts'
import { zhCNForBuyer } from '../zh-CN/complaint.ts'
import { zhTWForBuyer } from '../zh-TW/complaint.ts'

/** The sentences about a complaint in the second person, for the buyer's own page. */
export const forBuyer: Record<Locale, Dictionary> = { 'zh-CN': zhCNForBuyer, 'zh-TW': zhTWForBuyer, en: enForBuyer }
