import { expect } from 'vitest'
import type { Message } from '../../../src/ledger/contract/outbox.ts'
import { formatId } from '../../../src/link/id.ts'
import type { Story } from '../fixture.ts'
import { buyer, DAY, HOUR, intake, type LedgerFixture, MINUTE, merchant, START, shop, smallOffer } from '../fixture.ts'

const templates = async (world: LedgerFixture) =>
  (await world.ledger.outbox.dueMessages(100)).map(message => message.template)

/** The buyer has an offer, and seven days. */
const offered = async (world: LedgerFixture): Promise<number> => {
  const id = await world.submit()
  await world.sendAll()
  await world.does('responses', merchant(), id, smallOffer)
  return id
}
/** To the reminders at half and four fifths of the time; what can be sent goes out. */
const reminded = async (world: LedgerFixture, id: number, send: () => Promise<unknown> = () => world.sendAll()) => {
  await send()
  for (const part of [0.5, 0.8]) {
    await world.at(START + part * 7 * DAY)
    await world.ledger.tick()
    await send()
  }
  return id
}
const pastDue = async (world: LedgerFixture) => {
  await world.at(START + 8 * DAY)
  await world.ledger.tick()
}

/** The merchant's reminders, of a stay that is over. */
const endDigests = async (world: LedgerFixture) => {
  for (const { messages } of await world.dueDigests()) {
    for (const message of messages)
      await world.ledger.outbox.recordDeliveries([{ message, delivery: { outcome: 'dropped' } }])
  }
}
const waiting = async (world: LedgerFixture) =>
  (await world.dueDigests()).map(({ party, messages }) => ({
    party,
    due: messages.map(({ due }) => due),
  }))
const keyOf = ({ complaint, id }: Message) => `${formatId(complaint)}:${id}`

export const messages = (story: Story): void => {
  story('a step brings its messages, and a refused one none', async world => {
    const id = await world.submit({ orderId: 'ONE' })
    const planned = { complaint: id, seq: 0, stay: 0, template: 'submitted', attempts: 0, createdAt: START }
    expect(await world.ledger.outbox.dueMessages(10)).toMatchObject([planned])
    expect(await world.order('submit', shop, null, intake({ orderId: 'ONE' }))).toEqual({ refused: 'already_open' })
    expect(await world.ledger.outbox.dueMessages(10)).toMatchObject([planned])
  })

  story('a notice is accepted after the time was up: the miss stands', async world => {
    const id = await offered(world)
    const [late] = await world.ledger.outbox.dueMessages(1)
    await world.at(START + 8 * DAY)
    await world.ledger.outbox.recordDeliveries([{ message: late!, delivery: { outcome: 'accepted' } }])
    expect((await world.kinds(id)).slice(2)).toEqual(['deadline_missed'])
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('while the buyer holds it, reminders go out at half and four fifths of the time', async world => {
    const id = await offered(world)
    expect(await templates(world)).toEqual(['merchant_responded'])
    await world.sendAll()
    await world.at(START + 2 * DAY)
    await endDigests(world)
    expect(await world.ledger.tick()).toBe(START + 3.5 * DAY)
    await world.at(START + 3.5 * DAY)
    expect(await templates(world)).toEqual(['reminder'])
    await world.sendAll()
    await world.at(START + 5.6 * DAY)
    expect(await world.sendAll()).toMatchObject([{ complaint: id, template: 'reminder', seq: 1, stay: 1 }])
    await endDigests(world)
    expect(await world.ledger.tick()).toBe(START + 7 * DAY)
  })

  story('three notices on different days, and silence: it lapses', async world => {
    const id = await reminded(world, await offered(world))
    await pastDue(world)
    expect((await world.kinds(id)).slice(2)).toEqual([
      'notice_sent',
      'notice_sent',
      'notice_sent',
      'deadline_missed',
      'lapsed',
    ])
    expect(await world.standing(id)).toMatchObject({ state: 'closed_lapsed' })
  })

  story(
    'the leaf of a notice commits to vendor, message and text, by which a regulator can ask the vendor',
    async world => {
      const id = await offered(world)
      const [message] = await world.ledger.outbox.dueMessages(10)
      const sent = { vendor: 'tencent', digest: 'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0' }
      await world.ledger.outbox.recordDeliveries([
        { message: message!, delivery: { outcome: 'accepted', reference: 'T-8', sent } },
      ])
      const entry = (await world.ledger.read(id))?.entries.at(-1)
      expect(entry).toMatchObject({
        step: { kind: 'notice_sent', p: { to: 'buyer', proof: true } },
        fields: { smsVendor: 'tencent', smsId: 'T-8', smsDigest: sent.digest },
      })
    },
  )

  story('silence after two notices goes to the platform', async world => {
    const id = await offered(world)
    await world.sendAll()
    await world.at(START + 3.5 * DAY)
    await world.sendAll()
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('three notices on one day are not enough', async world => {
    const id = await offered(world)
    await world.at(START + 6 * DAY)
    expect(await world.sendAll()).toHaveLength(3)
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('a notice that the provider reported undelivered does not count', async world => {
    const id = await offered(world)
    const sent: Awaited<ReturnType<LedgerFixture['sendAll']>> = []
    await reminded(world, id, async () => {
      sent.push(...(await world.sendAll()))
    })
    await world.ledger.outbox.recordDeliveries([{ message: sent[1]!, delivery: { outcome: 'undelivered' } }])
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('an undelivered message that never was a notice takes nothing away', async world => {
    const id = await offered(world)
    await world.ledger.resend(id)
    const [, link] = await world.sendAll()
    expect(link).toMatchObject({ template: 'link' })
    await world.ledger.outbox.recordDeliveries([{ message: link!, delivery: { outcome: 'undelivered' } }])
    await reminded(world, id)
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'closed_lapsed' })
  })

  story('a message that was dropped or expired is no notice', async world => {
    const id = await reminded(world, await offered(world), async () => {
      for (const [i, message] of (await world.ledger.outbox.dueMessages(10)).entries()) {
        await world.ledger.outbox.recordDeliveries([{ message, delivery: { outcome: i % 2 ? 'dropped' : 'expired' } }])
      }
    })
    await pastDue(world)
    expect(await world.kinds(id)).toEqual(['submitted', 'merchant_responded', 'deadline_missed'])
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('a message about a stay that has ended is no notice of the next', async world => {
    const id = await offered(world)
    const [message] = await world.ledger.outbox.dueMessages(1)
    await world.does('offer-acceptance', buyer, id, {})
    await world.ledger.outbox.recordDeliveries([{ message: message!, delivery: { outcome: 'accepted' } }])
    expect(await world.kinds(id)).toEqual(['submitted', 'merchant_responded', 'offer_accepted'])
  })

  story('a message that failed is tried again, and answered once', async world => {
    await offered(world)
    const [message] = await world.ledger.outbox.dueMessages(10)
    await world.ledger.outbox.recordDeliveries([{ message: message!, delivery: { retryAt: START + MINUTE } }])
    expect(await world.ledger.outbox.dueMessages(10)).toEqual([])
    expect(await world.ledger.tick()).toBe(START + MINUTE)
    await world.later(MINUTE)
    const [again] = await world.ledger.outbox.dueMessages(10)
    expect(again).toMatchObject({ id: message!.id, attempts: 1 })
    await world.ledger.outbox.recordDeliveries([{ message: again!, delivery: { outcome: 'accepted' } }])
    await world.ledger.outbox.recordDeliveries([{ message: again!, delivery: { outcome: 'accepted' } }])
    await world.ledger.outbox.recordDeliveries([{ message: again!, delivery: { retryAt: START + HOUR } }])
    expect(await world.ledger.outbox.dueMessages(10)).toEqual([])
    expect((await world.kinds(message!.complaint)).filter(kind => kind === 'notice_sent')).toHaveLength(1)
  })

  story('the link is sent again, and that is no notice', async world => {
    const id = await offered(world)
    await world.sendAll()
    await world.ledger.resend(id)
    await world.ledger.resend(999)
    expect(await world.sendAll()).toMatchObject([{ complaint: id, template: 'link' }])
    expect((await world.kinds(id)).filter(kind => kind === 'notice_sent')).toHaveLength(1)
  })

  story('messages outlive a restart', async world => {
    const id = await offered(world)
    await world.restart()
    expect(await world.ledger.outbox.dueMessages(10)).toMatchObject([{ complaint: id, template: 'merchant_responded' }])
    await reminded(world, id)
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'closed_lapsed' })
  })

  story('whoever holds it is reminded at half and four fifths of their time', async world => {
    await world.submit({ merchantId: 'm1' })
    expect(await waiting(world)).toEqual([])
    const due = START + 2 * DAY
    await world.at(START + DAY)
    expect(await waiting(world)).toEqual([{ party: 'merchant:m1', due: [due] }])
    await world.at(START + 1.6 * DAY)
    expect(await waiting(world)).toEqual([{ party: 'merchant:m1', due: [due, due] }])
    await world.at(due)
    await world.ledger.tick()
    // Their time is over, and that of the platform has begun.
    expect(await waiting(world)).toEqual([{ party: 'merchant:m1', due: [null, null] }])
    await endDigests(world)
    await world.at(due + 1.5 * DAY)
    expect(await waiting(world)).toEqual([{ party: 'platform', due: [due + 3 * DAY] }])
    await world.at(due + 3 * DAY)
    await world.ledger.tick()
    await endDigests(world)
    await world.at(due + 3.5 * DAY)
    expect(await waiting(world)).toEqual([{ party: 'supervisor', due: [due + 4 * DAY] }])
    await world.at(due + 4 * DAY)
    await world.ledger.tick()
    await endDigests(world)
    expect(await world.dueDigests()).toEqual([])
  })

  story('digests come together by merchant, and are no notices', async world => {
    for (const merchantId of ['m1', 'm2', 'm1']) await world.submit({ merchantId })
    await world.at(START + DAY)
    const digests = await world.dueDigests()
    expect(digests.map(({ party, messages }) => [party, messages.length])).toEqual([
      ['merchant:m1', 2],
      ['merchant:m2', 1],
    ])
    for (const message of digests.flatMap(({ messages }) => messages)) {
      await world.ledger.outbox.recordDeliveries([{ message, delivery: { outcome: 'accepted' } }])
      expect(await world.kinds(message.complaint)).toEqual(['submitted'])
    }
    expect(await world.dueDigests()).toEqual([])
  })

  story(
    'messages that ended are deleted after thirty days, those that wait are not, and no number comes twice',
    async world => {
      const ids: number[] = []
      for (let i = 0; i < 3; i++) ids.push(await world.submit())
      const [, held, taken] = await world.ledger.outbox.dueMessages(10)
      await world.sendAll()
      await world.ledger.outbox.recordDeliveries([{ message: taken!, delivery: { outcome: 'undelivered' } }])
      for (const { messages } of await world.dueDigests())
        for (const message of messages)
          await world.ledger.outbox.recordDeliveries([{ message, delivery: { outcome: 'dropped' } }])
      const rows = async () => await world.sql('select id, outcome, next_at from outbox order by id')
      const newest = Number((await rows()).at(-1)?.id)

      await world.at(START + 29 * DAY)
      await world.ledger.tick()
      expect(await rows()).toContainEqual({ id: held!.id, outcome: 'accepted', next_at: null })

      await world.at(START + 31 * DAY)
      for (let i = 0; i < 5; i++) await world.ledger.tick()
      const left = await world.sql(
        `select id, outcome, next_at from outbox where created_at < ${START + DAY} order by id`,
      )
      // None ended but that which was taken back, since it counts while its complaint is open.
      expect(left.filter(row => row.next_at === null && row.id !== newest)).toEqual([
        { id: taken!.id, outcome: 'undelivered', next_at: null },
      ])
      expect(left.some(row => row.next_at !== null)).toBe(true)
      await world.submit()
      expect(Number((await rows()).at(-1)?.id)).toBeGreaterThan(newest)
    },
  )

  story('a message that is held waits, and was not tried', async world => {
    await offered(world)
    const [message] = await world.ledger.outbox.dueMessages(10)
    await world.ledger.outbox.recordDeliveries([{ message: message!, delivery: { heldUntil: START + HOUR } }])
    expect(await world.ledger.outbox.dueMessages(10)).toEqual([])
    await world.later(HOUR)
    expect(await world.ledger.outbox.dueMessages(10)).toMatchObject([
      { id: message!.id, attempts: 0, nextAt: START + HOUR },
    ])
    expect(await world.ledger.outbox.failedMessages(10)).toEqual([])
  })

  story('how many a reader had since an instant', async world => {
    const ids = [await world.submit(), await world.submit(), await world.submit()]
    for (const [i, message] of (await world.ledger.outbox.dueMessages(10)).entries()) {
      await world.later(HOUR)
      await world.ledger.outbox.recordDeliveries([
        { message, delivery: { outcome: 'accepted', ...(i < 2 && { reader: 'tag' }) } },
      ])
    }
    expect(ids).toHaveLength(3)
    expect(await world.ledger.outbox.acceptedCount('tag', START)).toBe(2)
    expect(await world.ledger.outbox.acceptedCount('tag', START + 2 * HOUR)).toBe(1)
    expect(await world.ledger.outbox.acceptedCount('tag', START + 3 * HOUR)).toBe(0)
    expect(await world.ledger.outbox.acceptedCount('other', START)).toBe(0)
  })

  story('a vendor’s report takes back a notice, once, and makes no step', async world => {
    const id = await offered(world)
    const sent: Message[] = []
    await reminded(world, id, async () => {
      for (const message of await world.ledger.outbox.dueMessages(10)) {
        await world.ledger.outbox.recordDeliveries([
          { message, delivery: { outcome: 'accepted', reference: `v-${message.id}` } },
        ])
        sent.push(message)
      }
    })
    const before = await world.kinds(id)
    await world.ledger.outbox.recordReport({ key: keyOf(sent[0]!), status: 'delivered' })
    await world.ledger.outbox.recordReport({ reference: `v-${sent[1]!.id}`, status: 'undelivered', reason: 'OFF' })
    await world.ledger.outbox.recordReport({ reference: `v-${sent[1]!.id}`, status: 'undelivered', reason: 'OFF' })
    expect(await world.kinds(id)).toEqual(before)
    expect(await world.ledger.outbox.failedMessages(10)).toMatchObject([
      { id: sent[1]!.id, outcome: 'undelivered', reason: 'OFF' },
    ])
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('of two reports the bad one counts, whichever came first', async world => {
    const id = await offered(world)
    const sent: Message[] = []
    await reminded(world, id, async () => {
      sent.push(...(await world.sendAll()))
    })
    await world.ledger.outbox.recordReport({ key: keyOf(sent[1]!), status: 'delivered' })
    await world.ledger.outbox.recordReport({ key: keyOf(sent[1]!), status: 'undelivered', reason: 'OFF' })
    await world.ledger.outbox.recordReport({ key: keyOf(sent[1]!), status: 'delivered' })
    expect(await world.ledger.outbox.failedMessages(10)).toMatchObject([
      { id: sent[1]!.id, outcome: 'undelivered', reason: 'OFF' },
    ])
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('a message reported lost before the vendor said that it took it is no notice', async world => {
    const id = await offered(world)
    await reminded(world, id, async () => {
      for (const message of await world.ledger.outbox.dueMessages(10)) {
        if (message.template === 'reminder') {
          await world.ledger.outbox.recordReport({ key: keyOf(message), status: 'undelivered', reason: 'OFF' })
        }
        await world.ledger.outbox.recordDeliveries([{ message, delivery: { outcome: 'accepted' } }])
      }
    })
    expect((await world.kinds(id)).filter(kind => kind === 'notice_sent')).toHaveLength(1)
    expect(await world.ledger.outbox.failedMessages(10)).toMatchObject([
      { outcome: 'expired', reason: 'OFF' },
      { outcome: 'expired' },
    ])
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('a report about a try before leaves the next one be', async world => {
    await world.submit()
    const [message] = await world.ledger.outbox.dueMessages(1)
    await world.ledger.outbox.recordDeliveries([
      { message: message!, delivery: { retryAt: START + MINUTE, reason: 'timeout' } },
    ])
    await world.ledger.outbox.recordReport({ key: keyOf(message!), status: 'undelivered', reason: 'OFF' })
    await world.later(MINUTE)
    expect(await world.sendAll()).toMatchObject([{ id: message!.id }])
  })

  story('a report that fits no message changes nothing', async world => {
    const id = await reminded(world, await offered(world))
    const other = await world.submit()
    for (const key of [
      `${formatId(other)}:1`,
      `${formatId(id)}:999`,
      `${formatId(id)}:`,
      'x',
      '',
      `${formatId(id)}:1e3`,
    ]) {
      await world.ledger.outbox.recordReport({ key, reference: 'nobody', status: 'undelivered' })
    }
    await world.ledger.outbox.recordReport({ status: 'undelivered' })
    expect(await world.ledger.outbox.failedMessages(10)).toEqual([])
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'closed_lapsed' })
  })

  story('what is in trouble is shown, without number or text, until it was sent', async world => {
    const id = await world.submit()
    const [message] = await world.ledger.outbox.dueMessages(1)
    await world.ledger.outbox.recordDeliveries([
      { message: message!, delivery: { retryAt: START + MINUTE, reason: 'busy' } },
    ])
    const trouble = { id: message!.id, complaint: id, party: 'buyer', template: 'submitted' }
    const state = { outcome: null, reason: 'busy', attempts: 1, createdAt: START, nextAt: START + MINUTE }
    expect(await world.ledger.outbox.failedMessages(10)).toEqual([{ ...trouble, ...state }])
    expect(await world.ledger.outbox.failedMessages(0)).toEqual([])
    await world.later(MINUTE)
    await world.ledger.outbox.recordDeliveries([
      { message: message!, delivery: { outcome: 'rejected', reason: 'BLACKLIST' } },
    ])
    expect(await world.ledger.outbox.failedMessages(10)).toMatchObject([
      { ...trouble, outcome: 'rejected', reason: 'BLACKLIST' },
    ])
    await world.ledger.resend(id)
    const [link] = await world.ledger.outbox.dueMessages(1)
    await world.ledger.outbox.recordDeliveries([
      { message: link!, delivery: { retryAt: START + MINUTE, reason: 'busy' } },
    ])
    await world.ledger.outbox.recordDeliveries([{ message: link!, delivery: { outcome: 'accepted' } }])
    expect(await world.ledger.outbox.failedMessages(10)).toHaveLength(1)
  })
}
