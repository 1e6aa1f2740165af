import { expect } from 'vitest'
import { readStatement } from '../../../src/log/statement.ts'
import type { Story } from '../contract.ts'
import { buyer, DAY, fullOffer, HOUR, MINUTE, merchant, officer, START, type World } from '../world.ts'
import { escalated } from './steps.ts'

const times = async (world: World, id: number) =>
  (await world.entries(id)).map(({ step }) => ({ kind: step.kind, at: step.at, on: step.on }))

export const clock = (story: Story): void => {
  story('after days of downtime each missed instant is a step of its own, in order', async world => {
    const id = await world.submit()
    const back = START + 10 * DAY
    await world.at(back)
    await world.ledger.tick()
    expect(await times(world, id)).toEqual([
      { kind: 'submitted', at: START, on: START },
      { kind: 'deadline_missed', at: back, on: START + 48 * HOUR },
      { kind: 'deadline_missed', at: back, on: START + (48 + 72) * HOUR },
      { kind: 'deadline_missed', at: back, on: START + (48 + 72 + 24) * HOUR },
    ])
    const due = START + (48 + 72 + 24) * HOUR
    expect(await world.standing(id)).toEqual({ state: 'platform_review', holder: 'supervisor', due })
  })

  story('what a supervisor missed too is left alone, and stays overdue', async world => {
    const id = await world.submit()
    await world.later(10 * DAY)
    await world.ledger.tick()
    await world.later(10 * DAY)
    await world.ledger.tick()
    expect(await world.kinds(id)).toHaveLength(4)
    expect(await world.ledger.inbox({ overdue: true, now: world.now, limit: 10 })).toMatchObject([{ id }])
  })

  story('a tick settles what is due, and says when to come again', async world => {
    const first = await world.submit()
    await world.later(HOUR)
    const second = await world.submit()
    await world.sendAll()
    expect(await world.ledger.tick()).toBe(START + 48 * HOUR)
    await world.at(START + 48 * HOUR - 1)
    await world.ledger.tick()
    expect(await world.kinds(first)).toEqual(['submitted'])
    await world.at(START + 48 * HOUR)
    await world.ledger.tick()
    await world.sendAll()
    expect(await world.ledger.tick()).toBe(START + 49 * HOUR)
    expect(await world.kinds(first)).toEqual(['submitted', 'deadline_missed'])
    expect(await world.kinds(second)).toEqual(['submitted'])
  })

  story('hundreds that fall due at once are all settled', async world => {
    const ids = await Promise.all(Array.from({ length: 450 }, () => world.submit()))
    await world.later(2 * DAY)
    await world.ledger.tick()
    for (const id of ids) expect(await world.kinds(id)).toHaveLength(2)
  })

  story('a command comes after what had fallen due', async world => {
    const id = await world.submit()
    await world.later(3 * DAY)
    await world.does('messages', buyer, id, { text: '还没有人回复' })
    const at = START + 3 * DAY
    expect((await times(world, id)).slice(1)).toEqual([
      { kind: 'deadline_missed', at, on: START + 2 * DAY },
      { kind: 'message_added', at, on: at },
    ])
  })

  story('a promise kept in time stops the clock, and evidence resumes what was paused', async world => {
    const id = await world.submit()
    await world.does('responses', merchant(), id, fullOffer)
    await world.later(HOUR)
    await world.does('fulfilment', merchant(), id, { statement: '已退', proof: 'T1' })
    const other = await escalated(world)
    await world.later(HOUR)
    await world.does('evidence-requests', officer(), other, { from: 'buyer', request: '照片' })
    await world.later(DAY)
    await world.does('evidence', buyer, other, { text: '见图' })
    expect((await world.standing(other)).due).toBe(world.now + 71 * HOUR)
  })

  story('a step is never dated before the one before it', async world => {
    const id = await world.submit()
    await world.at(START - 30_000)
    await world.does('messages', buyer, id, { text: '时钟被拨回' })
    expect((await times(world, id))[1]?.at).toBe(START)
  })

  story('a step is never dated before a signed statement', async world => {
    const id = await world.submit()
    await world.later(11 * MINUTE)
    const { iat } = readStatement((await world.ledger.statement(id)) ?? '')
    expect(iat).toBe(START + 11 * MINUTE)
    await world.later(-30_000)
    await world.does('messages', buyer, id, { text: '时钟被拨回' })
    expect((await times(world, id))[1]?.at).toBe(iat)
    await world.restart()
    await world.does('messages', buyer, id, { text: '重启之后' })
    expect((await times(world, id))[2]?.at).toBe(iat)
  })

  story('a clock that was set far back stops all writing until it is right', async world => {
    const id = await world.submit()
    await world.later(-MINUTE - 1)
    expect(await world.order('messages', buyer, id, { text: '1999 年' })).toEqual({ refused: 'clock_behind' })
    expect(await world.kinds(id)).toEqual(['submitted'])
    await world.restart()
    expect(await world.order('messages', buyer, id, { text: '1999 年' })).toEqual({ refused: 'clock_behind' })
    await world.at(START)
    await world.does('messages', buyer, id, { text: '时钟对了' })
    expect(await world.kinds(id)).toEqual(['submitted', 'message_added'])
  })
}
