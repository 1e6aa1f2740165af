import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Sent } from '../../../../src/notify/sms/provider.ts'
import { parseSms } from '../../../../src/notify/sms/vendors/config.ts'
import { failoverSmsProvider } from '../../../../src/notify/sms/vendors/failover.ts'
import { parseLines } from '../../../support/log-lines.ts'
import { ALIYUN, expectDiscreet, GATEWAY, json, message, patient, sms, TENCENT, TWILIO, vendorDouble } from './world.ts'

let logged: unknown[][] = []
beforeEach(() => {
  logged = []
  for (const level of ['log', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((...words) => void logged.push(words))
})
afterEach(() => {
  vi.restoreAllMocks()
  expectDiscreet(logged)
})

const office = (settings: string, answer: () => Response | Promise<Response>) => {
  const { asked, world } = vendorDouble(answer)
  return { asked, ...failoverSmsProvider(parseSms(settings), 'https://t.tousu.cn', world) }
}
const sent = async (settings: object, answer: () => Response | Promise<Response>, over = {}): Promise<Sent> => {
  const outcome = await office(sms(settings), answer).send(message(over), patient())
  expectDiscreet(outcome)
  return outcome
}

const tencent = (Code: string) => json({ Response: { SendStatusSet: [{ Code, SerialNo: '' }], RequestId: 'r' } })
const tencentError = (Code: string) => json({ Response: { Error: { Code, Message: 'm' }, RequestId: 'r' } })
const aliyun = (Code: string, status = 200) => json({ Code, Message: '13912348765', RequestId: 'r' }, status)
const twilio = (code: number, status = 400) => json({ code, message: 'to 13912348765', status }, status)

describe('what a vendor is asked', () => {
  test('Aliyun', async () => {
    const { asked, send } = office(sms(ALIYUN), () => json({ Code: 'OK', BizId: '9006^0', Message: 'OK' }))
    expect(await send(message({ to: '+86 139-1234-8765' }), patient())).toEqual({
      status: 'accepted',
      reference: '9006^0',
    })
    const [{ url, headers, body, redirect } = expect.fail()] = asked
    expect([url.origin, body, redirect]).toEqual(['https://dysmsapi.aliyuncs.com', '', 'manual'])
    expect(Object.fromEntries(url.searchParams)).toEqual({
      PhoneNumbers: '13912348765',
      SignName: '透诉',
      TemplateCode: 'SMS_1001',
      TemplateParam: '{"due":"3月9日","token":"AbCdEfGhIjKlMnOpQrStUvWx0"}',
      OutId: '0ABCDEFGH1:42',
    })
    expect(headers.get('x-acs-action')).toBe('SendSms')
    expect(headers.get('x-acs-version')).toBe('2017-05-25')
    expect(headers.get('authorization')).toMatch(/^ACS3-HMAC-SHA256 Credential=LTAI-id,.*Signature=[0-9a-f]{64}$/)
  })

  test('Aliyun takes no nonce twice', async () => {
    const { asked, send } = office(sms(ALIYUN), () => json({ Code: 'OK' }))
    for (const _ of [1, 2]) await send(message(), patient())
    expect(new Set(asked.map(({ headers }) => headers.get('x-acs-signature-nonce'))).size).toBe(2)
  })

  test('Tencent', async () => {
    const ok = { SerialNo: '2019:538', Code: 'Ok', SessionContext: 'x' }
    const { asked, send } = office(sms(TENCENT), () => json({ Response: { SendStatusSet: [ok], RequestId: 'r' } }))
    expect(await send(message({ template: 'merchant_responded.offer' }), patient())).toEqual({
      status: 'accepted',
      reference: '2019:538',
    })
    const [{ url, headers, body, redirect } = expect.fail()] = asked
    expect([url.href, redirect]).toEqual(['https://sms.tencentcloudapi.com/', 'manual'])
    expect(JSON.parse(body)).toEqual({
      PhoneNumberSet: ['+8613912348765'],
      SmsSdkAppId: '1400006666',
      SignName: '透诉',
      TemplateId: '1112',
      TemplateParamSet: ['AbCdEfGhIjKlMnOpQrStUvWx0', '3月9日'],
      SessionContext: '0ABCDEFGH1:42',
    })
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-tc-action': 'SendSms',
      'x-tc-version': '2021-01-11',
      'x-tc-region': 'ap-guangzhou',
      'x-tc-timestamp': '1710992000',
      authorization: expect.stringMatching(/^TC3-HMAC-SHA256 Credential=AKID-id\/2024-03-21\/sms\/tc3_request, /),
    })
  })

  test('Twilio', async () => {
    const { asked, send } = office(sms(TWILIO), () => json({ sid: 'SM1', status: 'queued', error_code: null }, 201))
    expect(await send(message(), patient())).toEqual({ status: 'accepted', reference: 'SM1' })
    const [{ url, headers, body, redirect } = expect.fail()] = asked
    expect(url.href).toBe(`https://api.twilio.com/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`)
    expect(redirect).toBe('manual')
    expect(headers.get('authorization')).toBe(`Basic ${btoa('SK-key:twilio-secret')}`)
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      To: '+8613912348765',
      Body: message().text,
      MessagingServiceSid: `MG${'1'.repeat(32)}`,
      StatusCallback: 'https://t.tousu.cn/hooks/sms/twilio?key=0ABCDEFGH1-42',
    })
  })

  test('the gateway', async () => {
    const { asked, send } = office(sms(GATEWAY), () => json({ reference: 'g-1' }, 202))
    expect(await send(message(), patient())).toEqual({ status: 'accepted', reference: 'g-1' })
    const [{ url, headers, body, redirect } = expect.fail()] = asked
    expect([url.href, redirect]).toEqual(['https://sms.example.cn/send', 'manual'])
    const { text, template, params, locale, key } = message()
    expect(JSON.parse(body)).toEqual({ to: '+8613912348765', text, template, params, locale, key })
    expect(headers.get('idempotency-key')).toBe(key)
    expect(headers.get('tousu-timestamp')).toBe('1710992000')
    expect(headers.get('tousu-signature')).toMatch(/^v1=[0-9a-f]{64}$/)
  })

  test.each([
    ['Tencent without a serial number', TENCENT, () => tencent('Ok')],
    ['a gateway that says nothing', GATEWAY, () => new Response(null, { status: 204 })],
    ['a gateway that says something else', GATEWAY, () => new Response('thanks')],
  ])('%s has taken it too', async (_, settings, answer) => {
    expect(await sent(settings, answer)).toEqual({ status: 'accepted' })
  })
})

const UNAPPROVED = 'FailedOperation.TemplateIncorrectOrUnapproved'
const REJECTED: [string, object, () => Response, string][] = [
  ...['isv.MOBILE_NUMBER_ILLEGAL', 'isv.SMS_CONTENT_ILLEGAL'].map(each),
  ...['isv.CUSTOMER_REFUSED', 'isv.BLACK_KEY_CONTROL_LIMIT'].map(each),
  [
    'Tencent',
    TENCENT,
    () => tencent('FailedOperation.PhoneNumberInBlacklist'),
    'FailedOperation.PhoneNumberInBlacklist',
  ],
  ['Tencent', TENCENT, () => tencent('UnsupportedOperation.UnsuportedRegion'), 'UnsupportedOperation.UnsuportedRegion'],
  ['Tencent', TENCENT, () => tencentError('InvalidParameter.DirtyWordFound'), 'InvalidParameter.DirtyWordFound'],
  ['Twilio', TWILIO, () => twilio(21211), '21211'],
  ['Twilio', TWILIO, () => twilio(21610), '21610'],
  ['Twilio', TWILIO, () => json({ sid: 'SM1', error_code: 30006 }, 201), '30006'],
  ['the gateway', GATEWAY, () => json({ code: 'stop_list' }, 422), 'stop_list'],
  ['the gateway', GATEWAY, () => json({ code: 'no such number: 13912348765' }, 422), 'unknown'],
  ['the gateway', GATEWAY, () => new Response('', { status: 422 }), 'http_422'],
]
function each(code: string): [string, object, () => Response, string] {
  return ['Aliyun', ALIYUN, () => aliyun(code, 400), code]
}

test.each(REJECTED)('%s refuses for good: %#', async (_, settings, answer, reason) => {
  expect(await sent(settings, answer)).toEqual({ status: 'rejected', reason })
  expect(logged).toEqual([])
})

test.each<[string, object, () => Response, string]>([
  ['Aliyun', ALIYUN, () => aliyun('isv.BUSINESS_LIMIT_CONTROL'), 'isv.BUSINESS_LIMIT_CONTROL'],
  ['Aliyun', ALIYUN, () => aliyun('isv.DAY_LIMIT_CONTROL'), 'isv.DAY_LIMIT_CONTROL'],
  ['Aliyun', ALIYUN, () => aliyun('Throttling.User', 400), 'Throttling.User'],
  ['Aliyun', ALIYUN, () => aliyun('isv.MOBILE_NUMBER_ILLEGAL', 503), 'http_503'],
  ['Aliyun', ALIYUN, () => new Response('<html>', { status: 200 }), 'malformed'],
  ['Aliyun', ALIYUN, () => json(null), 'malformed'],
  ['Tencent', TENCENT, () => tencent('LimitExceeded.PhoneNumberDailyLimit'), 'LimitExceeded.PhoneNumberDailyLimit'],
  ['Tencent', TENCENT, () => tencentError('RequestLimitExceeded'), 'RequestLimitExceeded'],
  ['Tencent', TENCENT, () => tencentError('InternalError.Timeout'), 'InternalError.Timeout'],
  ['Tencent', TENCENT, () => json({ Response: { SendStatusSet: [] } }), 'malformed'],
  ['Tencent', TENCENT, () => new Response('', { status: 502 }), 'http_502'],
  ['Twilio', TWILIO, () => twilio(20429, 429), '20429'],
  ['Twilio', TWILIO, () => new Response('', { status: 500 }), 'http_500'],
  ['Twilio', TWILIO, () => json({ status: 'queued' }, 201), 'malformed'],
  ['the gateway', GATEWAY, () => new Response('', { status: 429 }), 'http_429'],
  ['the gateway', GATEWAY, () => new Response('', { status: 503 }), 'http_503'],
  ['the gateway', GATEWAY, () => new Response('', { status: 409 }), 'http_409'],
])('%s is busy or broken, and is asked again: %#', async (_, settings, answer, reason) => {
  expect(await sent(settings, answer)).toEqual({ status: 'unavailable', reason })
  // A limit passes by itself; a vendor that is down has a line.
  const isDown = /^(malformed|http_5)/.test(reason)
  expect(parseLines(logged).map(line => line.reason)).toEqual(isDown ? [reason] : [])
})

test.each<[string, object, () => Response, string]>([
  ['aliyun', ALIYUN, () => aliyun('isv.AMOUNT_NOT_ENOUGH'), 'isv.AMOUNT_NOT_ENOUGH'],
  ['aliyun', ALIYUN, () => aliyun('SignatureDoesNotMatch', 400), 'SignatureDoesNotMatch'],
  ['aliyun', ALIYUN, () => aliyun('InvalidAccessKeyId.NotFound', 404), 'InvalidAccessKeyId.NotFound'],
  ['aliyun', ALIYUN, () => aliyun('isv.SMS_SIGNATURE_ILLEGAL'), 'isv.SMS_SIGNATURE_ILLEGAL'],
  ['aliyun', ALIYUN, () => aliyun('isv.NEW_SINCE_THEN'), 'isv.NEW_SINCE_THEN'],
  ['aliyun', ALIYUN, () => aliyun('号码 13912348765 有误'), 'unknown'],
  ['tencent', TENCENT, () => tencentError('AuthFailure.SignatureFailure'), 'AuthFailure.SignatureFailure'],
  ['tencent', TENCENT, () => tencent('InternalError.SigVerificationFail'), 'InternalError.SigVerificationFail'],
  ['twilio', TWILIO, () => twilio(20003, 401), '20003'],
  ['twilio', TWILIO, () => twilio(21606), '21606'],
  ['gateway', GATEWAY, () => new Response('', { status: 401 }), 'http_401'],
])('%s has trouble with the account, which is said once: %#', async (vendor, settings, answer, reason) => {
  const { send } = office(sms(settings), answer)
  for (const _ of [1, 2, 3]) expect(await send(message(), patient())).toEqual({ status: 'unavailable', reason })
  expect(parseLines(logged)).toMatchObject([{ level: 'error', msg: 'sms vendor fails', vendor, reason }])
})

test.each<[string, object, () => Response, string]>([
  ['aliyun', ALIYUN, () => aliyun('isv.SMS_TEMPLATE_ILLEGAL'), 'isv.SMS_TEMPLATE_ILLEGAL'],
  ['aliyun', ALIYUN, () => aliyun('isv.PARAM_NOT_SUPPORT_URL'), 'isv.PARAM_NOT_SUPPORT_URL'],
  ['tencent', TENCENT, () => tencent(UNAPPROVED), UNAPPROVED],
])('%s refuses a template for good, which is said once: %#', async (vendor, settings, answer, reason) => {
  const { send } = office(sms(settings), answer)
  for (const _ of [1, 2]) expect(await send(message(), patient())).toEqual({ status: 'rejected', reason })
  expect(parseLines(logged)).toMatchObject([{ level: 'error', msg: 'sms vendor fails', vendor, reason }])
})

test('trouble that comes back is said again, and so is its end', async () => {
  const answers = ['isv.OUT_OF_SERVICE', 'isv.OUT_OF_SERVICE', 'OK', 'isv.OUT_OF_SERVICE']
  const { send } = office(sms(ALIYUN), () => aliyun(answers.shift() ?? 'OK'))
  for (const _ of [1, 2, 3, 4]) await send(message(), patient())
  expect(parseLines(logged).map(({ msg }) => msg)).toEqual([
    'sms vendor fails',
    'sms vendor works again',
    'sms vendor fails',
  ])
})

describe.each([
  ['aliyun', ALIYUN],
  ['tencent', TENCENT],
  ['twilio', TWILIO],
  ['gateway', GATEWAY],
])('%s that can not be reached', (_, settings) => {
  test('hangs, and is cut off', async () => {
    const patience = new AbortController()
    const { send } = office(sms(settings), () => new Promise<Response>(() => {}))
    const sending = send(message(), patience.signal)
    patience.abort()
    expect(await sending).toEqual({ status: 'unavailable', reason: 'timeout' })
  })

  test('is not there', async () => {
    const answer = () => Promise.reject(new TypeError('fetch failed for 13912348765'))
    expect(await sent(settings, answer)).toEqual({ status: 'unavailable', reason: 'network' })
  })

  test('breaks off in its answer', async () => {
    const broken = new ReadableStream({ pull: controller => controller.error(new TypeError('reset')) })
    expect(await sent(settings, () => new Response(broken))).toEqual({ status: 'unavailable', reason: 'network' })
  })

  test.each([301, 307])('sends us elsewhere with %i, and nobody goes', async status => {
    const { asked, send } = office(sms(settings), () => Response.redirect('https://elsewhere.example/', status))
    expect(await send(message(), patient())).toEqual({ status: 'unavailable', reason: 'redirect' })
    expect(asked).toHaveLength(1)
  })
})

test('an answer without end is not read to its end', async () => {
  let pulled = 0
  const endless = new ReadableStream({
    pull: controller => {
      pulled++
      controller.enqueue(new Uint8Array(16_384).fill(32))
    },
  })
  expect(await sent(ALIYUN, () => new Response(endless))).toEqual({ status: 'unavailable', reason: 'malformed' })
  expect(pulled).toBeLessThan(10)
})

describe('who gets which message', () => {
  test.each([
    '',
    '12345',
    '021-62345678',
    '+862162345678',
    '0912345678',
    '139123487650',
    'not a number',
    '+0123456789',
  ])('%j is no number, and no vendor is asked', async to => {
    const { asked, send } = office(sms(TWILIO), () => json({ sid: 'SM1' }, 201))
    expect(await send(message({ to }), patient())).toEqual({ status: 'rejected', reason: 'bad_number' })
    expect(asked).toEqual([])
  })

  test.each([
    ['13912348765', '+8613912348765'],
    ['8613912348765', '+8613912348765'],
    ['0086 139 1234 8765', '+8613912348765'],
    ['+886 912-345-678', '+886912345678'],
    ['00852 9123 4567', '+85291234567'],
  ])('%s is %s', async (to, e164) => {
    const { asked, send } = office(sms(TWILIO), () => json({ sid: 'SM1' }, 201))
    await send(message({ to }), patient())
    expect(new URLSearchParams(asked[0]?.body).get('To')).toBe(e164)
  })

  test.each([ALIYUN, TENCENT, { ...GATEWAY, international: false }])('abroad is not for $vendor', async settings => {
    const { asked, send } = office(sms(settings), () => json({}))
    expect(await send(message({ to: '+886912345678' }), patient())).toEqual({ status: 'rejected', reason: 'country' })
    expect(asked).toEqual([])
  })

  test.each([
    ['a number abroad', { to: '+886912345678' }],
    ['another language', { locale: 'zh-TW' as const }],
    ['a template that the first one lacks', { template: 'submitted' }],
  ])('%s goes to the fallback', async (_, over) => {
    const { asked, send } = office(sms(ALIYUN, TWILIO), () => json({ sid: 'SM1' }, 201))
    expect(await send(message(over), patient())).toMatchObject({ status: 'accepted' })
    expect(asked.map(({ url }) => url.host)).toEqual(['api.twilio.com'])
  })

  test('a letter is written in a language that one of them can send', () => {
    const alone = office(sms(ALIYUN), () => json({}))
    const both = office(sms(ALIYUN, TWILIO), () => json({}))
    const asks = [
      ['merchant_responded.rejection', 'zh-CN'],
      ['merchant_responded.rejection', 'zh-TW'],
    ] as const
    expect(asks.map(each => alone.takes?.(each[0], each[1]))).toEqual([true, false])
    expect(asks.map(each => both.takes?.(each[0], each[1]))).toEqual([true, true])
  })

  test('the first vendor down is waited for, else a message might come twice', async () => {
    const { asked, send } = office(sms(ALIYUN, TWILIO), () => new Response('', { status: 503 }))
    expect(await send(message(), patient())).toEqual({ status: 'unavailable', reason: 'http_503' })
    expect(asked.map(({ url }) => url.host)).toEqual(['dysmsapi.aliyuncs.com'])
  })

  // Registered by mistake: the catalogue knows that Aliyun takes no traditional characters.
  const traditional = { ...ALIYUN, languages: { ...ALIYUN.languages, 'zh-TW': ALIYUN.languages['zh-CN'] } }
  test.each([
    ['a template without a code', ALIYUN, { template: 'submitted' }],
    ['a text that a vendor refuses', traditional, { locale: 'zh-TW' as const }],
    ['a name that every object has', ALIYUN, { template: 'constructor' }],
    ['a value that the message lacks', TENCENT, { template: 'ruled.final' }],
  ])('%s goes to nobody', async (_, settings, over) => {
    const { asked, send } = office(sms(settings), () => json({}))
    expect(await send(message(over), patient())).toEqual({ status: 'rejected', reason: 'template' })
    expect(asked).toEqual([])
  })
})
