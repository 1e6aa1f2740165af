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
import { choices, doesSomething, noticesGoOut, somebody, timePasses } from '../complaint/anyone.ts'
import { submits } from '../complaint/moves.ts'
import { policy, World } from '../complaint/support.ts'

/** The leaf of a step, with what stands after it; read back as from a log. */
const leafOf = (step: NewStep, after: Complaint): SkimmedLeaf => {
  const { kind, by, auto, who, at, on, p, says } = step
  const { seq, state, holder, due, rule } = after
  const d = Object.fromEntries(Object.keys(says).map(name => [name, 'digest']))
  const stands = { seq, state, holder, due, rule, policy: policy.hash, prev: null, c: 'AAAAAAAAAAAAAAAAAAAAAA' }
  const leaf = skim(Buffer.from(encodeLeaf({ ...stands, v: 1, kind, by, auto, who, at, on, p: p as LeafObject, d })))
  if (!leaf) throw new Error('not canonical')
  return leaf
}

test('whatever an honest ledger writes is right to a monitor', () => {
  const met = new Set<string>()
  fc.assert(
    fc.property(choices(400), pick => {
      const world = new World()
      const kind = pick.of(REMEDIES)
      submits({ remedySought: pick.maybe() ? { kind, amount: { value: '89.00', currency: 'CNY' } } : undefined })(world)
      for (let i = 0; i < 70; i++) {
        timePasses(world, pick)
        if (pick.below(8) === 0) noticesGoOut(world)
        // Some notices are reported undelivered, which no leaf says.
        world.failed = pick.below(4) === 0 ? pick.below(4) : 0
        const by = somebody(pick)
        doesSomething(world, pick.of(actionsFor(world.c, by.role, world.now)), by, pick)
      }
      let before: Complaint | null = null
      for (const step of world.steps) {
        met.add(step.kind)
        const after: Complaint = evolve(before, step)
        expect(follow(before, leafOf(step, after), policy), step.kind).toEqual(after)
        before = after
      }
    }),
    { numRuns: 600 },
  )
  expect(STEP_KINDS.filter(kind => !met.has(kind))).toEqual([])
})
