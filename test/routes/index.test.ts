import { beforeAll, expect, test } from 'vitest'
import { merchantTag } from '../../src/log/leaf.ts'
import { signIn } from '../support/people.ts'
import { expectDiscreet, expectProblem, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'

const house = useServer()
const PAGE = { Accept: 'text/html', 'Accept-Language': 'en' }
const HOSTILE = '=HYPERLINK("http://evil.example";"click")'

beforeAll(async () => {
  await scenes.ruled(house)
  await scenes.confirmed(house)
  await house.submit({ merchantId: 'm-evil', merchantName: HOSTILE })
  await house.submit({ merchantId: 'm-tag', merchantName: '<b>bold</b>' })
})

test('the index is a page, JSON and CSV, and names nobody but merchants', async () => {
  const page = await house.get('/index', PAGE)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
  expect(page.text).toContain('花间集')
  expect(page.text).toContain('<svg class="chart"')
  expect(page.text).not.toContain('<b>bold</b>')
  expectDiscreet(page.text)
  const { status, text } = await house.get('/index.json?period=30')
  expect(status).toBe(200)
  expectDiscreet(text)
  const said = JSON.parse(text)
  expect(said).toMatchObject({ v: 1, period: 30, whole: true, platform: { opened: 4 }, logs: [{ path: '/log/0' }] })
  expect(said.merchants.map(({ m }: { m: string }) => m)).toEqual(['m1', 'm-evil', 'm-tag'].map(merchantTag).sort())
  expect(said.platform.opened).toBe(
    said.merchants.reduce((sum: number, { opened }: { opened: number }) => sum + opened, 0),
  )
})

test('a spreadsheet runs no cell of the CSV', async () => {
  const { headers, text } = await house.get('/index.csv')
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="index-\d{4}-\d\d-\d\d-90d\.csv"$/)
  const [head, platform, ...merchants] = text.trimEnd().split('\r\n')
  expect(head).toContain('scope,m,name,comparison,opened,open,overdue,answered.cases,answered.share')
  expect(platform).toMatch(/^platform,,,,4,/)
  expect(merchants).toHaveLength(3)
  expect(text).toContain(`"'=HYPERLINK(""http://evil.example"";""click"")"`)
  for (const line of text.split('\r\n')) expect(line).not.toMatch(/(^|,)"?[=+@]/)
})

test.each(['period=7', 'period=abc', 'period=-90', 'period=90d', 'period='])('%s makes no sense', async query => {
  for (const path of ['/index.json', '/index.csv']) expectProblem(await house.get(`${path}?${query}`), 422, 'invalid')
  expect((await house.get(`/index?${query}`, PAGE)).status).toBe(422)
})

test.each(['0', '2', '-1', '1.5', 'x', '999999999'])('page %s is not there', async page => {
  expect((await house.get(`/index?page=${page}`, PAGE)).status).toBe(404)
})

test('a merchant is found by a part of its name or by its tag, and an unknown one is not', async () => {
  const found = async (q: string) => (await house.get(`/index?q=${encodeURIComponent(q)}`, PAGE)).text
  expect(await found('花间')).toContain('>花间集</th>')
  expect(await found(merchantTag('m-evil'))).toContain('HYPERLINK')
  expect(await found('花间')).not.toContain('HYPERLINK')
  expect(await found('nobody <script>')).toContain('No seller matches.')
  expect(await found('nobody <script>')).not.toContain('<script>"')
})

test('each language has its own words', async () => {
  for (const [language, title] of [
    ['zh-CN', '投诉处理公示'],
    ['zh-TW', '投訴處理公示'],
    ['en', 'How complaints are handled'],
  ] as const)
    expect((await house.get('/index', { ...PAGE, 'Accept-Language': language })).text).toContain(`<h1>${title}</h1>`)
})

test('a supervisor has the figures of all as page, CSV and JSON; an officer and a merchant have not', async () => {
  const supervisor = await signIn(house, 'supervisor')
  const page = await supervisor.get('/desk/figures?period=30')
  expect(page.status).toBe(200)
  expect(page.text).toContain('<svg class="chart"')
  const { load, record, merchants, officers } = JSON.parse((await supervisor.get('/desk/figures.json')).text)
  expect(record.opened).toBe(4)
  expect(Array.isArray(officers)).toBe(true)
  expect(load.within.map(({ hours }: { hours: number }) => hours)).toEqual([4, 24])
  expect(merchants.map(({ name }: { name: string }) => name)).toContain('花间集')
  const csv = await supervisor.get('/desk/figures.csv')
  expect(csv.text).toContain(`"'=HYPERLINK(""http://evil.example"";""click"")"`)
  for (const reply of [page, csv]) expectDiscreet(reply.text)
  expect((await supervisor.get('/desk/figures?period=31')).status).toBe(422)
  for (const who of ['platform', 'merchant'] as const)
    for (const path of ['/desk/figures', '/desk/figures.csv', '/desk/figures.json'])
      expect((await (await signIn(house, who)).get(path)).status, `${who} ${path}`).not.toBe(200)
})

test('a merchant has its own and no other’s', async () => {
  const merchant = await signIn(house, 'merchant')
  const page = await merchant.get('/merchant/figures?days=30')
  expect(page.text).toContain('<svg class="chart"')
  const { record } = JSON.parse((await merchant.get('/merchant/figures.json?days=30')).text)
  expect(record).toMatchObject({ opened: 2, ended: { confirmed: 1 } })
  const csv = await merchant.get('/merchant/figures.csv')
  expect(csv.text).toContain('from,until,opened,open,overdue')
  expect(csv.text).not.toContain('HYPERLINK')
  const other = await signIn(house, 'other')
  expect(JSON.parse((await other.get('/merchant/figures.json')).text).record.opened).toBe(0)
  const none = await other.get('/merchant/figures')
  expect([none.status, none.text.includes('NaN')]).toEqual([200, false])
  expect((await other.get('/merchant/figures.csv')).text).toContain('answered.cases')
  expect((await merchant.get('/merchant/figures.json?days=5')).status).toBe(422)
})

const NONSENSE = ['7', '31', 'abc', '-90', '90d', '', '9e1', '90.0', '0x5a', '365%00', '99999999999999999999']

test.each(NONSENSE)('a period of %j is refused in both consoles, by page, CSV and JSON', async text => {
  const [supervisor, merchant] = [await signIn(house, 'supervisor'), await signIn(house, 'merchant')]
  for (const ending of ['', '.csv', '.json']) {
    expect((await supervisor.get(`/desk/figures${ending}?period=${text}`)).status, `desk ${ending}`).toBe(422)
    expect((await merchant.get(`/merchant/figures${ending}?days=${text}`)).status, `merchant ${ending}`).toBe(422)
  }
})

test('a merchant without a case has pages, empty ones, and is in no index', async () => {
  const other = await signIn(house, 'other')
  const page = await other.get('/merchant/figures?days=365')
  expect(page.status).toBe(200)
  expect(page.text).not.toMatch(/NaN|Infinity|undefined|null/)
  const { record, trend } = JSON.parse((await other.get('/merchant/figures.json')).text)
  expect(record).toMatchObject({ opened: 0, answered: null, answerHours: null, handlingHours: null })
  expect(record.satisfaction.own).toEqual({ cases: 0, mean: null })
  expect(trend).toHaveLength(12)
  const [head, whole] = (await other.get('/merchant/figures.csv')).text.trimEnd().split('\r\n')
  expect(whole?.split(',')).toHaveLength(head?.split(',').length ?? 0)
  expect((await house.get('/index.json')).text).not.toContain(merchantTag('m2'))
})

test('an id that nobody has finds nothing, also as a tag, and is written back as a text', async () => {
  const asked = async (query: string) => (await house.get(`/index?${query}`, PAGE)).text
  for (const unknown of [
    'm-none',
    merchantTag('m-none'),
    '%',
    "' or 1=1 --",
    '\u202e\u0000x',
    '__proto__',
    'constructor',
  ])
    expect(await asked(`q=${encodeURIComponent(unknown)}`), unknown).toContain('No seller matches.')
  const hostile = await asked(`q=${encodeURIComponent('"><script>alert(1)</script>')}`)
  expect(hostile).not.toContain('<script>alert')
  expect(await asked(`q=${'花'.repeat(5000)}`)).toContain('No seller matches.')
})

test('who asks in the same seconds gets the same index, and later a newer one', async () => {
  const sizeOf = async () => JSON.parse((await house.get('/index.json')).text).logs[0].size
  await house.advance(1)
  const before = await sizeOf()
  await house.submit()
  expect(await sizeOf()).toBe(before)
  await house.advance(1)
  expect(await sizeOf()).toBeGreaterThan(before)
})
