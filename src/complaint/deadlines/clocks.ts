import type { Complaint } from '../complaint.ts'
import { type Holder, isGoods } from '../words.ts'
import { type HourClause, SURGED, timeOf } from './policy.ts'
import { surgeAt, surgeLength } from './surge.ts'

/** Who must act in a stay, until when, and by which rule. */
export interface Clock {
  holder: Holder
  due: number
  dueWithoutSurge: number | null
  rule: string
}

export const after = (c: Complaint, clause: HourClause, from: number): number => from + timeOf(c.policy, clause)

export const clockOf = (c: Complaint, holder: Holder, clause: HourClause, from: number): Clock => ({
  holder,
  due: after(c, clause, from),
  dueWithoutSurge: null,
  rule: `times.${clause}`,
})

/** The times that a surge lengthens: everybody's alike, but never an appeal's, a payment's or a supervisor's. */
const LENGTHENED: readonly HourClause[] = [
  'awaiting_merchant',
  'awaiting_buyer',
  'platform_review',
  'evidence_requested',
  'awaiting_return',
  'fulfilment_goods',
  'awaiting_confirmation',
]

/** Nothing about an appeal or about money that was agreed or ruled waits longer, whatever state it is in. */
const mayWaitLonger = ({ appealing, remedy }: Complaint): boolean =>
  appealing === null && (remedy === null || isGoods(remedy.kind))

/** The clock of a stay that begins: longer if it begins within a surge of the pinned policy. */
export const freshClock = (c: Complaint, holder: Holder, clause: HourClause, from: number): Clock => {
  const usual = clockOf(c, holder, clause, from)
  const surge = LENGTHENED.includes(clause) && mayWaitLonger(c) ? surgeAt(c.policy, from) : undefined
  if (!surge) return usual
  return { ...usual, due: usual.due + surgeLength(surge), dueWithoutSurge: usual.due, rule: `${usual.rule}${SURGED}` }
}
