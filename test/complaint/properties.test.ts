import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Complaint, isStuck } from '../../src/complaint/complaint.ts'
import { nextDueAt } from '../../src/complaint/deadlines/due-steps.ts'
import { actionsFor, OUTSIDE_ACTS } from '../../src/complaint/decide.ts'
import { foldAll } from '../../src/complaint/evolve.ts'
import type { Step } from '../../src/complaint/step.ts'
import { toComplaintView } from '../../src/complaint/view/complaint-view.ts'
import { responsibility } from '../../src/complaint/view/responsibility.ts'
import { projectDueSteps, replay } from '../../src/complaint/view/timeline.ts'
import { isOpen, REMEDIES } from '../../src/complaint/words.ts'
import { zhCN } from '../../src/i18n/zh-CN/complaint.ts'
import { submits } from './moves.ts'
import {
  type Choices,
  choices,
  doesSomething,
  noticesGoOut,
  type OutsideAct,
  somebody,
  timePasses,
} from './random-acts.ts'
import {
  boss,
  buyer,
  DomainWorld,
  entriesOf,
  leafOnly,
  merchant,
  newestPolicy,
  officer,
  policy,
  robot,
  START,
} from './support.ts'

const begins = (pick: Choices): DomainWorld => {
  const world = new DomainWorld()
  const kind = pick.of(REMEDIES)
  const pinned = pick.maybe() ? newestPolicy : policy
  submits({
    policy: pinned,
    remedySought: pick.maybe() ? { kind, amount: { value: '89.00', currency: 'CNY' } } : undefined,
  })(world)
  return world
}

/** Random acts by every role at any time, permitted or not; `each` checks every attempt. */
const live = (
  pick: Choices,
  attempts: number,
  each: (world: DomainWorld, act: OutsideAct, listed: boolean) => void = () => {},
) => {
  const world = begins(pick)
  for (let i = 0; i < attempts; i++) {
    timePasses(world, pick)
    if (pick.below(12) === 0) noticesGoOut(world)
    world.tick()
    const [act, by] = [pick.of(OUTSIDE_ACTS), somebody(pick)]
    const listed = actionsFor(world.c, by.role, world.now).includes(act)
    doesSomething(world, act, by, pick)
    each(world, act, listed)
  }
  return world
}

const STATE_CODES = ['wrong_state', 'closed', 'not_yours']

describe('whatever anybody does, and however long nobody does', () => {
  test('what is not listed is refused, and what is listed is not refused for its time or its doer', () => {
    fc.assert(
      fc.property(choices(300), pick => {
        live(pick, 60, (world, act, listed) => {
          if (!listed) expect(world.refused, act).not.toBeNull()
          // One text is an officer's to erase as well; all of a complaint is a supervisor's, which a list of acts can't tell.
          const isAll = act === 'redactions' && world.refused === 'not_yours'
          if (listed && !isAll) expect(STATE_CODES, act).not.toContain(world.refused)
        })
      }),
    )
  })

  test('stored steps fold to the stored state; nobody but the buyer marks it solved', () => {
    fc.assert(
      fc.property(choices(300), pick => {
        const { steps, c } = live(pick, 60)
        expect(foldAll(steps.map(leafOnly))).toEqual(c)
        const solved = replay(entriesOf({ steps } as DomainWorld)).filter(
          ({ before, after }) => after.state === 'closed_confirmed' && before?.state !== 'closed_confirmed',
        )
        for (const { entry } of solved) expect(entry.step).toMatchObject({ kind: 'confirmed', by: 'buyer' })
      }),
    )
  })

  test('every open second belongs to somebody, whether or not a timer has noticed', () => {
    fc.assert(
      fc.property(choices(300), fc.nat(2_000_000_000), (pick, length) => {
        const world = live(pick, 40)
        const now = world.now + length
        const states = statesOf(world)
        const shares = responsibility(states, now)
        const settled = projectDueSteps(world.c, now).map(({ step, after }) => ({ on: step.on, after }))
        expect(shares.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(openSeconds([...states, ...settled], now))
        for (const { seconds, lateSeconds } of shares) {
          expect(Number.isInteger(seconds) && Number.isInteger(lateSeconds)).toBe(true)
          expect(lateSeconds).toBeLessThanOrEqual(seconds)
        }
        expect(responsibility([...states, ...settled], now)).toEqual(shares)
      }),
    )
  })

  test('every reader gets whole sentences and clean JSON', () => {
    fc.assert(
      fc.property(choices(300), pick => {
        const world = live(pick, 40)
        for (const reader of ['buyer', 'share', 'merchant', 'platform'] as const) {
          const seen = toComplaintView({
            id: 'X',
            entries: entriesOf(world),
            reader,
            role: null,
            now: world.now,
            dictionary: zhCN,
          })
          expect(JSON.stringify(seen)).not.toMatch(/undefined|NaN|\[object/)
          for (const step of seen.steps) expect(zhCN.describe(step)).not.toMatch(/undefined|[a-z]|^$/)
          if (reader === 'share') expect(JSON.stringify(seen)).not.toMatch(/王小梅|13800138000|\*8000|2026030200017/)
        }
      }),
      { numRuns: 40 },
    )
  })
})

const statesOf = (world: DomainWorld) =>
  replay(entriesOf(world)).map(({ entry, after }) => ({ on: entry.step.on, after }))

const openSeconds = (states: { on: number; after: Complaint }[], now: number): number => {
  const second = (at: number) => Math.floor((at - START) / 1000)
  return states.reduce((sum, { on, after }, i) => {
    const until = states[i + 1]?.on ?? Math.max(on, now)
    return isOpen(after.state) ? sum + second(until) - second(on) : sum
  }, 0)
}

/** Upper bound on the changes of state that this policy allows; termination.test.ts walks every path. */
const LIMIT = 236

const IDLE: readonly string[] = [
  'messages',
  'human-request',
  'rating',
  'follow-up',
  'conduct-report',
  'redaction-request',
  'share-links',
  'device-keys',
  'device-key-retirements',
  'redactions',
  'redaction-refusals',
  'legal-holds',
  'legal-hold-releases',
  'nudges',
  'statements-requests',
  'statements',
  'interim-reports',
  'link-rotation',
  'extensions',
  'return-receipt',
  'assignment',
  'handoffs',
  'handoff-acceptance',
]
const _moves = (steps: readonly Step[]): number =>
  steps.reduce(
    ({ before, count }, _step, i) => {
      const { state } = foldAll(steps.slice(0, i + 1))!
      return { before: state, count: state === before ? count : count + 1 }
    },
    { before: '', count: 0 },
  ).count

const people = [buyer, merchant, robot, boss, ...['A17', 'B2', 'C3', 'D4'].map(officer)]
const ENDS: readonly string[] = ['confirmation', 'withdrawal', 'refusal']

/** Takes permitted acts until none is left; a `stubborn` run ends nothing while another act is permitted. */
const goesOn = (pick: Choices, { idle = false, stubborn = false }, attempts: number): DomainWorld => {
  const world = begins(pick)
  for (let i = 0; i < attempts; i++) {
    if (pick.below(4) === 0) timePasses(world, pick)
    if (pick.below(6) === 0) noticesGoOut(world)
    world.tick()
    const ways = people.flatMap(by => actionsFor(world.c, by.role, world.now).map(act => ({ by, act })))
    const going = ways.filter(({ act }) => idle || !IDLE.includes(act))
    const open = going.filter(({ act }) => !ENDS.includes(act))
    const way = pick.of(stubborn && open.length > 0 ? open : going)
    if (way) doesSomething(world, way.act, way.by, pick)
    else world.now = nextDueAt(world.c) ?? world.now
  }
  return world
}

const changes = (world: DomainWorld): number =>
  replay(entriesOf(world)).filter(({ before, after }) => before !== null && before.state !== after.state).length

describe('nothing cycles for ever', () => {
  test.each([
    ['permitted acts at random', { idle: true }, 400],
    ['acts that may move it, at random', {}, 400],
    ['acts that may move it, and no end by will', { stubborn: true }, 1200],
  ])('%s: the state stops changing', (_name, nature, attempts) => {
    fc.assert(
      fc.property(choices(701), pick => {
        expect(changes(goesOn(pick, nature, attempts))).toBeLessThanOrEqual(LIMIT)
      }),
      { numRuns: 60 },
    )
  })

  test('once everybody falls silent it rests within three deadlines and those of third parties: closed, or stuck with a supervisor', () => {
    fc.assert(
      fc.property(choices(300), pick => {
        const world = live(pick, 50)
        const before = world.steps.length
        const outside = world.c.statements.length
        for (let i = 0; i < 3 + outside; i++) {
          world.now = nextDueAt(world.c) ?? world.now
          world.tick()
        }
        expect(world.steps.length - before).toBeLessThanOrEqual(4 + outside)
        expect(isStuck(world.c) || !isOpen(world.c.state)).toBe(true)
        expect(nextDueAt(world.c)).toBeNull()
      }),
    )
  })
})
