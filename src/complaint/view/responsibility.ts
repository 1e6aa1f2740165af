// Responsibility: how long each party held the complaint (rule 15).

import type { Complaint } from '../complaint.ts'
import { timeOf } from '../deadlines/policy.ts'
import { isOpen } from '../words.ts'
import { projectDueSteps } from './timeline.ts'

export type ChargedRole = 'buyer' | 'merchant' | 'platform' | 'supervisor' | 'courier'
const CHARGED_ROLES: readonly ChargedRole[] = ['buyer', 'merchant', 'platform', 'supervisor', 'courier']
export interface Share {
  role: ChargedRole
  seconds: number
  /** Part of `seconds` that lies after the due instant. */
  lateSeconds: number
}
interface Span {
  role: ChargedRole
  from: number
  to: number
  late: boolean
}

/** Until when a parcel on its way back is the courier's: the payer keeps its own full time before the last date. */
const courierDeadline = (c: Complaint): number | null => {
  if (c.state !== 'fulfilment' || c.rule !== 'times.fulfilment_after_shipment' || c.shippedAt === null) return null
  const transit = timeOf(c.policy, 'fulfilment_after_shipment') - timeOf(c.policy, 'fulfilment_after_receipt')
  return c.shippedAt + transit
}

const split = (from: number, to: number, at: number): [number, number][] =>
  at <= from || at >= to
    ? [[from, to]]
    : [
        [from, at],
        [at, to],
      ]

const spansOf = (c: Complaint, from: number, to: number): Span[] => {
  const { holder } = c
  if (!isOpen(c.state) || holder === null || to <= from) return []
  if (holder === 'both') {
    const middle = from + Math.floor((to - from) / 2)
    return [
      { role: 'buyer', from, to: middle, late: false },
      { role: 'merchant', from: middle, to, late: false },
    ]
  }
  const courierUntil = courierDeadline(c)
  return split(from, to, courierUntil ?? from).flatMap(([start, end]) => {
    const role = courierUntil !== null && start < courierUntil ? ('courier' as const) : holder
    return split(start, end, c.due ?? end).map(([a, b]) => ({
      role,
      from: a,
      to: b,
      late: c.due !== null && a >= c.due,
    }))
  })
}

/**
 * Charges every open second to the party that held the complaint. A step counts from the instant at which it took
 * effect, not from when the scheduler appended it. Boundaries are floored to seconds since the opening, so that the
 * shares add up exactly to the open time. `states`: the complaint after each step, with that instant, in order.
 */
export const responsibility = (states: readonly { on: number; after: Complaint }[], now: number): Share[] => {
  const newest = states.at(-1)
  if (!newest) return []
  const all = [...states, ...projectDueSteps(newest.after, now).map(({ step, after }) => ({ on: step.on, after }))]
  const spans = all.flatMap(({ on, after }, i) => spansOf(after, on, all[i + 1]?.on ?? Math.max(on, now)))
  const opened = newest.after.openedAt
  const seconds = ({ from, to }: Span) => Math.floor((to - opened) / 1000) - Math.floor((from - opened) / 1000)
  const sum = (chosen: Span[]) => chosen.reduce((total, span) => total + seconds(span), 0)
  return CHARGED_ROLES.map(role => {
    const own = spans.filter(span => span.role === role)
    return { role, seconds: sum(own), lateSeconds: sum(own.filter(span => span.late)) }
  }).filter(share => share.seconds > 0)
}
