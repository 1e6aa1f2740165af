import * as v from 'valibot'
import type { Sent, Sms } from '../provider.ts'
import { ask } from './answer.ts'
import { registered, type SmsClient, templateSmsClient, type VendorDeps, valuesOf } from './client.ts'
import type { TencentSettings } from './config.ts'
import type { Phone } from './phone.ts'
import { signTc3 } from './tc3.ts'
import { byStatus, refusal, type VendorErrorLog, type Verdicts } from './verdict.ts'

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
  trouble: VendorErrorLog,
  sms: Sms,
  phone: Phone,
  signal: AbortSignal,
): Promise<Sent> => {
  const body = bodyOf(settings, sms, phone)
  if (body === null) return { status: 'rejected', reason: 'template' }
  const headers = headersOf(settings, body, world.now())
  const answer = await ask(world.fetch, `https://${settings.endpoint}/`, { headers, body, signal })
  return 'body' in answer ? outcomeOf(answer.status, answer.body, trouble) : answer
}

const outcomeOf = (status: number, body: unknown, trouble: VendorErrorLog): Sent => {
  const parsed = v.safeParse(Answer, body)
  if (!parsed.success) return byStatus(status, trouble)
  const { Response } = parsed.output
  if ('Error' in Response) return refusal(TENCENT_VERDICTS, Response.Error.Code, trouble)
  const [{ Code, SerialNo }] = Response.SendStatusSet
  if (Code !== 'Ok') return refusal(TENCENT_VERDICTS, Code, trouble)
  trouble.ended()
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
