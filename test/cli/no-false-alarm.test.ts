import fc from 'fast-check'
import { expect, test } from 'vitest'
import { follow } from '../../src/cli/monitor/case.ts'
import { type SkimmedLeaf, skim } from '../../src/cli/monitor/skim.ts'
import type { Complaint } from '../../src/complaint/complaint.ts'
import { actionsFor } from '../../src/complaint/decide.ts'
import { evolve } from '../../src/complaint/evolve.ts'
import type { NewStep } from '../../src/complaint/step.ts'
import { REMEDIES, STEP_KINDS } from '../../src/complaint/words.ts'
import { encodeLeaf, type LeafObject } from '../../src/log/leaf.ts'
import { stories } from '../complaint/every-kind.ts'
import { submits } from '../complaint/moves.ts'
import { type Choices, choices, doesSomething, noticesGoOut, somebody, timePasses } from '../complaint/random-acts.ts'
import { DomainWorld } from '../complaint/support.ts'

/** The leaf of a step, with what stands after it; read back as from a log. */
const leafOf = (step: NewStep, after: Complaint): SkimmedLeaf => {
  const { kind, by, auto, who, at, on, p, content } = step
  const { seq, state, holder, due, rule, policy } = after
  const d = Object.fromEntries(Object.keys(content).map(name => [name, 'digest']))
  const stands = { seq, state, holder, due, rule, policy: policy.hash, prev: null, c: 'AAAAAAAAAAAAAAAAAAAAAA' }
  const leaf = skim(Buffer.from(encodeLeaf({ ...stands, v: 1, kind, by, auto, who, at, on, p: p as LeafObject, d })))
  if (!leaf) throw new Error('not canonical')
  return leaf
}

/** Follows the steps of a story; answers the kinds it met. */
const followed = ({ steps }: DomainWorld): string[] => {
  let before: Complaint | null = null
  for (const step of steps) {
    const after: Complaint = evolve(before, step)
    expect(follow(before, leafOf(step, after), after.policy), step.kind).toEqual(after)
    before = after
  }
  return steps.map(({ kind }) => kind)
}

test.each(Object.entries(stories))('the story %s is right to a monitor', (_name, tell) => {
  followed(tell())
})

test('and the stories have every kind of step', () => {
  const met = Object.values(stories).flatMap(tell => followed(tell()))
  expect(STEP_KINDS.filter(kind => !met.includes(kind))).toEqual([])
})

const ENDS = ['confirmation', 'withdrawal', 'refusal']

test('whatever an honest ledger writes is right to a monitor', () => {
  fc.assert(
    fc.property(choices(400), pick => {
      const world = new DomainWorld()
      const kind = pick.of(REMEDIES)
      submits({ remedySought: pick.maybe() ? { kind, amount: { value: '89.00', currency: 'CNY' } } : undefined })(world)
      for (let i = 0; i < 70; i++) somethingHappens(world, pick)
      followed(world)
    }),
    { numRuns: 200 },
  )
})

const somethingHappens = (world: DomainWorld, pick: Choices) => {
  timePasses(world, pick)
  if (pick.below(8) === 0) noticesGoOut(world)
  // Some notices are reported undelivered, which no leaf says.
  world.failed = pick.below(4) === 0 ? pick.below(4) : 0
  world.tick()
  const by = somebody(pick)
  // Ends are many and close what is interesting; most of the time nobody chooses one.
  const isLikely = (act: string) => !ENDS.includes(act) || pick.below(10) === 0
  const acts = actionsFor(world.c, by.role, world.now).filter(isLikely)
  if (acts.length > 0) doesSomething(world, pick.of(acts), by, pick)
}
