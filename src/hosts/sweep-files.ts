import { DAY } from '../complaint/time.ts'
import { parseId } from '../link/id.ts'
import { type Deps, ledgerOf } from '../routes/deps.ts'
import { filesOf } from '../routes/evidence.ts'

/**
 * Orphaned files: removes what a crash left a day ago and no step refers to. While a ledger takes no writes nothing is removed: it
 * may be an older copy, which knows fewer steps.
 * @param now UTC ms of the real clock, by which stores date their files.
 */
export const sweepFiles = async (deps: Deps, now: number): Promise<void> => {
  for (const ledger of deps.ledgers) if ((await ledger.readOnly()) !== null) return
  await deps.files.sweep(now - DAY, async (complaint, sha256) => {
    const id = parseId(complaint)
    const timeline = id === null ? null : await ledgerOf(deps, id).read(id)
    return timeline !== null && filesOf(timeline, () => true).some(file => file.sha256 === sha256)
  })
}
