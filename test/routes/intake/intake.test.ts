import { describe, expect, test } from 'vitest'
import { expectProblem, HOUR, type Reply, SECRET, START, useServer } from '../../support/server.ts'
import { cny } from '../scenes.ts'
import { bytes, JPEG } from '../uploads.ts'

const house = useServer()
const page = { Accept: 'text/html' }
let orders = 0

/** A ticket as the shop gives it; each for an order of its own. */
const ticketFor = (over: object = {}, how: { aud?: string; seconds?: number } = {}): Promise<string> => {
  const order = { orderId: `${SECRET.order}-${orders++}`, item: '连衣裙', merchantId: 'm1', merchantName: '花间集' }
  const claims = { ...order, amount: cny('129.00'), phone: SECRET.phone, name: SECRET.name, ...over }
  const issued = house.door.deps.tickets?.issue?.(claims, how)
  if (!issued) throw new Error('this house issues no tickets')
  return issued
}
const open = (ticket: string, headers = {}): Promise<Reply> =>
  house.get(`/new?ticket=${ticket}`, { ...page, ...headers })

/** What the form of a page carries, and where it goes. */
const formOf = ({ text }: Reply) => ({
  action: /<form[^>]*action="(\/new[^"]*)"/.exec(text)?.[1] ?? '',
  form: /name="form" value="([^"]+)"/.exec(text)?.[1] ?? '',
})
const FILLED = {
  category: 'quality',
  statement: SECRET.text,
  'remedySought.kind': 'refund',
  'remedySought.amount.value': '',
}
type Fields = Record<string, string>

const send = async (
  { action, form }: ReturnType<typeof formOf>,
  fields: Fields = {},
  files: File[] = [],
  headers = page,
) => {
  const body = new FormData()
  for (const [name, value] of Object.entries({ form, ...FILLED, ...fields })) body.append(name, value)
  for (const file of files) body.append('files', file)
  const sent = new Response(body)
  const type = sent.headers.get('content-type') ?? ''
  return house.send(action, await sent.arrayBuffer(), { ...headers, 'Content-Type': type })
}
const photo = (name = 'a.jpg', bytes: Uint8Array<ArrayBuffer> = JPEG) => new File([bytes], name, { type: 'image/jpeg' })
const submit = async (fields: Fields = {}, files: File[] = [], over = {}) =>
  send(formOf(await open(await ticketFor(over))), fields, files)
const linkIn = ({ text }: Reply) => /href="https:\/\/t\.tousu\.example(\/t\/[\w-]{25})"/.exec(text)?.[1] ?? ''
const viewOf = (reply: Reply) => house.view({ room: linkIn(reply) })

describe('from the order page to the complaint', () => {
  test('the form shows the order, and of the phone only its ends', async () => {
    const ticket = await ticketFor()
    const reply = await open(ticket)
    expect(reply.status).toBe(200)
    for (const shown of [SECRET.order, '连衣裙', '花间集', '129', '139****8765']) expect(reply.text).toContain(shown)
    for (const hidden of [SECRET.phone, SECRET.name, ticket, ticket.split('.')[1] ?? '?']) {
      expect(reply.text).not.toContain(hidden)
    }
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('it becomes a complaint with link, pickup code and what happens now', async () => {
    const reply = await submit({}, [photo()])
    expect(reply.status, reply.text).toBe(201)
    expect(reply.text).toContain('商家答应您的要求')
    expect(reply.text).not.toMatch(/买家/)
    const { complaint, steps } = await viewOf(reply)
    expect(complaint).toMatchObject({
      state: 'awaiting_merchant',
      category: 'quality',
      merchant: { id: 'm1', name: '花间集' },
      remedySought: { kind: 'refund', amount: cny('129.00') },
    })
    expect(steps.map(({ kind }) => kind).filter(kind => kind !== 'notice_sent')).toEqual([
      'submitted',
      'evidence_supplied',
    ])
    expect(steps[0]).toMatchObject({ by: { role: 'buyer', name: SECRET.name }, fields: { statement: SECRET.text } })
    expect(reply.text).toMatch(/<code class="pickup">[0-9A-Z]{4}-[0-9A-Z]{4}<\/code>/)
    for (const said of ['花间集', '3月', '139****8765', '接下来']) expect(reply.text).toContain(said)
    expect(reply.text).not.toContain(SECRET.phone)
    const code = /class="pickup">([^<]+)</.exec(reply.text)?.[1] ?? ''
    const picked = await house.post('/pickup', { code, last4: SECRET.phone.slice(-4) })
    expect(JSON.parse(picked.text).trackingUrl).toContain(linkIn(reply))
  })

  test('the SMS goes to the phone of the ticket, in the language of the page', async () => {
    const ticket = await ticketFor({ phone: '13711112222', locale: 'en' })
    const drawn = await open(ticket)
    expect(drawn.text).toContain('<html lang="en">')
    expect((await open(ticket, { Cookie: 'lang=zh-TW' })).text).toContain('<html lang="zh-TW">')
    const reply = await send(formOf(drawn))
    await house.advance(0)
    const sms = house.door.messages().filter(({ to }) => to === '13711112222')
    expect(sms.map(({ text }) => text.includes(linkIn(reply)))).toContain(true)
  })

  test('a shop’s own idea of a language shuts nobody out', async () => {
    for (const locale of ['ja', 'zh-HK', 'zh', 7, null]) {
      const reply = await open(await ticketFor({ locale }), { 'Accept-Language': 'en' })
      expect([reply.status, reply.text.includes('<html lang="en">')]).toEqual([200, true])
    }
  })

  test.each([
    '+86 139 1234 8765',
    '+86-137-1234-8765',
    '0086 13612348765',
    '8613512348765',
    '138 1234 8765',
    '１３２１２３４８７６５',
    '(0755) 8888 8765',
    '0755-8888-8765',
    '(+44) 20 7946 8765',
    '+1.650.253.8765',
  ])('the phone %j of a ticket rings, and its last four lead back', async phone => {
    const reply = await submit({}, [], { phone })
    expect(reply.status, reply.text).toBe(201)
    await house.advance(0)
    const rung = house.door.messages().filter(({ text }) => text.includes(linkIn(reply)))
    expect(rung.map(({ to }) => to.endsWith('8765'))).toEqual([true])
    expect(reply.text).toContain('****8765')
    const code = /class="pickup">([^<]+)</.exec(reply.text)?.[1] ?? ''
    const picked = await house.post('/pickup', { code, last4: '8765' })
    expect(JSON.parse(picked.text).trackingUrl).toContain(linkIn(reply))
  })

  test('without a name in the ticket the buyer gives one', async () => {
    const form = formOf(await open(await ticketFor({ name: undefined, item: undefined })))
    expect((await send(form)).status).toBe(422)
    const reply = await send(form, { name: '小欧' })
    expect((await viewOf(reply)).steps[0]?.by.name).toBe('小欧')
  })

  test('what the form says of order, phone and name changes nothing', async () => {
    const reply = await submit({
      orderId: 'X',
      phone: '13000000000',
      name: '别人',
      merchantId: 'm2',
      'buyer.phone': '1',
    })
    const { complaint, steps } = await viewOf(reply)
    expect([complaint.merchant.id, steps[0]?.by.name]).toEqual(['m1', SECRET.name])
    expect(steps[0]?.fields.orderId).toMatch(SECRET.order)
  })

  test.each([
    ['partial_refund', '40', { kind: 'partial_refund', amount: cny('40') }],
    ['return_refund', '', { kind: 'return_refund', amount: cny('129.00') }],
    ['compensation', '1000', { kind: 'compensation', amount: cny('1000') }],
    ['exchange', '', { kind: 'exchange' }],
    ['apology', '5', { kind: 'apology' }],
  ])('%s %s is asked for as that', async (kind, value, sought) => {
    const reply = await submit({ 'remedySought.kind': kind, 'remedySought.amount.value': value })
    expect((await viewOf(reply)).complaint.remedySought).toEqual(sought)
  })

  test('a program gets JSON', async () => {
    const ticket = await ticketFor()
    const reply = await house.post('/new', {
      ticket,
      category: 'quality',
      statement: '坏了',
      remedySought: { kind: 'repair' },
    })
    expect([reply.status, Object.keys(JSON.parse(reply.text)).sort()]).toEqual([
      201,
      ['due', 'fingerprint', 'id', 'pickupCode', 'promise', 'trackingUrl'],
    ])
  })
})

describe('what is wrong comes back as it was typed', () => {
  const BAD: [what: string, fields: Fields, field: string, said: string][] = [
    ['no category', { category: '' }, 'category', '请选一项'],
    ['a category of nobody', { category: 'constructor' }, 'category', '请选一项'],
    ['nothing said', { statement: '   ' }, 'statement', '请填写'],
    ['5001 characters', { statement: '字'.repeat(5001) }, 'statement', '最多 5000 字'],
    ['control characters', { statement: 'a\u0000b' }, 'statement', ''],
    ['text that turns around', { statement: '退款\u202e款退' }, 'statement', ''],
    ['no remedy', { 'remedySought.kind': '' }, 'remedySought.kind', '请选一项'],
    ['a remedy of nobody', { 'remedySought.kind': '__proto__' }, 'remedySought.kind', '请选一项'],
    ['ten to the ninth', { 'remedySought.amount.value': '1000000000' }, 'remedySought.amount.value', '最多 '],
    ['a fen more than was paid', { 'remedySought.amount.value': '129.01' }, 'remedySought.amount.value', '129'],
    ['a negative amount', { 'remedySought.amount.value': '-1' }, 'remedySought.amount.value', '请写成数字'],
    ['scientific', { 'remedySought.amount.value': '1e309' }, 'remedySought.amount.value', '请写成数字'],
    ['a tenth of a fen', { 'remedySought.amount.value': '0.001' }, 'remedySought.amount.value', '请写成数字'],
    ['nothing at all', { 'remedySought.amount.value': '0.00' }, 'remedySought.amount.value', '请写成数字'],
    ['part of what, though', { 'remedySought.kind': 'partial_refund' }, 'remedySought.amount.value', '请填写'],
    [
      'more than the law knows',
      { 'remedySought.kind': 'compensation', 'remedySought.amount.value': '1290.01' },
      'remedySought.amount.value',
      '1,?290',
    ],
  ]
  test.each(BAD)('%s', async (_what, fields, field, said) => {
    const form = formOf(await open(await ticketFor()))
    const reply = await send(form, { ...fields, 'x<y': 'z' })
    expect(reply.status, reply.text).toBe(422)
    const id = `new-${field.replaceAll('.', '-')}`
    expect(reply.text).toMatch(new RegExp(`id="${id}-problem">[^<]*${said}`))
    expect(reply.text).toMatch(new RegExp(`id="${id}"[^>]*aria-invalid="true"`))
    if (!('statement' in fields)) expect(reply.text).toContain(SECRET.text)
    expect(reply.text).toContain('文件要重新选一次')
    // And then it can be sent from the page that came back.
    expect((await send(formOf(reply))).status).toBe(201)
  })

  test('everything at once, files too, and nothing is handed in', async () => {
    const form = formOf(await open(await ticketFor()))
    const reply = await send(form, { statement: '', category: '', 'remedySought.amount.value': '9999' }, [
      photo('x.jpg', bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')),
    ])
    expect(reply.status).toBe(422)
    for (const field of ['statement', 'category', 'remedySought-amount-value', 'files'])
      expect(reply.text).toContain(`id="new-${field}-problem"`)
    expect((await send(form, { statement: '"><script>alert(1)</script>', category: '' })).text).not.toContain(
      '<script>alert',
    )
    const eleven = Array.from({ length: 11 }, (_, i) => photo(`${i}.jpg`))
    expect((await send(form, {}, eleven)).text).toContain('id="new-files-problem"')
    expect((await send(form, {}, [photo()])).status).toBe(201)
  })

  test('more than texts are taken from those alone who were shown a form', async () => {
    const form = formOf(await open(await ticketFor()))
    const large = photo('a.jpg', new Uint8Array(2 * 1024 * 1024))
    for (const action of ['/new', '/new?p=', '/new?p=9999999999.00', `${form.action}0`, '/new?p=.']) {
      expect([action, (await send({ ...form, action }, {}, [large])).status]).toEqual([action, 413])
    }
    expect((await send(form, {}, [large])).status).toBe(422)
    expect((await send({ ...form, action: '/new' })).status).toBe(201)
  })
})

describe('a ticket', () => {
  test('opens the form for an hour; what was opened in time can be sent for half a day', async () => {
    const ticket = await ticketFor()
    const drawn = await open(ticket)
    await house.advance(0.9)
    expect((await open(ticket)).status).toBe(200)
    await house.advance(0.2)
    const late = await open(ticket)
    expect([late.status, late.text.includes('已经过期')]).toEqual([403, true])
    await house.advance(8)
    expect((await send(formOf(drawn))).status).toBe(201)
    const other = formOf(await open(await ticketFor()))
    await house.advance(13)
    const tooLate = await house.send('/new', new URLSearchParams({ form: other.form, ...FILLED }), page)
    expect([tooLate.status, tooLate.text.includes('已经过期')]).toEqual([403, true])
  })

  const jwt = (header: object, payload: object, signature = 'AAAA') =>
    [JSON.stringify(header), JSON.stringify(payload)]
      .map(part => btoa(part).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''))
      .concat(signature)
      .join('.')
  const claims = {
    iss: 'demo shop',
    aud: 'https://t.tousu.example',
    exp: Math.floor((START + 300 * HOUR) / 1000),
    jti: 'x',
    orderId: 'X-1',
    merchantId: 'm1',
    merchantName: 'x',
    amount: cny('1.00'),
    phone: '13800000000',
  }
  const FOREIGN: [string, () => string | Promise<string>][] = [
    ['nothing', () => ''],
    ['a word', () => 'x'],
    ['five words', () => 'a.b.c.d.e'],
    ['a very long one', () => 'x'.repeat(9000)],
    ['not signed', () => jwt({ alg: 'none' }, claims, '')],
    ['signed by somebody', () => jwt({ alg: 'HS256' }, claims)],
    ['signed with a key that it brings itself', () => jwt({ alg: 'ES256', jwk: {} }, claims)],
    ['for another server', () => ticketFor({}, { aud: 'https://other.example' })],
    [
      'from another issuer',
      () => ticketFor({ iss: 'x' }).then(ticket => ticket.replace(/\.[^.]*\./, `.${btoa('{}')}.`)),
    ],
    ['for a day', () => ticketFor({}, { seconds: 86_400 })],
    ['without an order', () => ticketFor({ orderId: undefined })],
    ['without a phone', () => ticketFor({ phone: undefined })],
    ['with a phone that is none', () => ticketFor({ phone: 'call me' })],
    ['with an amount that is none', () => ticketFor({ amount: { value: 'much' } })],
    ['without a number of its own', () => ticketFor({ jti: '' })],
    ['altered', async () => (await ticketFor()).replace(/.(?=.{20}$)/, letter => (letter === 'a' ? 'b' : 'a'))],
  ]
  test.each(FOREIGN)('%s is refused kindly', async (_what, make) => {
    const ticket = await make()
    const shown = await open(ticket)
    expect([shown.status, shown.text.includes('请从订单页面进入')]).toEqual([403, true])
    const sent = await house.send('/new', new URLSearchParams({ form: ticket, ...FILLED }), page)
    expect([sent.status, sent.text.includes('请从订单页面进入')]).toEqual([403, true])
    expectProblem(await house.post('/new', { ticket, category: 'quality', statement: 'x' }), 403, 'ticket_refused')
  })

  test('and none at all is told where to go', async () => {
    expect((await house.get('/new', page)).text).toContain('请从订单页面进入')
  })
})

describe('twice', () => {
  test('the same again is answered with the first complaint', async () => {
    const ticket = await ticketFor()
    const first = await send(formOf(await open(ticket)), {}, [photo()])
    const again = await send(formOf(await open(ticket)), {}, [photo()])
    expect([first.status, again.status, linkIn(again)]).toEqual([201, 201, linkIn(first)])
    const { steps } = await viewOf(first)
    expect(steps.filter(({ kind }) => kind === 'evidence_supplied')).toHaveLength(1)
  })

  test('two clicks at once make one complaint', async () => {
    const form = formOf(await open(await ticketFor()))
    const replies = await Promise.all(Array.from({ length: 50 }, () => send(form, {}, [photo()])))
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 201))
    expect(new Set(replies.map(linkIn)).size).toBe(1)
    const { steps } = await viewOf(replies[0] as Reply)
    expect(steps.map(({ kind }) => kind).filter(kind => kind !== 'notice_sent')).toEqual([
      'submitted',
      'evidence_supplied',
    ])
  })

  test('many at once with other words each make one complaint too', async () => {
    const form = formOf(await open(await ticketFor()))
    const replies = await Promise.all(Array.from({ length: 50 }, (_, i) => send(form, { statement: `第${i}次` })))
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 49 }, () => 409)])
  })

  test('two items of one order are two complaints', async () => {
    const order = { orderId: `${SECRET.order}-two` }
    const [dress, shoes] = [await submit({}, [], order), await submit({}, [], { ...order, item: '凉鞋' })]
    expect([dress.status, shoes.status, linkIn(dress) === linkIn(shoes)]).toEqual([201, 201, false])
  })

  test.each([
    ['other words', { statement: '别的' }, []],
    ['another wish', { 'remedySought.kind': 'repair' }, []],
    ['other photos', {}, [photo()]],
  ])('%s with a used ticket are refused, and nothing is told of the first', async (_what, fields, files) => {
    const form = formOf(await open(await ticketFor()))
    const first = await send(form)
    const other = await send(form, fields, files)
    expect([other.status, other.text.includes('已经提交过了')]).toEqual([409, true])
    expect(other.text).not.toMatch(/\/t\/[\w-]{25}|class="pickup"/)
    expect((await viewOf(first)).steps.filter(({ kind }) => kind !== 'notice_sent')).toHaveLength(1)
  })

  test('a second ticket for an item with an open complaint leads back to the first, without its link', async () => {
    const over = { orderId: 'TB-again' }
    expect((await submit({}, [], over)).status).toBe(201)
    const second = await submit({}, [photo()], over)
    expect([second.status, second.text.includes('已经有一个投诉')]).toEqual([409, true])
    expect(second.text).not.toMatch(/\/t\/[\w-]{25}|class="pickup"/)
    expect(second.text).toContain('href="/#pickup"')
  })
})
