import { expect, test } from 'vitest'
import type { Act, Actor, Bodies, CommandOf, RemedyOffer } from '../../src/complaint/command.ts'
import type { Complaint } from '../../src/complaint/complaint.ts'
import { dueSteps } from '../../src/complaint/deadlines/due-steps.ts'
import type { Policy } from '../../src/complaint/deadlines/policy.ts'
import { decide } from '../../src/complaint/decide.ts'
import { evolve } from '../../src/complaint/evolve.ts'
import { isReview } from '../../src/complaint/words.ts'
import { submits } from './moves.ts'
import { boss, buyer, DAY, DomainWorld, desk, merchant, policy } from './support.ts'

/**
 * Model checking: walks the whole graph of what can happen once. Nodes are complaints without instants, names and
 * numbers; edges are all acts and silences that change something. Windows never close here, so that nothing ends by time alone.
 */

/** One remedy each of money, of money against goods, and of goods against goods. */
const KINDS = ['refund', 'return_refund', 'exchange'] as const
const remedies: RemedyOffer[] = KINDS.flatMap(kind => [
  { kind, owedBy: 'merchant' },
  { kind, owedBy: 'platform' },
])

const way = <A extends Act>(act: A, by: Actor, body: Bodies[A]): CommandOf<A> => ({ act, by, body })
const said = { facts: '', rule: '', reasons: '' }
const reason = { reason: '' }
/** Each ruling comes from another officer. */
const officer: Actor = { ...desk, who: null }
const ways: CommandOf<Act>[] = [
  way('responses', merchant, { answer: 'reject', statement: '' }),
  ...KINDS.map(kind => way('responses', merchant, { answer: 'offer', statement: '', offer: { kind } })),
  way('fulfilment', merchant, { statement: '', proof: '' }),
  way('fulfilment', boss, { statement: '', proof: '' }),
  way('return-disputes', merchant, reason),
  way('appeals', merchant, reason),
  way('offer-acceptance', buyer, {}),
  way('offer-refusal', buyer, reason),
  way('escalation', buyer, reason),
  way('dispute', buyer, reason),
  way('appeal', buyer, reason),
  way('reopening', buyer, reason),
  way('return-shipment', buyer, { carrier: '', trackingNo: '' }),
  way('confirmation', buyer, {}),
  way('withdrawal', buyer, { ground: 'other', reason: '' }),
  way('refusal', desk, { ground: 'duplicate', facts: '', rule: '' }),
  way('evidence-requests', desk, { from: 'both', request: '' }),
  way('evidence', buyer, { text: '' }),
  way('evidence', merchant, { text: '' }),
  way('rulings', officer, { ...said, outcome: 'for_merchant' }),
  ...remedies.map(remedy => way('rulings', officer, { ...said, outcome: 'for_buyer', remedy })),
]

/** Causes of a review that allow the same. */
const causeOf = (c: Complaint): string | undefined => {
  const cause = c.review?.cause
  return cause === 'missed' || cause === 'unreached' || cause === 'return_disputed' ? cause : 'other'
}

/** What may still matter for what can happen. */
const keyOf = (c: Complaint): string => {
  const {
    state,
    holder,
    offerImprovements: betterOffers,
    disputed,
    enforced,
    appeals,
    appealing,
    final,
    reopened,
    offer,
    remedy,
  } = c
  const reviewed = isReview(state) || c.paused !== null
  return JSON.stringify([
    state,
    holder,
    [betterOffers, disputed, enforced, appeals.buyer, appeals.merchant, final, offer?.kind],
    [reopened.confirmation, reopened.lapse, reopened.withdrawal],
    remedy && [remedy.kind, remedy.owedBy, remedy.source, c.shippedAt !== null && [c.returnDisputed]],
    reviewed && [causeOf(c), c.review?.enforcement, c.review?.pauses, c.missed, c.evidenceFrom, appealing],
    c.paused && [c.paused.state, c.paused.missed, c.paused.holder],
    state === 'awaiting_buyer' && c.answer,
    c.ruling !== null || (c.refusal !== null && 'refused'),
  ])
}

const acted = (c: Complaint, now: number): Complaint[] =>
  ways.flatMap((command, i) => {
    const by = { ...command.by, who: command.by.who ?? `tag-of-${c.seq}-${i}` }
    const made = decide({ ...command, by }, c, now)
    return 'refused' in made ? [] : [made.reduce<Complaint>(evolve, c)]
  })

/** With and without the notices that a lapse needs. */
const silent = (c: Complaint): Complaint[] => {
  const { due } = c
  if (due === null) return []
  const notified = { ...c, notices: [due - 2 * DAY, due - DAY, due - 1] }
  return [c, notified].map(before => dueSteps(before, due).reduce<Complaint>(evolve, before))
}

/** The most changes of state on any way; throws when a way leads back. */
const longest = (policy: Policy, spent: boolean): number => {
  const known = new Map<string, number | 'open'>()
  const from = (c: Complaint): number => {
    const key = keyOf(c)
    const found = known.get(key)
    if (found === 'open') throw new Error(`a cycle through ${key}`)
    if (found !== undefined) return found
    known.set(key, 'open')
    let most = 0
    for (const next of [...acted(c, c.since), ...silent(c)]) {
      if (keyOf(next) === key) continue
      most = Math.max(most, from(next) + (next.state === c.state ? 0 : 1))
    }
    known.set(key, most)
    return most
  }
  const world = new DomainWorld()
  submits({ policy, remedySought: { kind: 'refund' } })(world)
  const reopened = { confirmation: spent, lapse: spent, withdrawal: spent }
  return from({ ...world.c, reopened })
}

const endless = (better: number, pauses: number): Policy => {
  const spared = structuredClone(policy)
  for (const window of Object.values(spared.windows)) window.hours = 1_000_000
  spared.limits.better_offers.count = better
  spared.limits.pausing_requests.count = pauses
  return spared
}

// With all limits of the policy and all reopenings unused the longest way is 236 changes of state, over 1.8 million
// places: a minute's walk, so here the limits take turns. Both hold every way around that could close.
test.each([
  ['reopenings used up', 3, 2, true, 205],
  ['no better offers and no pauses', 0, 0, false, 73],
])('no complaint comes to the same place twice: %s', (_name, better, pauses, spent, moves) => {
  expect(longest(endless(better, pauses), spent)).toBe(moves)
})
