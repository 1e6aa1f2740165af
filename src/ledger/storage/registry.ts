import { MINUTE } from '../../complaint/time.ts'
import type { Clock } from '../clock.ts'
import type { GroupCommit } from '../commands/group-commit.ts'
import type { Db } from '../host.ts'
import type { Tagger } from '../log/secrets.ts'
import type { ApiKey, Credential, Registry, Session } from '../port.ts'
import type { WitnessGate } from '../witnesses/witness-gate.ts'
import { openRegistryQueries } from './registry-queries.ts'

interface RegistryDesk {
  db: Db
  clock: Clock
  tag: Tagger
  commit: GroupCommit
  witnessing: WitnessGate
}

/** Rows that nobody needs any more go at most so often. */
const SWEEP_MS = MINUTE

/**
 * API keys, sessions and tries, in the ledger's database. None of it is in the log, so it waits for no witness; even a
 * fork lets people sign in and read. Stored are hashes and keyed tags: no key, cookie, code or phone.
 */
export class LocalRegistry implements Registry {
  readonly #desk: RegistryDesk
  readonly #rows: ReturnType<typeof openRegistryQueries>
  #sweptAt = 0

  constructor(desk: RegistryDesk) {
    this.#desk = desk
    this.#rows = openRegistryQueries(desk.db)
  }

  async credential(hash: string): Promise<Credential | null> {
    const row = this.#rows.apiKey.get({ hash })
    if (!row || !isRole(row.role)) return null
    return { role: row.role, name: row.name, ...(row.merchant !== null && { merchant: row.merchant }) }
  }

  /** A key that is known, or was revoked, stays what it is. Rejects on a fork. */
  async addCredential(hash: string, { role, merchant, name }: Credential): Promise<void> {
    const { witnessing, clock } = this.#desk
    witnessing.refuseFork()
    await this.#write(() =>
      this.#rows.addApiKey.run({ hash, role, merchant: merchant ?? null, name, createdAt: clock.now() }),
    )
  }

  async keys(merchant: string): Promise<ApiKey[]> {
    return this.#rows.keysOf.all({ merchant })
  }

  async revokeKey(merchant: string, id: string): Promise<boolean> {
    const revoked = await this.#write(() =>
      this.#rows.revokeKey.get({ hash: id, merchant, revokedAt: this.#desk.clock.now() }),
    )
    return revoked !== undefined
  }

  /** A cookie opens one session alone: rejects a hash that is known. */
  async openSession(hash: string, { merchant = '', ...session }: Session): Promise<void> {
    await this.#write(() => {
      this.#sweep()
      this.#rows.addSession.run({ hash, ...session, merchant: merchant || null })
    })
  }

  async session(hash: string, now: number): Promise<Session | null> {
    const row = this.#rows.session.get({ hash, now })
    if (!row || !isRole(row.role)) return null
    const { subject, role, merchant, name, createdAt, expiresAt } = row
    return { subject, role, name, createdAt, expiresAt, ...(merchant !== null && { merchant }) }
  }

  async endSession(hash: string): Promise<void> {
    await this.#write(() => this.#rows.endSession.run({ hash }))
  }

  async endSessionsOf(subject: string): Promise<void> {
    await this.#write(() => this.#rows.endSessionsOf.run({ subject }))
  }

  /** Counted inside a transaction: of many at once no more than `limit` are let through. */
  recordAttempt(what: string, limit: number, lockMs: number): Promise<boolean> {
    return this.#write(() => {
      this.#sweep()
      const now = this.#desk.clock.now()
      const tagged = this.#tagged(what)
      const count = this.#rows.tries.get({ what: tagged, now })?.count ?? 0
      if (count >= limit) return false
      this.#rows.saveTries.run({ what: tagged, count: count + 1, until: now + lockMs })
      return true
    })
  }

  async clearAttempts(what: string): Promise<void> {
    await this.#write(() => this.#rows.forgiveTries.run({ what: this.#tagged(what) }))
  }

  #tagged(what: string): string {
    return this.#desk.tag('tries', what)
  }

  #sweep(): void {
    const now = this.#desk.clock.now()
    if (now < this.#sweptAt + SWEEP_MS) return
    this.#sweptAt = now
    this.#rows.sweepSessions.run({ now })
    this.#rows.sweepTries.run({ now })
  }

  #write<T>(work: () => T): Promise<T> {
    return this.#desk.commit.run(work)
  }
}

const isRole = (role: string): role is Credential['role'] =>
  role === 'platform' || role === 'supervisor' || role === 'merchant'
