import { nextDueAt } from '../../complaint/deadlines/due-steps.ts'
import { HOUR } from '../../complaint/time.ts'
import { iso } from './broken.ts'
import type { Case } from './case.ts'

/** A timer may be late without harm to anybody's clock; a timer that is off is worth a word. */
const TOLERATED_MS = HOUR

/** Deadlines that passed in the log's own time, and that no step has recorded. */
export const unrecordedDeadlines = (cases: ReadonlyMap<string, Case>, now: number): string[] => {
  const late = [...cases.values()]
    .map(({ complaint }) => nextDueAt(complaint))
    .filter(due => due !== null && due < now - TOLERATED_MS)
  if (late.length === 0) return []
  const oldest = late.reduce((a, b) => Math.min(a ?? 0, b ?? 0)) ?? 0
  return [`${late.length} deadlines passed and are not recorded, the oldest since ${iso(oldest)}`]
}
