import { expect } from 'vitest'
import type { Story } from '../fixture.ts'
import { buyer, DAY, fullOffer, HOUR, merchant, officer, rejection, ruling, START } from '../fixture.ts'

const refunded = { statement: '已退款', proof: '退款单 7781' }

export const figures = (story: Story): void => {
  story('a merchant’s record is that of its own complaints', async world => {
    const paid = await world.submit()
    const ruled = await world.submit()
    const silent = await world.submit()
    await world.submit({ merchantId: 'm2' })
    await world.later(HOUR)
    await world.does('responses', merchant(), paid, fullOffer)
    await world.does('responses', merchant(), ruled, rejection)
    await world.does('escalation', buyer, ruled, { reason: '不同意' })
    await world.later(HOUR)
    await world.does('fulfilment', merchant(), paid, refunded)
    await world.does('confirmation', buyer, paid, {})
    await world.does('rulings', officer(), ruled, ruling())
    await world.later(2 * DAY)
    await world.ledger.tick()
    expect((await world.standing(silent)).state).toBe('platform_review')
    // The refund that was ruled is missed as well.
    expect(await world.ledger.statistics('m1', START)).toEqual({
      complaints: 3,
      onTime: 3,
      missed: 2,
      seconds: { merchant: (2 + 1 + 48 + 48) * 3600, buyer: 0, platform: (1 + 2) * 3600, courier: 0 },
      confirmed: 1,
      ruledForBuyer: 1,
      ruledForMerchant: 0,
      lapsed: 0,
    })
    const { complaints, missed } = await world.ledger.statistics('m2', START)
    expect([complaints, missed]).toEqual([1, 1])
    expect(await world.ledger.statistics('m3', 0)).toMatchObject({ complaints: 0, onTime: 0 })
  })

  story('and of those that were opened since, also when they are closed', async world => {
    const old = await world.submit()
    await world.later(DAY)
    const since = world.now
    const closed = await world.submit()
    await world.submit()
    for (const id of [old, closed]) await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    expect(await world.ledger.statistics('m1', since)).toMatchObject({ complaints: 2 })
    expect(await world.ledger.statistics('m1', START)).toMatchObject({ complaints: 3 })
    expect(await world.ledger.statistics('m1', world.now + 1)).toMatchObject({ complaints: 0 })
  })

  story('a hundred complaints are reckoned as one is', async world => {
    await Promise.all(Array.from({ length: 101 }, () => world.submit()))
    await world.later(HOUR)
    expect(await world.ledger.statistics('m1', START)).toMatchObject({
      complaints: 101,
      seconds: { merchant: 101 * 3600, buyer: 0, platform: 0, courier: 0 },
    })
  })
}
