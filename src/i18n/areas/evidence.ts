import type { Locale } from '../../complaint/words.ts'
import { evidenceEn } from '../en/evidence.ts'
import { type EvidenceWords, evidenceZhCN } from '../zh-CN/evidence.ts'
import { evidenceZhTW } from '../zh-TW/evidence.ts'

export const EVIDENCE_WORDS: Record<Locale, EvidenceWords> = {
  'zh-CN': evidenceZhCN,
  'zh-TW': evidenceZhTW,
  en: evidenceEn,
}
