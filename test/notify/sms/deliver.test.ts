import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openLink } from '../../../src/link/token.ts'
import { fingerprintOf, fromBase64url } from '../../../src/log/encoding.ts'
import { NotRecorded } from '../../../src/notify/sms/deliver.ts'
import type { Sent } from '../../../src/notify/sms/provider.ts'
import {
  accepted,
  BASE_URL,
  broken,
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

const notices = async (town: MessageFixture) => (await town.steps()).filter(({ kind }) => kind === 'notice_sent')
const linkIn = (text: string, { desk }: MessageFixture) => openLink(text.slice(-25), desk.links)
const about = (sms: { text: string }[], words: string) => sms.filter(({ text }) => text.includes(words))

describe('the first SMS', () => {
  test('brings the link, the pickup code and the fingerprint of the submission', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    expect(await town.deliver()).toBe(1)

    const [sms, ...more] = phone.messages()
    expect(more).toEqual([])
    expect(sms?.to).toBe(PHONE)
    expect(sms?.text).toContain(`${BASE_URL}/t/`)
    expect(linkIn(sms!.text, town)).toEqual({ id: town.id, scope: 'act', epoch: 0 })

    const code = /取件码([0-9A-Z]{8})，/.exec(sms!.text)?.[1] ?? ''
    expect(await town.ledger.find({ code, last4: PHONE.slice(-4) })).toEqual([town.id])

    const leaf = (await town.ledger.read(town.id))?.entries[0]?.leaf ?? ''
    expect(sms?.text).toContain(`存证指纹${fingerprintOf(fromBase64url(leaf))}，`)
  })

  test('is not sent again', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    expect(await town.deliver()).toBe(1)
    expect(await town.deliver()).toBe(0)
    expect(phone.messages()).toHaveLength(1)
  })
})

describe('a link that a caller asked for', () => {
  const isLink = ({ text }: { text: string }) => text.includes('查看投诉进度')

  test('every night takes no notice’s place: all four go out, as without the attack', async () => {
    const heard = async (isAttacked: boolean) => {
      const [asked, others]: [number[], string[]] = [[], []]
      const provider = new Provider(({ template }) => {
        if (template === 'link') asked.push(town.clock.now())
        else others.push(template)
        return accepted
      })
      const town = await openMessageFixture(provider)
      await town.passes(1)
      await town.rejects()
      for (let hour = 0; hour < 8 * 24; hour += 2) {
        // Day and night, and more often than a day has messages.
        if (isAttacked) await town.ledger.resend(town.id)
        await town.passes(2 * HOUR)
      }
      expect((await town.complaint())?.state).toBe('closed_lapsed')
      return { asked, others }
    }
    const attacked = await heard(true)
    const control = await heard(false)
    // The first SMS, the refusal's notice, two reminders, the lapse's, and the day after it the question how it went.
    expect(control.others).toHaveLength(6)
    expect(attacked.others).toEqual(control.others)
    expect(control.asked).toEqual([])
    const hours = attacked.asked.map(at => ((at / HOUR + 8) % 24) | 0)
    expect(hours.filter(hour => hour < 8 || hour >= 22)).toEqual([])
    const days = attacked.asked.map(at => Math.floor((at / HOUR + 8) / 24))
    expect(days.length).toBeGreaterThan(4)
    expect(new Set(days).size).toBe(days.length)
  })

  test('is not sent where an SMS with it just went out, and counts for all complaints of a phone', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    const other = await town.submit('DD-2')
    await town.deliver()
    await town.ledger.resend(town.id)
    await town.deliver()
    expect(phone.messages().filter(isLink)).toEqual([])
    await town.passes(3 * HOUR)
    await town.ledger.resend(other)
    await town.deliver()
    await town.ledger.resend(town.id)
    await town.deliver()
    expect(
      phone
        .messages()
        .filter(isLink)
        .map(({ text }) => linkIn(text, town)?.id),
    ).toEqual([other])
  })
})

describe('what became of messages', () => {
  test('is recorded together, a transaction for many', async () => {
    const town = await openMessageFixture()
    for (let i = 0; i < 40; i++) await town.submit(`DD-many-${i}`, `139${10_000_000 + i}`)
    const written: number[] = []
    const counted = broken(town.ledger, {
      recordDeliveries: outcomes => {
        written.push(outcomes.length)
        return town.ledger.outbox.recordDeliveries(outcomes)
      },
    })
    expect(await town.deliver({ ledger: counted })).toBe(41)
    expect(written.length).toBeLessThan(5)
    const [most] = [Math.max(...written)]
    expect(most).toBeGreaterThan(30)
  })
})

describe('a link that was replaced', () => {
  test('comes in an SMS; when it is accepted the old one ends', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    await town.deliver()
    await town.rotates()
    expect(await town.ledger.head(town.id)).toMatchObject({ linkEpoch: 1, oldLinkEpoch: 0 })

    await town.deliver()
    const sms = phone.messages().at(-1)!
    expect(sms.text).toContain('进度链接已更换')
    expect(linkIn(sms.text, town)).toEqual({ id: town.id, scope: 'act', epoch: 1 })
    expect(await town.ledger.head(town.id)).toMatchObject({ linkEpoch: 1, oldLinkEpoch: null })
  })

  test('twice in a row makes one SMS, with the last', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    await town.deliver()
    await town.rotates()
    await town.rotates()
    await town.deliver()
    const sms = about(phone.messages(), '已更换')
    expect(sms.map(({ text }) => linkIn(text, town)?.epoch)).toEqual([2])
    expect(await town.ledger.head(town.id)).toMatchObject({ linkEpoch: 2, oldLinkEpoch: null })
  })

  test('is the one in every later SMS, also in one that was planned before', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    await town.rotates('theft')
    await town.deliver()
    await town.passes(3 * HOUR)
    await town.ledger.resend(town.id)
    await town.deliver()
    expect(phone.messages().map(({ text }) => linkIn(text, town)?.epoch)).toEqual([1, 1, 1])
  })
})

describe('silence of the buyer', () => {
  test('closes a complaint only after three accepted SMS on two days', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    await town.rejects()
    await town.passes(6 * DAY)
    expect(await notices(town)).toHaveLength(3)
    expect(about(phone.messages(), '前答复商家')).toHaveLength(2)
    expect((await town.complaint())?.state).toBe('awaiting_buyer')

    await town.passes(1 * DAY)
    expect(await town.complaint()).toMatchObject({ state: 'closed_lapsed', after: 'rejection' })
    expect(phone.messages().at(-1)?.text).toContain('未经您确认而关闭')
  })

  test('goes to the platform where no SMS was accepted', async () => {
    const provider = new Provider(() => busy)
    const town = await openMessageFixture(provider)
    await town.rejects()
    await town.passes(7 * DAY)
    expect(await notices(town)).toEqual([])
    expect(await town.complaint()).toMatchObject({ state: 'platform_review', review: { cause: 'unreached' } })
  })

  test('goes to the platform where one of three was not accepted', async () => {
    const provider = new Provider(({ text }) => (text.includes('没有同意') ? busy : accepted))
    const town = await openMessageFixture(provider)
    await town.rejects()
    await town.passes(7 * DAY)
    expect(await notices(town)).toHaveLength(2)
    expect((await town.complaint())?.state).toBe('platform_review')
  })
})

describe('a reminder', () => {
  test('is dropped once the buyer has acted', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    await town.rejects()
    await town.escalates()
    await town.passes(6 * DAY)
    expect(about(phone.messages(), '前答复商家')).toEqual([])
    expect(town.outbox().filter(({ template }) => template === 'reminder')).toEqual([
      { template: 'reminder', outcome: 'dropped', attempts: 1 },
      { template: 'reminder', outcome: 'dropped', attempts: 1 },
    ])
  })

  test('is dropped once the time is over, also where no timer has noticed yet', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    await town.deliver()
    await town.rejects()
    town.clock.moveTo(town.clock.now() + 8 * DAY)
    await town.deliver()
    expect(about(phone.messages(), '前答复商家')).toEqual([])
    expect(phone.messages().at(-1)?.text).toContain('商家没有同意，请查看进度')
  })
})

describe('a provider', () => {
  test('that is busy is asked again, later each time, with the same key', async () => {
    const tries: number[] = []
    const provider = new Provider(() => {
      tries.push(Math.floor((town.clock.now() - START) / 30_000))
      return tries.length < 5 ? busy : accepted
    })
    const town = await openMessageFixture(provider)
    await town.passes(HOUR)
    // In half minutes.
    expect(tries).toEqual([0, 1, 3, 7, 15])
    expect(new Set(provider.sent.map(({ key }) => key)).size).toBe(1)
    expect(town.outbox()[0]).toEqual({ template: 'submitted', outcome: 'accepted', attempts: 5 })
  })

  test('that stays dead is given up after a day', async () => {
    const provider = new Provider(() => busy)
    const town = await openMessageFixture(provider)
    await town.passes(23 * HOUR)
    expect(town.outbox()[0]).toMatchObject({ template: 'submitted', outcome: null })
    await town.passes(3 * HOUR)
    expect(town.outbox()[0]).toEqual({ template: 'submitted', outcome: 'expired', attempts: 22 })
    expect(await town.ledger.outbox.failedMessages(10)).toMatchObject([
      { complaint: town.id, party: 'buyer', template: 'submitted', outcome: 'expired', reason: 'busy', attempts: 22 },
    ])
    const tries = provider.sent.length
    await town.passes(1 * DAY)
    expect(provider.sent.filter(({ key }) => key === provider.sent[0]?.key)).toHaveLength(tries)
  })

  test('that rejects a message is not asked again, and no notice counts', async () => {
    const provider = new Provider(({ text }) =>
      text.includes('没有同意') ? { status: 'rejected', reason: 'blocked' } : accepted,
    )
    const town = await openMessageFixture(provider)
    await town.deliver()
    await town.rejects()
    await town.passes(DAY)
    expect(provider.sent).toHaveLength(2)
    expect(await notices(town)).toEqual([])
    expect(town.outbox()).toContainEqual({ template: 'merchant_responded', outcome: 'rejected', attempts: 1 })
    const [troubled] = await town.ledger.outbox.failedMessages(10)
    expect(troubled).toMatchObject({
      template: 'merchant_responded',
      outcome: 'rejected',
      reason: 'blocked',
      nextAt: null,
    })
  })

  test('that hangs is cut off after 15 seconds, and told so', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    const town = await openMessageFixture(
      new Provider((_sms, signal) => {
        asked.resolve(signal)
        return new Promise(() => {})
      }),
    )
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const delivering = town.deliver()
    const signal = await asked.promise
    vi.advanceTimersByTime(14_999)
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    vi.useRealTimers()
    expect(signal.aborted).toBe(true)
    expect(await delivering).toBe(1)
    expect(town.outbox()[0]).toEqual({ template: 'submitted', outcome: null, attempts: 1 })
  })

  test('that takes its time with one complaint does not hold up another', async () => {
    const slow = Promise.withResolvers<Sent>()
    const town = await openMessageFixture(new Provider(({ to }) => (to === PHONE ? slow.promise : accepted)))
    for (const i of [1, 2, 3]) await town.submit(`DD-1${i}`, `1390000000${i}`)
    const delivering = town.deliver()
    await vi.waitFor(
      () => expect(town.outbox().filter(({ outcome }) => outcome === 'accepted')).toHaveLength(3),
      10_000,
    )
    slow.resolve(accepted)
    expect(await delivering).toBe(4)
  })
})

describe('what goes wrong', () => {
  test('between sending and recording is sent again with the same key, and counts once', async () => {
    const lines: string[] = []
    const phone = pocketPhone(lines)
    const town = await openMessageFixture(phone)
    await town.deliver()
    await town.rejects()
    const forgetful = broken(town.ledger, { recordDeliveries: () => Promise.reject(new Error(`disk full: ${PHONE}`)) })
    await expect(town.deliver({ ledger: forgetful })).rejects.toThrow(NotRecorded)
    expect(phone.messages()).toHaveLength(2)

    // The phone of the next process remembers the keys of the one before.
    expect(await town.deliver({ provider: pocketPhone(lines) })).toBe(1)
    expect(phone.messages()).toHaveLength(2)
    expect(await notices(town)).toHaveLength(1)
  })

  test('a ledger that can write nothing for an hour makes no phone ring twice', async () => {
    // A vendor that knows no duplicate keys.
    const provider = new Provider()
    const town = await openMessageFixture(provider)
    town.clock.moveTo(START + 30 * HOUR)
    await town.ledger.outbox.setContact('merchant:m1', '13700009999')
    const unrecorded = new Map()
    const full = broken(town.ledger, { recordDeliveries: () => Promise.reject(new Error('disk full')) })
    for (let i = 0; i < 5; i++) {
      await expect(town.deliver({ ledger: full, unrecorded })).rejects.toThrow(NotRecorded)
    }
    expect(provider.sent.map(({ template }) => template).sort()).toEqual(['digest.merchant', 'submitted'])
    expect(await town.deliver({ unrecorded })).toBe(2)
    expect(await town.deliver({ unrecorded })).toBe(0)
    expect(provider.sent).toHaveLength(2)
    expect(unrecorded.size).toBe(0)
    expect([town.outbox()[0]?.outcome, town.digests()[0]?.outcome]).toEqual(['accepted', 'accepted'])
  })

  test('with one message stops no other', async () => {
    const phone = pocketPhone()
    const town = await openMessageFixture(phone)
    const good = await town.submit('DD-2', '13900005678')
    const halfRead = broken(town.ledger, {
      read: id => (id === town.id ? Promise.reject(new Error('a torn page')) : town.ledger.read(id)),
    })
    expect(await town.deliver({ ledger: halfRead })).toBe(2)
    expect(phone.messages().map(({ to }) => to)).toEqual(['13900005678'])
    expect(await town.ledger.head(good)).not.toBeNull()
    expect(town.outbox()).toContainEqual({ template: 'submitted', outcome: null, attempts: 1 })

    await town.passes(HOUR)
    expect(phone.messages().map(({ to }) => to)).toEqual(['13900005678', PHONE])
  })

  test('with the digests holds up no buyer’s message', async () => {
    const provider = new Provider()
    const town = await openMessageFixture(provider)
    const torn = broken(town.ledger, { dueRecipients: () => Promise.reject(new Error('a torn page')) })
    await expect(town.deliver({ ledger: torn })).rejects.toThrow('a torn page')
    expect(provider.sent.map(({ template }) => template)).toEqual(['submitted'])
    expect(town.outbox()).toMatchObject([{ outcome: 'accepted' }])
  })

  test('shows no number and no text, in no error and on no console', async () => {
    const said: unknown[] = []
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      const spy = vi.spyOn(console, method).mockImplementation((...args) => void said.push(args))
      onTestFinished(() => spy.mockRestore())
    }
    const town = await openMessageFixture(
      new Provider(({ to, text }) => {
        throw new Error(`could not send ${text} to ${to}`)
      }),
    )
    expect(await town.deliver()).toBe(1)
    const forgetful = broken(town.ledger, { recordDeliveries: () => Promise.reject(new Error(PHONE)) })
    town.clock.moveTo(town.clock.now() + HOUR)
    const error = await town.deliver({ ledger: forgetful }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotRecorded)
    expect(error).toMatchObject({ message: 'the ledger did not record what became of outbox rows 1' })
    expect(error).not.toHaveProperty('cause')
    expect(said).toEqual([])
  })
})

test('nothing is sent to a number that was erased', async () => {
  const phone = pocketPhone()
  const town = await openMessageFixture(phone)
  await town.erasesPhone()
  await town.deliver()
  expect(phone.messages()).toEqual([])
  expect(town.outbox()[0]).toEqual({ template: 'submitted', outcome: 'dropped', attempts: 1 })
})

test('a ledger that takes no writes sends nothing', async () => {
  const phone = pocketPhone()
  const town = await openMessageFixture(phone)
  expect(await town.deliver({ ledger: broken(town.ledger, { readOnly: async () => 'a restored backup?' }) })).toBe(0)
  expect(phone.messages()).toEqual([])
})

test('no more than the limit at a time', async () => {
  const phone = pocketPhone()
  const town = await openMessageFixture(phone)
  await town.submit('DD-2')
  await town.submit('DD-3')
  expect(await town.deliver({ limit: 2 })).toBe(2)
  expect(await town.deliver({ limit: 2 })).toBe(1)
  expect(await town.deliver({ limit: 2 })).toBe(0)
})
