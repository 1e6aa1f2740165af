import { beforeEach, describe, expect, test } from 'vitest'
import type { Report } from '../../../src/ledger/contract/outbox.ts'
import { parseSms } from '../../../src/notify/sms/vendors/config.ts'
import { signGateway } from '../../../src/notify/sms/vendors/gateway.ts'
import { reportReaders, reportSecret } from '../../../src/notify/sms/vendors/reports.ts'
import { signTwilio } from '../../../src/notify/sms/vendors/twilio.ts'
import { createApp } from '../../../src/routes/app.ts'
import { ALIYUN, GATEWAY, TENCENT, TWILIO } from '../../notify/sms/vendors/world.ts'
import { expectDiscreet, SECRET, useServer } from '../../support/server.ts'

const house = useServer()

const BASE = 'https://t.tousu.example'
const TAGS = new Uint8Array(32).fill(7)
const sms = (first: object, fallback: object) => parseSms(JSON.stringify({ mode: 'link', first, fallback }))
const readers = new Map(
  [sms(ALIYUN, TWILIO), sms(TENCENT, GATEWAY)].flatMap(each => [...reportReaders(each, { baseUrl: BASE, tags: TAGS })]),
)

let reported: Report[] = []
beforeEach(() => {
  reported = []
})

/** The app of this host with four vendors, over a ledger that remembers what it was told. */
const post = async (path: string, body: string, headers: Record<string, string> = {}, host = BASE) => {
  const { deps } = house.door
  const [ledger] = deps.ledgers
  if (!ledger) throw new Error('a house has a ledger')
  const recordReport = async (report: Report) => void reported.push(report)
  const told = { ...ledger, outbox: { ...ledger.outbox, recordReport } }
  const app = createApp({ ...deps, baseUrl: BASE, ledgers: [told], smsReports: readers })
  const answer = await app.request(`${host}${path}`, { method: 'POST', body, headers })
  const text = await answer.text()
  expectDiscreet(text)
  return { status: answer.status, text }
}

const ALIYUN_PATH = `/hooks/sms/aliyun/${reportSecret(TAGS, 'aliyun')}`
const TENCENT_PATH = `/hooks/sms/tencent/${reportSecret(TAGS, 'tencent')}`

/** The example of "SmsReport", help.aliyun.com, with our key. */
const aliyunReport = (over = {}) => ({
  phone_number: SECRET.phone,
  send_time: '2017-01-01 00:00:00',
  report_time: '2017-01-01 00:00:00',
  success: true,
  err_code: 'DELIVERED',
  err_msg: '用户接收成功',
  sms_size: '1',
  biz_id: '12345^0',
  out_id: '0000000001:9',
  ...over,
})
/** The example of "短信下发状态通知", cloud.tencent.com. */
const tencentReport = (over = {}) => ({
  user_receive_time: '2015-10-17 08:03:04',
  nationcode: '86',
  mobile: SECRET.phone,
  report_status: 'SUCCESS',
  errmsg: 'DELIVRD',
  description: '用户短信送达成功',
  sid: '2019:538',
  ...over,
})

test('Aliyun reports several at once, by our key', async () => {
  const failed = aliyunReport({ success: false, err_code: 'UNDELIV', biz_id: '6', out_id: '0000000001:10' })
  const answer = await post(ALIYUN_PATH, JSON.stringify([aliyunReport(), failed]))
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, expect.objectContaining({ code: 0 })])
  expect(reported).toEqual([
    { reference: '12345^0', key: '0000000001:9', status: 'delivered' },
    { reference: '6', key: '0000000001:10', status: 'undelivered', reason: 'UNDELIV' },
  ])
})

test('Tencent reports by its own number', async () => {
  const failed = tencentReport({ report_status: 'FAIL', errmsg: 'MK:1008', sid: '2019:539' })
  const answer = await post(TENCENT_PATH, JSON.stringify([tencentReport(), failed]))
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, expect.objectContaining({ result: 0 })])
  expect(reported).toEqual([
    { reference: '2019:538', status: 'delivered' },
    { reference: '2019:539', status: 'undelivered', reason: 'MK:1008' },
  ])
})

const twilio = (fields: Record<string, string>, query = '?key=0000000001-9', token = TWILIO.authToken) => {
  const path = `/hooks/sms/twilio${query}`
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'X-Twilio-Signature': signTwilio(token, `${BASE}${path}`, fields),
  }
  return { path, body: new URLSearchParams(fields).toString(), headers }
}
const STATUS = { MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: '30005', To: `+86${SECRET.phone}` }

test('Twilio signs the public address, also where a proxy asks us by another', async () => {
  const { path, body, headers } = twilio(STATUS)
  expect((await post(path, body, headers, 'http://10.0.0.5')).status).toBe(200)
})

test('Twilio reports a form with a signature', async () => {
  const { path, body, headers } = twilio(STATUS)
  expect((await post(path, body, headers)).status).toBe(200)
  expect(reported).toEqual([{ reference: 'SM1', key: '0000000001:9', status: 'undelivered', reason: '30005' }])
})

test.each([
  ['delivered', 'delivered'],
  ['failed', 'undelivered'],
  ['sent', undefined],
  ['constructor', undefined],
])('Twilio says %s', async (MessageStatus, status) => {
  const { path, body, headers } = twilio({ MessageSid: 'SM1', MessageStatus })
  expect((await post(path, body, headers)).status).toBe(200)
  expect(reported[0]?.status).toBe(status)
})

const gateway = (items: unknown, at = Date.now(), secret = GATEWAY.secret) => {
  const body = JSON.stringify(items)
  const timestamp = String(Math.floor(at / 1000))
  return { body, headers: { 'Tousu-Timestamp': timestamp, 'Tousu-Signature': signGateway(secret, timestamp, body) } }
}

test('the gateway reports with our signature', async () => {
  const { body, headers } = gateway([{ key: '0000000001:9', status: 'undelivered', reason: 'stop_list' }])
  expect((await post('/hooks/sms/gateway', body, headers)).status).toBe(200)
  expect(reported).toEqual([{ key: '0000000001:9', status: 'undelivered', reason: 'stop_list' }])
})

describe('whoever is not the vendor finds nothing there', () => {
  const aliyun = JSON.stringify([aliyunReport()])
  const item = [{ key: '0000000001:9', status: 'undelivered' }]
  const old = gateway(item, Date.now() - 600_000)
  const forged = gateway(item, Date.now(), 'another-secret-of-24-chars')
  const foreign = twilio(STATUS, '?key=0000000001-9', '54321')
  const moved = twilio(STATUS)
  test.each<[string, string, string, Record<string, string>?]>([
    ['no secret', '/hooks/sms/aliyun', aliyun],
    ['a wrong secret', '/hooks/sms/aliyun/AAAAAAAAAAAAAAAAAAAAAA', aliyun],
    ["another vendor's secret", ALIYUN_PATH.replace('aliyun', 'tencent'), JSON.stringify([tencentReport()])],
    ['a vendor that is not there', '/hooks/sms/nobody', '[]'],
    ['a name that every object has', '/hooks/sms/constructor', '[]'],
    ['no signature', '/hooks/sms/twilio', foreign.body],
    ["another account's signature", foreign.path, foreign.body, foreign.headers],
    ['a signature for another address', moved.path.replace('-9', '-8'), moved.body, moved.headers],
    ['a signature for another body', moved.path, `${moved.body}&x=1`, moved.headers],
    ['a gateway without a signature', '/hooks/sms/gateway', old.body],
    ['a gateway with another secret', '/hooks/sms/gateway', forged.body, forged.headers],
    ['a replay', '/hooks/sms/gateway', old.body, old.headers],
  ])('%s', async (_, path, body, headers) => {
    const answer = await post(path, body, headers)
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('"code":"not_found"')])
    expect(reported).toEqual([])
  })
})

test('what can not be read', async () => {
  expect((await post(ALIYUN_PATH, '{"phone_number"')).status).toBe(400)
  expect((await post(ALIYUN_PATH, '{}')).status).toBe(400)
  expect((await post(ALIYUN_PATH, ' '.repeat(256 * 1024 + 1))).status).toBe(413)
  expect(reported).toEqual([])
})

test('one bad report does not keep the others away', async () => {
  const answer = await post(ALIYUN_PATH, JSON.stringify([null, { success: 'yes' }, aliyunReport()]))
  expect([answer.status, reported.length]).toEqual([200, 1])
})

test("a reason is a code, whatever the vendor writes; a key that isn't ours goes nowhere", async () => {
  const failed = { report_status: 'FAIL', errmsg: `${SECRET.phone} ${SECRET.name}` }
  await post(TENCENT_PATH, JSON.stringify([tencentReport(failed)]))
  expect(reported).toEqual([{ reference: '2019:538', status: 'undelivered', reason: 'unknown' }])
  const answer = await post(ALIYUN_PATH, JSON.stringify([aliyunReport({ out_id: 'marketing-7' })]))
  expect([answer.status, reported.length]).toEqual([200, 1])
})

test('GET says that there is another method', async () => {
  expect((await house.get('/hooks/sms/aliyun')).status).toBe(405)
})

/** The app of this host over its own ledger. */
test('an unknown message gets the same answer; a known one is a hint and no step', async () => {
  const filed = await house.submit()
  await house.advance(1)
  const { deps } = house.door
  const app = createApp({ ...deps, baseUrl: BASE, smsReports: readers })
  const before = (await house.view(filed)).steps.length
  const answers = []
  for (const out_id of ['0000000001:99999', `${filed.id}:99999`, `${filed.id}:1`]) {
    const body = JSON.stringify([aliyunReport({ out_id, success: false, err_code: 'UNDELIV' })])
    const answer = await app.request(`${BASE}${ALIYUN_PATH}`, { method: 'POST', body })
    answers.push(`${answer.status} ${await answer.text()}`)
  }
  expect(new Set(answers).size).toBe(1)
  expect(answers[0]).toMatch(/^200 /)
  const [first] = deps.ledgers
  expect(await first?.outbox.failedMessages(5)).toMatchObject([{ id: 1, outcome: 'undelivered', reason: 'UNDELIV' }])
  expect((await house.view(filed)).steps).toHaveLength(before)
})
