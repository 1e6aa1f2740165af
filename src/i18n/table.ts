// `npm run i18n:table [FILE]`: every sentence in every language as one CSV (key, zh-CN, zh-TW, en), for translators.
// A sentence with blanks is a function: it is called with the names of its parameters, or shown as code where that fails.

import { writeFileSync } from 'node:fs'
import { LOCALES, type Locale } from '../complaint/words.ts'
import { API_WORDS } from './areas/api.ts'
import { DESK_WORDS } from './areas/desk.ts'
import { FIGURES_WORDS } from './areas/figures.ts'
import { GALLERY_WORDS } from './areas/gallery.ts'
import { INTAKE_WORDS } from './areas/intake.ts'
import { MERCHANT_WORDS } from './areas/merchant.ts'
import { EVIDENCE_WORDS, OUTSIDE_WORDS } from './areas/outside.ts'
import { PERSON_WORDS } from './areas/person.ts'
import { SETTINGS_WORDS } from './areas/settings.ts'
import { SIGN_IN_WORDS } from './areas/signin.ts'
import { SIGNING_WORDS, TEAM_WORDS } from './areas/team.ts'
import { THIRD_PARTY_WORDS } from './areas/third-party.ts'
import { enVerify } from './en/verify.ts'
import { MESSAGES } from './languages.ts'
import { SMS_WORDS } from './sms.ts'
import { zhCNVerify } from './zh-CN/verify.ts'
import { zhTWVerify } from './zh-TW/verify.ts'

const wordsOf = (locale: Locale, more: object) => ({
  ...MESSAGES[locale],
  intake: INTAKE_WORDS[locale],
  merchant: MERCHANT_WORDS[locale],
  desk: DESK_WORDS[locale],
  team: TEAM_WORDS[locale],
  outside: OUTSIDE_WORDS[locale],
  person: PERSON_WORDS[locale],
  thirdParty: THIRD_PARTY_WORDS[locale],
  evidence: EVIDENCE_WORDS[locale],
  signing: SIGNING_WORDS[locale],
  figures: FIGURES_WORDS[locale],
  settings: SETTINGS_WORDS[locale],
  signin: SIGN_IN_WORDS[locale],
  api: API_WORDS[locale],
  gallery: GALLERY_WORDS[locale],
  ...more,
  sms: SMS_WORDS[locale].texts,
})
const AREAS = {
  'zh-CN': wordsOf('zh-CN', { verify: zhCNVerify }),
  'zh-TW': wordsOf('zh-TW', { verify: zhTWVerify }),
  en: wordsOf('en', { verify: enVerify }),
}

/** Rows of `[key, zh-CN, zh-TW, en]`; a key that one language alone has, such as a plural, leaves the others empty. */
export const translationTable = (): string[][] => {
  const columns = LOCALES.map(locale => new Map(sentences(AREAS[locale], '')))
  const keys = new Set(columns.flatMap(column => [...column.keys()]))
  return [...keys].map(key => [key, ...columns.map(column => column.get(key) ?? '')])
}

const sentences = (value: unknown, path: string): [key: string, text: string][] => {
  if (typeof value === 'string') return [[path, value]]
  // Cast: every function of a dictionary writes text; what it is called with is only shown.
  if (typeof value === 'function') return [[path, filled(value as (...blanks: string[]) => unknown)]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => sentences(inner, path === '' ? name : `${path}.${name}`))
}

const filled = (write: (...blanks: string[]) => unknown): string => {
  const code = String(write)
  const names = /^(?:async )?\(?([^)=]*)\)?\s*(?:=>|\{)/.exec(code)?.[1] ?? ''
  try {
    const text = write(...names.split(',').map(name => `{${name.trim()}}`))
    return typeof text === 'string' && text !== '' ? text : code
  } catch {
    return code
  }
}

/** RFC 4180. */
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

if (import.meta.main) {
  const file = process.argv[2] ?? 'i18n.csv'
  const rows = [['key', ...LOCALES], ...translationTable()]
  writeFileSync(file, `\ufeff${rows.map(row => row.map(cell).join(',')).join('\r\n')}\r\n`)
  console.log(`${rows.length - 1} sentences in ${file}`)
}
