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
import type { TencentSettings } from './config.ts'

/** From "短信 API 3.0 发送错误码" of cloud.tencent.com and the API's common errors. */
const TENCENT_VERDICTS: Verdicts = {
  'FailedOperation.ContainSensitiveWord': 'never',
  'FailedOperation.PhoneNumberInBlacklist': 'never',
  'FailedOperation.TemplateIncorrectOrUnapproved': 'template',
  'FailedOperation.TemplateParamSetNotMatchApprovedTemplate': 'template',
  'FailedOperation.TemplateUnapprovedOrNotExist': 'template',
  'InvalidParameter.DirtyWordFound': 'never',
  'InvalidParameterValue.ContentLengthLimit': 'never',
  'InvalidParameterValue.IncorrectPhoneNumber': 'never',
  'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': 'template',
  'InvalidParameterValue.TemplateParameterFormatError': 'template',
  'InvalidParameterValue.TemplateParameterLengthLimit': 'template',
  'InvalidParameterValue.TemplateWithDirtyWords': 'template',
  'UnsupportedOperation.': 'never',
  'FailedOperation.MarketingSendTimeConstraint': 'later',
  'LimitExceeded*': 'later',
  'RequestLimitExceeded*': 'later',
  'InternalError*': 'later',
  // It is InternalError by name, and a wrong key or clock in fact.
  'InternalError.SigVerificationFail': 'account',
  'InternalError.SigFieldMissing': 'account',
  'InternalError.RequestTimeException': 'account',
  'InternalError.RestApiInterfaceNotExist': 'account',
  // AuthFailure.*, UnauthorizedOperation.*, FailedOperation.InsufficientBalanceInSmsPackage,
  // FailedOperation.SignatureIncorrectOrUnapproved and whatever is new: the account's.
}

const Answer = v.object({
  Response: v.union([
    v.object({ Error: v.object({ Code: v.string() }) }),
    v.object({ SendStatusSet: v.tuple([v.object({ Code: v.string(), SerialNo: v.optional(v.string()) })]) }),
  ]),
})

/**
 * Tencent Cloud SendSms 2021-01-11: mainland numbers (elsewhere it wants templates of another kind), by template id. It
 * knows no duplicate keys; ours is its context.
 */
export const tencentClient = (settings: TencentSettings, world: VendorDeps): SmsClient =>
  templateSmsClient('tencent', settings.languages, (...message) => send(settings, world, ...message))

const send = async (
  settings: TencentSettings,
  world: VendorDeps,
  faults: FaultLog,
  sms: Sms,
  phone: Phone,
  signal: AbortSignal,
): Promise<Sent> => {
  const body = bodyOf(settings, sms, phone)
  if (body === null) return { status: 'rejected', reason: 'template' }
  const headers = headersOf(settings, body, world.now())
  const answer = await ask(world.fetch, `https://${settings.endpoint}/`, { headers, body, signal })
  return 'body' in answer ? outcomeOf(answer.status, answer.body, faults) : answer
}

const outcomeOf = (status: number, body: unknown, faults: FaultLog): Sent => {
  const parsed = v.safeParse(Answer, body)
  if (!parsed.success) return byStatus(status, faults)
  const { Response } = parsed.output
  if ('Error' in Response) return refusal(TENCENT_VERDICTS, Response.Error.Code, faults)
  const [{ Code, SerialNo }] = Response.SendStatusSet
  if (Code !== 'Ok') return refusal(TENCENT_VERDICTS, Code, faults)
  faults.worked()
  return { status: 'accepted', ...(SerialNo && { reference: SerialNo }) }
}

const headersOf = (settings: TencentSettings, body: string, at: number): Record<string, string> => {
  const { secretId, secretKey, endpoint: host, region } = settings
  const signed = { 'content-type': 'application/json; charset=utf-8', 'x-tc-action': 'SendSms' }
  const call = { service: 'sms', host, headers: signed, body, at }
  return {
    ...signed,
    'x-tc-version': '2021-01-11',
    'x-tc-region': region,
    'x-tc-timestamp': String(Math.floor(at / 1000)),
    authorization: signTc3(call, { id: secretId, secret: secretKey }),
  }
}

const bodyOf = ({ languages, sdkAppId }: TencentSettings, sms: Sms, phone: Phone): string | null => {
  const template = registered(languages, sms)
  const values = template && valuesOf(sms, template)
  if (!values) return null
  return JSON.stringify({
    PhoneNumberSet: [phone.e164],
    SmsSdkAppId: sdkAppId,
    SignName: template.signName,
    TemplateId: template.code,
    TemplateParamSet: values.map(([, value]) => value),
    SessionContext: sms.key,
  })
}

/** A JSON POST to Tencent Cloud's API 3.0. */
interface TencentCall {
  service: string
  host: string
  /** What is signed besides the body, by lower-case name; `host` is added. */
  headers: Readonly<Record<string, string>>
  body: string
  /** UTC ms; Tencent refuses what is more than five minutes off. */
  at: number
}

const ALGORITHM = 'TC3-HMAC-SHA256'

/** The `Authorization` header, as "签名方法 v3" of cloud.tencent.com says. */
export const signTc3 = (call: TencentCall, key: { id: string; secret: string }): string => {
  const { canonical, signed } = canonicalRequest(call)
  const date = new Date(call.at).toISOString().slice(0, 10)
  const scope = `${date}/${call.service}/tc3_request`
  const toSign = [ALGORITHM, Math.floor(call.at / 1000), scope, hash(canonical)].join('\n')
  const signingKey = mac(mac(mac(utf8(`TC3${key.secret}`), date), call.service), 'tc3_request')
  const signature = bytesToHex(mac(signingKey, toSign))
  return `${ALGORITHM} Credential=${key.id}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
}

const canonicalRequest = ({ host, headers, body }: TencentCall) => {
  const all: Record<string, string> = { ...headers, host }
  const names = Object.keys(all).sort()
  const lines = names.map(name => `${name}:${all[name]?.toLowerCase()}\n`).join('')
  const signed = names.join(';')
  return { canonical: ['POST', '/', '', lines, signed, hash(body)].join('\n'), signed }
}

const hash = (text: string): string => bytesToHex(sha256(utf8(text)))
const mac = (key: Uint8Array, text: string): Uint8Array => hmacSha256(key, utf8(text))
