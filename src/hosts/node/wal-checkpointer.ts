import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type Database from 'better-sqlite3'

/** Pages that wait before the thread is sent for them: a page that is written often is copied once. 32 MB. */
const WAITING = 8000
/** What this thread copies by itself, so that the log is whole and the next commit begins it anew. 4 MB. */
const TAIL = 1000
/** SQLite's own checkpoint within COMMIT, should the thread be gone or fall behind. 256 MB. */
const BEHIND = 64_000
const COMMITS_A_LOOK = 16
/** How long a statement waits for another process that holds the database. */
export const BUSY_MS = 5_000

interface Wal {
  busy: number
  log: number
  checkpointed: number
}

/**
 * Checkpoints of the write-ahead log off the event loop: within COMMIT, as SQLite does them, 64 MB held up every caller for 40 to
 * 600 ms. A passive checkpoint blocks no writer (sqlite.org/wal.html); one that runs beside commits leaves the newest pages
 * behind, so the thread is sent until they are few.
 */
export class WalCheckpointer {
  readonly #sqlite: Database.Database
  readonly #file: string
  #worker: Worker | null = null
  #isRunning = false
  #hasFailed = false
  #owesTruncation = false
  #commits = 0

  constructor(sqlite: Database.Database, file: string) {
    this.#sqlite = sqlite
    this.#file = file
    sqlite.pragma(`wal_autocheckpoint = ${BEHIND}`)
  }

  /** Call after each commit. Never throws: what was committed stays so, and the next commit tells of a broken disk. */
  committed(): void {
    if (++this.#commits % COMMITS_A_LOOK !== 0) return
    if (this.#owesTruncation) this.truncate()
    else if (this.#waiting() >= WAITING) this.#send()
  }

  /** Erasure: the database no longer holds the erased text, but its log may. Where it can't be emptied now, it is later. */
  truncate(): void {
    if (!this.#sqlite.open) return
    this.#owesTruncation = this.#isRunning || !this.#emptied()
  }

  /** Resolves once the thread has ended; null where there is none. */
  stop(): Promise<void> | null {
    const worker = this.#worker
    if (!worker) return null
    this.#worker = null
    this.#hasFailed = true
    const ended = once(worker, 'exit').then(() => undefined)
    // What it is copying is copied to its end: a thread can't be stopped within SQLite.
    void worker.terminate()
    return ended
  }

  #waiting(): number {
    const { log, checkpointed } = this.#checkpoint('NOOP')
    return log - checkpointed
  }

  #send(): void {
    if (this.#isRunning || this.#hasFailed) return
    this.#worker ??= this.#start()
    this.#isRunning = true
    this.#worker.postMessage('checkpoint')
  }

  #start(): Worker {
    const worker = new Worker(new URL('./wal-worker.ts', import.meta.url), { workerData: { file: this.#file } })
    worker.unref()
    worker.on('message', () => this.#done())
    // SQLite's own checkpoint takes over.
    worker.on('error', () => {
      this.#hasFailed = true
      this.#done()
    })
    return worker
  }

  #done(): void {
    this.#isRunning = false
    if (!this.#sqlite.open) return
    if (this.#owesTruncation) this.truncate()
    else if (this.#waiting() <= TAIL) this.#checkpoint('PASSIVE')
    else this.#send()
  }

  #emptied(): boolean {
    // Don't wait for a backup that is reading.
    this.#sqlite.pragma('busy_timeout = 0')
    const { busy } = this.#checkpoint('TRUNCATE')
    this.#sqlite.pragma(`busy_timeout = ${BUSY_MS}`)
    return busy === 0
  }

  #checkpoint(mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE'): Wal {
    try {
      // The shape of the pragma's one row.
      return (this.#sqlite.pragma(`wal_checkpoint(${mode})`) as [Wal])[0]
    } catch {
      return { busy: 1, log: 0, checkpointed: 0 }
    }
  }
}
