import { expect, onTestFinished, test, vi } from 'vitest'
import { dayNumber } from '../../../src/complaint/time.ts'
import { Scheduler } from '../../../src/hosts/node/scheduler.ts'
import { deliverDue } from '../../../src/notify/sms/deliver.ts'
import type { Sent } from '../../../src/notify/sms/provider.ts'
import { accepted, DAY, openMessageFixture, Provider } from '../../notify/sms/support.ts'
import { parseLines } from '../../support/log-lines.ts'

/** A scheduler over a ledger with complaints, whose provider answers as `answer` says. */
const openScheduled = async (answer: Provider['answer']) => {
  const provider = new Provider(answer)
  const town = await openMessageFixture(provider)
  const deliver = (_: unknown, signal: AbortSignal) => deliverDue({ ...town.desk, signal })
  const scheduler = new Scheduler({ ledgers: [town.ledger], deliveries: [deliver], clock: town.clock })
  const began = (await town.steps())[0]?.on ?? 0
  return { town, provider, scheduler, began }
}

test('a provider that never answers delays no deadline, and no shutdown', async () => {
  const never = Promise.withResolvers<Sent>()
  const { town, provider, scheduler, began } = await openScheduled(() => never.promise)
  scheduler.start()
  onTestFinished(() => scheduler.stop())
  await vi.waitFor(() => expect(provider.sent).toHaveLength(1), 10_000)
  for (const [instant, misses] of [
    [began + 2 * DAY, 1],
    [began + 5 * DAY, 2],
    [began + 6 * DAY, 3],
  ] as const) {
    town.clock.moveTo(instant)
    await vi.waitFor(async () => expect((await town.steps()).filter(isMiss)).toHaveLength(misses), 10_000)
  }
  expect((await town.steps()).filter(isMiss).map(({ on }) => on)).toEqual([2, 5, 6].map(days => began + days * DAY))
  // The same batch is still under way, and was not begun a second time.
  expect(provider.sent).toHaveLength(1)
  const stopping = scheduler.stop()
  never.resolve(accepted)
  await stopping
})

const isMiss = ({ kind }: { kind: string }): boolean => kind === 'deadline_missed'

test('concurrent runs: messages of one ledger are never sent twice at a time', async () => {
  let running = 0
  let most = 0
  const { town, scheduler } = await openScheduled(async () => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setTimeout(resolve, 20))
    running--
    return accepted
  })
  for (let i = 0; i < 5; i++) await town.submit(`DD-${10 + i}`, '13800001234')
  await Promise.all([scheduler.runOnce(), scheduler.runOnce(), scheduler.runOnce()])
  expect(most).toBe(1)
  expect(town.outbox().filter(({ outcome }) => outcome === 'accepted')).toHaveLength(2)
  await scheduler.stop()
})

test('a run appends before it sends, and answers the next due instant', async () => {
  const { town, provider, scheduler, began } = await openScheduled(() => accepted)
  town.clock.moveTo(began + 2 * DAY)
  const next = await scheduler.runOnce()
  expect(provider.sent.map(({ template }) => template)).toEqual(['submitted', 'deadline_missed.merchant'])
  // Half of the platform's three days.
  expect(next).toBe(began + 3.5 * DAY)
  await scheduler.stop()
  expect(await scheduler.runOnce()).toBe(next)
})

test('one ledger that fails delays no other', async () => {
  const { town, began } = await openScheduled(() => accepted)
  const broken = Object.create(town.ledger, { tick: { value: () => Promise.reject(new Error('a torn page')) } })
  const said = vi.spyOn(console, 'error').mockReturnValue()
  onTestFinished(() => said.mockRestore())
  const scheduler = new Scheduler({ ledgers: [broken, town.ledger], deliveries: [async () => 0], clock: town.clock })
  onTestFinished(() => scheduler.stop())
  town.clock.moveTo(began + 2 * DAY)
  scheduler.start()
  await vi.waitFor(async () => {
    expect((await town.steps()).filter(isMiss)).toHaveLength(1)
    expect(parseLines(said.mock.calls)).toMatchObject([{ level: 'error', msg: 'scheduler fails', reason: 'Error' }])
  }, 10_000)
})

test('figures are summed after a start and after midnight in Shanghai, before anybody asks', async () => {
  const { town, began } = await openScheduled(() => accepted)
  const asked = vi.spyOn(town.ledger.figures, 'days')
  const scheduler = new Scheduler({ ledgers: [town.ledger], deliveries: [], clock: town.clock })
  onTestFinished(() => scheduler.stop())
  scheduler.start()
  const until = dayNumber(began)
  const periods = (until: number) => [30, 90, 365].map(days => [null, { from: until - days + 1, until }])
  await vi.waitFor(() => expect(asked.mock.calls).toEqual(periods(until)), 10_000)
  town.clock.moveTo(began + DAY)
  await vi.waitFor(() => expect(asked.mock.calls).toEqual([...periods(until), ...periods(until + 1)]), 10_000)
})

test('a slow webhook endpoint delays no SMS of the same ledger', async () => {
  const town = await openMessageFixture()
  const never = Promise.withResolvers<number>()
  let asked = 0
  const erp = () => {
    asked++
    return never.promise
  }
  const letters = (_: unknown, signal: AbortSignal) => town.deliver({ signal })
  const scheduler = new Scheduler({ ledgers: [town.ledger], deliveries: [erp, letters], clock: town.clock })
  scheduler.start()
  const accepted = () => town.outbox().filter(({ outcome }) => outcome === 'accepted')
  await vi.waitFor(() => expect(accepted()).toHaveLength(1), 10_000)
  await town.submit('DD-2', '13900005678')
  await vi.waitFor(() => expect(accepted()).toHaveLength(2), 10_000)
  expect(asked).toBe(1)
  never.resolve(0)
  await scheduler.stop()
})
