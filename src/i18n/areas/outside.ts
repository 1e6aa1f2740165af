import type { Locale } from '../../complaint/words.ts'
import { evidenceEn, outsideEn, recordEn } from '../en/outside.ts'
import {
  type EvidenceWords,
  evidenceZhCN,
  type OutsideWords,
  outsideZhCN,
  type RecordWords,
  recordZhCN,
} from '../zh-CN/outside.ts'
import { evidenceZhTW, outsideZhTW, recordZhTW } from '../zh-TW/outside.ts'

export const OUTSIDE_WORDS: Record<Locale, OutsideWords> = { 'zh-CN': outsideZhCN, 'zh-TW': outsideZhTW, en: outsideEn }

export const RECORD_WORDS: Record<Locale, RecordWords> = { 'zh-CN': recordZhCN, 'zh-TW': recordZhTW, en: recordEn }

export const EVIDENCE_WORDS: Record<Locale, EvidenceWords> = {
  'zh-CN': evidenceZhCN,
  'zh-TW': evidenceZhTW,
  en: evidenceEn,
}
