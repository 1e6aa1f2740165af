import type { Locale } from '../../complaint/words.ts'
import { intakeEn } from '../en/intake.ts'
import { type IntakeWords, intakeZhCN } from '../zh-CN/intake.ts'
import { intakeZhTW } from '../zh-TW/intake.ts'

/** Where complaints are filed; loads with it. */
export const INTAKE_WORDS: Record<Locale, IntakeWords> = { 'zh-CN': intakeZhCN, 'zh-TW': intakeZhTW, en: intakeEn }
