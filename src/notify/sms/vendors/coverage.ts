import { LOCALES, type Locale } from '../../../complaint/words.ts'
import { isVariant, templateText, VARIANTS, type Variant, vendorsOf } from '../catalogue.ts'
import { type Languages, parseSms, SmsConfigError, type SmsSettings, type VendorSettings } from './config.ts'

export { SmsConfigError }

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
