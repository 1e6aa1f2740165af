// Retention: when the content of an ended complaint is erased, and the legal hold that stops it. Pure; it reads public parameters
// alone, so that an auditor finds a complaint that was erased too early.

import type { Complaint } from '../complaint.ts'
import { DAY } from '../time.ts'
import { lengthOf } from './policy.ts'

/** `field` of a step about the whole content of all steps up to its `seq`, which is that of the step before it. */
export const EVERY_FIELD = '*'

/** What of a step was erased, by itself or with all the rest. */
export const isErased = ({ redacted }: Pick<Complaint, 'redacted'>, seq: number, field: string): boolean =>
  redacted.some(each => (each.field === EVERY_FIELD ? seq <= each.seq : each.seq === seq && each.field === field))

/** The last step up to which all content was erased, by retention or by a supervisor; -1 while none was. */
export const erasedThrough = ({ redacted }: Pick<Complaint, 'redacted'>): number =>
  redacted.reduce((last, { seq, field }) => (field === EVERY_FIELD ? Math.max(last, seq) : last), -1)

/** Erasures that the buyer asked for and got no answer to (PIPL, articles 47 and 50). */
export const unansweredErasures = (c: Complaint): Complaint['redactionsAsked'] =>
  c.redactionsAsked.filter(
    ({ by, seq, field }) =>
      by === 'buyer' &&
      !isErased(c, seq, field) &&
      !c.redactionsRefused.some(each => each.seq === seq && each.field === field),
  )

/** From when a supervisor may erase all of an ended complaint, UTC ms; infinite while it is open. */
export const erasableFrom = ({ closedAt, policy }: Complaint): number =>
  closedAt === null ? Number.POSITIVE_INFINITY : closedAt + lengthOf(policy.windows.appeal)

/** Legal hold: nothing of the complaint is erased, by retention or by hand. One with an end lifts itself. */
export const isHeld = ({ legalHold }: Pick<Complaint, 'legalHold'>, now: number): boolean =>
  legalHold !== null && (legalHold.until === null || now < legalHold.until)

/** Nothing was said since all was erased; the erasing step itself does not count. */
export const isAllErased = (c: Pick<Complaint, 'redacted' | 'seq'>): boolean =>
  erasedThrough(c) >= 0 && c.seq <= erasedThrough(c) + 1

/** What keeps all of a complaint from being erased now, its open end first; null where a supervisor may. */
export const keptBy = (c: Complaint, now: number): 'erased' | 'open' | 'legal_hold' | 'window' | null => {
  if (isAllErased(c)) return 'erased'
  if (c.closedAt === null) return 'open'
  if (isHeld(c, now)) return 'legal_hold'
  return now < erasableFrom(c) ? 'window' : null
}

/** When the content is to be erased, UTC ms; null for never, and while a hold without an end keeps it. */
export const retentionEnd = (c: Complaint): number | null => {
  const { closedAt, legalHold } = c
  const { retention } = c.policy
  if (closedAt === null || !retention || (legalHold && legalHold.until === null)) return null
  // Retention's own step says nothing; a supervisor's has a reason and a name, which go in their time.
  if (isAllErased(c) && !c.redacted.findLast(({ field }) => field === EVERY_FIELD)?.byPerson) return null
  return Math.max(closedAt + retention.afterEndDays * DAY, legalHold?.until ?? 0)
}
