import { describe, expect, test, vi } from 'vitest'
import { verifyContinuation } from '../../src/log/continuation.ts'
import { exportOf } from '../../src/routes/person.ts'
import { PartyDevice } from '../support/party.ts'
import { type Signed, signIn } from '../support/people.ts'
import { type Filed, made, type Reply, SECRET, useServer } from '../support/server.ts'
import { filesIn } from '../support/zip.ts'
import { hashOf, PNG, upload } from './uploads.ts'

// Rights over personal data (PIPL, articles 45, 47 and 50): a copy of all that one person has here, and its erasure.

const house = useServer({ tells: 'all data of a person exported' })
const HTML = { Accept: 'text/html' }
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', ...HTML }
/** Longer than the time to appeal. */
const EIGHT_DAYS = 8 * 24

let numbers = 0
const newBuyer = () => ({ name: SECRET.name, phone: `139${String(++numbers).padStart(4, '0')}4321` })
const withdraw = (filed: Filed) =>
  house.asBuyer(filed, 'withdrawal', { reason: 'changed_mind', confirm: 'yes', last4: '4321' })
const ended = async (over: object): Promise<Filed> => {
  const filed = await house.submit(over)
  made(await withdraw(filed))
  return filed
}
/** One that can be erased, one that ended just now, one that is held, and one that is open. */
const allKinds = async (buyer: { phone: string; name: string }) => {
  const [old, held] = [await ended({ buyer, item: '连衣裙' }), await ended({ buyer, item: '雨伞' })]
  made(await house.as('supervisor', held, 'legal-holds', { reason: '诉讼', operator: 'S01' }))
  await house.advance(EIGHT_DAYS)
  return { old, held, fresh: await ended({ buyer, item: '水杯' }), open: await house.submit({ buyer, item: '台灯' }) }
}
const kindsOf = async (filed: Filed) => (await house.viewAs('platform', filed)).steps.map(({ kind }) => kind)
const known = async ({ room }: Filed, last4 = '4321') => {
  const reply = await house.send(`${room}/mine`, new URLSearchParams({ last4 }).toString(), FORM)
  expect(reply.status).toBe(200)
  return { Cookie: reply.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

const attributes = (tag: string): Record<string, string> =>
  Object.fromEntries([...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
/** The form that erases: its hidden fields, as a browser sends them. */
const formIn = ({ text }: Reply) => {
  const [, form = ''] = text.split('action="/desk/person/erasure"')
  const inputs = [...(form.split('</form>')[0] ?? '').matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) =>
    attributes(tag),
  )
  return { inputs, fields: Object.fromEntries(inputs.map(({ name = '', value = '' }) => [name, value])) }
}
const personOf = (supervisor: Signed, phone: string) => supervisor.post('/desk/person', { phone })
const SURE = { reason: '应本人要求', confirm: 'yes' }

describe('a supervisor who found a person by phone', () => {
  test('is led to all of them, of one complaint too; an officer and a merchant are not', async () => {
    const buyer = newBuyer()
    const filed = await house.submit({ buyer })
    const [supervisor, officer, clerk] = [
      await signIn(house, 'supervisor'),
      await signIn(house, 'platform'),
      await signIn(house, 'merchant'),
    ]
    const found = await supervisor.post('/desk/search', { q: buyer.phone })
    expect([found.status, found.text.includes('action="/desk/person"')]).toEqual([200, true])
    expect((await officer.post('/desk/search', { q: buyer.phone })).headers.get('location')).toContain(filed.id)
    for (const path of ['person', 'person/export', 'person/erasure']) {
      for (const who of [officer, clerk]) {
        const reply = await who.post(`/desk/${path}`, { phone: buyer.phone, ...SURE })
        expect([path, reply.status]).toEqual([path, 403])
        expect(reply.text).not.toContain(filed.id)
      }
      const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
      expect((await supervisor.post(`/desk/${path}`, { phone: buyer.phone, ...SURE }, foreign)).status).toBe(403)
      expect((await supervisor.get(`/desk/${path}`)).headers.get('location')).toBe('/desk')
    }
  })

  test('sees what goes, and what stays and why; the number stands in no address', async () => {
    const buyer = newBuyer()
    const { old, held, fresh, open } = await allKinds(buyer)
    const supervisor = await signIn(house, 'supervisor')
    const page = await personOf(supervisor, `+86 ${buyer.phone}`)
    const { inputs } = formIn(page)
    expect(inputs.flatMap(({ name = '' }) => /^c(\w{10})\.target$/.exec(name)?.[1] ?? [])).toEqual([old.id])
    const line = (filed: Filed) => page.text.split('<li>').find(each => each.includes(`/${filed.id}"`)) ?? ''
    expect(line(held)).toContain('依法保留')
    expect(line(fresh)).toMatch(/复核期还没有过。 最早 /)
    expect(line(open)).toContain('还在处理')
    for (const [, address] of page.text.matchAll(/(?:href|action)="([^"]*)"/g))
      expect(address).not.toContain(buyer.phone)
  })

  test('takes a copy of everything along, photos too, as its buyer reads it', async () => {
    const buyer = newBuyer()
    const { old, held, open } = await allKinds(buyer)
    const { body, headers } = await upload([['吊牌.png', PNG]])
    expect((await house.send(`${open.room}/evidence`, body, { ...headers, Accept: 'application/json' })).status).toBe(
      201,
    )
    const supervisor = await signIn(house, 'supervisor')
    const response = await house.door.fetch('/desk/person/export', {
      method: 'POST',
      headers: { Cookie: supervisor.cookie, 'Sec-Fetch-Site': 'same-origin' },
      body: new URLSearchParams({ phone: buyer.phone }),
    })
    expect(response.headers.get('cache-control')).toMatch(/no-store/)
    const files = filesIn(new Uint8Array(await response.arrayBuffer()))
    const json = (name: string) => JSON.parse(new TextDecoder().decode(files.get(name)))
    expect(json('data.json')).toMatchObject({ phone: buyer.phone, complaints: { length: 4 } })
    for (const filed of [old, held, open]) {
      expect(json(`${filed.id}/complaint.json`).steps[0].fields.statement).toBe(SECRET.text)
      expect(json(`${filed.id}/回执.json`).v).toBeDefined()
    }
    // What the platform alone may know is not the buyer's to read.
    expect(JSON.stringify(json(`${held.id}/complaint.json`))).not.toContain('诉讼')
    expect(hashOf(files.get(`${open.id}/证据/1-吊牌.png`) ?? new Uint8Array())).toBe(hashOf(PNG))
    const record = new TextDecoder().decode(files.get(`${open.id}/投诉记录.html`))
    expect(record).toContain('src="证据/1-吊牌.png"')
  })

  test('a form with more rows than it may have: each row beyond them has a result too', async () => {
    const supervisor = await signIn(house, 'supervisor')
    const codes = Array.from({ length: 101 }, (_, i) => String(i).padStart(10, '0'))
    const rows = Object.fromEntries(codes.map(code => [`c${code}.seen`, 'x']))
    const reply = await supervisor.post('/desk/person/erasure', { phone: newBuyer().phone, ...SURE, ...rows })
    expect(reply.status).toBe(409)
    expect(codes.filter(code => !reply.text.includes(code))).toEqual([])
    expect(reply.text.match(/短时间内发得太多了/g)).toHaveLength(1)
  })

  test('erases those that can be, each by its own step; one that moved meanwhile stays, and nothing is done twice', async () => {
    const buyer = newBuyer()
    const [one, two] = [await ended({ buyer }), await ended({ buyer })]
    await house.advance(EIGHT_DAYS)
    const supervisor = await signIn(house, 'supervisor')
    const page = await personOf(supervisor, buyer.phone)
    const { fields } = formIn(page)
    const bare = await supervisor.post('/desk/person/erasure', fields)
    expect([bare.status, bare.text.includes('#person-reason'), bare.text.includes('#person-confirm')]).toEqual([
      422,
      true,
      true,
    ])
    expect(await kindsOf(one)).not.toContain('redacted')
    made(await house.asPlatform(two, 'link-rotation', { reason: '换号', operator: 'A17' }))
    const done = await supervisor.post('/desk/person/erasure', { ...fields, ...SURE })
    expect(done.status).toBe(409)
    expect(done.text.match(/已删除/g)).toHaveLength(1)
    expect([await kindsOf(one), await kindsOf(two)].map(kinds => kinds.includes('redacted'))).toEqual([true, false])
    // The form again: the first is what it was, the second comes back with its newest step.
    const again = await supervisor.post('/desk/person/erasure', { ...fields, ...SURE })
    expect((await kindsOf(one)).filter(kind => kind === 'redacted')).toHaveLength(1)
    const last = await supervisor.post('/desk/person/erasure', { ...formIn(again).fields, ...SURE })
    expect([last.status, await kindsOf(two)]).toEqual([200, expect.arrayContaining(['redacted'])])
    expect((await personOf(supervisor, buyer.phone)).text).toContain('没有投诉')
    expect((await supervisor.post('/desk/search', { q: buyer.phone })).text).toContain('没有找到')
    const { steps, complaint } = await house.view(one)
    expect(
      steps
        .flatMap(({ fields: said }) => Object.values(said))
        .filter(said => Object.values(SECRET).includes(String(said))),
    ).toEqual([])
    expect(complaint.retention).toMatchObject({ erased: true })
  })

  test('signs each row, where this browser signs', async () => {
    const buyer = newBuyer()
    const filed = await ended({ buyer })
    await house.advance(EIGHT_DAYS)
    const supervisor = await signIn(house, 'supervisor')
    const device = new PartyDevice('ES256')
    const { x, y = '', name, sig } = { y: undefined, ...device.offer('supervisor') }
    expect((await supervisor.post('/desk/keys', { x, y, name, sig })).status).toBe(303)
    const page = await personOf(supervisor, buyer.phone)
    const { inputs, fields } = formIn(page)
    const row = inputs.find(each => 'data-act' in each) ?? {}
    const about = {
      origin: row['data-origin'] ?? '',
      c: row['data-c'] ?? '',
      act: row['data-act'] ?? '',
      seen: row.value ?? '',
    }
    const body = { target: fields[`c${filed.id}.target`] ?? '', reason: SURE.reason }
    const signature = device.field(about, body)
    const done = await supervisor.post('/desk/person/erasure', {
      ...fields,
      ...SURE,
      [`c${filed.id}.signature`]: signature,
    })
    expect(done.status).toBe(200)
    const { steps } = await house.viewAs('platform', filed)
    expect(steps.find(({ kind }) => kind === 'redacted')?.signed).toEqual({ key: device.key })
    await house.post('/desk/keys/retirements', {})
  })
})

describe('the copy of many complaints', () => {
  test('is made one complaint at a time, as it is read, and lets others in between', async () => {
    const buyer = newBuyer()
    const many = 12
    for (let i = 0; i < many; i++) await house.submit({ buyer })
    const { deps } = house.door
    const read = vi.spyOn(deps.ledgers[0]!, 'read')
    const page = deps.pages('zh-CN')
    const { file, count } = await exportOf(deps, buyer.phone, page)
    const reader = file.body!.getReader()
    expect([count, read.mock.calls.length]).toEqual([many, 0])
    // data.json, and the first complaint's header.
    for (let part = 0; part < 3; part++) expect((await reader.read()).done).toBe(false)
    expect(read.mock.calls.length).toBe(1)
    let turns = 0
    let isDone = false
    const others = () => {
      turns++
      if (!isDone) setImmediate(others)
    }
    setImmediate(others)
    while (!(await reader.read()).done);
    isDone = true
    expect(read.mock.calls.length).toBe(many)
    expect(turns).toBeGreaterThanOrEqual(many)
    read.mockClear()
    await (await exportOf(deps, buyer.phone, page)).file.body!.cancel()
    expect(read).not.toHaveBeenCalled()
    read.mockRestore()
  })
})

describe('after it, at once', () => {
  test('the page, a poll with its old tag, the photo and its thumbnail have nothing left, also for who had them', async () => {
    const buyer = newBuyer()
    const filed = await house.submit({ buyer })
    const { body, headers } = await upload([['吊牌.png', PNG]])
    expect((await house.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' })).status).toBe(
      201,
    )
    made(await withdraw(filed))
    await house.advance(EIGHT_DAYS)
    const ask = (path: string, tag?: string | null) =>
      house.get(`${filed.room}${path}`, { ...HTML, ...(tag ? { 'If-None-Match': tag } : {}) })
    const photo = `/files/${hashOf(PNG)}`
    const [page, json, file] = [
      await ask(''),
      await house.get(filed.room, { Accept: 'application/json' }),
      await ask(photo),
    ]
    expect([page.text.includes(SECRET.text), file.status]).toEqual([true, 200])
    expect((await ask('', page.headers.get('etag'))).status).toBe(304)
    const supervisor = await signIn(house, 'supervisor')
    const { fields } = formIn(await personOf(supervisor, buyer.phone))
    expect((await supervisor.post('/desk/person/erasure', { ...fields, ...SURE })).status).toBe(200)
    const after = await ask('', page.headers.get('etag'))
    expect(after.status).toBe(200)
    for (const text of [after.text, (await ask('/record')).text, (await ask('/receipt.json')).text]) {
      for (const said of [SECRET.text, SECRET.name, buyer.phone, '4321']) expect(text).not.toContain(said)
    }
    const poll = { Accept: 'application/json', 'If-None-Match': json.headers.get('etag') ?? '' }
    expect((await house.get(filed.room, poll)).status).toBe(200)
    expect((await ask(photo, file.headers.get('etag'))).status).toBe(404)
    expect(await house.door.deps.files.get(filed.id, hashOf(PNG))).toBeNull()
    expect((await supervisor.get(`/desk/complaints/${filed.id}`)).text).not.toContain(SECRET.text)
    expect((await supervisor.get(`/desk/complaints/${filed.id}${photo}`)).status).toBe(404)
    // No digits are left to ask for, and nothing that they would guard.
    const data = await house.get(`${filed.room}/data.zip`, await knownByNothing(filed))
    expect(data.status).toBe(404)
  })
})
const knownByNothing = async ({ room }: Filed) => {
  const reply = await house.send(`${room}/mine`, '', FORM)
  return { Cookie: reply.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

describe('a buyer, after the last four digits', () => {
  test('asks for the erasure of all that has ended; each has its result, and the desk answers with reasons', async () => {
    const buyer = newBuyer()
    const { old, held, fresh, open } = await allKinds(buyer)
    const mark = await known(open)
    const page = await house.get(`${open.room}/erasure`, { ...HTML, ...mark })
    expect(page.text).toContain('可以申请的（2 件）')
    const asked = await house.send(`${open.room}/erasure`, '', { ...FORM, ...mark })
    expect([asked.status, asked.text.match(/已经申请，等平台答复/g)?.length]).toEqual([200, 2])
    const counts = async () =>
      Promise.all(
        [old, held, fresh, open].map(
          async it => (await kindsOf(it)).filter(kind => kind === 'redaction_requested').length,
        ),
      )
    expect(await counts()).toEqual([1, 0, 1, 0])
    await house.send(`${open.room}/erasure`, 'reason=again', { ...FORM, ...mark })
    expect(await counts()).toEqual([1, 0, 1, 0])
    const supervisor = await signIn(house, 'supervisor')
    expect((await personOf(supervisor, buyer.phone)).text.match(/买家申请过/g)).toHaveLength(2)
    // The page of one complaint answers as well: with reasons, or by erasing it.
    const own = await supervisor.get(`/desk/complaints/${fresh.id}`)
    const target = /<option value="(\d+\.\*)"/.exec(own.text.split('id="redaction-refusals"')[1] ?? '')?.[1] ?? ''
    const no = { target, reason: '复核期还没有过，届时再删' }
    expect((await supervisor.post(`/desk/complaints/${fresh.id}/redaction-refusals`, no)).status).toBe(303)
    expect((await house.view(fresh)).steps.at(-1)?.fields.reason ?? '').toBe(no.reason)
    const whole = await supervisor.get(`/desk/complaints/${old.id}`)
    const all = /<option value="(\d+\.\*)"/.exec(whole.text.split('id="redactions"')[1] ?? '')?.[1] ?? ''
    expect(
      (await supervisor.post(`/desk/complaints/${old.id}/redactions`, { target: all, reason: '同意' })).status,
    ).toBe(303)
    expect((await house.view(old)).steps[0]?.fields.statement).toBeUndefined()
    const later = await house.get(`${open.room}/erasure`, { ...HTML, ...mark })
    expect(later.text).toContain('可以申请的（1 件）')
  })

  test('a forwarded link alone reads, exports and asks for nothing; nor does a mark of another complaint or a share link', async () => {
    const buyer = newBuyer()
    const [one, other] = [await ended({ buyer }), await house.submit({ buyer: newBuyer() })]
    const foreign = await known(other)
    for (const headers of [{}, foreign]) {
      for (const path of ['erasure', 'data.zip']) {
        const reply = await house.get(`${one.room}/${path}`, { ...HTML, ...headers })
        expect([reply.status, reply.headers.get('location')]).toEqual([303, `${one.room}/mine`])
      }
      expect((await house.send(`${one.room}/erasure`, 'reason=x', { ...FORM, ...headers })).status).toBe(303)
    }
    expect(await kindsOf(one)).not.toContain('redaction_requested')
    const { shareUrl } = JSON.parse((await house.asBuyer(one, 'share-links')).text)
    for (const path of ['mine', 'data.zip', 'erasure'])
      expect((await house.get(`${new URL(shareUrl).pathname}/${path}`)).status).toBe(404)
  })

  test('the digits that it would ask for stand on nothing that the link, or the merchant, can read', async () => {
    const filed = await house.submit({ buyer: newBuyer() })
    const clerk = await signIn(house, 'merchant')
    const ofLink = ['', '/record', '/sheet', '/receipt.json', '/mine'].map(path => house.get(filed.room + path, HTML))
    const others = [
      house.get(filed.room, { Accept: 'application/json' }),
      clerk.get(`/merchant/complaints/${filed.id}`),
      clerk.get(`/merchant/complaints/${filed.id}/receipt.json`),
      house.get(`/api/v1/complaints/${filed.id}`, house.bearer('merchant')),
      house.get(`/api/v1/complaints/${filed.id}/receipt.json`, house.bearer('merchant')),
    ]
    for (const reply of await Promise.all([...ofLink, ...others])) {
      const disclosed = [...reply.text.matchAll(/"([\w-]{40,})"/g)].map(([, text = '']) =>
        atob(text.replaceAll('-', '+').replaceAll('_', '/')),
      )
      expect([reply.status, reply.text.includes('4321'), disclosed.join().includes('4321')]).toEqual([
        200,
        false,
        false,
      ])
    }
    // Who has given them reads them again, and a receipt of before and one of after are of one complaint.
    const mark = await known(filed)
    expect((await house.get(filed.room, { ...HTML, ...mark })).text).toContain('****4321')
    const [stranger, own] = await Promise.all(
      [{}, mark].map(async headers => JSON.parse((await house.get(`${filed.room}/receipt.json`, headers)).text)),
    )
    expect(own.steps[0].disclosures.length).toBe(stranger.steps[0].disclosures.length + 1)
    for (const [earlier, later] of [
      [own, stranger],
      [stranger, own],
    ])
      expect(verifyContinuation(earlier, later).filter(({ ok }) => !ok)).toEqual([])
  })

  test('the digits can’t be tried out: five, then a lock that the right ones meet too', async () => {
    const filed = await house.submit({ buyer: newBuyer() })
    const guess = async (last4: string) =>
      (await house.send(`${filed.room}/mine`, new URLSearchParams({ last4 }).toString(), FORM)).status
    const tried: number[] = []
    for (let i = 0; i < 6; i++) tried.push(await guess(`000${i}`))
    expect(tried).toEqual([422, 422, 422, 422, 422, 429])
    expect(await guess('4321')).toBe(429)
    const missing = await house.send(`${filed.room}/mine`, '', FORM)
    expect(missing.status).toBe(422)
    await house.advance(1)
    expect(await guess('4321')).toBe(200)
  })

  test('comes by pickup code as well', async () => {
    const buyer = newBuyer()
    const [filed, other] = [await house.submit({ buyer }), await house.submit({ buyer, item: '台灯' })]
    const picked = await house.send(
      '/pickup',
      new URLSearchParams({ code: filed.pickupCode, last4: '4321' }).toString(),
      FORM,
    )
    const mark = { Cookie: picked.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
    const mine = await house.get(`${filed.room}/mine`, { ...HTML, ...mark })
    expect(mine.text).toContain(other.room)
    const response = await house.door.fetch(`${filed.room}/data.zip`, { headers: mark })
    expect(response.headers.get('content-disposition')).toContain('attachment; filename="tousu-data.zip"')
    const files = filesIn(new Uint8Array(await response.arrayBuffer()))
    const about = JSON.parse(new TextDecoder().decode(files.get('data.json')))
    expect(about).toMatchObject({ phone: buyer.phone, complaints: [filed.id, other.id] })
    expect([...files.keys()]).toContain(`${other.id}/投诉记录.html`)
  })
})
