// What a log owes by a bound of docs/log.md (section 9): nothing that it signed is wrong, but something is missing.

import { nextDueAt } from '../../complaint/deadlines/due-steps.ts'
import { HOUR, MINUTE } from '../../complaint/time.ts'
import { cosignatureTime } from '../../log/cosignature.ts'
import type { Note } from '../../log/note.ts'
import { quorumMet, type TrustPolicy } from '../../log/trust.ts'
import { iso } from './broken.ts'
import type { Case } from './case.ts'

/** A missed deadline stands in the published log, and a quorum cosigned the served checkpoint, within this time. */
export const BOUND_MS = HOUR
/** Two clocks differ, and publishing takes a moment. */
export const CLOCKS_MS = 10 * MINUTE
/** `checkpoint` may be this much older than the newest tree that somebody was given (docs/log.md, section 10). */
export const BEHIND_MS = 10 * MINUTE + CLOCKS_MS

/** UTC ms at which each witness of the policy, by its name there, cosigned. Signatures were verified before. */
export const cosignedAt = ({ signatures }: Note, { witnesses }: TrustPolicy): Map<string, number> => {
  const times = witnesses.flatMap(({ name, key }): [string, number][] => {
    const found = signatures.find(each => each.id === key.id && each.name === key.name)
    const seconds = found ? cosignatureTime(found.bytes) : null
    return seconds === null ? [] : [[name, seconds * 1000]]
  })
  return new Map(times)
}

/** Whether a quorum cosigned within the bound before `now`; a policy without one asks nothing. */
export const isFresh = (cosigned: ReadonlyMap<string, number>, trust: TrustPolicy, now: number): boolean =>
  quorumMet(trust, new Set([...cosigned].filter(([, at]) => Math.abs(now - at) <= BOUND_MS).map(([name]) => name)))

/** A log that stopped its scheduler may have thousands. */
const NAMED = 20

/** A line for each complaint whose deadline passed more than the bound before `now`, and that no step records. */
export const unrecordedDeadlines = (cases: ReadonlyMap<string, Case>, now: number): string[] => {
  const late = [...cases]
    .flatMap(([c, { complaint, index }]) => {
      const due = nextDueAt(complaint)
      return due !== null && due < now - BOUND_MS ? [{ c, due, index }] : []
    })
    .sort((a, b) => a.due - b.due)
  const lines = late
    .slice(0, NAMED)
    .map(
      ({ c, due, index }) => `complaint ${c}: the deadline of ${iso(due)} (leaf ${index}) passed, and no step says so`,
    )
  const more = late.length - lines.length
  return more > 0 ? [...lines, `and ${more} more complaints`] : lines
}
