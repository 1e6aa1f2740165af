// What a log owes by a bound of docs/log.md (section 9): nothing that it signed is wrong, but something is missing.

import { nextDueAt } from '../../complaint/deadlines/due-steps.ts'
import { BOUND_MS } from '../../log/freshness.ts'
import { iso } from './broken.ts'
import type { Case } from './case.ts'

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
