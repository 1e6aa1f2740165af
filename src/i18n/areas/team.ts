import type { Locale } from '../../complaint/words.ts'
import { signingEn, teamEn } from '../en/team.ts'
import { type SigningWords, signingZhCN, type TeamWords, teamZhCN } from '../zh-CN/team.ts'
import { signingZhTW, teamZhTW } from '../zh-TW/team.ts'

export const TEAM_WORDS: Record<Locale, TeamWords> = { 'zh-CN': teamZhCN, 'zh-TW': teamZhTW, en: teamEn }

export const SIGNING_WORDS: Record<Locale, SigningWords> = { 'zh-CN': signingZhCN, 'zh-TW': signingZhTW, en: signingEn }
