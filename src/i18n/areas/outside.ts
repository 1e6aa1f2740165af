import type { Locale } from '../../complaint/words.ts'
import { evidenceEn, outsideEn } from '../en/outside.ts'
import { type EvidenceWords, evidenceZhCN, type OutsideWords, outsideZhCN } from '../zh-CN/outside.ts'
import { evidenceZhTW, outsideZhTW } from '../zh-TW/outside.ts'

export const OUTSIDE_WORDS: Record<Locale, OutsideWords> = { 'zh-CN': outsideZhCN, 'zh-TW': outsideZhTW, en: outsideEn }

export const EVIDENCE_WORDS: Record<Locale, EvidenceWords> = {
  'zh-CN': evidenceZhCN,
  'zh-TW': evidenceZhTW,
  en: evidenceEn,
}
