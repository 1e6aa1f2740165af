import { expect } from 'vitest'
import { buyer, DAY, HOUR, type LedgerFixture, MINUTE, type Story } from '../fixture.ts'

const metrics = ({ ledger }: LedgerFixture) => ledger.metrics()
const waiting = async (world: LedgerFixture) => {
  const { outboxPending, outboxOldest } = await metrics(world)
  return [outboxPending, outboxOldest]
}

export const health = (story: Story): void => {
  story('a deadline that nothing records is late, and how late is measured', async world => {
    await world.submit()
    await world.later(2 * DAY)
    expect([await world.ledger.health(), (await metrics(world)).deadlineLag]).toEqual([null, 0])
    await world.later(6 * MINUTE)
    expect(await metrics(world)).toMatchObject({ deadlineLag: 360, illness: { reason: 'deadlines_late' } })
    expect(await world.ledger.health()).toMatchObject({ reason: 'deadlines_late' })
    await world.ledger.tick()
    expect(await metrics(world)).toMatchObject({ deadlineLag: 0, illness: null })
  })

  story('a message waits from when it was due, or from its first attempt that failed', async world => {
    await world.submit()
    await world.sendAll()
    expect(await waiting(world)).toEqual([0, 0])
    // Half of the merchant's time has passed: the reminder was planned for now, days ago.
    await world.later(DAY)
    const { outbox } = world.ledger
    const [digest] = await world.dueDigests()
    const [message] = digest?.messages ?? []
    if (!message) throw new Error('no reminder is due')
    const [pending, oldest] = await waiting(world)
    await world.later(10 * MINUTE)
    expect(await waiting(world)).toEqual([pending, (oldest ?? 0) + 600])
    // The platform's messages are accepted; the merchant's gateway is down.
    for (const each of (await world.dueDigests()).flatMap(({ messages }) => messages))
      await outbox.recordDeliveries([{ message: each, delivery: { retryAt: world.now + HOUR, reason: 'timeout' } }])
    expect(await waiting(world)).toEqual([pending, 0])
    await world.later(30 * MINUTE)
    await outbox.recordDeliveries([{ message: message, delivery: { retryAt: world.now + HOUR, reason: 'timeout' } }])
    expect((await waiting(world))[1]).toBe(1800)
    // Night: no attempt is made, so nothing fails.
    await outbox.recordDeliveries([{ message: message, delivery: { heldUntil: world.now + 8 * HOUR } }])
    expect((await waiting(world))[0]).toBe((pending ?? 0) - 1)
    await world.later(8 * HOUR)
    await outbox.recordDeliveries([{ message: message, delivery: { outcome: 'accepted' } }])
    for (const each of (await world.dueDigests()).flatMap(({ messages }) => messages))
      await outbox.recordDeliveries([{ message: each, delivery: { outcome: 'expired', reason: 'timeout' } }])
    expect(await waiting(world)).toEqual([0, 0])
  })

  story('commits and leaves are counted, and the checkpoint covers them', async world => {
    const id = await world.submit()
    await world.ledger.statement(id)
    const before = await metrics(world)
    await world.does('messages', buyer, id, { text: '在吗' })
    await world.ledger.statement(id)
    const after = await metrics(world)
    const commits = ({ counts }: { counts: readonly number[] }) => counts.reduce((sum, n) => sum + n, 0)
    expect(commits(after.commits)).toBeGreaterThan(commits(before.commits))
    expect(after).toMatchObject({ unsignedLeaves: 0, checkpointAge: 0, writeFailures: 0, cosignatureAges: [] })
    expect(after.storageBytes).toBeGreaterThan(4096)
    await world.later(HOUR)
    expect((await metrics(world)).checkpointAge).toBe(3600)
  })

  story('a clock that is behind the log is named until it is right', async world => {
    await world.submit()
    await world.later(-10 * MINUTE)
    expect(await world.ledger.health()).toMatchObject({ reason: 'clock_behind' })
    await world.later(10 * MINUTE)
    expect(await world.ledger.health()).toBeNull()
  })
}
