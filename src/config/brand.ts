// Reads TOUSU_BRAND. Every fault is a sentence for the operator.

import * as v from 'valibot'
import { sha256 } from '#sha256'
import { toBase64url, utf8 } from '../log/encoding.ts'
import { type Brand, hasContrast, nearestReadable } from '../views/brand.ts'

/** A brand that can't be shown; the message completes a sentence. */
export class BrandError extends Error {}

const text = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most))
const texts = (most: number) =>
  v.strictObject({ 'zh-CN': text(most), 'zh-TW': v.optional(text(most)), en: v.optional(text(most)) })
const address = v.pipe(
  v.string(),
  v.check(url => /^\/(?!\/)/.test(url) || (URL.canParse(url) && url.startsWith('https://'))),
)

const Document = v.strictObject({
  names: texts(24),
  logo: v.optional(v.string()),
  hue: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i), v.toLowerCase())),
  hotline: v.optional(v.pipe(v.string(), v.regex(/^[+\d][\d -]{2,20}$/))),
  company: v.optional(text(80)),
  icp: v.optional(text(40)),
  privacy: v.optional(address),
  links: v.optional(v.pipe(v.array(v.strictObject({ text: texts(40), url: address })), v.maxLength(8))),
})

/** What every language has: Chinese stands for a language that was left out. */
const everyLanguage = (given: v.InferOutput<ReturnType<typeof texts>>): Brand['names'] => ({
  'zh-CN': given['zh-CN'],
  'zh-TW': given['zh-TW'] ?? given['zh-CN'],
  en: given.en ?? given['zh-CN'],
})

/** The JSON of TOUSU_BRAND. Throws BrandError. */
export const readBrand = (json: string): Brand => {
  const parsed = v.safeParse(Document, parseJson(json))
  if (!parsed.success) {
    const path = v.getDotPath(parsed.issues[0])
    throw new BrandError(path === null ? 'is no brand' : `${path} is not as docs/settings.md says`)
  }
  const { names, hue, logo, links = [], ...rest } = parsed.output
  if (hue !== undefined && !hasContrast(hue))
    throw new BrandError(`hue ${hue} can't be read on white; the nearest that can is ${nearestReadable(hue)}`)
  if (logo !== undefined) refuseActiveSvg(logo)
  return {
    ...rest,
    names: everyLanguage(names),
    colour: hue,
    logo,
    links: links.map(each => ({ ...each, text: everyLanguage(each.text) })),
    version: toBase64url(sha256(utf8(json))).slice(0, 8),
  }
}

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    throw new BrandError('is not JSON')
  }
}

const MAX_LOGO = 16 * 1024
/** What runs, loads or names something outside: elements, handlers, entities, and references that lead elsewhere. */
const ACTIVE = [
  /<\s*(?:\w+:)?(?:script|foreignobject|iframe|embed|object|audio|video|a|animate|set|handler|listener)\b/i,
  /[\s"'/]on\w+\s*=/i,
  /<[!?]/,
  /&(?!(?:amp|lt|gt|quot|apos);)/i,
  /href\s*=\s*(?!["']#)/i,
  /url\(\s*(?!["']?#)|@import|expression\(|javascript:/i,
]

/** Active content: refused, not cleaned, so that the operator knows what is shown. It is shown as an image, where nothing would run. */
const refuseActiveSvg = (logo: string): void => {
  if (logo.length > MAX_LOGO) throw new BrandError('logo is larger than 16 KB')
  if (!/^\s*<svg\s[^>]*>[\s\S]*<\/svg>\s*$/.test(logo)) throw new BrandError('logo is not an SVG')
  if (ACTIVE.some(pattern => pattern.test(logo)))
    throw new BrandError('logo holds script, or refers to something outside of itself')
}
