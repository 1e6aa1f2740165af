import type { Vendor } from '../catalogue.ts'
import type { Sent, Sms } from '../provider.ts'
import type { Fetch } from './answer.ts'
import type { Languages, TemplateCode } from './config.ts'
import type { Phone } from './phone.ts'
import { VendorErrorLog } from './verdict.ts'

/** The world as a vendor's desk needs it; tests bring their own. */
export interface VendorDeps {
  fetch: Fetch
  /** UTC ms, of the real clock: vendors check it. */
  now(): number
}

/** One vendor with its account. */
export interface SmsClient {
  name: Vendor
  /** Whether it reaches this number at all. */
  reaches(phone: Phone): boolean
  /** Whether it has this template in this language. */
  has(sms: Pick<Sms, 'template' | 'locale'>): boolean
  /** For a number that it reaches and a template that it has. Never rejects. */
  send(sms: Sms, phone: Phone, signal: AbortSignal): Promise<Sent>
}

/** How one message is sent: the vendor's account and the world are known. */
type Send = (trouble: VendorErrorLog, sms: Sms, phone: Phone, signal: AbortSignal) => Promise<Sent>

/** A vendor of the mainland: numbers there alone, by templates that are registered with it. */
export const templateSmsClient = (name: Vendor, languages: Languages, send: Send): SmsClient => {
  const trouble = new VendorErrorLog(name)
  return {
    name,
    reaches: ({ mainland }) => mainland !== null,
    has: sms => registered(languages, sms) !== null,
    send: (...message) => send(trouble, ...message),
  }
}

/** The template as this vendor knows it, with its signature; null where it has none in that language. */
export const registered = (languages: Languages, { template, locale }: Pick<Sms, 'template' | 'locale'>) => {
  const language = languages[locale]
  const code = language && Object.hasOwn(language.templates, template) ? language.templates[template] : undefined
  return language && code ? { ...code, signName: language.signName } : null
}

/** The values in the vendor's order; null where the message lacks one that the vendor's template has. */
export const valuesOf = ({ params }: Sms, { params: order }: TemplateCode): [string, string][] | null => {
  const names = order ?? Object.keys(params)
  const values = names.flatMap(name => (Object.hasOwn(params, name) ? [[name, params[name] ?? '']] : []))
  return values.length === names.length ? values.map(([name = '', value = '']) => [name, value]) : null
}
