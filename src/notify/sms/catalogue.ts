import type { Locale } from '../../complaint/words.ts'
import { en } from '../../i18n/en/sms.ts'
import type { SmsLanguage } from '../../i18n/sms.ts'
import { type Variant, zhCN } from '../../i18n/zh-CN/sms.ts'
import { zhTW } from '../../i18n/zh-TW/sms.ts'
import type { Vendor } from './vendor.ts'

export type { Variant } from '../../i18n/zh-CN/sms.ts'

export { VENDORS, type Vendor } from './vendor.ts'

/** `link`: a link of its own in each SMS. `code`: site URL plus pickup code, for carriers that forbid per-message links. */
export const LINK_MODES = ['link', 'code'] as const
export type LinkMode = (typeof LINK_MODES)[number]

const LANGUAGES: Record<Locale, SmsLanguage<Variant>> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }

export const VARIANTS = Object.keys(zhCN.texts).filter(isVariant)
export function isVariant(name: string): name is Variant {
  return Object.hasOwn(zhCN.texts, name)
}

/** What stands in 【】 before the text. */
const SIGNATURES: Record<Locale, string> = {
  'zh-CN': zhCN.signature,
  'zh-TW': zhTW.signature,
  en: en.signature,
}

/** Words of legal action, complaints to authorities and money due: Aliyun registers no template with one of them. */
export const FORBIDDEN: Partial<Record<Vendor, RegExp>> = {
  aliyun: /法律|律师|维权|起诉|诉讼|法院|仲裁|举报|曝光|12315|催|赔|退款/,
}

/** The vendors that take this variant in this language. */
export const vendorsOf = (variant: Variant, locale: Locale): readonly Vendor[] => {
  const { texts, vendors } = LANGUAGES[locale]
  // The platform's own endpoint knows its buyers, not who looks after a shop.
  return vendors.filter(
    vendor => !FORBIDDEN[vendor]?.test(texts[variant]) && (vendor !== 'platform' || ROOMS[variant] === undefined),
  )
}

/** Where a message leads that is about no complaint: the console of its reader, or nowhere. */
const ROOMS: Partial<Record<Variant, string | null>> = {
  'digest.merchant': '/merchant',
  'digest.platform': '/desk',
  'digest.supervisor': '/desk',
  // Phishing: a stranger's phone may get it.
  contact_code: null,
}

/**
 * A variant's text without its signature, as it is registered: `{name}` where a value goes, and the site's address
 * written out (`baseUrl` has no slash at its end). The link stands last, after a space, so that phones find where it
 * begins and ends.
 */
export const templateText = (variant: Variant, locale: Locale, mode: LinkMode, baseUrl: string): string => {
  const { texts, code } = LANGUAGES[locale]
  const text = texts[variant]
  const room = ROOMS[variant]
  if (room === null) return text
  if (room !== undefined) return `${text} ${baseUrl}${room}`
  if (mode === 'link') return `${text} ${baseUrl}/t/{token}`
  return `${text}${text.includes('{code}') ? '' : code} ${baseUrl}`
}

/** What a text may draw on; instants in UTC ms. No name, order number, amount or text that a person wrote. */
export interface Values {
  /** A deadline with its hour, and one that may be shortened to its day. */
  by?: number | undefined
  due?: number | undefined
  days?: number | undefined
  count?: number | undefined
  token?: string | undefined
  code?: string | undefined
  /** Of the submission's leaf, 26 Crockford characters. */
  fingerprint?: string | undefined
}

interface Wording {
  variant: Variant
  locale: Locale
  mode: LinkMode
  baseUrl: string
}

/** The whole message, and the values in the order in which it uses them. Throws where a value is missing. */
export const render = ({ variant, locale, mode, baseUrl }: Wording, values: Values, now: number) => {
  const params: Record<string, string> = {}
  const text = templateText(variant, locale, mode, baseUrl).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = written(name, values, LANGUAGES[locale], now)
    if (value === undefined) throw new RangeError(`${variant} lacks ${name}`)
    params[name] = value
    return value
  })
  return { text: `【${SIGNATURES[locale]}】${text}`, params }
}

const written = (name: string, values: Values, { instant, day }: SmsLanguage, now: number): string | undefined => {
  switch (name) {
    case 'by':
      return values.by === undefined ? undefined : instant(values.by)
    case 'due':
      return values.due === undefined ? undefined : day(values.due, now)
    case 'days':
    case 'count':
      return values[name]?.toString()
    case 'token':
    case 'code':
    case 'fingerprint':
      return values[name]
    default:
      return undefined
  }
}
