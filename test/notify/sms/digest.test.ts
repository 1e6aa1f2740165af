import { expect, test, vi } from 'vitest'
import { busy, DAY, HOUR, openMessageFixture, Provider, START } from './support.ts'

const SHOP = '12000000001'
const DESK = '12000000002'
const CHIEF = '12000000003'

const openWithContacts = async (answer?: Provider['answer']) => {
  const provider = new Provider(answer)
  const town = await openMessageFixture(provider)
  await town.ledger.outbox.setContact('merchant:m1', SHOP)
  await town.ledger.outbox.setContact('platform', DESK)
  await town.ledger.outbox.setContact('supervisor', CHIEF)
  const digests = () => provider.sent.filter(({ template }) => template.startsWith('digest.'))
  return { provider, town, digests }
}

test('a merchant gets one SMS about all that waits, in its slot, without a word about anybody', async () => {
  const { town, digests, provider } = await openWithContacts()
  await town.submit('DD-2', '13900005678')
  await town.submit('DD-3', '13900005679')
  // Half of their time is over at ten; the slot after it is at four.
  await town.passes(DAY + 5 * HOUR)
  expect(digests()).toEqual([])
  await town.passes(2 * HOUR)
  expect(digests()).toMatchObject([
    {
      to: SHOP,
      text: '【透诉】您有3件投诉待处理，最早须在3月4日 10:00前处理 https://t.tousu.cn/merchant',
      params: { count: '3', by: '3月4日 10:00' },
    },
  ])
  for (const { text } of digests()) expect(text).not.toMatch(/王|云裳|DD-|13\d{9}|裙/)
  // At four fifths it is midnight: the slot after it is at nine, an hour before they are due.
  await town.passes(18 * HOUR)
  expect(digests()).toHaveLength(2)
  expect(new Set(provider.sent.map(({ key }) => key)).size).toBe(provider.sent.length)
  expect(await town.ledger.outbox.failedMessages(10)).toEqual([])
})

test('nobody is reminded of what was answered meanwhile', async () => {
  const { town, digests } = await openWithContacts()
  await town.submit('DD-2')
  await town.rejects()
  await town.passes(DAY + 7 * HOUR)
  expect(digests()).toMatchObject([{ to: SHOP, text: expect.stringContaining('您有1件') }])
  expect(town.digests().filter(({ outcome }) => outcome === 'dropped')).toHaveLength(1)
})

test('a reminder of an earlier stay is dropped', async () => {
  const { town } = await openWithContacts()
  await town.offers()
  await town.accepts()
  await town.passes(DAY + 7 * HOUR)
  expect(town.digests().map(({ outcome }) => outcome)).toEqual(['dropped', null, 'accepted', null])
})

test('what would be late at its slot goes at once, and takes the others along', async () => {
  const { town, digests } = await openWithContacts()
  town.clock.moveTo(START + 18.5 * HOUR)
  await town.submit('DD-2')
  // Due at half past four in the night: four fifths of it pass at 18:54 the evening before.
  await town.passes(1.5 * DAY)
  const evening = digests().length
  await town.passes(3 * HOUR)
  expect(digests()).toHaveLength(evening + 1)
})

test('silence goes from desk to desk, and each is reminded at its own number', async () => {
  const { town, digests } = await openWithContacts()
  await town.passes(7 * DAY)
  const seen = digests().map(({ to, text }) => [to, /https.*$/.exec(text)?.[0]])
  expect(seen).toEqual([
    [SHOP, 'https://t.tousu.cn/merchant'],
    [SHOP, 'https://t.tousu.cn/merchant'],
    [DESK, 'https://t.tousu.cn/desk'],
    [DESK, 'https://t.tousu.cn/desk'],
    // Half and four fifths of a supervisor's day fall into one night.
    [CHIEF, 'https://t.tousu.cn/desk'],
  ])
  const kinds = (await town.steps()).map(({ kind }) => kind)
  expect(kinds).toEqual(['submitted', 'deadline_missed', 'deadline_missed', 'deadline_missed'])
})

test('without a contact nothing goes, and that is no trouble', async () => {
  const provider = new Provider()
  const town = await openMessageFixture(provider)
  await town.passes(2 * DAY - HOUR)
  expect(provider.sent.map(({ template }) => template)).toEqual(['submitted'])
  expect(town.digests()).toEqual([
    { party: 'merchant', outcome: 'dropped', reason: 'no_contact', nextAt: null },
    { party: 'merchant', outcome: 'dropped', reason: 'no_contact', nextAt: null },
  ])
  expect(await town.ledger.outbox.failedMessages(10)).toEqual([])
})

test('a digest that failed is tried again with the same key, and reported about as one', async () => {
  let tries = 0
  const { town, digests } = await openWithContacts(({ template }) => {
    if (!template.startsWith('digest')) return { status: 'accepted' }
    return ++tries < 3 ? busy : { status: 'accepted', reference: 'V1' }
  })
  await town.submit('DD-2')
  await town.passes(DAY + 7 * HOUR)
  expect(new Set(digests().map(({ key, text }) => key + text)).size).toBe(1)
  expect(digests()).toHaveLength(3)
  const [digest] = digests()
  await town.ledger.outbox.recordReport({ key: digest?.key, status: 'undelivered', reason: 'OFF' })
  expect(await town.ledger.outbox.failedMessages(10)).toMatchObject([
    { party: 'merchant', template: 'reminder', outcome: 'undelivered', reason: 'OFF' },
    { party: 'merchant', template: 'reminder', outcome: 'undelivered', reason: 'OFF' },
  ])
})

test('after days without a server nobody hears of what is over', async () => {
  const { town, digests, provider } = await openWithContacts()
  town.clock.moveTo(START + 9 * DAY)
  await town.ledger.tick()
  await town.deliver()
  await town.passes(HOUR)
  expect(digests()).toEqual([])
  expect(provider.sent.map(({ template }) => template)).toEqual(['submitted', 'deadline_missed.supervisor'])
})

test('a desk with more reminders than a call takes arguments: what became of each is recorded', async () => {
  const rows = 130_000
  const { town } = await openWithContacts()
  // The complaint is with the merchant, so none of them matters any more.
  town.sqlite.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
    insert into outbox (complaint, seq, stay, created_at, attempts, party, recipient, template, next_at)
    select ${town.id}, 1, 1, 1, 0, 'platform', 'platform', 'reminder', 1 from n`)
  // Writing them would take seconds.
  const write = vi.spyOn(town.ledger.outbox, 'recordDeliveries').mockResolvedValue()
  await town.deliver()
  const outcomes = write.mock.calls.flatMap(([each]) => each)
  expect(outcomes.filter(({ message }) => message.party === 'platform')).toHaveLength(rows)
})
