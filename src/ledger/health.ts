// Health: what an operator must mend, as a reason for `/readyz` and as numbers for `/metrics`. Both are read at any rate by
// monitors, so they look rows up by an index and scan nothing.

import { MINUTE } from '../complaint/time.ts'
import { FaultLog } from '../telemetry/log.ts'
import type { Clock } from './clock.ts'
import type { GroupCommit } from './commands/group-commit.ts'
import type { Illness, LedgerMetrics } from './contract/health.ts'
import type { Host } from './host.ts'
import type { LogWriter } from './log/log-writer.ts'
import type { Signer } from './log/signer.ts'
import type { Cosignatures, WitnessGate } from './log/witnesses.ts'
import type { MessageOutbox } from './outbox/messages.ts'
import { nextDueIn, type Store } from './storage/queries.ts'

/** Readiness: a due deadline that was not recorded for so long means that no scheduler runs. */
const LATE_MS = 5 * MINUTE

interface HealthDeps {
  host: Host
  store: Store
  shard: number
  clock: Clock
  gate: WitnessGate
  writer: LogWriter
  commit: GroupCommit
  signer: Signer
  outbox: MessageOutbox
  cosignatures: Cosignatures
  /** Another process writes, and knows what is wrong. */
  follows: boolean
  /** Rows and leaves found since the start that are not what the log says. */
  altered(): number
}

export class Health {
  readonly #deps: HealthDeps
  readonly #faults: FaultLog

  constructor(deps: HealthDeps) {
    this.#deps = deps
    this.#faults = new FaultLog('ledger', { shard: deps.shard })
  }

  /** What is wrong at present, or null. Logs a line where that changed since the last call. */
  check(): Illness | null {
    const illness = this.#illness()
    if (illness === null) this.#faults.worked()
    else this.#faults.failed(illness.reason, { detail: illness.detail })
    return illness
  }

  #illness(): Illness | null {
    const { gate, writer, commit, signer, clock, follows } = this.#deps
    if (follows) return null
    if (gate.readOnly !== null) return { reason: gate.isFork ? 'fork' : 'waiting_for_witnesses', detail: gate.readOnly }
    const fault = writer.clockFault
    if (fault === 'clock_ahead')
      return { reason: fault, detail: 'the clock leapt ahead, or started far beyond the newest leaf' }
    if (fault === 'clock_behind') return { reason: fault, detail: 'the clock is behind the log' }
    if (commit.failure === 'SQLITE_FULL') return { reason: 'storage_full', detail: 'the disk is full' }
    if (commit.failure !== null) return { reason: 'write_failing', detail: commit.failure }
    if (signer.failure !== null)
      return { reason: 'signer_failing', detail: `the last checkpoint could not be published: ${signer.failure}` }
    const due = this.#nextDue()
    if (due !== null && clock.now() - due > LATE_MS)
      return { reason: 'deadlines_late', detail: `since ${new Date(due).toISOString()}` }
    return null
  }

  metrics(): LedgerMetrics {
    const { host, writer, signer, outbox, commit, cosignatures, clock } = this.#deps
    const { published } = signer
    const storage = host.storage()
    const { count, since } = outbox.backlog()
    // Of a clock that leapt ahead every age would be wrong.
    const now = writer.clockFault === 'clock_ahead' ? Number.NaN : clock.now()
    const age = (at: number | null): number => (at === null ? 0 : Math.max(0, (now - at) / 1000))
    return {
      illness: this.check(),
      deadlineLag: age(this.#nextDue()),
      outboxPending: count,
      outboxOldest: age(since),
      checkpointAge: published ? age(published.at) : Number.NaN,
      unsignedLeaves: writer.frontier.size - (published?.size ?? 0),
      cosignatureAges: cosignatures
        .lastTimes()
        .map(({ witness, at }) => ({ witness, age: at === null ? Number.POSITIVE_INFINITY : age(at) })),
      commits: commit.seconds.value,
      writeFailures: commit.failures,
      storageBytes: storage.bytes,
      storageFreeBytes: storage.free,
      replicationLag: null,
      alteredRows: this.#deps.altered(),
      retentionLag: age(this.#deps.store.nextErasure.get()?.at ?? null),
    }
  }

  #nextDue(): number | null {
    return nextDueIn(this.#deps.store)
  }
}
