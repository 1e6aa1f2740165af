// Retention: when the content of an ended complaint is erased, and the legal hold that stops it. Pure; it reads public parameters
// alone, so that an auditor finds a complaint that was erased too early.

import type { Complaint } from '../complaint.ts'
import { DAY } from '../time.ts'

/** `field` of a `redacted` step that erases the whole content of all steps up to its `seq`. */
export const EVERY_FIELD = '*'

/** What of a step was erased, by itself or with all the rest. */
export const isErased = ({ redacted }: Pick<Complaint, 'redacted'>, seq: number, field: string): boolean =>
  redacted.some(each => (each.field === EVERY_FIELD ? seq <= each.seq : each.seq === seq && each.field === field))

/** The last step whose content retention erased; -1 while it erased none. */
export const erasedThrough = ({ redacted }: Pick<Complaint, 'redacted'>): number =>
  redacted.reduce((last, { seq, field }) => (field === EVERY_FIELD ? Math.max(last, seq) : last), -1)

/** Legal hold: nothing of the complaint is erased, by retention or by hand. One with an end lifts itself. */
export const isHeld = ({ legalHold }: Pick<Complaint, 'legalHold'>, now: number): boolean =>
  legalHold !== null && (legalHold.until === null || now < legalHold.until)

/** When the content is to be erased, UTC ms; null for never, and while a hold without an end keeps it. */
export const retentionEnd = (c: Complaint): number | null => {
  const { closedAt, legalHold } = c
  const { retention } = c.policy
  if (closedAt === null || !retention || (legalHold && legalHold.until === null)) return null
  // The erasing step itself has no content.
  if (c.seq <= erasedThrough(c) + 1 && erasedThrough(c) >= 0) return null
  return Math.max(closedAt + retention.afterEndDays * DAY, legalHold?.until ?? 0)
}
