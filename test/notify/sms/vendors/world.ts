import { expect } from 'vitest'
import type { Sms } from '../../../../src/notify/sms/provider.ts'
import type { VendorDeps } from '../../../../src/notify/sms/vendors/client.ts'

/** Thursday 21 March 2024, 03:33:20 UTC. */
const NOW = 1_710_992_000_000

interface Asked {
  url: URL
  headers: Headers
  body: string
  redirect: string | undefined
}

/** A vendor that answers what it is told, and remembers what it was asked. */
export const vendorDouble = (answer: () => Response | Promise<Response>) => {
  const asked: Asked[] = []
  const world: VendorDeps = {
    now: () => NOW,
    fetch: (url, { headers, body, redirect, signal }) => {
      asked.push({ url: new URL(url), headers: new Headers(headers), body: String(body ?? ''), redirect })
      return Promise.race([Promise.resolve().then(answer), cutOff(signal)])
    },
  }
  return { asked, world }
}

const cutOff = (signal: AbortSignal | null | undefined): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new DOMException('cut off', 'AbortError'))))

export const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status })

const BUYER = '13912348765'
const TEXT = '【透诉】商家没有同意，请在3月9日前决定 https://t.tousu.cn/t/AbCdEfGhIjKlMnOpQrStUvWx0'

export const message = (over: Partial<Sms> = {}): Sms => ({
  to: BUYER,
  text: TEXT,
  key: '0ABCDEFGH1:42',
  template: 'merchant_responded.rejection',
  params: { due: '3月9日', token: 'AbCdEfGhIjKlMnOpQrStUvWx0' },
  locale: 'zh-CN',
  mode: 'link',
  ...over,
})

/** Neither the number nor a word of the text: reasons and log lines are read by strangers. */
export const expectDiscreet = (value: unknown): void => {
  const said = JSON.stringify(value)
  for (const secret of [BUYER, '商家', 'AbCdEfGh', '3月9日']) expect(said).not.toContain(secret)
}

export const patient = () => new AbortController().signal

const languages = {
  'zh-CN': {
    signName: '透诉',
    templates: { 'merchant_responded.rejection': 'SMS_1001', link: { code: 'SMS_1002', params: ['token'] } },
  },
}
export const ALIYUN = {
  vendor: 'aliyun',
  accessKeyId: 'LTAI-id',
  accessKeySecret: 'aliyun-secret',
  allowVariableLinks: true,
  languages,
}
export const TENCENT = {
  vendor: 'tencent',
  secretId: 'AKID-id',
  secretKey: 'tencent-secret',
  sdkAppId: '1400006666',
  languages: {
    'zh-CN': {
      signName: '透诉',
      templates: {
        'merchant_responded.rejection': '1110',
        link: '1111',
        'merchant_responded.offer': { code: '1112', params: ['token', 'due'] },
        'ruled.final': { code: '1113', params: ['amount'] },
      },
    },
  },
}
export const TWILIO = {
  vendor: 'twilio',
  accountSid: `AC${'0'.repeat(32)}`,
  apiKey: 'SK-key',
  apiKeySecret: 'twilio-secret',
  authToken: '12345',
  messagingServiceSid: `MG${'1'.repeat(32)}`,
}
export const GATEWAY = {
  vendor: 'gateway',
  url: 'https://sms.example.cn/send',
  secret: 'a-secret-of-24-characters',
}
export const sms = (first: object, fallback?: object) =>
  JSON.stringify({ mode: 'link', first, ...(fallback && { fallback }) })
