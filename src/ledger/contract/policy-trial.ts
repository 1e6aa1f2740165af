/** Contract: a dry run of another deadline policy over the open complaints of one shard. It changes nothing. */

import type { PolicyTrialTally } from '../../complaint/deadlines/other-policy.ts'

export interface PolicyTrialQuery {
  /** Valid by `PolicySchema`. */
  document: unknown
  /** UTC ms. */
  now: number
  /** Where the portion before ended; null to begin. */
  after: { due: number; id: number } | null
}

export interface PolicyTrial extends PolicyTrialTally {
  /** Where the next portion begins; null once all were looked at. */
  after: { due: number; id: number } | null
  /** Why this document could not be adopted now, in one line: a surge that was not announced in time. */
  surges: string | null
  /** The log adopted this very document before. */
  isAdopted: boolean
}
