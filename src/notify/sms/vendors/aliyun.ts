import * as v from 'valibot'
import type { Sent, Sms } from '../provider.ts'
import { signAcs3 } from './acs3.ts'
import { ask } from './answer.ts'
import { registered, type SmsClient, templateSmsClient, type VendorDeps, valuesOf } from './client.ts'
import type { AliyunSettings } from './config.ts'
import type { Phone } from './phone.ts'
import { byStatus, refusal, type VendorErrorLog, type Verdicts } from './verdict.ts'

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
  trouble: VendorErrorLog,
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
  return 'body' in answer ? outcomeOf(answer.status, answer.body, trouble) : answer
}

const outcomeOf = (status: number, body: unknown, trouble: VendorErrorLog): Sent => {
  const parsed = v.safeParse(Answer, body)
  if (!parsed.success) return byStatus(status, trouble)
  const { Code, BizId } = parsed.output
  if (Code !== 'OK') return status >= 500 ? byStatus(status, trouble) : refusal(ALIYUN_VERDICTS, Code, trouble)
  trouble.ended()
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
