import { describe, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { BelievedClock, type Clock, ClockAhead } from '../../src/ledger/clock.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { done, people } from './fixture.ts'
import { newFolder, newSecrets, ORIGIN } from './node-host.ts'

const START = Date.parse('2026-03-02T02:00:00Z')
const [SECOND, MINUTE, DAY] = [1000, 60_000, 86_400_000]

/** A wall clock and a monotonic one, both in the test's hands. */
const clocks = () => {
  let [wall, monotonic] = [START, 0]
  return {
    now: () => wall,
    monotonic: () => monotonic,
    /** Real time passes. */
    pass: (ms: number) => {
      wall += ms
      monotonic += ms
    },
    /** The wall clock alone is moved. */
    leap: (ms: number) => {
      wall += ms
    },
  }
}

test('a clock is believed while the monotonic clock agrees', () => {
  const real = clocks()
  const clock = new BelievedClock(real)
  real.pass(400 * DAY)
  expect(clock.now()).toBe(START + 400 * DAY)
  real.leap(5 * MINUTE)
  expect(clock.isAhead).toBe(false)
  real.leap(DAY)
  expect(() => clock.now()).toThrow(ClockAhead)
  real.leap(-DAY)
  expect(clock.isAhead).toBe(false)
})

test('a leap that holds is the truth: a machine that was suspended', () => {
  const real = clocks()
  const clock = new BelievedClock(real)
  real.leap(2 * DAY)
  expect(clock.isAhead).toBe(true)
  real.pass(9 * MINUTE)
  expect(clock.isAhead).toBe(true)
  real.pass(MINUTE)
  expect(clock.isAhead).toBe(false)
})

test('a clock that leaps about is never believed', () => {
  const real = clocks()
  const clock = new BelievedClock(real)
  real.leap(30 * DAY)
  for (let i = 0; i < 20; i++) {
    real.leap(DAY)
    real.pass(5 * MINUTE)
    expect(clock.isAhead).toBe(true)
  }
})

const open = async (real: ReturnType<typeof clocks>) => {
  const host = openNodeHost(newFolder())
  const secrets = await newSecrets()
  const ledger = new LocalLedger({ host, secrets, policy: document, origin: ORIGIN, clock: real, signEveryMs: 0 })
  return { ledger, host, ...people(ledger) }
}

test('five seconds of a clock 400 days ahead leave no leaf and no miss, and the ledger writes again at once', async () => {
  const real = clocks()
  const { ledger, host, submit, say } = await open(real)
  const { id } = done(await submit())
  const leaves = () => host.sqlite.prepare('select count(*) from leaves').pluck().get()
  const before = leaves()
  real.leap(400 * DAY)
  for (let i = 0; i < 5; i++) {
    real.pass(SECOND)
    await ledger.tick()
  }
  expect(await say(id, '在吗')).toEqual({ refused: 'clock_ahead' })
  expect(await ledger.health()).toMatchObject({ reason: 'clock_ahead' })
  expect(leaves()).toBe(before)
  real.leap(-400 * DAY)
  await ledger.tick()
  expect(await ledger.health()).toBeNull()
  expect(await say(id, '在吗')).toMatchObject({ seq: 1 })
  const kinds = (await ledger.read(id))?.entries.map(({ step }) => step.kind)
  expect(kinds).toEqual(['submitted', 'message_added'])
  await ledger.close()
})

test('readiness: a clock behind the log, a deadline that no scheduler recorded', async () => {
  const real = clocks()
  const { ledger, submit } = await open(real)
  await submit()
  real.leap(-60 * MINUTE)
  expect(await ledger.health()).toMatchObject({ reason: 'clock_behind' })
  real.leap(60 * MINUTE)
  expect(await ledger.health()).toBeNull()
  real.pass(2 * DAY + 6 * MINUTE)
  expect(await ledger.health()).toMatchObject({ reason: 'deadlines_late' })
  await ledger.tick()
  expect(await ledger.health()).toBeNull()
  await ledger.close()
})

describe('a start far beyond the newest leaf', () => {
  const year = 400 * DAY

  const restarted = async (after: number, confirmed = false) => {
    const [folder, secrets] = [newFolder(), await newSecrets()]
    const serve = (real: Clock) => {
      const host = openNodeHost(folder)
      const options = { host, secrets, policy: document, origin: ORIGIN, clock: real, signEveryMs: 0 }
      const ledger = new LocalLedger(options)
      return { ledger, ...people(ledger) }
    }
    const first = serve(clocks())
    const { id } = done(await first.submit())
    await first.ledger.close()
    const real = clocks()
    real.leap(after)
    return { real, id, ...serve({ now: real.now, monotonic: real.monotonic, confirmed }) }
  }

  test('records no miss and writes nothing until it has held', async () => {
    const { real, ledger, id, say } = await restarted(year)
    await ledger.tick()
    expect(await say(id, '在吗')).toEqual({ refused: 'clock_ahead' })
    expect(await ledger.health()).toMatchObject({ reason: 'clock_ahead' })
    expect((await ledger.read(id))?.entries).toHaveLength(1)
    real.pass(10 * MINUTE)
    expect(await say(id, '在吗')).toHaveProperty('seq')
    await ledger.close()
  })

  test('writes at once when the operator confirms it, or within a month', async () => {
    for (const [after, confirmed] of [
      [year, true],
      [29 * DAY, false],
    ] as const) {
      const { ledger, id, say } = await restarted(after, confirmed)
      expect(await say(id, '在吗')).toHaveProperty('seq')
      await ledger.close()
    }
  })
})
