import type { Locale } from '../../../complaint/words.ts'
import type { PageContext } from '../../context.ts'
import { en } from './en.ts'
import { zhCN } from './zh-cn.ts'
import { zhTW } from './zh-tw.ts'

/** The shape of all is that of the first. */
export type IntakeWords = typeof zhCN

const words: Record<Locale, IntakeWords> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }

export const inWordsOf = ({ locale }: Pick<PageContext, 'locale'>): IntakeWords => words[locale]
