import { expect, test } from 'vitest'
import { MOST_CLIENTS, networkOf, RateLimiter } from '../../src/routes/limits.ts'

const SECOND = 1000
const limiterAt = (limit = { client: { burst: 3, perSecond: 0.5 } }) => {
  const clock = { at: 1_000_000, now: () => clock.at }
  return { clock, limiter: new RateLimiter(limit, clock) }
}
const taken = (limiter: RateLimiter, times: number, client?: string) =>
  Array.from({ length: times }, () => limiter.take(client))

test('a burst, then one each two seconds; the wait is said in whole seconds', () => {
  const { clock, limiter } = limiterAt()
  expect(taken(limiter, 4, 'a')).toEqual([0, 0, 0, 2])
  clock.at += SECOND
  expect(limiter.take('a')).toBe(1)
  clock.at += SECOND
  expect(taken(limiter, 2, 'a')).toEqual([0, 2])
  clock.at += 3600 * SECOND
  expect(taken(limiter, 4, 'a')).toEqual([0, 0, 0, 2])
})

test('a clock that goes back by a day locks nobody out', () => {
  const { clock, limiter } = limiterAt()
  taken(limiter, 4, 'a')
  clock.at -= 86_400 * SECOND
  expect(limiter.take('a')).toBe(2)
  clock.at += 2 * SECOND
  expect(limiter.take('a')).toBe(0)
})

test('a refused client takes nothing from the others', () => {
  const { limiter } = limiterAt({ client: { burst: 3, perSecond: 0.5 }, all: { burst: 5, perSecond: 1 } } as never)
  expect(taken(limiter, 100, 'a').filter(wait => wait === 0)).toHaveLength(3)
  expect(taken(limiter, 3, 'b')).toEqual([0, 0, 1])
  expect(limiter.take(undefined)).toBe(1)
})

/** 100,000 networks of one attacker. */
const address = (i: number) => `2001:db8:${(i >> 16).toString(16)}:${(i & 0xffff).toString(16)}::1`

test('memory is bounded after 100,000 addresses, and who keeps coming is not forgotten', () => {
  const { limiter } = limiterAt()
  taken(limiter, 3, 'flooder')
  for (let i = 0; i < 100_000; i++) {
    limiter.take(address(i))
    if (i % 1000 === 0) expect(limiter.take('flooder')).toBeGreaterThan(0)
  }
  expect(limiter.size).toBeLessThanOrEqual(MOST_CLIENTS)
  expect(limiter.size).toBeGreaterThanOrEqual(MOST_CLIENTS / 2)
})

test('time: each of 100,000 addresses costs what each of 5,000 does', () => {
  const each = (addresses: number): number => {
    const { limiter } = limiterAt()
    const began = performance.now()
    for (let i = 0; i < addresses; i++) limiter.take(address(i))
    return (performance.now() - began) / addresses
  }
  const best = (addresses: number) => Math.min(...Array.from({ length: 4 }, () => each(addresses)))
  best(5000)
  // As one Map whose oldest entry was deleted, each of 100,000 cost seven times as much.
  expect(best(100_000)).toBeLessThan(best(5000) * 4)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['2001:db8:1::2:3:4:5', '2001:db8:1:0'],
])('%s is of the network %s', (text, network) => {
  expect(networkOf(text)).toBe(network)
})
