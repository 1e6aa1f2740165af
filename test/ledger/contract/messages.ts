import { expect } from 'vitest'
import type { Story } from '../contract.ts'
import { buyer, DAY, HOUR, intake, MINUTE, merchant, START, shop, smallOffer, type World } from '../world.ts'

const templates = async (world: World) => (await world.ledger.outbox(100)).map(message => message.template)

/** The buyer has an offer, and seven days. */
const offered = async (world: World): Promise<number> => {
  const id = await world.submit()
  await world.sendAll()
  await world.does('responses', merchant(), id, smallOffer)
  return id
}
/** To the reminders at half and four fifths of the time; what can be sent goes out. */
const reminded = async (world: World, id: number, send: () => Promise<unknown> = () => world.sendAll()) => {
  await send()
  for (const part of [0.5, 0.8]) {
    await world.at(START + part * 7 * DAY)
    await world.ledger.tick()
    await send()
  }
  return id
}
const pastDue = async (world: World) => {
  await world.at(START + 8 * DAY)
  await world.ledger.tick()
}

export const messages = (story: Story): void => {
  story('a step brings its messages, and a refused one none', async world => {
    const id = await world.submit({ orderId: 'ONE' })
    const planned = { complaint: id, seq: 0, stay: 0, template: 'submitted', attempts: 0, createdAt: START }
    expect(await world.ledger.outbox(10)).toMatchObject([planned])
    expect(await world.order('submit', shop, null, intake({ orderId: 'ONE' }))).toEqual({ refused: 'already_open' })
    expect(await world.ledger.outbox(10)).toMatchObject([planned])
  })

  story('a notice is accepted after the time was up: the miss stands', async world => {
    const id = await offered(world)
    const [late] = await world.ledger.outbox(1)
    await world.at(START + 8 * DAY)
    await world.ledger.delivered(late!, { outcome: 'accepted' })
    expect((await world.kinds(id)).slice(2)).toEqual(['deadline_missed'])
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('while the buyer holds it, reminders go out at half and four fifths of the time', async world => {
    const id = await offered(world)
    expect(await templates(world)).toEqual(['merchant_responded'])
    await world.sendAll()
    expect(await world.ledger.tick()).toBe(START + 3.5 * DAY)
    await world.at(START + 3.5 * DAY)
    expect(await templates(world)).toEqual(['reminder'])
    await world.sendAll()
    await world.at(START + 5.6 * DAY)
    expect(await world.sendAll()).toMatchObject([{ complaint: id, template: 'reminder', seq: 1, stay: 1 }])
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
    const sent: Awaited<ReturnType<World['sendAll']>> = []
    await reminded(world, id, async () => {
      sent.push(...(await world.sendAll()))
    })
    await world.ledger.delivered(sent[1]!, { outcome: 'undelivered' })
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('an undelivered message that never was a notice takes nothing away', async world => {
    const id = await offered(world)
    await world.ledger.resend(id)
    const [, link] = await world.sendAll()
    expect(link).toMatchObject({ template: 'link' })
    await world.ledger.delivered(link!, { outcome: 'undelivered' })
    await reminded(world, id)
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'closed_lapsed' })
  })

  story('a message that was dropped or expired is no notice', async world => {
    const id = await reminded(world, await offered(world), async () => {
      for (const [i, message] of (await world.ledger.outbox(10)).entries()) {
        await world.ledger.delivered(message, { outcome: i % 2 ? 'dropped' : 'expired' })
      }
    })
    await pastDue(world)
    expect(await world.kinds(id)).toEqual(['submitted', 'merchant_responded', 'deadline_missed'])
    expect(await world.standing(id)).toMatchObject({ state: 'platform_review' })
  })

  story('a message about a stay that has ended is no notice of the next', async world => {
    const id = await offered(world)
    const [message] = await world.ledger.outbox(1)
    await world.does('offer-acceptance', buyer, id, {})
    await world.ledger.delivered(message!, { outcome: 'accepted' })
    expect(await world.kinds(id)).toEqual(['submitted', 'merchant_responded', 'offer_accepted'])
  })

  story('a message that failed is tried again, and answered once', async world => {
    await offered(world)
    const [message] = await world.ledger.outbox(10)
    await world.ledger.delivered(message!, { retryAt: START + MINUTE })
    expect(await world.ledger.outbox(10)).toEqual([])
    expect(await world.ledger.tick()).toBe(START + MINUTE)
    await world.later(MINUTE)
    const [again] = await world.ledger.outbox(10)
    expect(again).toMatchObject({ id: message!.id, attempts: 1 })
    await world.ledger.delivered(again!, { outcome: 'accepted' })
    await world.ledger.delivered(again!, { outcome: 'accepted' })
    await world.ledger.delivered(again!, { retryAt: START + HOUR })
    expect(await world.ledger.outbox(10)).toEqual([])
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
    expect(await world.ledger.outbox(10)).toMatchObject([{ complaint: id, template: 'merchant_responded' }])
    await reminded(world, id)
    await pastDue(world)
    expect(await world.standing(id)).toMatchObject({ state: 'closed_lapsed' })
  })
}
