import type { Locale } from '../../complaint/words.ts'
import { SMS_WORDS, type SmsLanguage, type Variant } from '../../i18n/sms.ts'

/** Who sends SMS. Names stand in settings, in the catalogue of texts and in the outbox. */
export const VENDORS = ['aliyun', 'tencent', 'twilio', 'gateway', 'platform', 'demo-phone'] as const
export type Vendor = (typeof VENDORS)[number]

export type { Variant } from '../../i18n/sms.ts'

/** `link`: a link of its own in each SMS. `code`: site URL plus pickup code, for carriers that forbid per-message links. */
export const LINK_MODES = ['link', 'code'] as const
export type LinkMode = (typeof LINK_MODES)[number]

export const VARIANTS = Object.keys(SMS_WORDS.en.texts).filter(isVariant)
export function isVariant(name: string): name is Variant {
  return Object.hasOwn(SMS_WORDS.en.texts, name)
}

/** Words of legal action, complaints to authorities and money due: Aliyun registers no template with one of them. */
export const FORBIDDEN: Partial<Record<Vendor, RegExp>> = {
  aliyun: /法律|律师|维权|起诉|诉讼|法院|仲裁|举报|曝光|12315|催|赔|退款/,
}

/** The vendors that take this variant in this language. */
export const vendorsOf = (variant: Variant, locale: Locale): readonly Vendor[] => {
  const text = SMS_WORDS[locale].texts[variant]
  return VENDORS.filter(vendor => {
    // Aliyun takes no traditional characters.
    if (vendor === 'aliyun' && locale === 'zh-TW') return false
    // The platform's own endpoint knows its buyers, not who looks after a shop.
    if (vendor === 'platform' && ROOMS[variant] !== undefined) return false
    return !FORBIDDEN[vendor]?.test(text)
  })
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
  const { texts, code } = SMS_WORDS[locale]
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
    const value = written(name, values, SMS_WORDS[locale], now)
    if (value === undefined) throw new RangeError(`${variant} lacks ${name}`)
    params[name] = value
    return value
  })
  return { text: `【${SMS_WORDS[locale].signature}】${text}`, params }
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
