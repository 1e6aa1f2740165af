import { describe, expect, test } from 'vitest'
import {
  accepted,
  busy,
  DAY,
  HOUR,
  type MessageFixture,
  openMessageFixture,
  PHONE,
  Provider,
  pocketPhone,
  START,
} from './support.ts'

const to = (town: MessageFixture, instant: number) => town.passes(instant - town.clock.now())
const hour = (at: number) => new Date(at + 8 * HOUR).getUTCHours()

describe('at night', () => {
  test('a phone stays silent; in the morning it rings', async () => {
    const provider = new Provider()
    const town = await openMessageFixture(provider)
    await town.deliver()
    await to(town, START + 13 * HOUR)
    await town.rejects()
    await town.passes(8 * HOUR)
    expect(provider.sent).toHaveLength(1)
    expect(town.outbox()).toContainEqual({ template: 'merchant_responded', outcome: null, attempts: 0 })
    await town.passes(HOUR)
    expect(provider.sent.map(({ template }) => template)).toEqual(['submitted', 'merchant_responded.rejection'])
  })

  test('of what waited only the newest is said', async () => {
    const provider = new Provider()
    const town = await openMessageFixture(provider)
    await town.deliver()
    await to(town, START + 13 * HOUR)
    await town.rejects()
    await town.passes(HOUR)
    await town.escalates()
    await town.withdraws()
    await town.passes(10 * HOUR)
    expect(provider.sent.map(({ template }) => template)).toEqual(['submitted', 'withdrawn.reopenable'])
    expect(town.outbox()).toContainEqual({ template: 'merchant_responded', outcome: 'superseded', attempts: 1 })
    expect(await town.ledger.outbox.failedMessages(10)).toEqual([])
  })

  test('how an acceptance is undone is said even where more has happened since', async () => {
    const provider = new Provider()
    const town = await openMessageFixture(provider)
    await town.deliver()
    await to(town, START + 13 * HOUR)
    await town.offers()
    await town.accepts()
    await town.fulfils()
    await town.passes(12 * HOUR)
    const [, ...later] = provider.sent.map(({ template }) => template)
    expect(later).toEqual(['fulfilled.merchant', 'offer_accepted'])
  })

  test('the link that a caller asked for comes in the morning', async () => {
    const provider = new Provider()
    const town = await openMessageFixture(provider)
    await town.deliver()
    await to(town, START + 17 * HOUR)
    await town.ledger.resend(town.id)
    await town.deliver()
    expect(provider.sent.map(({ template }) => template)).toEqual(['submitted'])
    await to(town, START + 22 * HOUR)
    await town.deliver()
    expect(provider.sent.map(({ template }) => template)).toEqual(['submitted', 'link'])
  })

  test('an answer that came at night still leads to three notices and a lapse', async () => {
    const provider = new Provider()
    const times: number[] = []
    provider.answer = () => {
      times.push(town.clock.now())
      return accepted
    }
    const town = await openMessageFixture(provider)
    await town.deliver()
    // Every reminder of it falls into the night as well, or near it.
    await to(town, START + 12.5 * HOUR)
    await town.rejects()
    await town.passes(7 * DAY)
    expect(times.every(at => hour(at) >= 8 && hour(at) < 22)).toBe(true)
    expect((await town.steps()).filter(({ kind }) => kind === 'notice_sent')).toHaveLength(3)
    expect((await town.complaint())?.state).toBe('closed_lapsed')
  })

  test('so does one that came while the phone had its two of the day', async () => {
    const town = await openMessageFixture(pocketPhone())
    await town.submit('DD-2')
    await town.submit('DD-3')
    await town.deliver()
    await town.rejects()
    await town.passes(HOUR)
    expect((await town.steps()).filter(({ kind }) => kind === 'notice_sent')).toEqual([])
    await town.passes(7 * DAY)
    expect((await town.steps()).filter(({ kind }) => kind === 'notice_sent')).toHaveLength(3)
    expect((await town.complaint())?.state).toBe('closed_lapsed')
  })
})

describe('two a day', () => {
  const sentOn = (provider: Provider) => provider.sent.filter(({ to }) => to.endsWith(PHONE.slice(-4))).length

  test('to one phone, over all its complaints, however the number is written, also within one batch', async () => {
    const provider = new Provider()
    const town = await openMessageFixture(provider)
    for (const [i, phone] of [PHONE, `+86 ${PHONE}`, `86${PHONE}`, '138-0000-1234'].entries()) {
      await town.submit(`DD-1${i}`, phone)
    }
    await town.submit('DD-other', '13900005678')
    expect(await town.deliver()).toBe(6)
    expect(sentOn(provider)).toBe(2)
    expect(provider.sent).toHaveLength(3)
    await town.passes(DAY)
    expect(sentOn(provider)).toBe(4)
    await town.passes(23 * HOUR)
    expect(sentOn(provider)).toBe(5)
    expect(new Set(provider.sent.map(({ key }) => key)).size).toBe(6)
  })

  test('but a ruling always comes, and is none of them', async () => {
    const provider = new Provider()
    const town = await openMessageFixture(provider)
    await town.submit('DD-2')
    await town.rejects()
    await town.escalates()
    await town.deliver()
    expect(provider.sent).toHaveLength(2)
    await town.rules()
    await town.deliver()
    expect(provider.sent.map(({ template }) => template).at(-1)).toBe('ruled.appealable')
    await town.passes(DAY)
    expect(provider.sent.length).toBeLessThanOrEqual(5)
  })

  test('the most urgent are among them', async () => {
    const provider = new Provider()
    const town = await openMessageFixture(provider)
    await town.deliver()
    await town.rejects()
    await to(town, START + DAY)
    const others = [await town.submit('DD-2'), await town.submit('DD-3')]
    town.clock.moveTo(START + 4 * DAY)
    await town.deliver()
    expect(others).toHaveLength(2)
    expect(provider.sent.filter(({ template }) => template.startsWith('reminder'))).toHaveLength(1)
  })

  test('a message that was not taken is none of them', async () => {
    const provider = new Provider(() => busy)
    const town = await openMessageFixture(provider)
    await town.submit('DD-2')
    await town.submit('DD-3')
    await town.deliver()
    expect(provider.sent).toHaveLength(3)
  })
})
