import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readNodeSettings } from '../../../../src/config/settings.ts'
import { createServer } from '../../../../src/hosts/node/server.ts'
import { DemoClock } from '../../../../src/ledger/clock.ts'
import { makeSecrets, readSecrets } from '../../../../src/ledger/log/secrets.ts'
import { readSms } from '../../../../src/notify/sms/vendors/config.ts'
import { signTwilio } from '../../../../src/notify/sms/vendors/twilio.ts'
import { hashKey } from '../../../../src/routes/authenticate.ts'
import { START } from '../../../support/server.ts'
import { json, sms, TWILIO } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'tousu-live-'))
beforeAll(() => {
  vi.spyOn(console, 'error').mockReturnValue()
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  vi.restoreAllMocks()
})

const COMPLAINT = {
  orderId: 'LIVE-1',
  merchantId: 'm1',
  merchantName: '花间集',
  buyer: { name: '欧阳暮雪', phone: '13912348765' },
  category: 'quality',
  statement: '袖子短了一截',
}

test('a house with a vendor sends by it, and takes its reports', async () => {
  const posted: URLSearchParams[] = []
  const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(async (_url, init) => {
    posted.push(new URLSearchParams(String(init?.body)))
    return json({ sid: 'SM1', error_code: null }, 201)
  })
  const house = createServer({
    dataDir: join(folder, 'house'),
    baseUrl: 'https://t.tousu.cn',
    secrets: await readSecrets(await makeSecrets()),
    origin: 'live.test/log/0',
    clock: new DemoClock(START),
    sms: readSms(sms(TWILIO)),
  })
  await house.ledger.registry.addCredential(hashKey('key-of-the-platform'), { role: 'platform', name: 'platform' })
  const filed = await house.app.request('/api/v1/complaints', {
    method: 'POST',
    headers: { Authorization: 'Bearer key-of-the-platform', 'Content-Type': 'application/json' },
    body: JSON.stringify(COMPLAINT),
  })
  expect(filed.status).toBe(201)
  await house.scheduler.runOnce()
  expect(posted.map(form => form.get('To'))).toEqual(['+8613912348765'])

  const callback = posted[0]?.get('StatusCallback') ?? ''
  const fields = { MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: '30005' }
  const answer = await house.app.request(callback, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Twilio-Signature': signTwilio(TWILIO.authToken, callback, fields),
    },
    body: new URLSearchParams(fields).toString(),
  })
  expect(answer.status).toBe(200)
  expect(await house.ledger.outbox.failedMessages(5)).toMatchObject([{ outcome: 'undelivered', reason: '30005' }])
  fetching.mockRestore()
  await house.close()
})

describe('TOUSU_SMS', async () => {
  const LIVE = {
    TOUSU_MODE: 'live',
    BASE_URL: 'https://t.tousu.cn',
    TOUSU_SECRETS: JSON.stringify(await makeSecrets()),
    TOUSU_ORIGIN: 't.tousu.cn/log/0',
  }
  const read = (env: object) => readNodeSettings(env, path => readFileSync(path, 'utf8'))
  const smsOf = async (env: object) => {
    const settings = await read(env)
    return settings.demo ? undefined : settings.sms
  }

  test('is JSON, or the name of a file with it', async () => {
    const file = join(folder, 'sms.json')
    writeFileSync(file, sms(TWILIO))
    for (const setting of [sms(TWILIO), file]) {
      expect((await smsOf({ ...LIVE, TOUSU_SMS: setting }))?.vendors[0]?.vendor).toBe('twilio')
    }
    expect(await smsOf(LIVE)).toBeUndefined()
  })

  test('what is wrong is named', async () => {
    await expect(read({ ...LIVE, TOUSU_SMS: '/nowhere/sms.json' })).rejects.toThrow(
      'TOUSU_SMS: the file cannot be read',
    )
    const wrong = sms({ ...TWILIO, authToken: '' })
    await expect(read({ ...LIVE, TOUSU_SMS: wrong })).rejects.toThrow('TOUSU_SMS: first.authToken is missing')
  })

  test('a demo has its own phone, whatever is set', async () => {
    expect(await read({ TOUSU_MODE: 'demo', TOUSU_SMS: sms(TWILIO) })).not.toHaveProperty('sms')
  })
})
