import { expect } from 'vitest'
import type { Story } from '../fixture.ts'
import { buyer, DAY, intake, START, shop } from '../fixture.ts'

const once = (key: string, body = 'hash-of-body') => ({ key, body })
const message = { text: '请尽快处理' }

const idempotency = (story: Story): void => {
  story('the same key and body get the first answer again', async world => {
    const asked = intake()
    const first = await world.order('submit', shop, null, asked, once('k'))
    expect(await world.order('submit', shop, null, asked, once('k'))).toEqual({ ...first, replayed: true })
    const id = 'id' in first ? first.id : 0
    const said = await world.order('messages', buyer, id, message, once('k2'))
    await world.does('messages', buyer, id, message)
    expect(await world.order('messages', buyer, id, message, once('k2'))).toEqual({ ...said, replayed: true })
    expect(await world.kinds(id)).toEqual(['submitted', 'message_added', 'message_added'])
  })

  story(
    'what a submission was answered, or that its item has an open complaint, is told without a new complaint',
    async world => {
      const order = { act: 'submit', complaint: null, by: shop, body: intake(), idempotency: once('k') } as const
      expect(await world.ledger.answered(order)).toBeNull()
      const first = await world.ledger.execute(order)
      expect(await world.ledger.answered(order)).toEqual({ ...first, replayed: true })
      expect(await world.ledger.answered({ ...order, idempotency: once('k', 'another') })).toEqual({
        refused: 'key_reused',
      })
      expect(await world.ledger.answered({ ...order, idempotency: undefined })).toEqual({ refused: 'already_open' })
      expect(
        await world.ledger.answered({ ...order, body: intake({ orderId: 'NEW' }), idempotency: undefined }),
      ).toBeNull()
      expect(await world.sql('select count(*) n from complaints')).toEqual([{ n: 1 }])
    },
  )

  story('the same key with another body is refused', async world => {
    const id = await world.submit()
    await world.order('messages', buyer, id, message, once('k'))
    expect(await world.order('messages', buyer, id, { text: '别的' }, once('k', 'another'))).toEqual({
      refused: 'key_reused',
    })
    expect(await world.kinds(id)).toEqual(['submitted', 'message_added'])
  })

  story('a hundred at once with one key make one step', async world => {
    const id = await world.submit()
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => world.order('messages', buyer, id, message, once('k'))),
    )
    expect(answers.filter(answer => 'replayed' in answer && !answer.replayed)).toHaveLength(1)
    expect(answers.every(answer => 'seq' in answer && answer.seq === 1)).toBe(true)
    expect(await world.kinds(id)).toEqual(['submitted', 'message_added'])
  })

  story('the record commits with its step, and a refusal makes none', async world => {
    const id = await world.submit()
    expect(await world.order('escalation', buyer, id, { reason: '' }, once('k'))).toEqual({ refused: 'wrong_state' })
    expect(await world.sql('select * from idempotency')).toEqual([])
    await world.order('messages', buyer, id, message, once('k'))
    expect(await world.sql('select key, complaint, seq from idempotency')).toEqual([
      { key: 'k', complaint: id, seq: 1 },
    ])
  })

  story('records are known for seven days at least, and forgotten after fourteen', async world => {
    const id = await world.submit()
    await world.order('withdrawal', buyer, id, { ground: 'other', reason: '' }, once('k'))
    const rate = (key: string) => world.order('rating', buyer, id, { score: 1 }, once(key))
    await world.at(START + 7 * DAY)
    expect(await world.order('rating', buyer, id, { score: 1 }, once('k', 'another'))).toEqual({
      refused: 'key_reused',
    })
    await world.at(START + 14 * DAY)
    expect(await rate('k')).toMatchObject({ seq: 2, replayed: false })
    expect(await world.sql('select seq from idempotency')).toEqual([{ seq: 2 }])
  })

  story('a record outlives a restart', async world => {
    const id = await world.submit()
    await world.order('messages', buyer, id, message, once('k'))
    await world.restart()
    expect(await world.order('messages', buyer, id, message, once('k'))).toMatchObject({ seq: 1, replayed: true })
  })
}

export { idempotency as once }
