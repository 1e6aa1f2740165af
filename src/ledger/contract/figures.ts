/** Contract: figures of one shard, kept with the steps that they count (docs/figures.md). */

import type { DayCounts } from '../../complaint/figures/public-index.ts'
import type { Counts } from '../../complaint/figures/reckon.ts'

/** Days since 1970 in Shanghai, both included. */
export interface Days {
  from: number
  until: number
}

/** Everything is of exactly the first `size` leaves of the log. */
export interface IndexCounts {
  origin: string
  size: number
  /** False while complaints of an older version wait to be counted. */
  whole: boolean
  days: DayCounts[]
  /** Of complaints of before `from`: `open` and `overdue`. */
  before: Counts
  merchants: { m: string; name: string; counts: Counts }[]
}

export interface Figures {
  /** Of the platform, and of each merchant that its leaves name. Waits while it is summed for the first time in a day. */
  index(days: Days): Promise<IndexCounts>
  /** Of one merchant by its id, whether its leaves name it or not; null for the platform. */
  days(merchant: string | null, days: Days): Promise<{ whole: boolean; days: DayCounts[]; before: Counts }>
  /** The work of each desk on these days; the name of no desk is empty. */
  desks(days: Days): Promise<{ desk: string; counts: Counts }[]>
  /** The work of each officer on these days; null for those whose name no complaint has any more. */
  officers(days: Days): Promise<{ officer: string | null; counts: Counts }[]>
  /** Of each merchant by its tag, as `index` but of all its complaints, the most opened first; `limit` of them. */
  merchants(days: Days, limit: number): Promise<{ m: string; name: string; counts: Counts }[]>
}
