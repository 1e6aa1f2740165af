import { expect } from 'vitest'
import type { PolicyDocument } from '../../../src/complaint/deadlines/policy.ts'

/** What of a leaf is public and about time. */
export interface TimedLeaf {
  kind: string
  on: number
  state: string | null
  due: number | null
  rule: string | null
  // biome-ignore lint/suspicious/noExplicitAny: public parameters of any kind, as an auditor reads them.
  p: any
}
type Clock = Pick<TimedLeaf, 'due' | 'rule'>

const HOUR = 3_600_000
const NOBODY: Clock = { due: null, rule: null }
const MONEY = ['refund', 'partial_refund', 'return_refund', 'compensation']
const GOODS = ['exchange', 'reship', 'repair']
/** States whose time bears their own name in the policy. */
const OWN_NAME = [
  'awaiting_merchant',
  'awaiting_buyer',
  'platform_review',
  'evidence_requested',
  'awaiting_return',
  'awaiting_confirmation',
] as const
const DURING_SURGES = [...OWN_NAME, 'fulfilment_goods']

const dateIn = (at: number) => new Date(at + 8 * HOUR).toISOString().slice(0, 10)
const dayAfter = (date: string) => new Date(Date.parse(date) + 24 * HOUR).toISOString().slice(0, 10)

const workingDaysAfter = (on: number, days: number, { holidays, workdays }: PolicyDocument['calendar']) => {
  let date = dateIn(on)
  for (let left = days; left > 0; ) {
    date = dayAfter(date)
    const weekend = [0, 6].includes(new Date(date).getUTCDay())
    if (workdays.includes(date) || (!weekend && !holidays.includes(date))) left--
  }
  return Date.parse(`${dayAfter(date)}T00:00:00+08:00`)
}

/**
 * Test oracle: recomputes due instants from the leaves of one complaint and its policy. It checks `transitions.ts`, and
 * shares no line with it. States are taken as the leaves say them; the fold is checked elsewhere.
 */
class Reckoning {
  readonly #policy: PolicyDocument
  readonly #leaves: TimedLeaf[] = []
  #clock: Clock = NOBODY
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  #remedy: any = null
  #paused: { left: number; rule: string; state: string | null } | null = null
  #missed = 0

  constructor(policy: PolicyDocument) {
    this.#policy = policy
  }

  next(leaf: TimedLeaf): Clock {
    const before = this.#leaves.at(-1)
    this.#leaves.push(leaf)
    this.#agree(leaf)
    this.#clock = this.#after(leaf, before)
    return this.#clock
  }

  #agree({ kind, p }: TimedLeaf): void {
    if (kind === 'ruled' || (kind === 'appeal_ruled' && p.granted !== true)) this.#remedy = p.remedy ?? null
    if (kind === 'offer_accepted') this.#remedy = this.#leaves[p.offer]?.p.offer
  }

  #after(leaf: TimedLeaf, before: TimedLeaf | undefined): Clock {
    const { kind, on, p, state } = leaf
    if (state === null || state.startsWith('closed') || state === 'refused') return NOBODY
    if (kind === 'deadline_extended') return { ...this.#clock, due: p.due }
    if (kind === 'return_received') return this.#received(on)
    if (kind === 'deadline_missed' && !p.lapses && before?.state === state) return this.#missedAgain(on)
    if (before?.state === state) return this.#clock
    if (before?.state === 'evidence_requested' && this.#paused) return this.#resumed(on)
    this.#missed = 0
    if (state === 'evidence_requested') this.#pause(on, before?.state ?? null)
    const owed = kind === 'deadline_missed' && p.party === 'platform'
    if (owed) this.#missed = 1
    return owed ? this.#for('supervisor', on) : this.#entered(leaf)
  }

  #entered({ kind, state, on, p }: TimedLeaf): Clock {
    const named = OWN_NAME.find(name => name === state)
    if (named) return this.#for(named, on)
    if (state === 'appeal_review') {
      const { appeal_review: time } = this.#policy.times
      return { due: workingDaysAfter(on, time.workingDays, this.#policy.calendar), rule: 'times.appeal_review' }
    }
    if (kind === 'return_shipped') return this.#for('fulfilment_after_shipment', on)
    // An offer of all that was sought needs no acceptance.
    if (kind === 'merchant_responded') this.#remedy = p.offer
    const { by, kind: what } = this.#remedy
    if (by > on) return { due: by, rule: 'promised' }
    return this.#for(MONEY.includes(what) ? 'fulfilment_money' : 'fulfilment_goods', on)
  }

  #for(name: Exclude<keyof PolicyDocument['times'], 'appeal_review'>, on: number): Clock {
    const due = on + this.#policy.times[name].hours * HOUR
    const surge = this.#surge(name, on)
    return surge ? { due: due + surge.hours * HOUR, rule: `times.${name}+surge` } : { due, rule: `times.${name}` }
  }

  #surge(name: string, on: number) {
    const date = dateIn(on)
    if (!DURING_SURGES.includes(name) || this.#paused?.state === 'appeal_review') return undefined
    if (this.#remedy && !GOODS.includes(this.#remedy.kind)) return undefined
    return this.#policy.surges?.find(({ from, until }) => from <= date && date <= until)
  }

  #received(on: number): Clock {
    const due = on + this.#policy.times.fulfilment_after_receipt.hours * HOUR
    const sooner = this.#clock.rule === 'times.fulfilment_after_shipment' && due < (this.#clock.due ?? 0)
    return sooner ? { due, rule: 'times.fulfilment_after_receipt' } : this.#clock
  }

  #missedAgain(on: number): Clock {
    this.#missed++
    return this.#missed === 1 ? this.#for('supervisor', on) : this.#clock
  }

  #pause(on: number, state: string | null): void {
    this.#paused = { left: (this.#clock.due ?? 0) - on, rule: this.#clock.rule ?? '', state }
  }

  #resumed(on: number): Clock {
    const { left, rule } = this.#paused ?? { left: 0, rule: '' }
    this.#paused = null
    if (rule === 'times.supervisor') this.#missed = 1
    return { due: on + left, rule }
  }
}

/** Every due instant and its rule follow from the public leaves of a complaint and the policy that it is pinned to. */
export const expectRecomputed = (leaves: readonly TimedLeaf[], policy: PolicyDocument): void => {
  const reckoning = new Reckoning(policy)
  for (const leaf of leaves) expect(reckoning.next(leaf), leaf.kind).toEqual({ due: leaf.due, rule: leaf.rule })
}
