import { describe, expect, test } from 'vitest'
import { actsOf } from '../../../src/complaint/decide.ts'
import { SIGNED_ACTS } from '../../../src/log/author-signature.ts'
import type { Receipt } from '../../../src/log/receipt.ts'
import { type About, Device, spoiled } from '../../support/device.ts'
import { PartyDevice, tagOf } from '../../support/party.ts'
import { signIn } from '../../support/people.ts'
import { expectProblem, type Filed, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()

const tokenOf = ({ room }: Filed): string => room.slice(room.lastIndexOf('/') + 1)

const receiptOf = async ({ room }: Filed): Promise<Receipt> =>
  JSON.parse((await house.get(`${room}/receipt.json`)).text)

/** What a page tells its script, and the act that is about to be sent. */
const about = async (filed: Filed, act: string, body: object = {}, over: Partial<About> = {}): Promise<About> => {
  const { steps } = await house.view(filed)
  const { origin, complaint } = await receiptOf(filed)
  return { origin, c: complaint.c, seen: steps.at(-1)?.leaf ?? '', act, body, ...over }
}
const bind = async (filed: Filed, device: Device, more: object = {}) => {
  const signature = await device.sign(await about(filed, 'device-keys', device.coordinates))
  return house.asBuyer(filed, 'device-keys', { ...device.coordinates, ...more, signature })
}
const signed = async (filed: Filed, device: Device, act: string, body: object = {}, over: Partial<About> = {}) =>
  house.asBuyer(filed, act, { ...body, signature: await device.sign(await about(filed, act, body, over)) })

/** An offer awaits the buyer's answer, and the buyer's phone is bound. */
const bound = async () => {
  const [filed, device] = [await scenes.offered(house), await Device.make()]
  made(await bind(filed, device))
  return { filed, device }
}

describe('a device', () => {
  test('is bound by the link alone where it is the first, and signs what is done on it', async () => {
    const filed = await house.submit()
    const device = await Device.make()
    const { step } = made(await bind(filed, device))
    expect(step).toMatchObject({ kind: 'key_bound', by: { role: 'buyer' }, signed: { key: device.key } })
    expect(step.fields).toEqual({ key: device.key, ...device.coordinates })
    const said = made(await signed(filed, device, 'messages', { text: '请尽快' }))
    expect(said.step).toMatchObject({ signed: { key: device.key }, fields: { text: '请尽快' } })
    expect((await house.view(filed)).steps.map(({ signed }) => signed?.key ?? null)).toEqual([
      null,
      device.key,
      device.key,
    ])
  })

  test('that comes later knows the last digits of the phone', async () => {
    const { filed } = await bound()
    const second = await Device.make()
    expectProblem(await bind(filed, second), 409, 'key_tail')
    expectProblem(await bind(filed, second, { last4: '0000' }), 422, 'invalid')
    expect(made(await bind(filed, second, { last4: '8765' })).step.kind).toBe('key_bound')
    expectProblem(await bind(filed, second, { last4: '8765' }), 409, 'key_known')
    made(await signed(filed, second, 'offer-acceptance'))
  })

  test('proves that it has the key that it binds', async () => {
    const filed = await house.submit()
    const [device, thief] = [await Device.make(), await Device.make()]
    expectProblem(await house.asBuyer(filed, 'device-keys', device.coordinates), 409, 'signature_wrong')
    const signature = await thief.sign(await about(filed, 'device-keys', device.coordinates))
    expectProblem(await house.asBuyer(filed, 'device-keys', { ...device.coordinates, signature }), 409, 'signature_key')
  })

  test('is one of eight at most', async () => {
    const filed = await house.submit()
    for (let n = 0; n < 8; n++) made(await bind(filed, await Device.make(), { last4: '8765' }))
    expectProblem(await bind(filed, await Device.make(), { last4: '8765' }), 409, 'key_limit')
  })

  test('of two that race is the first bound, and the other is asked for the digits', async () => {
    const filed = await house.submit()
    const both = [await Device.make(), await Device.make()]
    const answers = await Promise.all(both.map(device => bind(filed, device)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
  })
})

describe('a signature is refused', () => {
  const cases: [what: string, over: Partial<About>, code: string][] = [
    ['of another complaint', { c: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'signature_wrong'],
    ['of another log', { origin: 'elsewhere.test/0' }, 'signature_wrong'],
    ['of another act', { act: 'withdrawal' }, 'signature_wrong'],
    ['over another body', { body: { reason: '别的话' } }, 'signature_wrong'],
    ['over a head that never was', { seen: 'A'.repeat(43) }, 'signature_head'],
  ]
  test.each(cases)('%s', async (_what, over, code) => {
    const { filed, device } = await bound()
    const before = (await house.view(filed)).steps.length
    // Behind the precondition: a head that is not there is stale for acts that need one.
    const [act, body] = over.seen
      ? (['messages', { text: '在吗' }] as const)
      : (['offer-refusal', { reason: '太少' }] as const)
    expectProblem(await signed(filed, device, act, body, over), 409, code)
    expect((await house.view(filed)).steps).toHaveLength(before)
  })

  test('by a key that is not bound here, and one that was altered', async () => {
    const { filed, device } = await bound()
    const other = await bound()
    expectProblem(await signed(filed, other.device, 'offer-acceptance'), 409, 'signature_key')
    const signature = spoiled(await device.sign(await about(filed, 'offer-acceptance')))
    expectProblem(await house.asBuyer(filed, 'offer-acceptance', { signature }), 409, 'signature_wrong')
    expectProblem(await house.asBuyer(filed, 'offer-acceptance', { signature: 'x' }), 409, 'signature_wrong')
  })

  test('a second time', async () => {
    const { filed, device } = await bound()
    const body = { text: '请尽快' }
    const signature = await device.sign(await about(filed, 'messages', body))
    made(await house.asBuyer(filed, 'messages', { ...body, signature }))
    expectProblem(await house.asBuyer(filed, 'messages', { ...body, signature }), 409, 'signature_used')
  })

  test('from a stale page, as an unsigned form is; what means the same at any time is taken', async () => {
    const { filed, device } = await bound()
    const then = await about(filed, 'offer-acceptance')
    made(await house.asMerchant(filed, 'responses', scenes.OFFER))
    expectProblem(await signed(filed, device, 'offer-acceptance', {}, { seen: then.seen }), 409, 'stale')
    made(await signed(filed, device, 'messages', { text: '看到了' }, { seen: then.seen }))
  })

  test('of a share link, which acts for nobody', async () => {
    const { filed, device } = await bound()
    const { shareUrl = '' } = JSON.parse((await house.asBuyer(filed, 'share-links', {})).text)
    const signature = await device.sign(await about(filed, 'confirmation'))
    expectProblem(await house.post(`${new URL(shareUrl).pathname}/confirmation`, { signature }), 403, 'not_yours')
  })
})

test('a form is signed with what its fields hold, lines and all', async () => {
  const { filed, device } = await bound()
  const body = {
    reason: '太少了\n请再考虑',
    'counter.kind': 'refund',
    'counter.amount.value': '',
    'counter.amount.currency': 'CNY',
  }
  const claim = await about(filed, 'offer-refusal', body)
  const signature = await device.sign(claim)
  // As a browser sends it: with CRLF.
  const sent = { ...body, reason: body.reason.replace('\n', '\r\n'), seen: claim.seen, signature }
  expect((await house.form(filed, 'offer-refusal', sent)).status).toBe(303)
  // A double submit is one step.
  expect((await house.form(filed, 'offer-refusal', sent)).status).toBe(303)
  const { steps } = await house.view(filed)
  expect(steps.at(-1)).toMatchObject({ kind: 'offer_refused', signed: { key: device.key } })
  expect(steps.at(-2)?.kind).toBe('key_bound')
})

describe('unsigned', () => {
  test('is no mark where no key was bound, and one where a key was', async () => {
    const { filed } = await bound()
    const plain = await scenes.offered(house)
    for (const each of [filed, plain]) made(await house.asBuyer(each, 'confirmation'))
    const last = async (of: Filed) => (await house.view(of)).steps.at(-1)
    expect(await last(filed)).toMatchObject({ kind: 'confirmed', signed: null, unsignedThoughBound: true })
    expect(await last(plain)).not.toHaveProperty('unsignedThoughBound')
  })
})

test('each act of a buyer has the kind under which it is signed', () => {
  expect([...actsOf('buyer'), 'submit'].toSorted()).toEqual(Object.values(SIGNED_ACTS).toSorted())
})

test('erasing a text erases what was signed too, and the signature stays checkable', async () => {
  const { filed, device } = await bound()
  const { step } = made(await signed(filed, device, 'messages', { text: '我的地址是人民路一号' }))
  const signedAt = async () => (await receiptOf(filed)).steps[step.seq]
  expect((await signedAt())?.disclosures).toHaveLength(2)
  made(await house.asBuyer(filed, 'redaction-request', { seq: step.seq, field: 'text', reason: '写了地址' }))
  made(
    await house.asPlatform(filed, 'redactions', { seq: step.seq, field: 'text', reason: '买家要求', operator: 'A17' }),
  )
  expect((await signedAt())?.disclosures).toEqual([])
  expect((await house.view(filed)).steps[step.seq]).toMatchObject({ signed: { key: device.key }, erased: ['text'] })
})

test('the page marks steps, warns of what was given up unsigned until the buyer signs again, and paper says it too', async () => {
  const { filed, device } = await bound()
  made(await signed(filed, device, 'messages', { text: '请尽快' }))
  made(await house.asBuyer(filed, 'confirmation'))
  const page = async (path = '') => (await house.get(`${filed.room}${path}?lang=zh-CN`, { Accept: 'text/html' })).text
  const warned = await page()
  expect(warned).toContain('>已签名</summary>由买家自己的设备签名，平台做不出这个签名。</details>')
  expect(warned).toContain('<summary class="tag bad">未签名</summary>')
  expect(warned).toContain('<button>不是我，重新打开投诉</button>')
  expect(await page('/record')).toContain(`已签名 <code>${device.key}</code>`)
  made(await signed(filed, device, 'reopening', { reason: '我没有确认过' }))
  expect(await page()).not.toContain('不是我，重新打开投诉')
})

test('a further device, and a closing that is unsigned, are told by SMS; the desk is told of the latter, until the buyer signs', async () => {
  const { filed, device } = await bound()
  const officer = await signIn(house, 'platform')
  const isAlerted = async () => (await officer.get('/desk/alerts')).text.includes(filed.id)
  const sms = async () => {
    await house.advance(1 / 30)
    return house.door.messages().flatMap(({ text }) => (text.includes(tokenOf(filed)) ? [text] : []))
  }
  const before = await sms()
  made(await bind(filed, await Device.make(), { last4: '8765' }))
  expect((await sms()).slice(before.length)).toEqual([expect.stringContaining('又绑定一台设备')])
  expect(await isAlerted()).toBe(false)
  made(await house.asBuyer(filed, 'confirmation'))
  expect((await sms()).slice(before.length + 1)).toEqual([expect.stringContaining('无您设备签名')])
  expect(await isAlerted()).toBe(true)
  made(await signed(filed, device, 'reopening', { reason: '不是我' }))
  expect(await isAlerted()).toBe(false)
})

test('what a merchant signs is marked as the merchant’s, and answers nothing that was given up in the buyer’s name', async () => {
  const { filed } = await bound()
  made(await house.asBuyer(filed, 'offer-acceptance'))
  const key = new PartyDevice()
  const offered = await house.post('/api/v1/keys', key.offer(tagOf('m1')), house.bearer('merchant'))
  expect(offered.status, offered.text).toBe(201)
  const body = { text: '今天寄出', operator: '李娜' }
  const claim = await about(filed, 'messages')
  made(await house.as('merchant', filed, 'messages', body, key.header(claim, JSON.stringify(body))))
  const page = async () => (await house.get(`${filed.room}?lang=zh-CN`, { Accept: 'text/html' })).text
  expect(await page()).toContain('由商家自己的密钥签名，别人做不出这个签名。')
  expect(await page()).toContain('没有您设备的签名：是您本人操作的吗？')
  const officer = await signIn(house, 'platform')
  expect((await officer.get('/desk/alerts')).text).toContain(filed.id)
})

describe('a device that is retired', () => {
  const keep = async (filed: Filed, device: Device) => (await signed(filed, device, 'messages', { text: '在' })).status
  const retire = (filed: Filed, key: string, more: object = {}) =>
    house.asBuyer(filed, 'device-key-retirements', { key, ...more })
  const until = ({ step }: ReturnType<typeof made>) => Date.parse(String(step.fields.until)) - Date.parse(step.at)

  test('by an older one signs no more at once', async () => {
    const { filed, device } = await bound()
    const second = await Device.make()
    made(await bind(filed, second, { last4: '8765' }))
    const { key } = second
    const done = made(await signed(filed, device, 'device-key-retirements', { key }))
    expect([done.step.kind, until(done)]).toEqual(['key_retired', 0])
    expectProblem(await signed(filed, second, 'messages', { text: '在' }), 409, 'signature_retired')
    expectProblem(await signed(filed, device, 'device-key-retirements', { key }), 409, 'key_gone')
    // A retired key never comes back, and its device binds another one.
    expectProblem(await bind(filed, second, { last4: '8765' }), 409, 'key_gone')
    made(await bind(filed, await Device.make(), { last4: '8765' }))
    expect(await keep(filed, device)).toBe(201)
  })

  test.each(['by a younger one', 'by link and digits'])('%s has a day to say that it is not lost', async how => {
    const { filed, device } = await bound()
    const second = await Device.make()
    made(await bind(filed, second, { last4: '8765' }))
    const body = { key: device.key }
    const asked = () =>
      how === 'by a younger one'
        ? signed(filed, second, 'device-key-retirements', body)
        : retire(filed, device.key, { last4: '8765' })
    expect(until(made(await asked()))).toBe(24 * 3_600_000)
    await house.advance(23)
    expect(await keep(filed, device)).toBe(201)
    // It spoke, so it stays; asked again and silent, it goes.
    await house.advance(2)
    expect(await keep(filed, device)).toBe(201)
    made(await asked())
    await house.advance(25)
    expectProblem(await signed(filed, device, 'messages', { text: '在' }), 409, 'signature_retired')
    expect(await keep(filed, second)).toBe(201)
  })

  test('may be one’s own; another’s needs the digits, and one that is bound', async () => {
    const { filed, device } = await bound()
    expectProblem(await retire(filed, device.key), 409, 'key_tail')
    expectProblem(await retire(filed, device.key, { last4: '0000' }), 422, 'invalid')
    expectProblem(await retire(filed, 'A'.repeat(43), { last4: '8765' }), 409, 'key_unknown')
    expect(until(made(await signed(filed, device, 'device-key-retirements', { key: device.key })))).toBe(0)
    // Then a further device is still no first one, and what is given up unsigned is still a finding.
    expectProblem(await bind(filed, await Device.make()), 409, 'key_tail')
    const { step } = made(await house.asBuyer(filed, 'confirmation'))
    expect(step).toMatchObject({ unsignedThoughBound: true })
  })

  test('is told by SMS, and the page lists it with the way to keep it', async () => {
    const { filed, device } = await bound()
    const second = await Device.make()
    made(await bind(filed, second, { last4: '8765' }))
    made(await signed(filed, second, 'device-key-retirements', { key: device.key }))
    await house.advance(1 / 30)
    const told = house.door.messages().filter(({ text }) => text.includes(tokenOf(filed)))
    expect(told.map(({ text }) => text).join()).toContain('有设备将停用签名')
    const page = async () => (await house.get(`${filed.room}?lang=zh-CN`, { Accept: 'text/html' })).text
    const waiting = await page()
    for (const said of ['不是我，保留这台设备', '起停用</span>']) expect(waiting).toContain(said)
    expect(waiting).toContain(`data-keys="${device.key} ${second.key}"`)
    await house.advance(25)
    const over = await page()
    expect(over).toContain('已停用（')
    expect(over).toContain(`data-keys="${second.key}"`)
  })
})
