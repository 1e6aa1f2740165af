import type { HistogramValue } from '../../telemetry/metrics.ts'

/** Reasons of `/readyz`, in the order in which they are looked for. */
export const ILLNESS_REASONS = [
  ...(['fork', 'waiting_for_witnesses', 'clock_ahead', 'clock_behind'] as const),
  ...(['storage_full', 'write_failing', 'signer_failing', 'deadlines_late'] as const),
  // With a commit log alone.
  ...(['commit_log_unreachable', 'catching_up', 'commit_log_alone'] as const),
]

/** `detail` is for the operator; it holds no name, number or text of a complaint. */
export interface Illness {
  reason: (typeof ILLNESS_REASONS)[number]
  detail: string
  /** Nothing fails yet, and `/readyz` stays 200. */
  isWarning?: true
}

/**
 * What a shard measures of itself, for `/metrics`. Ages are in seconds; one that a wrong clock would make up, or of what
 * never was, is NaN.
 */
export interface LedgerMetrics {
  illness: Illness | null
  /** How long the earliest deadline that nothing recorded has been past; 0 while none is. */
  deadlineLag: number
  /** SMS that are due, or failed and are tried again. Counted up to `MOST_COUNTED`. */
  outboxPending: number
  /** How long the oldest of these has been waiting: since it was due, or since its first attempt failed. */
  outboxOldest: number
  checkpointAge: number
  /** Leaves that no published checkpoint covers. */
  unsignedLeaves: number
  /** Since each witness's last cosignature, by that witness's clock; infinite for one that is not known to have signed. */
  cosignatureAges: { witness: string; age: number }[]
  commits: HistogramValue
  /** Commits that the database failed, since the start. */
  writeFailures: number
  storageBytes: number
  /** Null where the host does not know. */
  storageFreeBytes: number | null
  /** Commits that the commit log does not have yet, of the leader; null without one. */
  replicationLag: number | null
  /** Complaints' rows and old leaves, found since the start, that contradict the log. */
  alteredRows: number
  /** How long the earliest content that retention is to erase has been due. */
  retentionLag: number
}
