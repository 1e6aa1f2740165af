import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseSms, readSms } from '../../../../src/notify/sms/vendors/config.ts'
import { failoverSmsProvider } from '../../../../src/notify/sms/vendors/failover.ts'
import { GATEWAY, json, message, patient, sms, vendorDouble } from './world.ts'

const PLATFORM = {
  vendor: 'platform',
  url: 'https://app.example.cn/notices',
  secret: `whsec_${btoa('a secret of the platform of 32 b')}`,
}
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Answers by host: the platform's endpoint, and the SMS gateway behind it. */
const office = (own: object, answers: { app: () => Response; gateway?: () => Response }) => {
  const doubles = {
    app: vendorDouble(answers.app),
    gateway: vendorDouble(answers.gateway ?? (() => json({ reference: 'G-1' }))),
  }
  const world = {
    ...doubles.app.world,
    fetch: (url: string, init: RequestInit) =>
      doubles[url.startsWith('https://app.') ? 'app' : 'gateway'].world.fetch(url, init),
  }
  const provider = failoverSmsProvider(parseSms(sms({ ...PLATFORM, ...own }, GATEWAY)), 'https://t.tousu.cn', world)
  const send = (over = {}) => provider.send(message({ order: 'P26-1', ...over }), patient())
  return { provider, send, app: doubles.app.asked, gateway: doubles.gateway.asked, now: world.now }
}
const taken = () => json({ id: 'N-77' })

describe('a buyer’s notice to the platform’s own endpoint', () => {
  test('is an event, signed as webhooks are, without the number; its answer’s id is the proof', async () => {
    const { send, app, gateway, now } = office({}, { app: taken })
    vi.useFakeTimers({ now: now(), toFake: ['Date'] })
    expect(await send()).toEqual({ status: 'accepted', reference: 'N-77' })
    const [{ headers, body, url, redirect } = expect.fail()] = app
    expect([url.href, redirect, headers.get('webhook-id')]).toEqual([
      PLATFORM.url,
      'manual',
      'msg_notice_0ABCDEFGH1_42',
    ])
    new Webhook(PLATFORM.secret).verify(body, Object.fromEntries(headers))
    const { text, params } = message()
    expect(JSON.parse(body)).toMatchObject({
      type: 'buyer_notice',
      data: { complaint: '0ABCDEFGH1', orderId: 'P26-1', text, url: `https://t.tousu.cn/t/${params.token}` },
    })
    expect(body).not.toContain('8765')
    expect(gateway).toEqual([])
  })

  test('has the number where the settings say so, and the front door in place of a link', async () => {
    const { send, app } = office({ phone: true }, { app: taken })
    await send({ params: { code: 'ABCDEFGH' } })
    expect(JSON.parse(app[0]?.body ?? '').data).toMatchObject({ phone: '+8613912348765', url: 'https://t.tousu.cn' })
  })

  test('refused there, goes out as an SMS; while the endpoint is silent it waits', async () => {
    const refused = office({}, { app: () => json({ code: 'no_app' }, 422) })
    expect(await refused.send()).toEqual({ status: 'accepted', reference: 'G-1', vendor: 'gateway' })
    const silent = office({}, { app: () => json({}, 503) })
    expect(await silent.send()).toEqual({ status: 'unavailable', reason: 'http_503' })
    expect(silent.gateway).toEqual([])
  })

  test('beside an SMS: both are sent, the SMS decides, and the event counts where no SMS can go', async () => {
    const both = office({ beside: true }, { app: taken })
    expect(await both.send()).toEqual({ status: 'accepted', reference: 'G-1', vendor: 'gateway' })
    expect([both.app.length, both.gateway.length]).toEqual([1, 1])
    const dead = office({ beside: true }, { app: () => json({}, 503) })
    expect(await dead.send()).toMatchObject({ status: 'accepted', vendor: 'gateway' })
    const barred = office({ beside: true }, { app: taken, gateway: () => json({ code: 'blacklist' }, 422) })
    expect(await barred.send()).toEqual({ status: 'accepted', reference: 'N-77' })
  })

  test('what is for merchants and desks goes by the other vendor', async () => {
    const { send, app, gateway } = office({}, { app: taken })
    for (const template of ['digest.merchant', 'contact_code'])
      expect(await send({ template, order: undefined })).toMatchObject({ vendor: 'gateway' })
    expect([app.length, gateway.length]).toEqual([0, 2])
  })

  test('needs a secret that can sign, to stand first, and a vendor for everybody else', () => {
    expect(() => parseSms(sms({ ...PLATFORM, secret: 'x'.repeat(30) }, GATEWAY))).toThrow('first.secret')
    expect(() => parseSms(sms(GATEWAY, PLATFORM))).toThrow('stands first')
    expect(() => readSms(sms(PLATFORM))).toThrow('digest.merchant')
    expect(readSms(sms(PLATFORM, GATEWAY)).vendors).toHaveLength(2)
  })
})
