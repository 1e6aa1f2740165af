import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import { parse } from 'hono/utils/cookie'
import { LOCALES, type Locale } from '../complaint/words.ts'
import type { PageContext } from '../views/context.ts'
import type { Deps } from './deps.ts'

/** Memoization of a pure function of a text: the answers to some thousand texts, forgotten all at once. Null is not kept. */
export const memoized = <T>(work: (text: string) => T | null, most: number): ((text: string) => T | null) => {
  const known = new Map<string, T>()
  return text => {
    const kept = known.get(text)
    if (kept !== undefined) return kept
    const answer = work(text)
    if (answer !== null) {
      if (known.size >= most) known.clear()
      known.set(text, answer)
    }
    return answer
  }
}

const COOKIE = 'lang'
const YEAR_SECONDS = 365 * 86_400

const exactly = (text: string | undefined): Locale | undefined => LOCALES.find(locale => locale === text)

/** A language tag as browsers send it (RFC 5646): Hong Kong, Macau and Hant read traditional characters. */
const nearest = (tag: string): Locale | undefined => {
  const [language, ...rest] = tag.toLowerCase().split('-')
  if (language === 'en') return 'en'
  if (language !== 'zh') return undefined
  return rest.some(part => ['hant', 'tw', 'hk', 'mo'].includes(part)) ? 'zh-TW' : 'zh-CN'
}

/** `Accept-Language` (RFC 9110, 12.5.4), the most wanted first. */
const read = (header: string): Locale =>
  header
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.trim().split(/\s*;\s*/)
      const q = parameters.find(each => each.startsWith('q='))
      return { tag, q: q ? Number(q.slice(2)) || 0 : 1 }
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
    .map(({ tag }) => nearest(tag))
    .find(locale => locale !== undefined) ?? 'zh-CN'

/** Browsers send few different ones; what is longer than they send is read each time. */
const [LONGEST, KEPT] = [200, 1000]
const remembered = memoized(read, KEPT)
const accepted = (header: string): Locale => (header.length > LONGEST ? read(header) : (remembered(header) ?? 'zh-CN'))

/** The reader's language: what the switch says, what it said last, what the browser asks for. */
export const localeOf = ({ url, headers }: Request): Locale =>
  exactly(switchIn(url)) ??
  exactly(parse(headers.get('cookie') ?? '', COOKIE)[COOKIE]) ??
  accepted(headers.get('accept-language') ?? '')

const switchIn = (url: string): string | undefined =>
  url.includes('lang=') ? (new URL(url).searchParams.get('lang') ?? undefined) : undefined

export const pageOf = (c: Context, { pages }: Pick<Deps, 'pages'>): PageContext => pages(localeOf(c.req.raw))

/** Keeps what the switch says. Call before the answer is made. */
export const keepLanguage = (c: Context): void => {
  const chosen = exactly(c.req.query('lang'))
  if (chosen) setCookie(c, COOKIE, chosen, { path: '/', maxAge: YEAR_SECONDS, sameSite: 'Lax', httpOnly: true })
}
