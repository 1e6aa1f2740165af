import { parse } from 'valibot'
import { expect } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import newest from '../../db/policies/cn-2026-3.json' with { type: 'json' }
import type { Act, Actor, Bodies, Context, Refusal, RefusalCode } from '../../src/complaint/command.ts'
import type { Complaint } from '../../src/complaint/complaint.ts'
import { dueSteps } from '../../src/complaint/deadlines/due-steps.ts'
import { type Policy, PolicySchema } from '../../src/complaint/deadlines/policy.ts'
import { actionsFor, decide } from '../../src/complaint/decide.ts'
import { evolve, foldAll } from '../../src/complaint/evolve.ts'
import type { Fields, NewStep, Step } from '../../src/complaint/step.ts'
import { DAY, HOUR, MINUTE } from '../../src/complaint/time.ts'
import { type Entry, replay } from '../../src/complaint/view/timeline.ts'
import { isOpen, type State, type StepKind } from '../../src/complaint/words.ts'
import { expectRecomputed, type TimedLeaf } from './deadlines/recompute.ts'

export const policy: Policy = { ...parse(PolicySchema, document), hash: 'pMVqXjVxYS1q3u2vRr1-0wWhn_0G4vL1rTGsG2f0xXA' }

/** The newest document, which has a clock for the whole complaint. */
export const newestPolicy: Policy = {
  ...parse(PolicySchema, newest),
  hash: '8qMQxT5yl4sFJg4Xz2tVqgVYBW8o3qJ3Cw1s1bq7M0s',
}

/** Monday 2 March 2026, 10:00 in Shanghai: no holiday near. */
export const START = Date.parse('2026-03-02T02:00:00Z')
export { DAY, HOUR }

/** `90m`, `48h`, `7d`, joined by spaces: `47h 59m`. */
const ms = (length: string): number =>
  length
    .split(' ')
    .reduce((sum, part) => sum + Number(part.slice(0, -1)) * { m: MINUTE, h: HOUR, d: DAY }[part.at(-1)!]!, 0)

export const buyer: Actor = { role: 'buyer', auto: false, who: null }
export const merchant: Actor = { role: 'merchant', auto: false, who: 'tag-of-li', name: '李娜' }
export const third: Actor = { role: 'third_party', auto: false, who: null }
export const robot: Actor = { role: 'merchant', auto: true, who: null }
export const officer = (name: string): Actor => ({ role: 'platform', auto: false, who: `tag-of-${name}`, name })
export const desk = officer('A17')
export const machine: Actor = { role: 'platform', auto: true, who: null }
export const supervisor = (name: string): Actor => ({ ...officer(name), role: 'supervisor' })
export const boss = supervisor('S1')

/**
 * One complaint on a virtual clock. Like the ledger it appends what has fallen due before each command, sets `at` to
 * max(now, last), and knows the texts that were disclosed; after each step it checks what holds of every step.
 */
export class DomainWorld {
  now = START
  steps: NewStep[] = []
  complaint: Complaint | null = null
  refused: RefusalCode | null = null
  /** Notices of this stay that the provider reported undelivered. */
  failed = 0

  get c(): Complaint {
    if (!this.complaint) throw new Error('nothing was submitted')
    return this.complaint
  }

  /** The scheduler: appends what is due. */
  tick(): void {
    while (this.complaint) {
      const due = dueSteps(this.complaint, this.at(), this.failed)
      if (due.length === 0) return
      for (const step of due) this.append(step)
    }
  }

  act<A extends Act>(act: A, by: Actor, body: Bodies[A], more: Context = {}): void {
    this.tick()
    const command = { act, by, body, context: { ...this.context(body), ...more } }
    const before = this.complaint
    const made: NewStep[] | Refusal = decide(command, before, this.at())
    this.refused = 'refused' in made ? made.refused : null
    if ('refused' in made) return
    if (before && act !== 'notice' && act !== 'retention') expect(actionsFor(before, by.role, this.at())).toContain(act)
    for (const step of made) this.append(step)
  }

  private at(): number {
    return Math.max(this.now, this.steps.at(-1)?.at ?? 0)
  }

  private context(body: object): Context {
    const sought = this.steps[0]?.content.remedySoughtAmount
    const target = 'seq' in body ? this.steps[Number(body.seq)] : undefined
    return {
      tail: '8000',
      sought: sought as Context['sought'],
      target: target && { by: target.by, fields: Object.keys(said(target)) },
    }
  }

  private append(step: NewStep): void {
    const before = this.steps.at(-1)
    this.complaint = evolve(this.complaint, step)
    this.steps.push(step)
    expect(step.at).toBeGreaterThanOrEqual(before?.at ?? 0)
    expect(step.on).toBeGreaterThanOrEqual(before?.on ?? 0)
    expect(step.on).toBeLessThanOrEqual(step.at)
    expectLeafSafe(step.p)
    expectHeld(this.complaint)
    if (this.c.state === 'closed_confirmed' && before) expect(['confirmed', ...STILL]).toContain(step.kind)
  }
}

/** What may still be appended to a closed complaint without opening it. */
const STILL: StepKind[] = [
  'rated',
  'followed_up',
  'conduct_reported',
  'redaction_requested',
  'redacted',
  'redaction_refused',
  'legal_hold_set',
  'legal_hold_released',
  'link_rotated',
  'link_shared',
  'key_bound',
  'key_retired',
  'notice_sent',
]

const said = (step: NewStep): Record<string, NonNullable<Fields[string]>> =>
  Object.fromEntries(
    Object.entries(step.content).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

/** Rule 1: an open state names a holder and a due instant, a closed one neither. */
const expectHeld = (c: Complaint): void => {
  expect(c.holder === null).toBe(!isOpen(c.state))
  expect(c.due === null).toBe(!isOpen(c.state))
  expect(c.rule === null).toBe(!isOpen(c.state))
}

/** Printable ASCII without quotes and backslashes, whole numbers, booleans and objects of these: fit for a leaf. */
const expectLeafSafe = (p: object): void => {
  for (const [name, value] of Object.entries(p)) {
    expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/)
    if (typeof value === 'object') expectLeafSafe(value)
    else if (typeof value === 'string') expect(value).toMatch(/^[ !#-[\]-~]*$/)
    else if (typeof value === 'number') expect(Number.isSafeInteger(value) && value >= 0).toBe(true)
    else expect(typeof value, name).toBe('boolean')
  }
}

export const leafOnly = ({ content: _, ...step }: NewStep): Step => JSON.parse(JSON.stringify(step))

/** What the leaves of these steps say of time. */
export const leavesOf = (steps: readonly NewStep[]): TimedLeaf[] =>
  replay(entriesOf({ steps } as DomainWorld)).map(({ entry: { step }, after: { state, due, rule } }) => ({
    ...step,
    state,
    due,
    rule,
  }))

/** The stored timeline; `erased` names fields as `seq.field`. */
export const entriesOf = ({ steps }: DomainWorld, erased: string[] = []): Entry[] =>
  steps.map((step, seq) => {
    const gone = Object.keys(said(step)).filter(name => erased.includes(`${seq}.${name}`))
    const fields = Object.fromEntries(Object.entries(said(step)).filter(([name]) => !gone.includes(name)))
    return { seq, leaf: `leaf${seq}`, index: 100 + seq, step: leafOnly(step), fields, erased: gone }
  })

/** One act of a party, or one passing of time. */
export type Move = (world: DomainWorld) => void

interface Expected {
  holder?: Complaint['holder']
  /** From now, e.g. `48h`, or an instant. */
  due?: string | number
  rule?: string
  step?: StepKind
  after?: Complaint['after']
}

const must = (world: DomainWorld, move: Move): void => {
  world.refused = null
  move(world)
  expect(world.refused, 'a move of the story was refused').toBeNull()
}

/** `given` must all be possible; of `when` the last may be refused. */
export const given = (...moves: Move[]) => scene(new DomainWorld(), moves)

const scene = (world: DomainWorld, moves: Move[]) => {
  for (const move of moves) must(world, move)
  return {
    world,
    when: (...next: Move[]) => {
      for (const move of next.slice(0, -1)) must(world, move)
      world.refused = null
      next.at(-1)?.(world)
      return outcome(world)
    },
    // biome-ignore lint/suspicious/noThenProperty: a story reads given, when, then, and is never awaited.
    then: (state: State, expected: Expected = {}) => outcome(world).then(state, expected),
  }
}

const outcome = (world: DomainWorld) => ({
  world,
  // biome-ignore lint/suspicious/noThenProperty: a story reads given, when, then, and is never awaited.
  then: (state: State, expected: Expected = {}) => {
    expect(world.refused).toBeNull()
    const { c, steps } = world
    expect(c.state).toBe(state)
    if ('holder' in expected) expect(c.holder).toBe(expected.holder)
    if ('rule' in expected) expect(c.rule).toBe(expected.rule)
    if ('after' in expected) expect(c.after).toBe(expected.after)
    if (expected.step) expect(steps.at(-1)?.kind).toBe(expected.step)
    if (typeof expected.due === 'string') expect(c.due! - world.now).toBe(ms(expected.due))
    if (typeof expected.due === 'number') expect(c.due).toBe(expected.due)
    expect(foldAll(steps.map(leafOnly))).toEqual(c)
    expectRecomputed(leavesOf(steps), c.policy)
    return scene(world, [])
  },
  refused: (code: RefusalCode) => {
    expect(world.refused).toBe(code)
    expect(foldAll(world.steps.map(leafOnly))).toEqual(world.c)
    expectRecomputed(leavesOf(world.steps), world.c.policy)
    return scene(world, [])
  },
})

/** Time passes in one leap, then the scheduler runs: late for all that fell due on the way. */
export const later =
  (length: string): Move =>
  world => {
    world.now += ms(length)
    world.tick()
  }
/** One millisecond before the due instant, or at it. */
export const justBeforeDue: Move = world => {
  world.now = world.c.due! - 1
}
export const silence: Move = world => {
  world.now = world.c.due!
  world.tick()
}
