import { FaultLog } from '../../../telemetry/log.ts'
import type { Vendor } from '../catalogue.ts'
import type { Sent, Sms } from '../provider.ts'
import type { Languages, TemplateCode } from './config.ts'

/** Dependencies of a vendor's client; tests bring their own. */
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
  faults: FaultLog
  /** Of an own channel of the platform: where it stands to the SMS vendor behind it. */
  role?: 'first' | 'beside'
  /** For a number that it reaches and a template that it has. Never rejects. */
  send(sms: Sms, phone: Phone, signal: AbortSignal): Promise<Sent>
}

/** How one message is sent: the vendor's account and the world are known. */
type Send = (faults: FaultLog, sms: Sms, phone: Phone, signal: AbortSignal) => Promise<Sent>

/** A vendor of the mainland: numbers there alone, by templates that are registered with it. */
export const templateSmsClient = (name: Vendor, languages: Languages, send: Send): SmsClient => {
  const faults = vendorFaults(name)
  return {
    name,
    faults,
    reaches: ({ mainland }) => mainland !== null,
    has: sms => registered(languages, sms) !== null,
    send: (...message) => send(faults, ...message),
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

/** A number that can be dialled from anywhere; the vendors each want it in their own spelling. */
export interface Phone {
  /** `+` and digits. */
  e164: string
  /** Eleven digits, for a mobile of mainland China; else null. */
  mainland: string | null
}

const MAINLAND = /^(?:\+86|0086|86)?(1[3-9]\d{9})$/
/** Of every other country; a landline of mainland China takes no SMS. */
const ELSEWHERE = /^(?:\+|00)(?!86)([1-9]\d{6,14})$/

/** Reads a number as people and shops write it. Null for what is none, or lacks its country. */
export const readPhone = (text: string): Phone | null => {
  const plain = text.replace(/[\s().-]/g, '')
  const mainland = MAINLAND.exec(plain)?.[1]
  if (mainland) return { e164: `+86${mainland}`, mainland }
  const elsewhere = ELSEWHERE.exec(plain)?.[1]
  return elsewhere ? { e164: `+${elsewhere}`, mainland: null } : null
}

/**
 * What a vendor's code means. `never`: this message will not go, however often it is tried. `template`: nor will any
 * other of its template, until an operator mends it, so it is logged. `later`: a limit or a fault that passes.
 * `account`: nothing goes until an operator mends it, so it is logged, and tried again meanwhile.
 */
type Verdict = 'never' | 'template' | 'later' | 'account'
/** By code, or by the code's beginning where the name ends in a dot or a star. */
export type Verdicts = Readonly<Record<string, Verdict>>

/** The longest name that fits. Unknown codes are passed on for the operator to look up. */
const verdictOf = (verdicts: Verdicts, code: string): Verdict => {
  const exact = Object.hasOwn(verdicts, code) ? verdicts[code] : undefined
  if (exact) return exact
  const beginnings = Object.keys(verdicts).filter(name => /[.*]$/.test(name) && code.startsWith(name.replace('*', '')))
  const longest = beginnings.sort((a, b) => b.length - a.length)[0]
  return (longest === undefined ? undefined : verdicts[longest]) ?? 'account'
}

/** Lines about a vendor: each code once, until a message is accepted again. docs/sms.md says what to do about them. */
export const vendorFaults = (vendor: Vendor): FaultLog => new FaultLog('sms vendor', { vendor })

/** How a code that is not the vendor's OK ends an attempt. */
export const refusal = (verdicts: Verdicts, code: string | number, faults: FaultLog): Sent => {
  const reason = plainCode(code)
  const verdict = verdictOf(verdicts, String(code))
  if (verdict === 'account' || verdict === 'template') faults.failed(reason)
  return verdict === 'never' || verdict === 'template' ? { status: 'rejected', reason } : unavailable(reason)
}

/** Status alone, where a vendor's answer says no more. */
export const byStatus = (status: number, faults: FaultLog): Sent => {
  const reason = `http_${status}`
  if (status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status)) faults.failed(reason)
  return unavailable(status < 300 ? 'malformed' : reason)
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>
type Unavailable = Extract<Sent, { status: 'unavailable' }>

/** Far more than any vendor answers. */
const MAX_BYTES = 65_536

/**
 * Asks a vendor. Follows no redirect, which would hand number and credentials to another server. Never rejects: what
 * fails on the way is `unavailable`. `body` is the answer's JSON, undefined where it is none.
 */
export const ask = async (
  fetch: Fetch,
  url: string,
  init: RequestInit,
): Promise<{ status: number; body: unknown } | Unavailable> => {
  try {
    // `error` would be clearer, and workerd does not have it.
    const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual' })
    const { status } = response
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) return unavailable('redirect')
    return { status, body: parse(await limited(response)) }
  } catch {
    return unavailable(init.signal?.aborted ? 'timeout' : 'network')
  }
}

const unavailable = (reason: string): Unavailable => ({ status: 'unavailable', reason })

const limited = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunksOf(response)) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > MAX_BYTES) return ''
  }
  return text + decoder.decode()
}

/** Leaving the loop early cancels the rest. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) yield next.value
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
}

/** Undefined for what is not JSON. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A vendor's code as it may stand in a log; whatever could be a number or a text is left out. */
export const plainCode = (code: string | number): string => {
  const text = String(code)
  return /^[A-Za-z0-9_.:-]{1,64}$/.test(text) && !/\d{7}/.test(text) ? text : 'unknown'
}
