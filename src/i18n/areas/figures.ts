import type { Locale } from '../../complaint/words.ts'
import { figuresEn } from '../en/figures.ts'
import { type FiguresWords, figuresZhCN } from '../zh-CN/figures.ts'
import { figuresZhTW } from '../zh-TW/figures.ts'

export const FIGURES_WORDS: Record<Locale, FiguresWords> = { 'zh-CN': figuresZhCN, 'zh-TW': figuresZhTW, en: figuresEn }
