import type { Locale } from '../complaint/words.ts'
import type { PageContext } from '../views/context.ts'
import { en } from './en/intake.ts'
import { zhCN } from './zh-CN/intake.ts'
import { zhTW } from './zh-TW/intake.ts'

/** The shape of all is that of the first. */
export type IntakeWords = typeof zhCN

const words: Record<Locale, IntakeWords> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }

export const inWordsOf = ({ locale }: Pick<PageContext, 'locale'>): IntakeWords => words[locale]
