import { expect } from 'vitest'
import { pickupCode } from '../../../src/link/id.ts'
import { fromBase64url } from '../../../src/log/encoding.ts'
import type { Story } from '../fixture.ts'
import { buyer, DAY, type LedgerFixture, officer, START } from '../fixture.ts'

const epochs = async (world: LedgerFixture, id: number) => {
  const head = await world.ledger.head(id)
  return [head?.linkEpoch, head?.oldLinkEpoch]
}

export const links = (story: Story): void => {
  story('after a rotation the old link works until the new one was sent', async world => {
    const id = await world.submit()
    await world.sendAll()
    expect(await epochs(world, id)).toEqual([0, null])
    await world.does('link-rotation', officer(), id, { reason: 'lost' })
    expect(await epochs(world, id)).toEqual([1, 0])
    const [message] = await world.ledger.outbox.dueMessages(10)
    expect(message).toMatchObject({ template: 'link_rotated', complaint: id })
    await world.ledger.outbox.recordDeliveries([{ message: message!, delivery: { retryAt: world.now } }])
    expect(await epochs(world, id)).toEqual([1, 0])
    await world.sendAll()
    expect(await epochs(world, id)).toEqual([1, null])
  })

  story('a stolen link is dead at once', async world => {
    const id = await world.submit()
    await world.does('link-rotation', officer(), id, { reason: 'theft' })
    expect(await epochs(world, id)).toEqual([1, null])
  })

  story('an SMS with a link that was replaced meanwhile does not end the one in use', async world => {
    const id = await world.submit()
    await world.sendAll()
    await world.does('link-rotation', officer(), id, { reason: 'lost' })
    const [first] = await world.ledger.outbox.dueMessages(10)
    await world.does('link-rotation', officer(), id, { reason: 'lost' })
    await world.ledger.outbox.recordDeliveries([{ message: first!, delivery: { outcome: 'accepted' } }])
    expect(await epochs(world, id)).toEqual([2, 0])
    await world.sendAll()
    expect(await epochs(world, id)).toEqual([2, null])
  })

  story('the head names chain, log and newest leaf, and when its links end', async world => {
    const id = await world.submit()
    const receipt = await world.ledger.receipt(id, 'buyer')
    const { leaf } = (await world.entries(id)).at(-1)!
    expect(await world.ledger.head(id)).toEqual({
      head: leaf,
      c: receipt?.complaint.c,
      origin: receipt?.origin,
      linkEpoch: 0,
      oldLinkEpoch: null,
      linkExpiresAt: null,
      witnessed: 0,
      isHalted: false,
    })
    await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    expect(await world.ledger.head(id)).toMatchObject({ linkExpiresAt: START + 180 * DAY })
  })

  story('a complaint is found by its pickup code and the end of the phone number', async world => {
    const ids = [await world.submit(), await world.submit({ buyer: { name: '李四', phone: '13911115678' } })]
    const [code, other] = ids.map(id => pickupCode(id, fromBase64url(world.secrets.tags)))
    expect(await world.ledger.find({ code: code!, last4: '1234' })).toEqual([ids[0]])
    expect(await world.ledger.find({ code: other!, last4: '5678' })).toEqual([ids[1]])
    for (const last4 of ['5678', '234', '1', '', '013800001234']) {
      expect(await world.ledger.find({ code: code!, last4 })).toEqual([])
    }
    expect(await world.ledger.find({ code: '00000000', last4: '1234' })).toEqual([])
  })

  story('complaints are found by order and whole phone number', async world => {
    const ids = [await world.submit({ orderId: 'O-1', item: 'a' }), await world.submit({ orderId: 'O-1', item: 'b' })]
    await world.submit({ orderId: 'O-11' })
    const found = await world.ledger.find({ orderId: 'O-1', phone: '13800001234' })
    expect(found.toSorted()).toEqual(ids.toSorted())
    for (const phone of ['1234', '', '13800001235']) {
      expect(await world.ledger.find({ orderId: 'O-1', phone })).toEqual([])
    }
    await world.does('withdrawal', buyer, ids[0]!, { ground: 'other', reason: '' })
    expect(await world.ledger.find({ orderId: 'O-1', phone: '13800001234' })).toHaveLength(2)
  })

  story('one phone is one, however it is written', async world => {
    const id = await world.submit({ orderId: 'O-7', buyer: { name: '王小明', phone: '+8613800001234' } })
    for (const phone of ['13800001234', '8613800001234', '+86 13800001234', '138-0000-1234', '008613800001234']) {
      expect(await world.ledger.find({ orderId: 'O-7', phone }), phone).toEqual([id])
    }
    for (const phone of ['3800001234', '85213800001234', '+86', '']) {
      expect(await world.ledger.find({ orderId: 'O-7', phone }), phone).toEqual([])
    }
    expect((await world.entries(id))[0]?.fields.buyerPhone).toBe('+8613800001234')
  })
}
