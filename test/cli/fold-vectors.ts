/** Vectors of docs/fold.md, made by the core; `npm run vectors` writes docs/vectors/ anew. */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import newest from '../../db/policies/cn-2026-3.json' with { type: 'json' }
import type { Complaint } from '../../src/complaint/complaint.ts'
import { type Policy, type PolicyDocument, parsePolicy } from '../../src/complaint/deadlines/policy.ts'
import { actionsFor } from '../../src/complaint/decide.ts'
import { evolve } from '../../src/complaint/evolve.ts'
import type { NewStep } from '../../src/complaint/step.ts'
import { REMEDIES } from '../../src/complaint/words.ts'
import { toBase64url } from '../../src/log/encoding.ts'
import {
  logOpened,
  noteKeyAdded,
  noteKeyRetired,
  statementKeyAdded,
  statementKeyRetired,
} from '../../src/log/key-leaf.ts'
import { encodeLeaf, type Leaf, type LeafObject } from '../../src/log/leaf.ts'
import { formatVerifierKey, verifierKey } from '../../src/log/note.ts'
import { statementKid } from '../../src/log/statement.ts'
import { stories } from '../complaint/every-kind.ts'
import * as m from '../complaint/moves.ts'
import {
  type Choices,
  choices,
  deviceKey,
  doesSomething,
  noticesGoOut,
  somebody,
  timePasses,
} from '../complaint/random-acts.ts'
import { boss, buyer, DAY, DomainWorld, given, later, officer, silence, supervisor } from '../complaint/support.ts'

type Fields = Pick<Complaint, 'state' | 'holder' | 'due' | 'rule'> | Record<'state' | 'holder' | 'due' | 'rule', null>
export interface Vector {
  about: string
  policies: Record<string, string>
  leaves: string[]
  fields: Fields[]
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('base64url')
const surge = {
  name: '三月促销',
  announced: '2026-02-20',
  hours: 24,
  basis: 'platform_rule',
  source: '平台公告 2026-02',
}
const SURGING = { ...document, surges: [{ ...surge, from: '2026-03-03', until: '2026-03-07' }] }
const pinned = (text: string): Policy => ({ ...parsePolicy(JSON.parse(text)), hash: sha256(text) })
const PLAIN_TEXT = JSON.stringify(document)
const SURGE_TEXT = JSON.stringify(SURGING)
export const withSurge = pinned(SURGE_TEXT)
/** The newest document, with three days for the whole complaint: short enough to pass in every state. */
const WHOLE_TEXT = JSON.stringify({ ...newest, total: { ...newest.total, hours: 72 } })
const withTotal = pinned(WHOLE_TEXT)
const TEXTS = [WHOLE_TEXT, SURGE_TEXT, JSON.stringify(newest)]
const isSame = (a: PolicyDocument, b: PolicyDocument) =>
  a.name === b.name && a.surges?.length === b.surges?.length && a.total?.hours === b.total?.hours

/** A log of the steps that the core makes, in the order of their time; each field's digest is made up. */
export class VectorLog {
  readonly #vector: Vector
  readonly #ends = new Map<string | null, { seq: number; prev: string }>()

  constructor(about: string) {
    this.#vector = { about, policies: {}, leaves: [], fields: [] }
  }

  get vector(): Vector {
    return this.#vector
  }

  own(kind: string, at: number, p: object, policy: string | null = null): void {
    const nothing = { state: null, holder: null, due: null, rule: null }
    this.#append(
      { c: null, kind, by: 'system', auto: true, who: null, at, on: at, p: p as LeafObject, policy, d: {} },
      nothing,
    )
  }

  adopt(text: string, at: number): void {
    this.own('policy_adopted', at, { name: JSON.parse(text).name }, sha256(text))
  }

  /** Steps of several complaints, each with its tag. */
  add(lives: readonly (readonly [c: string, steps: readonly NewStep[]])[]): void {
    const folds = new Map<string, Complaint>()
    const texts = new Map<string, string>()
    const all = lives.flatMap(([c, steps]) => steps.map(step => ({ c, step })))
    for (const { c, step } of all.sort((a, b) => a.step.at - b.step.at)) {
      if (step.policy) texts.set(c, this.#pin(step.policy))
      const after: Complaint = evolve(folds.get(c) ?? null, step)
      folds.set(c, after)
      const { kind, by, auto, who, at, on, p, content } = step
      const names = Object.keys(content).filter(name => content[name] !== undefined)
      const d = Object.fromEntries(names.map(name => [name, sha256(`${c} ${after.seq} ${name}`)]))
      const { state, holder, due, rule } = after
      const leaf = { c, kind, by, auto, who, at, on, p: p as LeafObject, policy: texts.get(c) ?? null, d }
      this.#append(leaf, { state, holder, due, rule })
    }
  }

  #pin({ hash: _, ...policy }: PolicyDocument & { hash: string }): string {
    const text = TEXTS.find(each => isSame(JSON.parse(each), policy)) ?? PLAIN_TEXT
    this.#vector.policies[sha256(text)] = text
    return sha256(text)
  }

  #append(leaf: Omit<Leaf, 'v' | 'seq' | 'prev' | keyof Fields>, fields: Fields): void {
    const end = this.#ends.get(leaf.c)
    const bytes = encodeLeaf({ v: 1, ...leaf, seq: end?.seq ?? 0, prev: end?.prev ?? null, ...fields })
    this.#ends.set(leaf.c, { seq: (end?.seq ?? 0) + 1, prev: sha256(Buffer.concat([Buffer.of(0), bytes])) })
    this.#vector.leaves.push(Buffer.from(bytes).toString())
    this.#vector.fields.push(fields)
  }
}

/** A tag of 16 bytes. */
const tag = (n: number): string => toBase64url(new Uint8Array(16).fill(n))

const one = (about: string, { steps }: DomainWorld): Vector => {
  const log = new VectorLog(about)
  log.add([[tag(1), steps]])
  return log.vector
}

const filed = m.submits({ policy: withSurge })
const goods = m.rules({ remedy: { kind: 'exchange', owedBy: 'merchant' } })
/** What no other story tells. */
export const told: Record<string, readonly [about: string, tell: () => DomainWorld]> = {
  'surge-answer': [
    'a submission and an answer that begin within a surge',
    () => given(later('1d'), filed, later('20h'), m.offered, later('6d'), m.refusesOffer(), m.rulesRefund).world,
  ],
  'surge-never': [
    'what a surge never lengthens: money that was ruled, an appeal, the evidence asked for in it',
    () =>
      given(
        later('1d'),
        filed,
        m.rejected,
        m.escalates,
        m.rulesRefund,
        m.appeals,
        m.asksEvidence('buyer'),
        m.supplies(),
        m.rules(m.owes(), officer('B2')),
      ).world,
  ],
  'surge-goods': [
    'goods that were ruled within a surge, asked back first, and a pause in a review that it lengthened',
    () =>
      given(
        later('1d'),
        filed,
        m.rejected,
        m.escalates,
        m.asksEvidence('both'),
        later('5h'),
        m.supplies(),
        silence,
        goods,
        m.ships,
        m.fulfils(),
        silence,
      ).world,
  ],
  'surge-reship': [
    'goods that are sent again: longer within a surge, and extended by the usual time alone',
    () =>
      given(
        later('1d'),
        filed,
        m.rejected,
        m.escalates,
        m.rules({ remedy: { kind: 'reship', owedBy: 'merchant' } }),
        m.extends_(168 * 3_600_000),
        m.fulfils(),
        m.confirms,
      ).world,
  ],
  'accepted-after-lapse': [
    'silence about an offer closes; within thirty days it can still be accepted',
    () => given(m.submitted, m.offered, m.notifiedThrice, silence, later('29d'), m.accepts(), silence).world,
  ],
  'return-after-lapse': [
    'an offer that needs a return is accepted after a lapse',
    () =>
      given(m.submitted, m.offersReturn, m.notifiedThrice, silence, m.accepts(), m.ships, later('1d'), m.receives)
        .world,
  ],
  'refusal-overturned': [
    'a refusal is overturned on appeal: the merchant answers first',
    () => given(m.submitted, m.turnsAway(), m.appeals, m.rules({}, supervisor('S2')), m.offered, m.accepts()).world,
  ],
  'supervisor-extends': [
    'a case that was handed on three times, in review and on appeal, is extended by its supervisor',
    () =>
      given(
        ...m.inReview,
        m.hands('物流组'),
        m.hands('支付组'),
        m.hands('家电组'),
        m.extends_(3_600_000, boss),
        m.rulesForMerchant,
        m.appeals,
        m.assigns(officer('B2')),
        m.extends_(86_400_000, boss),
      ).world,
  ],
  'supervisor-missed-too': [
    'the platform misses, its supervisor too, and rules long after',
    () =>
      given(m.submitted, later('200h'), m.rules(m.owes('platform'), boss), silence, later('90h'), m.fulfils(boss))
        .world,
  ],
  handoffs: [
    'the third handoff goes to a supervisor, in a pause as well',
    () =>
      given(
        ...m.inReview,
        m.assigns(),
        m.hands('物流组'),
        m.takes(officer('B2')),
        m.hands('支付组'),
        m.asksEvidence('buyer'),
        m.assigns(officer('C3'), { reason: '轮班' }),
        silence,
        m.rules(m.owes(), supervisor('S2')),
      ).world,
  ],
  'better-offers': [
    'better offers up to their limit, in the review as well, and one promised for a day',
    () =>
      given(
        m.submitted,
        m.rejected,
        m.offered,
        m.offered,
        m.escalates,
        w => m.offers({ by: w.now + 86_400_000 })(w),
        m.accepts(),
        later('20h'),
        m.fulfils(),
        m.confirms,
      ).world,
  ],
  'lapse-proofs': [
    'three notices, of which one has no proof of its vendor, and then one more that has: a policy that asks for proofs',
    () =>
      given(
        m.submits({ policy: withTotal }),
        m.offered,
        m.notified,
        later('20h'),
        m.notified,
        later('1h'),
        m.unproved,
        silence,
        m.rules(m.owes()),
        m.fulfils(),
        m.notifiedThrice,
        silence,
      ).world,
  ],
  'whole-case': [
    'three days for the whole complaint: an interim report puts them off, and passes; a reopening begins them anew',
    () =>
      given(
        m.submits({ policy: withTotal }),
        m.nudges,
        later('30h'),
        m.rejected,
        m.escalates,
        m.nudges,
        later('24h'),
        m.nudges,
        later('23h'),
        later('1h'),
        m.nudges,
        m.asksErasure(0, 'statement'),
        m.refusesErasure(0, 'statement'),
        w => m.reports(w.now + 3_600_000, boss)(w),
        later('30d'),
        w => m.reports(w.now + 86_400_000, boss)(w),
        m.rulesRefund,
        silence,
        m.confirms,
        m.reopens,
        later('200d'),
      ).world,
  ],
  'whole-case-answer': [
    'the whole complaint’s three days pass while a merchant’s answer was put off',
    () => given(m.submits({ policy: withTotal }), m.extends_(48 * 3_600_000), later('80h'), m.offered, silence).world,
  ],
  'working-days': [
    'an appeal over the Qingming holiday: seven working days, extended by as many',
    () =>
      given(
        later('30d'),
        m.submitted,
        m.rejected,
        m.escalates,
        m.rulesForMerchant,
        m.appeals,
        m.extends_(86_400_000, officer('D4')),
      ).world,
  ],
}

/** A random life that is refused less than most: any party, at any time, mostly what may move the complaint. */
export const randomLife = (pick: Choices, attempts = 70): DomainWorld => {
  const world = new DomainWorld()
  const kind = pick.of(REMEDIES)
  world.now += pick.below(40) * 3_600_000
  const sought = pick.maybe() ? { kind, amount: { value: '89.00', currency: 'CNY' } } : undefined
  const more = {
    ...pick.of([{}, { policy: withSurge }, { policy: withTotal }]),
    ...(kind === 'repair' && { device: deviceKey(1) }),
  }
  m.submits({ remedySought: sought, ...more })(world)
  for (let i = 0; i < attempts; i++) {
    timePasses(world, pick)
    if (pick.below(8) === 0) noticesGoOut(world)
    world.failed = pick.below(4) === 0 ? pick.below(4) : 0
    world.tick()
    if (pick.below(3) === 0) rareThings(world, pick)
    const by = somebody(pick)
    // Bound at the end, in any state: a key changes no rule, and would be bound in every second turn.
    const likely = (act: string) =>
      !act.startsWith('device-key') &&
      (!['confirmation', 'withdrawal', 'refusal'].includes(act) || pick.below(10) === 0)
    const acts = actionsFor(world.c, by.role, world.now).filter(likely)
    if (acts.length > 0) doesSomething(world, pick.of(acts), by, pick)
  }
  world.act('device-keys', buyer, deviceKey(0))
  world.act('device-key-retirements', buyer, { key: deviceKey(0).key, tail: '8000' })
  return world
}

const SYSTEM = { role: 'system', auto: true, who: null } as const

/** What random bodies seldom hit: notices of all kinds, dates promised and ruled, erasures that were asked for. */
const rareThings = (world: DomainWorld, pick: Choices): void => {
  const { linkEpoch: link, redactionsAsked, enteredSeq: stay, review, remedy } = world.c
  const by = world.now + (1 + pick.below(160)) * 3_600_000
  const kind = review?.enforcement && remedy ? remedy.kind : pick.of(REMEDIES)
  const asked = redactionsAsked.length > 0 ? pick.of(redactionsAsked) : { seq: 0, field: 'statement' }
  pick.of<() => void>([
    () =>
      world.act('notice', SYSTEM, {
        to: pick.of(['buyer', 'merchant'] as const),
        stay,
        ...(pick.maybe() && { link }),
        ...(pick.maybe() && { proof: m.PROOF }),
      }),
    () => m.offers({ kind, by })(world),
    () => m.rules({ remedy: { kind, owedBy: pick.of(['merchant', 'platform'] as const), by } }, officer('E5'))(world),
    () => m.asksErasure(0, 'statement')(world),
    () => m.refusesErasure(asked.seq, asked.field, pick.of([boss, officer('A17')]))(world),
    () => m.erases(asked.seq, asked.field, pick.of([boss, officer('A17'), supervisor('S2')]))(world),
    // Nothing is erased by itself in the first three years.
    () => {
      if (world.c.closedAt !== null && pick.below(3) === 0) world.now += 1_100 * DAY
      m.expires(world)
    },
    () => m.accepts()(world),
  ])()
}

export const randomLives = (count: number, seed: number, attempts = 70): DomainWorld[] =>
  fc.sample(choices(400), { numRuns: count, seed }).map(pick => randomLife(pick, attempts))

export const logOf = (about: string, lives: readonly DomainWorld[]): Vector => {
  const log = new VectorLog(about)
  log.add(lives.map(({ steps }, i) => [tag(i + 1), steps] as const))
  return log.vector
}

/** The life's first steps, and then a step as somebody else said it, whether or not it may stand there. */
export const transplanted = (life: DomainWorld, upTo: number, said: NewStep, wait: number): Vector | null => {
  const steps = life.steps.slice(0, upTo)
  const last = steps.at(-1)
  if (last === undefined) return null
  const at = last.at + wait
  // Clock steps bear the instant due, as far as there is one.
  const due = steps.reduce<Complaint | null>(evolve, null)?.due ?? at
  const on = said.on < said.at && due <= at ? due : at
  const p = 'due' in said.p && said.kind !== 'deadline_extended' ? { ...said.p, due } : said.p
  const next = { ...said, at, on, p } as NewStep
  try {
    return logOf(said.kind, [{ steps: [...steps, next] } as DomainWorld])
  } catch {
    // Not even the fold can read it here.
    return null
  }
}

/** The log's own chain of a second shard: its keys are replaced, and a policy is adopted, while complaints go on. */
const rotated = (): Vector => {
  const origin = 'log.example/1'
  const start = Date.parse('2026-02-01T00:00:00Z')
  const x = (n: number) => toBase64url(new Uint8Array(32).fill(n))
  const vkey = (n: number) => formatVerifierKey(verifierKey(origin, new Uint8Array(32).fill(n)))
  const log = new VectorLog('a second shard: keys are replaced with an overlap, and a policy with a surge is adopted')
  log.own('log_opened', start, logOpened(origin, vkey(1), x(2)))
  log.adopt(PLAIN_TEXT, start)
  log.own('key_added', start + 1, statementKeyAdded(x(3)))
  log.own('key_added', start + 1, noteKeyAdded(vkey(4)))
  log.adopt(SURGE_TEXT, start + 2)
  log.add([
    [tag(1), given(m.submitted, m.rejected).world.steps],
    [tag(2), given(filed, m.offered, m.accepts()).world.steps],
  ])
  const end = Date.parse('2026-04-01T00:00:00Z')
  log.own('key_retired', end, statementKeyRetired(statementKid(x(2))))
  log.own('key_retired', end, noteKeyRetired(vkey(1)))
  return log.vector
}

const RULES = [
  ['return-7d', 1],
  ['return-7d', 2],
  ['colour', 1],
] as const
const CITED = RULES.map(([code, version]) => sha256(`${code}@${version}`))
/** A ruling, a refusal and an appeal's ruling rest on rules that the log adopted before. */
export const citing = (): DomainWorld[] => {
  const context = { cited: CITED.slice(1).join(' ') }
  const upheld = m.rules({ outcome: 'for_merchant' }, officer('C3'), { cited: CITED[0] })
  return [
    given(m.submitted, m.rejected, m.escalates, m.rules({}, officer('B2'), context), m.appeals, upheld).world,
    given(m.submitted, m.turnsAway(officer('B2'), context)).world,
  ]
}

const cited = (): Vector => {
  const origin = 'log.example/0'
  const start = Date.parse('2026-02-01T00:00:00Z')
  const key = (n: number) => new Uint8Array(32).fill(n)
  const log = new VectorLog('rules of the platform are adopted in versions, and cited by rulings and a refusal')
  log.own('log_opened', start, logOpened(origin, formatVerifierKey(verifierKey(origin, key(1))), toBase64url(key(2))))
  log.adopt(PLAIN_TEXT, start)
  for (const [i, [code, version]] of RULES.entries())
    log.own('rule_adopted', start + i, { code, version, digest: CITED[i] })
  log.add(citing().map(({ steps }, i) => [tag(i + 1), steps]))
  return log.vector
}

/** By file name. */
export const vectors = (): Record<string, Vector> => ({
  ...Object.fromEntries(
    Object.entries(stories).map(([name, tell]) => [`story-${name}`, one(`the story ${name}`, tell())]),
  ),
  ...Object.fromEntries(Object.entries(told).map(([name, [about, tell]]) => [name, one(about, tell())])),
  'second-shard': rotated(),
  'cited-rules': cited(),
  'random-lives': logOf('random lives of twelve complaints, interleaved', randomLives(12, 2031, 30)),
})

export const VECTORS = fileURLToPath(new URL('../../docs/vectors/', import.meta.url))
export const textOf = (vector: Vector): string => `${JSON.stringify(vector, null, 1)}\n`
