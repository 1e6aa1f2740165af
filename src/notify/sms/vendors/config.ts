import * as v from 'valibot'
import { LOCALES, type Locale } from '../../../complaint/words.ts'
import { isVariant, LINK_MODES, type LinkMode, templateText, VARIANTS, type Variant, vendorsOf } from '../catalogue.ts'

/** A malformed `TOUSU_SMS`; the message names the field, and never shows a value. */
export class SmsConfigError extends Error {}

const secret = v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.regex(/^[\x21-\x7e]+$/))
/** https, or loopback for first steps: what is sent stays on the machine. */
const httpsUrl = v.pipe(
  v.string(),
  v.url(),
  v.check(url => /^(https:\/\/[^/?#@]+|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?)(\/|$)/.test(url)),
)
const host = v.pipe(v.string(), v.regex(/^[a-z0-9.-]+$/))

/** The vendor's code of a registered template; `params` where its variables stand in another order than in our text. */
const templateCode = v.union([
  v.pipe(
    v.string(),
    v.regex(/^[\w-]{1,64}$/),
    v.transform((code): TemplateCode => ({ code })),
  ),
  v.strictObject({ code: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)), params: v.array(v.string()) }),
])
export interface TemplateCode {
  code: string
  params?: string[] | undefined
}

/** What a vendor registered in one language. */
const language = v.strictObject({
  signName: v.pipe(v.string(), v.minLength(2), v.maxLength(20)),
  templates: v.record(v.string(), templateCode),
})
const languages = v.pipe(
  v.strictObject({ 'zh-CN': v.optional(language), 'zh-TW': v.optional(language), en: v.optional(language) }),
  v.check(each => Object.keys(each).length > 0),
)
export type Languages = v.InferOutput<typeof languages>

const aliyun = v.strictObject({
  vendor: v.literal('aliyun'),
  accessKeyId: secret,
  accessKeySecret: secret,
  endpoint: v.optional(host, 'dysmsapi.aliyuncs.com'),
  /** Aliyun's reviewers mostly refuse a variable after a domain. */
  allowVariableLinks: v.optional(v.boolean(), false),
  languages,
})
const tencent = v.strictObject({
  vendor: v.literal('tencent'),
  secretId: secret,
  secretKey: secret,
  sdkAppId: v.pipe(v.string(), v.regex(/^\d{6,12}$/)),
  region: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)), 'ap-guangzhou'),
  endpoint: v.optional(host, 'sms.tencentcloudapi.com'),
  languages,
})
const twilio = v.pipe(
  v.strictObject({
    vendor: v.literal('twilio'),
    accountSid: v.pipe(v.string(), v.regex(/^AC[0-9a-f]{32}$/)),
    apiKey: secret,
    apiKeySecret: secret,
    /** Signs the status callbacks; the API key can't. */
    authToken: secret,
    messagingServiceSid: v.optional(v.pipe(v.string(), v.regex(/^MG[0-9a-f]{32}$/))),
    from: v.optional(v.pipe(v.string(), v.regex(/^(\+\d{7,15}|[A-Za-z0-9 ]{1,11})$/))),
  }),
  v.forward(
    v.check(({ messagingServiceSid, from }) => (messagingServiceSid === undefined) !== (from === undefined)),
    ['from'],
  ),
)
const gateway = v.strictObject({
  vendor: v.literal('gateway'),
  url: httpsUrl,
  /** Of 24 characters or more; both ends sign with it. */
  secret: v.pipe(secret, v.minLength(24)),
  /** False where it reaches mainland China alone. */
  international: v.optional(v.boolean(), true),
})

const platform = v.strictObject({
  vendor: v.literal('platform'),
  url: httpsUrl,
  /** Signs as webhooks are signed: `whsec_` and base64 of 24 bytes or more. */
  secret: v.pipe(secret, v.regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/)),
  /** Beside the other vendor's SMS; else instead of it, which then sends what the endpoint refuses. */
  beside: v.optional(v.boolean(), false),
  /** Whether the endpoint needs the buyer's number. */
  phone: v.optional(v.boolean(), false),
})

const vendor = v.variant('vendor', [aliyun, tencent, twilio, gateway, platform])
const Settings = v.strictObject({
  mode: v.picklist(LINK_MODES),
  first: vendor,
  /** Takes what the first one does not: a number, a template, a language. */
  fallback: v.optional(vendor),
})

export type AliyunSettings = v.InferOutput<typeof aliyun>
export type TencentSettings = v.InferOutput<typeof tencent>
export type TwilioSettings = v.InferOutput<typeof twilio>
export type PlatformSettings = v.InferOutput<typeof platform>
export type GatewaySettings = v.InferOutput<typeof gateway>
export type VendorSettings = v.InferOutput<typeof vendor>
export interface SmsSettings {
  mode: LinkMode
  /** One or two, in the order in which they are tried. */
  vendors: VendorSettings[]
}

/** Reads the JSON of `TOUSU_SMS`; `readSms` looks further. Throws an SmsConfigError. */
export const parseSms = (text: string): SmsSettings => {
  const parsed = v.safeParse(Settings, parseJson(text))
  if (!parsed.success) throw new SmsConfigError(`${fieldOf(parsed.issues[0])} is missing, malformed or unknown`)
  const { mode, first, fallback } = parsed.output
  if (fallback?.vendor === 'platform') throw new SmsConfigError('the vendor platform stands first')
  if (first.vendor === fallback?.vendor) throw new SmsConfigError('fallback is the same vendor as first')
  for (const [field, each] of Object.entries({ first, fallback })) {
    if (mode === 'link' && each?.vendor === 'aliyun' && !each.allowVariableLinks) {
      throw new SmsConfigError(`mode link needs ${field}.allowVariableLinks; see docs/sms.md before you set it`)
    }
  }
  return { mode, vendors: fallback ? [first, fallback] : [first] }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new SmsConfigError('it is not JSON')
  }
}

/** Error messages quote known names alone: any other text may be a secret in the wrong place. */
const fieldOf = (issue: v.BaseIssue<unknown>): string => {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'string' ? key : '[]'))
  return path.every(key => /^[\w.-]{1,40}$/.test(key)) && path.length > 0 ? path.join('.') : 'a field'
}

// Coverage of the catalogue: each message in each language has a vendor that sends it.

/** Reads the JSON of `TOUSU_SMS` and holds it against the catalogue. Throws an SmsConfigError that names each gap. */
export const readSms = (text: string): SmsSettings => {
  const settings = parseSms(text)
  for (const each of settings.vendors) if ('languages' in each) checkNames(each.vendor, each.languages, settings)
  const gaps = localesOf(settings).flatMap(locale =>
    VARIANTS.filter(variant => !settings.vendors.some(vendor => sends(vendor, variant, locale))).map(
      variant => `${locale} ${variant}`,
    ),
  )
  if (gaps.length > 0) throw new SmsConfigError(`no vendor has a template for ${gaps.join(', ')}`)
  return settings
}

/** The languages in which this server sends: those of its vendors, and always the first. */
export const localesOf = ({ vendors }: SmsSettings): Locale[] =>
  LOCALES.filter(locale => locale === 'zh-CN' || vendors.some(vendor => speaks(vendor, locale)))

/** What a vendor could send and has no code for, so that the other one sends it: for the operator to know. */
export const leftToFallback = ({ vendors }: SmsSettings): string[] =>
  vendors.flatMap(settings => {
    if (!('languages' in settings)) return []
    const { vendor } = settings
    const spoken = LOCALES.filter(locale => speaks(settings, locale))
    const takes = (variant: Variant, locale: Locale) => vendorsOf(variant, locale).includes(vendor)
    return spoken.flatMap(locale =>
      VARIANTS.filter(variant => takes(variant, locale) && !sends(settings, variant, locale)).map(
        variant => `${vendor} ${locale} ${variant}`,
      ),
    )
  })

const speaks = (settings: VendorSettings, locale: Locale): boolean =>
  'languages' in settings ? settings.languages[locale] !== undefined : true

const sends = (settings: VendorSettings, variant: Variant, locale: Locale): boolean => {
  const codes = 'languages' in settings ? settings.languages[locale]?.templates : undefined
  const has = 'languages' in settings ? codes !== undefined && Object.hasOwn(codes, variant) : true
  return has && vendorsOf(variant, locale).includes(settings.vendor)
}

/** A misspelt name would silently leave a message to the other vendor, or unsent. */
const checkNames = (vendor: string, languages: Languages, { mode }: SmsSettings): void => {
  for (const locale of LOCALES) {
    for (const [name, { params }] of Object.entries(languages[locale]?.templates ?? {})) {
      const place = `${vendor} ${locale} ${/^[\w.]{1,40}$/.test(name) ? name : 'a template'}`
      if (!isVariant(name)) throw new SmsConfigError(`${place} is not in the catalogue`)
      const values: string[] = templateText(name, locale, mode, '').match(/(?<=\{)\w+(?=\})/g) ?? []
      if (params?.some(each => !values.includes(each))) throw new SmsConfigError(`${place} has params of another`)
    }
  }
}
