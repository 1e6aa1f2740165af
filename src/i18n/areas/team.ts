import type { Locale } from '../../complaint/words.ts'
import { teamEn } from '../en/team.ts'
import { type TeamWords, teamZhCN } from '../zh-CN/team.ts'
import { teamZhTW } from '../zh-TW/team.ts'

export const TEAM_WORDS: Record<Locale, TeamWords> = { 'zh-CN': teamZhCN, 'zh-TW': teamZhTW, en: teamEn }
