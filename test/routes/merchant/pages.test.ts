import { beforeAll, describe, expect, test } from 'vitest'
import { type Signed, signIn } from '../../support/people.ts'
import { expectDiscreet, type Filed, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
let clerk: Signed
beforeAll(async () => {
  clerk = await signIn(house, 'merchant')
})

const idsIn = (text: string): string[] =>
  [...text.matchAll(/<a href="\/merchant\/complaints\/([0-9A-Z]{10})"/g)].map(([, id]) => id ?? '')
const list = async (query: string) => idsIn((await clerk.get(`/merchant${query}`)).text)

describe('the inbox', () => {
  let waiting: Filed
  let offered: Filed
  let reviewed: Filed
  let closed: Filed
  beforeAll(async () => {
    closed = await scenes.confirmed(house)
    waiting = await house.submit({ item: '保温杯', category: 'damaged' })
    offered = await scenes.offered(house)
    reviewed = await scenes.escalated(house)
  })

  test('says how long is left in words, and whose turn it is', async () => {
    const { text } = await clerk.get('/merchant?turn=all')
    expect(idsIn(text)).toEqual([waiting.id, reviewed.id, offered.id])
    expect(text).toMatch(/class="badge (soon|calm)">还有 1 天 23 小时<\/span>/)
    expect(text).toContain('轮到您')
    expect(text).toContain('保温杯')
  })

  test('by turn, state, category and lateness', async () => {
    expect(await list('')).toEqual([waiting.id])
    expect(await list('?turn=mine')).toEqual([waiting.id])
    expect(await list('?turn=others')).toEqual([reviewed.id, offered.id])
    expect(await list('?turn=closed')).toEqual([closed.id])
    expect(await list('?turn=platform')).toEqual([reviewed.id])
    expect(await list('?turn=buyer')).toEqual([offered.id])
    expect(await list('?state=awaiting_buyer')).toEqual([offered.id])
    expect(await list('?state=closed_confirmed')).toEqual([closed.id])
    expect(await list('?category=damaged')).toEqual([waiting.id])
    expect(await list('?overdue=true')).toEqual([])
    expect(await list('?turn=&state=&overdue=&category=&cursor=')).toHaveLength(3)
  })

  test.each(['state=open', 'turn=theirs', 'overdue=1', 'category=__proto__', 'cursor=x'])(
    '%s is a bad question',
    async query => {
      expect((await clerk.get(`/merchant?${query}`)).status).toBe(422)
    },
  )

  test('has tabs with true counts, which the script asks for anew', async () => {
    const counts = { mine: 1, buyer: 1, platform: 1, all: 3, closed: 1 }
    const { text } = await clerk.get('/merchant')
    for (const [name, count] of Object.entries(counts)) expect(text).toContain(`data-count="${name}">${count}</b>`)
    expect(text).toContain('href="/merchant?turn=mine" aria-current="page"')
    expect(JSON.parse((await clerk.get('/merchant/counts')).text)).toEqual(counts)
    const other = await signIn(house, 'other')
    expect(JSON.parse((await other.get('/merchant/counts')).text)).toMatchObject({ all: 0, closed: 0 })
  })

  test('leads from one complaint to the next that waits', async () => {
    const { text } = await clerk.get(`/merchant/complaints/${offered.id}`)
    expect(idsIn(text)).toContain(waiting.id)
  })

  test('in three languages', async () => {
    for (const [lang, word] of [
      ['zh-CN', '轮到您的，已逾期'],
      ['zh-TW', '輪到您的，已逾期'],
      ['en', 'Yours and overdue'],
    ] as const) {
      const { text } = await clerk.get(`/merchant?lang=${lang}`)
      expect(text).toContain(`<html lang="${lang}">`)
      expect(text).toContain(word)
    }
  })
})

test('a hundred and twenty open complaints come page by page, none missed or seen twice', async () => {
  const crowded = await signIn(house, 'merchant', { merchant: 'm9' })
  const filed: string[] = []
  for (let i = 0; i < 120; i++) filed.push((await house.submit({ merchantId: 'm9' })).id)
  const seen: string[] = []
  for (let path: string | undefined = '/merchant'; path !== undefined; ) {
    const { text } = await crowded.get(path)
    const ids = idsIn(text)
    expect(ids.length).toBeLessThanOrEqual(50)
    seen.push(...ids)
    path = /href="(\/merchant\?cursor=[^"]+)" rel="next"/.exec(text)?.[1]
  }
  expect(seen.toSorted()).toEqual(filed.toSorted())
  const { text } = await crowded.get('/merchant')
  for (const count of ['data-count="mine">120</b>', '共 120 件，本页 50 件']) expect(text).toContain(count)
})

describe('figures', () => {
  test('leave out what others took', async () => {
    const mine = await signIn(house, 'merchant', { merchant: 'm7' })
    await house.submit({ merchantId: 'm7' })
    const { status, text } = await mine.get('/merchant/figures?days=30')
    expect(status).toBe(200)
    expect(text).toContain('平台逾期不算您逾期')
    expect(text).toContain('<b>1 件</b>')
    expect((await mine.get('/merchant/figures?days=7')).status).toBe(422)
  })

  test('the share of kept deadlines is of the newest step, in the console as well', async () => {
    const mine = await signIn(house, 'merchant', { merchant: 'm8' })
    const filed = await house.submit({ merchantId: 'm8' })
    expect((await mine.get('/merchant')).text).not.toContain('100%')
    await mine.post(`/merchant/complaints/${filed.id}/responses`, { ...scenes.REJECTION, seen: '0' })
    expect((await mine.get('/merchant')).text).toContain('100%')
    expect((await mine.get('/merchant/figures')).text).toContain('<b>100%</b>')
    const { whole, record } = JSON.parse((await mine.get('/merchant/figures.json')).text)
    expect([whole, record.deadlines]).toEqual([true, { kept: 1, missed: 0 }])
  })
})

describe('settings', () => {
  const keyIn = (text: string) => /<p class="key"[^>]*>(tsk_[\w-]{32})<\/p>/.exec(text)?.[1] ?? ''

  test('a key is shown once, opens the API for this merchant, and is revoked at once', async () => {
    const filed = await scenes.submitted(house)
    const made = await clerk.post('/merchant/settings/keys', { name: 'ERP-77' })
    const key = keyIn(made.text)
    const call = () => house.get(`/api/v1/complaints/${filed.id}`, { Authorization: `Bearer ${key}` })
    expect((await call()).status).toBe(200)
    const { text } = await clerk.get('/merchant/settings')
    expect(text).toContain('ERP-77')
    expect(text).not.toContain(key)
    const [, id = ''] = /ERP-77.*?name="id" value="([0-9a-f]{64})"/s.exec(text) ?? []
    const other = await signIn(house, 'merchant', { merchant: 'm2' })
    expect((await other.get('/merchant/settings')).text).not.toContain('ERP-77')
    expect((await other.post('/merchant/settings/key-revocations', { id })).status).toBe(404)
    expect((await call()).status).toBe(200)
    expect((await clerk.post('/merchant/settings/key-revocations', { id })).status).toBe(303)
    expect((await call()).status).toBe(401)
  })

  test('a merchant has at most twenty keys', async () => {
    const other = await signIn(house, 'merchant', { merchant: 'm-many-keys' })
    const statuses = []
    for (let i = 0; i < 22; i++) statuses.push((await other.post('/merchant/settings/keys', { name: `K${i}` })).status)
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 409, 409])
  })

  test('a key without a name is not made', async () => {
    const reply = await clerk.post('/merchant/settings/keys', { name: ' ' })
    expect([reply.status, reply.text]).toEqual([422, expect.stringContaining('id="keys-name-problem"')])
  })

  test('the phone for reminders is its owner’s: a code goes there, and digests only once it came back', async () => {
    const merchant = 'm-with-a-phone'
    const own = await signIn(house, 'merchant', { merchant })
    const codesTo = (phone: string) =>
      house.door.messages().filter(({ to, text }) => to === phone && /验证码/.test(text))
    const save = (phone: string) => own.post('/merchant/settings/contact', { phone })
    expect((await save('139 1234-8765')).status).toBe(303)
    await house.advance(0.01)
    const [sent] = codesTo('13912348765')
    const code = /验证码(\d{6})/.exec(sent?.text ?? '')?.[1] ?? ''
    const waiting = await own.get('/merchant/settings')
    expect(waiting.text).toContain('尾号 8765')
    expect(waiting.text).toContain('现在没有设置')
    expectDiscreet(waiting.text)
    const ledger = house.door.deps.ledgers[0]!
    expect(await ledger.outbox.contact(`merchant:${merchant}`)).toBeNull()
    const wrong = await own.post('/merchant/settings/contact-code', { code: code === '000000' ? '111111' : '000000' })
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('验证码不对')])
    expect((await own.post('/merchant/settings/contact-code', { code })).status).toBe(303)
    expect(await ledger.outbox.contact(`merchant:${merchant}`)).toBe('13912348765')
    expect((await own.get('/merchant/settings')).text).toContain('现在是尾号 8765')
    // A merchant makes a stranger's phone ring three times a day at most, with nothing but codes.
    const replies = []
    for (let i = 0; i < 4; i++) replies.push(await save('13700000007'))
    expect(replies.map(({ status }) => status)).toEqual([303, 303, 429, 429])
    expect(replies.at(-1)?.text).toContain('今天的验证码已经发完了')
    await house.advance(0.01)
    expect(house.door.messages().filter(({ to }) => to === '13700000007')).toEqual(codesTo('13700000007'))
    expect(
      codesTo('13700000007')
        .map(({ text }) => text)
        .join(),
    ).not.toMatch(/https?:/)
    // The number that waits can be given up, and the contact stays.
    expect((await own.get('/merchant/settings')).text).toContain('尾号 0007')
    expect((await own.post('/merchant/settings/contact-code-removal', {})).status).toBe(303)
    expect((await own.get('/merchant/settings')).text).not.toContain('尾号 0007')
    expect(await ledger.outbox.contact(`merchant:${merchant}`)).toBe('13912348765')
    for (let i = 0; i < 6; i++) await own.post('/merchant/settings/contact-code', { code: '999999' })
    expect((await own.post('/merchant/settings/contact-code', { code: '999999' })).status).toBe(429)
    const bad = await own.post('/merchant/settings/contact', { phone: '12' })
    expect([bad.status, bad.text]).toEqual([422, expect.stringContaining('id="contact-phone-problem"')])
    expect((await own.post('/merchant/settings/contact-removal', {})).status).toBe(303)
    expect((await own.get('/merchant/settings')).text).not.toContain('8765')
  })

  test('denial of service: another merchant uses up no number’s codes for its owner', async () => {
    const save = async (merchant: string, phone: string) => {
      const person = await signIn(house, 'merchant', { merchant })
      return (await person.post('/merchant/settings/contact', { phone })).status
    }
    for (let i = 0; i < 4; i++) await save('m-stranger', '13511110003')
    expect(await save('m-owner', '13511110003')).toBe(303)
  })
})
