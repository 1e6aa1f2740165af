import { bytesToHex } from '@noble/hashes/utils.js'
import * as v from 'valibot'
import { hmacSha256, sha256 } from '#sha256'
import { utf8 } from '../../../log/encoding.ts'
import type { FaultLog } from '../../../telemetry/log.ts'
import type { Sent, Sms } from '../provider.ts'
import type { Phone } from './client.ts'
import {
  ask,
  byStatus,
  refusal,
  registered,
  type SmsClient,
  templateSmsClient,
  type VendorDeps,
  type Verdicts,
  valuesOf,
} from './client.ts'
import type { AliyunSettings } from './config.ts'

/** From "国内消息API错误码" of help.aliyun.com and the OpenAPI's common errors. */
const ALIYUN_VERDICTS: Verdicts = {
  'isv.MOBILE_NUMBER_ILLEGAL': 'never',
  'isv.CUSTOMER_REFUSED': 'never',
  'isv.SMS_CONTENT_ILLEGAL': 'never',
  'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE': 'template',
  'isv.BLACK_KEY_CONTROL_LIMIT': 'never',
  'isv.PARAM_LENGTH_LIMIT': 'template',
  'isv.PARAM_NOT_SUPPORT_URL': 'template',
  'isv.TEMPLATE_MISSING_PARAMETERS': 'template',
  'isv.TEMPLATE_PARAMS_ILLEGAL': 'template',
  'isv.INVALID_JSON_PARAM': 'template',
  'isv.DOMESTIC_NUMBER_NOT_SUPPORTED': 'template',
  'isv.SMS_TEMPLATE_ILLEGAL': 'template',
  'isv.INVALID_PARAMETERS': 'template',
  'isv.BUSINESS_LIMIT_CONTROL': 'later',
  'isv.DAY_LIMIT_CONTROL': 'later',
  'isv.MONTH_LIMIT_CONTROL': 'later',
  'isp.SYSTEM_ERROR': 'later',
  'isp.GATEWAY_ERROR': 'later',
  SignatureNonceUsed: 'later',
  ServiceUnavailable: 'later',
  InternalError: 'later',
  'Throttling*': 'later',
  // isv.OUT_OF_SERVICE, isv.AMOUNT_NOT_ENOUGH, isv.SMS_SIGNATURE_ILLEGAL, isp.RAM_PERMISSION_DENY, SignatureDoesNotMatch,
  // InvalidAccessKeyId.NotFound and whatever is new: the account's.
}

const Answer = v.object({ Code: v.string(), BizId: v.optional(v.string()) })

/** Aliyun SendSms 2017-05-25: mainland numbers, by template code. It knows no duplicate keys; ours is its OutId. */
export const aliyunClient = (settings: AliyunSettings, world: VendorDeps): SmsClient =>
  templateSmsClient('aliyun', settings.languages, (...message) => send(settings, world, ...message))

const send = async (
  settings: AliyunSettings,
  world: VendorDeps,
  faults: FaultLog,
  sms: Sms,
  phone: Phone,
  signal: AbortSignal,
): Promise<Sent> => {
  const parameters = queryOf(settings, sms, phone)
  if (!parameters) return { status: 'rejected', reason: 'template' }
  const { accessKeyId, accessKeySecret, endpoint: host } = settings
  const call = { host, action: 'SendSms', version: '2017-05-25', query: parameters }
  const { query, headers } = signAcs3(
    { ...call, at: world.now(), nonce: crypto.randomUUID() },
    { id: accessKeyId, secret: accessKeySecret },
  )
  const answer = await ask(world.fetch, `https://${host}/?${query}`, { headers, signal })
  return 'body' in answer ? outcomeOf(answer.status, answer.body, faults) : answer
}

const outcomeOf = (status: number, body: unknown, faults: FaultLog): Sent => {
  const parsed = v.safeParse(Answer, body)
  if (!parsed.success) return byStatus(status, faults)
  const { Code, BizId } = parsed.output
  if (Code !== 'OK') return status >= 500 ? byStatus(status, faults) : refusal(ALIYUN_VERDICTS, Code, faults)
  faults.worked()
  return { status: 'accepted', ...(BizId !== undefined && { reference: BizId }) }
}

/** SendSms takes its parameters in the query alone; nothing of ours logs an address that it asks. */
const queryOf = ({ languages }: AliyunSettings, sms: Sms, { mainland }: Phone) => {
  const template = registered(languages, sms)
  const values = template && valuesOf(sms, template)
  if (!values || mainland === null) return null
  return {
    PhoneNumbers: mainland,
    SignName: template.signName,
    TemplateCode: template.code,
    TemplateParam: JSON.stringify(Object.fromEntries(values)),
    OutId: sms.key,
  }
}

/** An RPC call of Aliyun's OpenAPI: all of its parameters stand in the query. */
interface AliyunCall {
  host: string
  action: string
  version: string
  query: Readonly<Record<string, string>>
  /** UTC ms; Aliyun refuses what is more than fifteen minutes off. */
  at: number
  /** New for each attempt, else Aliyun takes it for a replay. */
  nonce: string
}

const ALGORITHM = 'ACS3-HMAC-SHA256'

/** Query and headers of a POST without a body, signed as "V3版本请求体&签名机制" of help.aliyun.com says. */
export const signAcs3 = (call: AliyunCall, key: { id: string; secret: string }) => {
  const query = canonicalQuery(call.query)
  const headers = headersOf(call)
  const names = Object.keys(headers).sort()
  const lines = names.map(name => `${name}:${headers[name]}\n`).join('')
  const signed = names.join(';')
  const canonical = ['POST', '/', query, lines, signed, headers['x-acs-content-sha256']].join('\n')
  const toSign = `${ALGORITHM}\n${bytesToHex(sha256(utf8(canonical)))}`
  const signature = bytesToHex(hmacSha256(utf8(key.secret), utf8(toSign)))
  const { host: _, ...sent } = headers
  const authorization = `${ALGORITHM} Credential=${key.id},SignedHeaders=${signed},Signature=${signature}`
  // `host` is what fetch sends by itself.
  return { query, headers: { ...sent, authorization } }
}

const headersOf = ({ host, action, version, at, nonce }: AliyunCall): Record<string, string> => ({
  host,
  'x-acs-action': action,
  'x-acs-content-sha256': bytesToHex(sha256(new Uint8Array())),
  'x-acs-date': new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
  'x-acs-signature-nonce': nonce,
  'x-acs-version': version,
})

const canonicalQuery = (query: Readonly<Record<string, string>>): string =>
  Object.keys(query)
    .sort()
    .map(name => `${encode(name)}=${encode(query[name] ?? '')}`)
    .join('&')

/** RFC 3986: all but letters, digits and `-_.~`. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
