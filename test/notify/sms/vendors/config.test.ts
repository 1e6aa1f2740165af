import { describe, expect, test } from 'vitest'
import { parseSms, SmsConfigError } from '../../../../src/notify/sms/vendors/config.ts'
import { ALIYUN, GATEWAY, sms, TENCENT, TWILIO } from './world.ts'

const SECRET = 'sEcReT-9'
const complaint = (text: string): string => {
  try {
    parseSms(text)
  } catch (error) {
    if (error instanceof SmsConfigError) return error.message
    throw error
  }
  return 'taken'
}

test.each([ALIYUN, TENCENT, TWILIO, GATEWAY])('$vendor alone', settings => {
  expect(parseSms(sms(settings)).vendors.map(({ vendor }) => vendor)).toEqual([settings.vendor])
})

test('first and fallback, in this order', () => {
  expect(parseSms(sms(TENCENT, TWILIO)).vendors.map(({ vendor }) => vendor)).toEqual(['tencent', 'twilio'])
})

describe('what is wrong is named, and never shown', () => {
  test.each<[string, string]>([
    ['it is not JSON', `{${SECRET}`],
    ['mode', JSON.stringify({ first: TWILIO })],
    ['mode', JSON.stringify({ mode: SECRET, first: TWILIO })],
    ['first', JSON.stringify({ mode: 'code' })],
    ['first.vendor', sms({ ...TWILIO, vendor: SECRET })],
    ['first.accessKeySecret', sms({ ...ALIYUN, accessKeySecret: 7 })],
    ['first.accessKeyId', sms({ ...ALIYUN, accessKeyId: `${SECRET}\n` })],
    ['first.languages', sms({ ...ALIYUN, languages: {} })],
    ['first.languages.zh-CN.signName', sms({ ...ALIYUN, languages: { 'zh-CN': { templates: {} } } })],
    [
      'first.languages.zh-CN.templates.ruled',
      sms({ ...ALIYUN, languages: { 'zh-CN': { signName: '透诉', templates: { ruled: `${SECRET} ` } } } }),
    ],
    ['first.sdkAppId', sms({ ...TENCENT, sdkAppId: SECRET })],
    ['first.accountSid', sms({ ...TWILIO, accountSid: SECRET })],
    ['first.from', sms({ ...TWILIO, messagingServiceSid: undefined })],
    ['first.from', sms({ ...TWILIO, from: '+15005550006' })],
    ['first.url', sms({ ...GATEWAY, url: `http://sms.example.cn/${SECRET}` })],
    ['first.url', sms({ ...GATEWAY, url: `https://user:${SECRET}@sms.example.cn/` })],
    ['first.secret', sms({ ...GATEWAY, secret: SECRET })],
    ['fallback.authToken', sms(TENCENT, { ...TWILIO, authToken: '' })],
    ['fallback is the same vendor', sms(TWILIO, TWILIO)],
    ['first.acessKeyId', sms({ ...ALIYUN, acessKeyId: SECRET })],
    ['a field', sms({ ...ALIYUN, [`${SECRET} ${SECRET}`]: 'x' })],
  ])('%s', (field, text) => {
    const said = complaint(text)
    expect(said).toContain(field)
    expect(said).not.toContain(SECRET)
  })
})

test('links of their own need a word of consent with Aliyun', () => {
  expect(complaint(sms({ ...ALIYUN, allowVariableLinks: false }))).toContain('first.allowVariableLinks')
  expect(complaint(sms(TWILIO, { ...ALIYUN, allowVariableLinks: undefined }))).toContain('fallback.allowVariableLinks')
  expect(complaint(JSON.stringify({ mode: 'code', first: { ...ALIYUN, allowVariableLinks: false } }))).toBe('taken')
})
