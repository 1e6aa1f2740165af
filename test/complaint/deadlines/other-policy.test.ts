import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addToTally, effectsOf, emptyTally, mergeTallies } from '../../../src/complaint/deadlines/other-policy.ts'
import { type Policy, policyFaults } from '../../../src/complaint/deadlines/policy.ts'
import { OUTSIDE_ACTS } from '../../../src/complaint/decide.ts'
import { foldAll } from '../../../src/complaint/evolve.ts'
import { submits } from '../moves.ts'
import { choices, doesSomething, noticesGoOut, somebody, timePasses } from '../random-acts.ts'
import { boss, buyer, DAY, DomainWorld, desk, HOUR, merchant, newestPolicy, START } from '../support.ts'

const basis = { basis: 'default', source: 'a test' } as const
/** Every time longer or shorter, other holidays, and a surge that holds for all of March. */
const other: Policy = {
  ...newestPolicy,
  name: 'other',
  hash: 'other',
  times: {
    ...newestPolicy.times,
    awaiting_merchant: { hours: 24, ...basis },
    awaiting_buyer: { hours: 240, ...basis },
    platform_review: { hours: 96, ...basis },
    supervisor: { hours: 12, ...basis },
    evidence_requested: { hours: 48, ...basis },
    awaiting_return: { hours: 100, ...basis },
    fulfilment_money: { hours: 72, ...basis },
    fulfilment_goods: { hours: 90, ...basis },
    fulfilment_after_receipt: { hours: 60, ...basis },
    fulfilment_after_shipment: { hours: 200, ...basis },
    awaiting_confirmation: { hours: 120, ...basis },
    appeal_review: { workingDays: 10, ...basis },
  },
  surges: [{ name: '三月', announced: '2026-02-01', from: '2026-03-01', until: '2026-03-18', hours: 12, ...basis }],
}

test('the deadline is the one that the same steps fold to under the other document', () => {
  fc.assert(
    fc.property(choices(200), pick => {
      const [own, asked] = pick.maybe() ? [newestPolicy, other] : [other, newestPolicy]
      const world = new DomainWorld()
      submits({ policy: own })(world)
      for (let i = 0; i < 40; i++) {
        timePasses(world, pick)
        if (pick.below(12) === 0) noticesGoOut(world)
        world.tick()
        doesSomething(world, pick.of(OUTSIDE_ACTS), somebody(pick), pick)
        const { steps, c, now } = world
        const [first, ...rest] = steps
        const folded = foldAll([{ ...first!, policy: asked }, ...rest])
        expect(effectsOf(c, asked, now).due).toBe(folded?.due)
        expect(effectsOf(c, own, now)).toEqual({ due: c.due, effects: [] })
      }
    }),
  )
})

test('a silent merchant: sooner, and at another hour overdue; a surge adds to what would be', () => {
  const world = new DomainWorld()
  submits({ policy: newestPolicy })(world)
  const plain = { ...other, surges: [] }
  expect(effectsOf(world.c, plain, START + 23 * HOUR)).toEqual({ due: START + DAY, effects: ['earlier'] })
  expect(effectsOf(world.c, plain, START + DAY).effects).toEqual(['earlier', 'overdue'])
  expect(effectsOf(world.c, other, START + DAY)).toEqual({ due: START + 36 * HOUR, effects: ['earlier'] })
})

test('goods that came back: the earlier of two ends, as after the receipt', () => {
  const world = new DomainWorld()
  submits({ policy: newestPolicy, remedySought: { kind: 'return_refund' } })(world)
  const offer = {
    kind: 'return_refund',
    amount: { value: '89.00', currency: 'CNY' },
    returnTo: '杭州',
    freightPaidBy: 'merchant',
  } as const
  world.act('responses', merchant, { answer: 'offer', statement: '', offer })
  if (world.c.state === 'awaiting_buyer') world.act('offer-acceptance', buyer, {})
  world.act('return-shipment', buyer, { carrier: '顺丰', trackingNo: 'SF1' })
  world.now += DAY
  world.act('return-receipt', merchant, {})
  const [first, ...rest] = world.steps
  for (const hours of [60, 300]) {
    const asked = { ...other, times: { ...other.times, fulfilment_after_receipt: { hours, ...basis } } }
    const folded = foldAll([{ ...first!, policy: asked }, ...rest])
    expect([folded?.state, effectsOf(world.c, asked, world.now).due]).toEqual(['fulfilment', folded?.due])
  }
})

test('desk, handoffs, category, whole case, promise and lapse: each by its own clause', () => {
  const world = new DomainWorld()
  submits({ policy: newestPolicy })(world)
  world.act('responses', merchant, { answer: 'reject', ground: 'as_described', statement: '' })
  const notified = { ...world.c, notices: [START, START + DAY, START + 2 * DAY] }
  const found = (changes: Partial<Policy>, c = world.c) =>
    effectsOf(c, { ...newestPolicy, ...changes }, world.now).effects
  expect(found({ lapse: { notices: { count: 4, ...basis }, days: { count: 2, ...basis } } }, notified)).toEqual([
    'stays_open',
  ])
  expect(
    found(
      { lapse: { notices: { count: 1, ...basis }, days: { count: 1, ...basis } } },
      { ...notified, notices: [START] },
    ),
  ).toEqual(['lapses'])
  expect(found({ categories: ['other'] })).toEqual(['category'])
  expect(found({ total: { hours: 24, ...basis } })).toEqual(['total'])
  world.act('escalation', buyer, { reason: '' })
  world.act('assignment', desk, { officer: 'A17', desk: '家电组' })
  world.act('handoffs', desk, { toDesk: '物流组', reason: '' })
  expect(found({ desks: ['家电组'] })).toEqual(['desk'])
  expect(found({ desks: ['家电组', '物流组'] })).toEqual([])
  expect(found({ limits: { ...newestPolicy.limits, handoffs: { count: 1, ...basis } } })).toEqual(['supervisor'])
  const promised = { ...world.c, state: 'fulfilment', rule: 'promised', since: START, due: START + 5 * DAY } as const
  const remedy = { kind: 'refund', owedBy: 'merchant', source: 'offer', seq: 1 } as const
  const caps = { ...newestPolicy.caps, promise_money: { hours: 96, ...basis } }
  expect(found({ caps }, { ...promised, remedy })).toEqual(['remedy'])
  expect(world.refused).toBeNull()
  expect(boss.role).toBe('supervisor')
})

test('portions and shards add up to what one look finds', () => {
  const worlds = Array.from({ length: 9 }, (_, i) => {
    const world = new DomainWorld()
    submits({ policy: newestPolicy })(world)
    if (i % 3 === 0) world.act('responses', merchant, { answer: 'reject', ground: 'as_described', statement: '' })
    return world
  })
  const count = (some: readonly DomainWorld[], from: number) => {
    const tally = emptyTally()
    for (const [i, { c, now }] of some.entries()) addToTally(tally, from + i, c, effectsOf(c, other, now))
    return tally
  }
  const parts = [count(worlds.slice(0, 4), 0), count(worlds.slice(4), 4)].reduce(mergeTallies, emptyTally())
  expect(parts).toEqual(count(worlds, 0))
  expect(parts.effects).toEqual({ earlier: 6, later: 3 })
  expect(parts.examples.map(({ effect, id }) => [effect, id])).toHaveLength(6)
})

test('all faults of a document are named at once, each by its place', () => {
  const { hash: _, caps, ...rest } = newestPolicy
  const wrong = { ...rest, name: 'Großes', times: { ...rest.times, supervisor: { hours: 0, ...basis } }, colour: 1 }
  const places = policyFaults(wrong).map(({ path, kind }) => `${path} ${kind}`)
  expect(places.sort()).toEqual(['caps missing', 'colour unknown', 'name wrong', 'times.supervisor.hours wrong'])
  expect(policyFaults({ ...rest, caps })).toEqual([])
  expect(policyFaults(7)).toEqual([expect.objectContaining({ path: '', kind: 'wrong' })])
})
