import { expect, test } from 'vitest'
import { LOCALES, type Locale } from '../../../../src/complaint/words.ts'
import { VARIANTS, vendorsOf } from '../../../../src/notify/sms/catalogue.ts'
import { leftToFallback, localesOf, readSms, SmsConfigError } from '../../../../src/notify/sms/vendors/config.ts'
import { ALIYUN, GATEWAY, sms, TENCENT, TWILIO } from './world.ts'

type Codes = Record<string, string | { code: string; params: string[] }>

const all = (): Codes => Object.fromEntries(VARIANTS.map((variant, i) => [variant, `SMS_${i}`]))
const without = (...names: string[]): Codes =>
  Object.fromEntries(Object.entries(all()).filter(([name]) => !names.includes(name)))
const speaking = (vendor: object, templates: Codes, ...locales: Locale[]) => ({
  ...vendor,
  languages: Object.fromEntries(locales.map(locale => [locale, { signName: '透诉', templates }])),
})
const complaint = (text: string): string => {
  try {
    readSms(text)
  } catch (error) {
    if (error instanceof SmsConfigError) return error.message
    throw error
  }
  return 'taken'
}

test('a vendor with every code is enough', () => {
  const settings = readSms(sms(speaking(TENCENT, all(), 'zh-CN')))
  expect(localesOf(settings)).toEqual(['zh-CN'])
  expect(leftToFallback(settings)).toEqual([])
})

test('one of free texts speaks every language', () => {
  expect(localesOf(readSms(sms(TWILIO)))).toEqual([...LOCALES])
})

test('every template without a vendor is named', () => {
  const templates = without('ruled.final', 'link')
  expect(complaint(sms(speaking(TENCENT, templates, 'zh-CN', 'en')))).toBe(
    'no vendor has a template for zh-CN ruled.final, zh-CN link, en ruled.final, en link',
  )
})

test('a house without zh-CN is told so', () => {
  expect(complaint(sms(speaking(TENCENT, all(), 'en')))).toContain('zh-CN submitted')
})

test('what the first one lacks the fallback sends, and the operator can know', () => {
  const settings = readSms(sms(speaking(TENCENT, without('ruled.final'), 'zh-CN'), GATEWAY))
  expect(leftToFallback(settings)).toEqual(['tencent zh-CN ruled.final'])
})

test('Aliyun takes no traditional characters, whatever code somebody has', () => {
  expect(vendorsOf('submitted', 'zh-TW')).not.toContain('aliyun')
  expect(complaint(sms(speaking(ALIYUN, all(), 'zh-CN', 'zh-TW')))).toContain('zh-TW submitted')
  expect(complaint(sms(speaking(ALIYUN, all(), 'zh-CN', 'zh-TW'), TWILIO))).toBe('taken')
})

test('a name or a value that no template has', () => {
  expect(complaint(sms(speaking(TENCENT, { ...all(), ruledd: '1' }, 'zh-CN')))).toBe(
    'tencent zh-CN ruledd is not in the catalogue',
  )
  const turned = { code: '1', params: ['token', 'due'] }
  const wrong = { code: '1', params: ['token', 'phone'] }
  const offer = 'merchant_responded.offer'
  expect(complaint(sms(speaking(TENCENT, { ...all(), [offer]: turned }, 'zh-CN')))).toBe('taken')
  expect(complaint(sms(speaking(TENCENT, { ...all(), [offer]: wrong }, 'zh-CN')))).toContain(`${offer} has params`)
})
