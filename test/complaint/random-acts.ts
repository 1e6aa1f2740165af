import fc from 'fast-check'
import type { Act, Actor, Bodies, RemedyOffer } from '../../src/complaint/command.ts'
import { type Complaint, isOwed } from '../../src/complaint/complaint.ts'
import type { OUTSIDE_ACTS } from '../../src/complaint/decide.ts'
import {
  isMoney,
  OUTCOMES,
  REFUSAL_GROUNDS,
  REJECTION_GROUNDS,
  REMEDIES,
  type RemedyKind,
  THIRD_PARTIES,
  WITHDRAWAL_GROUNDS,
} from '../../src/complaint/words.ts'
import { PROOF } from './moves.ts'
import { boss, buyer, type DomainWorld, HOUR, machine, merchant, officer, robot, supervisor, third } from './support.ts'

export type OutsideAct = (typeof OUTSIDE_ACTS)[number]

/** A random source that shrinks: the n-th choice of a run is the n-th generated number. */
export class Choices {
  private next = 0
  private readonly numbers: readonly number[]
  constructor(numbers: readonly number[]) {
    this.numbers = numbers
  }
  below(n: number): number {
    const number = this.numbers[this.next % this.numbers.length] ?? 0
    // A short list of numbers is reused, shifted each time.
    this.next++
    return (number + Math.floor(this.next / this.numbers.length)) % n
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
  maybe(): boolean {
    return this.below(2) === 1
  }
}
export const choices = (length: number) =>
  fc.array(fc.nat(9999), { minLength: length, maxLength: length }).map(numbers => new Choices(numbers))

const platformPeople = ['A17', 'B2', 'C3', 'D4', 'E5', 'F6', 'G7']
export const somebody = (pick: Choices): Actor =>
  pick.of([
    buyer,
    buyer,
    buyer,
    merchant,
    merchant,
    robot,
    officer(pick.of(platformPeople)),
    machine,
    boss,
    supervisor('S2'),
    third,
  ])

const yuan = (pick: Choices) => ({ value: pick.of(['1', '20.5', '89.00', '300']), currency: 'CNY' })
const remedy = (pick: Choices, kind: RemedyKind = pick.of(REMEDIES)): RemedyOffer => ({
  kind,
  ...(isMoney(kind) && pick.maybe() && { amount: yuan(pick) }),
  ...(pick.maybe() && { owedBy: pick.of(['merchant', 'platform'] as const) }),
})

/** A ruling that this review allows, as far as the officer can know. */
const ruling = (c: Complaint, pick: Choices): Bodies['rulings'] => {
  const said = { facts: '', rule: '', reasons: '', outcome: pick.of(OUTCOMES) }
  const platform = { owedBy: 'platform' as const }
  const mustDate = c.review?.enforcement && c.review.cause === 'missed'
  if (isOwed(c) || (!mustDate && pick.maybe())) return { ...said, outcome: 'for_merchant' }
  const kind = c.review?.enforcement ? c.remedy?.kind : undefined
  const pays = c.review?.enforcement && (c.enforced > 0 || c.remedy?.owedBy === 'platform')
  return { ...said, remedy: { ...remedy(pick, kind), ...(pays && platform) } }
}

type Body = { [A in OutsideAct]: (world: DomainWorld, pick: Choices) => Bodies[A] }
const reason = () => ({ reason: '理由' })
const text = () => ({ text: '内容' })
const nothing = () => ({})
const field = ({ steps, c }: DomainWorld, pick: Choices) => {
  if (pick.below(4) === 0) return { seq: c.seq, field: '*', reason: '理由' }
  const seq = pick.below(steps.length)
  return { seq, field: pick.of([...Object.keys(steps[seq]!.content), 'statement']), reason: '理由' }
}

/** A valid body for this act, as a form would send it now. */
/** Coordinates of no real device: the domain does not look at them. */
export const deviceKey = (n: number) => ({
  key: `k${n}`.padEnd(43, 'A'),
  x: `x${n}`.padEnd(43, 'A'),
  y: 'A'.repeat(43),
})

const bodies: Body = {
  'offer-acceptance': ({ c }) => ({ offer: c.offer?.seq }),
  'offer-refusal': (_w, pick) => ({ reason: '', ...(pick.maybe() && { counter: { kind: pick.of(REMEDIES) } }) }),
  escalation: reason,
  dispute: reason,
  appeal: reason,
  reopening: reason,
  'return-shipment': () => ({ carrier: '顺丰', trackingNo: 'SF1' }),
  confirmation: nothing,
  'human-request': nothing,
  nudges: nothing,
  withdrawal: (_w, pick) => ({ ground: pick.of(WITHDRAWAL_GROUNDS), reason: '' }),
  rating: (_w, pick) => ({ score: 1 + pick.below(5) }),
  'follow-up': (_w, pick) => ({ solved: pick.below(2) === 0 }),
  'conduct-report': ({ steps }, pick) => ({ seq: pick.below(steps.length), text: '' }),
  'redaction-request': field,
  'device-keys': ({ c }) => ({ ...deviceKey(c.keys.length), tail: '8000' }),
  'device-key-retirements': ({ c }, pick) => ({ key: c.keys[pick.below(c.keys.length)]?.key ?? '', tail: '8000' }),
  'share-links': (_w, pick) => ({ texts: pick.maybe(), files: pick.maybe() }),
  responses: ({ c }, pick) => {
    const mayReject = c.state === 'awaiting_merchant' && pick.maybe()
    if (mayReject) return { answer: 'reject', statement: '', ground: pick.of(REJECTION_GROUNDS) }
    const offer = remedy(pick)
    return { answer: 'offer', statement: '', offer: offer.kind === 'apology' ? { kind: 'reship' } : offer }
  },
  'return-receipt': nothing,
  'return-disputes': reason,
  appeals: reason,
  'statements-requests': (_w, pick) => ({ party: pick.of(THIRD_PARTIES), request: '问题' }),
  statements: ({ c }, pick) => ({ of: pick.of([...c.statements.map(({ of }) => of), c.seq]), text: '内容' }),
  assignment: (_w, pick) => ({ officer: 'A17', reason: '', ...(pick.maybe() && { desk: '服饰组' }) }),
  handoffs: () => ({ toDesk: '家电组 "2" \\ 3', reason: '' }),
  'handoff-acceptance': () => ({ officer: 'A17' }),
  'evidence-requests': (_w, pick) => ({ from: pick.of(['buyer', 'merchant', 'both'] as const), request: '' }),
  rulings: ({ c }, pick) => ruling(c, pick),
  refusal: (_w, pick) => ({ ground: pick.of(REFUSAL_GROUNDS), facts: '', rule: '' }),
  redactions: field,
  'redaction-refusals': field,
  'legal-holds': ({ now }, pick) => ({
    reason: '',
    ...(pick.below(4) > 0 && { until: now + 1 + pick.below(200 * HOUR) }),
  }),
  'legal-hold-releases': reason,
  'link-rotation': (_w, pick) => ({ reason: pick.of(['lost', 'theft']) }),
  'interim-reports': ({ c, now }, pick) => ({
    due: Math.max(c.total ?? 0, now) + 1 + pick.below(600 * HOUR),
    reason: '',
  }),
  messages: text,
  evidence: text,
  fulfilment: () => ({ statement: '', proof: '' }),
  extensions: ({ c }, pick) => ({ due: (c.due ?? 0) + 1 + pick.below(24 * HOUR), reason: '' }),
}

export const doesSomething = (world: DomainWorld, act: OutsideAct, by: Actor, pick: Choices): void =>
  world.act(act, by, bodies[act](world, pick) as Bodies[Act])

/** Time passes: none, a little, to just before due, to due, or long past it; sometimes three notices go out. */
export const timePasses = (world: DomainWorld, pick: Choices): void => {
  const due = world.complaint?.due ?? world.now + 800 * HOUR
  const left = Math.max(0, due - world.now)
  world.now += pick.of([
    0,
    0,
    0,
    1 + pick.below(3 * HOUR),
    Math.floor(left / 2),
    Math.max(0, left - 1),
    left,
    left + 900 * HOUR,
  ])
}
export const noticesGoOut = (world: DomainWorld): void => {
  for (let i = 1; i <= 3; i++) {
    const { due, enteredSeq: stay } = world.c
    if (due === null || world.now + 25 * HOUR >= due) return
    world.act('notice', { role: 'system', auto: true, who: null }, { to: 'buyer', stay, proof: PROOF })
    world.now += 25 * HOUR
  }
}
