import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../src/log/disclosure.ts'
import type { Receipt } from '../../../src/log/receipt.ts'
import { type About, Device, spoiled } from '../../support/device.ts'
import { expectProblem, type Reply, SECRET, useServer } from '../../support/server.ts'
import { formIn, type OpenForm, signedForm } from '../../support/signed-form.ts'
import { cny } from '../scenes.ts'
import { JPEG } from '../uploads.ts'

// A complaint that is signed on its form (docs/log.md, section 11): the phone's key is bound by the submission itself.

const house = useServer()
let orders = 0

interface Form extends OpenForm {
  fields: Record<string, string>
}

const opened = async (): Promise<Form> => {
  const order = { orderId: `${SECRET.order}-${orders++}`, item: '连衣裙', merchantId: 'm1', merchantName: '花间集' }
  const claims = { ...order, amount: cny('129.00'), phone: SECRET.phone, name: SECRET.name }
  const ticket = await house.door.deps.tickets?.issue?.(claims)
  const form = formIn((await house.get(`/new?ticket=${ticket}`, { Accept: 'text/html' })).text)
  const written = { category: 'quality', statement: '第一行\n第二行', 'remedySought.kind': 'refund' }
  return { ...form, fields: { ...form.shown, ...written, 'remedySought.amount.value': '' } }
}

const signedFields = (form: Form, device: Device, over: Partial<About> = {}) =>
  signedForm(form, device, form.fields, over)

const send = async ({ action, form, fields }: Form, more: object = {}, files: File[] = [], accept = 'text/html') => {
  const body = new FormData()
  // As a browser sends it: with CRLF.
  const crlf = (text: string) => text.replaceAll('\n', '\r\n')
  for (const [name, value] of Object.entries({ form, ...fields, ...more })) body.append(name, crlf(String(value)))
  for (const file of files) body.append('files', file)
  const sent = new Response(body)
  const type = sent.headers.get('content-type') ?? ''
  return house.send(action, await sent.arrayBuffer(), { Accept: accept, 'Content-Type': type })
}
const roomOf = ({ text }: Reply) => /href="https:\/\/t\.tousu\.example(\/t\/[\w-]{25})"/.exec(text)?.[1] ?? ''
const viewOf = (reply: Reply) => house.view({ room: roomOf(reply) })
const receiptOf = async (reply: Reply): Promise<Receipt> =>
  JSON.parse((await house.get(`${roomOf(reply)}/receipt.json`)).text)

/** Filed and signed; all tools say that it is good (the shared teardown verifies the log). */
const filed = async () => {
  const [form, device] = [await opened(), await Device.make()]
  const reply = await send(form, await signedFields(form, device))
  expect(reply.status, reply.text).toBe(201)
  return { form, device, reply }
}

describe('a signed submission', () => {
  test('binds the key of its phone, which signs what comes next', async () => {
    const { device, reply } = await filed()
    const { steps } = await viewOf(reply)
    expect(steps[0]).toMatchObject({ kind: 'submitted', signed: { key: device.key } })
    expect(reply.text).toContain(`data-keys="${device.key}"`)
    const { origin, complaint } = await receiptOf(reply)
    const claim = { origin, c: complaint.c, seen: steps[0]?.leaf ?? '', act: 'messages', body: { text: '请尽快' } }
    const signature = await device.sign(claim)
    const said = await house.asBuyer({ room: roomOf(reply) }, 'messages', { text: '请尽快', signature })
    expect(said.status, said.text).toBe(201)
    const page = await house.get(`${roomOf(reply)}?lang=zh-CN`, { Accept: 'text/html' })
    expect(page.text).toContain('设备 1')
  })

  test('has its photos signed too, on the same form', async () => {
    const [form, device] = [await opened(), await Device.make()]
    const { origin, seen, photos } = form
    const photosSignature = await device.sign({ origin, c: '', seen, act: 'evidence', body: { text: photos } })
    const files = [new File([JPEG], 'a.jpg', { type: 'image/jpeg' })]
    const reply = await send(form, { ...(await signedFields(form, device)), photosSignature }, files)
    const { steps } = await viewOf(reply)
    expect(steps.map(({ kind, signed }) => [kind, signed?.key])).toEqual([
      ['submitted', device.key],
      ['evidence_supplied', device.key],
    ])
    // And under nothing else: neither as a later step, nor a second time.
    const text = { text: photos, signature: photosSignature }
    expectProblem(await house.asBuyer({ room: roomOf(reply) }, 'evidence', text), 409, 'signature_used')
    expectProblem(await house.asBuyer({ room: roomOf(reply) }, 'messages', text), 409, 'signature_wrong')
  })

  test('sent twice is one complaint, also where the second time it comes unsigned', async () => {
    const { form, device, reply } = await filed()
    for (const more of [await signedFields(form, device), {}]) {
      const again = await send(form, more)
      expect([again.status, roomOf(again)]).toEqual([201, roomOf(reply)])
    }
  })

  test('says who must be asked for the digits: any other device', async () => {
    const { reply } = await filed()
    const [second, { origin, complaint }] = [await Device.make(), await receiptOf(reply)]
    const seen = (await viewOf(reply)).steps[0]?.leaf ?? ''
    const claim = { origin, c: complaint.c, seen, act: 'device-keys', body: second.coordinates }
    const body = { ...second.coordinates, signature: await second.sign(claim) }
    expectProblem(await house.asBuyer({ room: roomOf(reply) }, 'device-keys', body), 409, 'key_tail')
  })
})

describe('a submission is refused', () => {
  const refused: [what: string, over: Partial<About>, code: string][] = [
    ['that was signed for another form', { seen: digestOf('another') }, 'signature_form'],
    ['that was signed for another log', { origin: 'elsewhere.test/0' }, 'signature_wrong'],
    ['whose signature is of another act', { act: 'messages' }, 'signature_wrong'],
    ['whose words were not signed', { body: { statement: '别的话' } }, 'signature_wrong'],
  ]
  test.each(refused)('%s', async (_what, over, code) => {
    const [form, device] = [await opened(), await Device.make()]
    const sent = await signedFields(form, device, over)
    expectProblem(await send(form, sent, [], 'application/json'), 409, code)
    // On the page the form comes back whole, and goes through unsigned.
    const page = await send(form, sent)
    expect([page.status, page.text.includes('这次不带签名'), page.text.includes('id="device"')]).toEqual([
      409,
      true,
      false,
    ])
    expect((await send(form)).status).toBe(201)
  })

  test('under a signature that was made for another order', async () => {
    const { form, device } = await filed()
    const next = await opened()
    const replayed = { ...(await signedFields(form, device)) }
    expectProblem(await send({ ...next, fields: form.fields }, replayed, [], 'application/json'), 409, 'signature_form')
  })

  test('by another key than signed it, and by one that was altered', async () => {
    const [form, device, other] = [await opened(), await Device.make(), await Device.make()]
    const { signature } = await signedFields(form, device)
    const foreign = { signature, device: `${other.x}.${other.y}` }
    expectProblem(await send(form, foreign, [], 'application/json'), 409, 'signature_key')
    expectProblem(await send(form, { signature }, [], 'application/json'), 409, 'signature_key')
    const altered = { ...(await signedFields(form, device)), signature: spoiled(signature) }
    expectProblem(await send(form, altered, [], 'application/json'), 409, 'signature_wrong')
  })

  test('where it names another order, shop or amount than the form showed', async () => {
    for (const name of ['shown.orderId', 'shown.merchantName', 'shown.paid']) {
      const [form, device] = [await opened(), await Device.make()]
      const fields = { ...form.fields, [name]: 'another' }
      const sent = await signedFields({ ...form, fields }, device)
      expectProblem(await send({ ...form, fields }, sent, [], 'application/json'), 409, 'signature_wrong')
    }
  })
})

test('a submission without a signature is taken as before, whatever key comes with it', async () => {
  const [form, device] = [await opened(), await Device.make()]
  const reply = await send(form, { device: `${device.x}.${device.y}` })
  expect((await viewOf(reply)).steps[0]).toMatchObject({ kind: 'submitted', signed: null })
})
