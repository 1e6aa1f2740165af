// The registry: API keys, sessions and rate limits, in the ledger's database. Stored are hashes and keyed tags, and what
// a session says of its person; no key, cookie, code or phone.

import { and, asc, desc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import { apiKeys, incidents, merchantShards, sessions, tries } from '../../../db/schema.ts'
import { MINUTE } from '../../complaint/time.ts'
import type { IncidentNews } from '../../complaint/view/incidents.ts'
import type { Clock } from '../clock.ts'
import type { GroupCommit } from '../commands/group-commit.ts'
import type { ApiKey, Credential, Registry, Session } from '../contract/registry.ts'
import type { Db } from '../host.ts'
import type { Tagger } from '../log/secrets.ts'
import type { WitnessGate } from '../log/witnesses.ts'
import { all, placeholders, prepared, value } from './write-statements.ts'

interface RegistryDeps {
  db: Db
  clock: Clock
  tag: Tagger
  commit: GroupCommit
  gate: WitnessGate
}

/** Retention: expired rows are deleted at most this often. */
const SWEEP_MS = MINUTE

/** None of it is in the log, so it waits for no witness: people sign in and read even on a fork. */
export class LocalRegistry implements Registry {
  readonly #deps: RegistryDeps
  readonly #rows: ReturnType<typeof openRegistryQueries>
  #sweptAt = 0

  constructor(deps: RegistryDeps) {
    this.#deps = deps
    this.#rows = openRegistryQueries(deps.db)
  }

  async shardsOf(merchant: string): Promise<number[]> {
    const row = this.#rows.shard.get({ merchant })
    return row ? [row.shard, ...(row.later ?? [])] : []
  }

  addShard(merchant: string, shard: number): Promise<number[]> {
    this.#deps.gate.refuseFork()
    return this.#write(() => {
      const row = this.#rows.shard.get({ merchant })
      const [home, ...later] = row ? [row.shard, ...(row.later ?? [])] : [shard]
      if (home === undefined) throw new RangeError('a merchant has a home')
      if (row && (home === shard || later.includes(shard))) return [home, ...later]
      const all = home === shard ? later : [...later, shard]
      this.#rows.saveShards.run({ merchant, shard: home, later: all.length > 0 ? all : null })
      return [home, ...all]
    })
  }

  async credential(hash: string): Promise<Credential | null> {
    const row = this.#rows.apiKey.get({ hash })
    if (!row || !isRole(row.role)) return null
    return { role: row.role, name: row.name, ...(row.merchant !== null && { merchant: row.merchant }) }
  }

  async addCredential(hash: string, { role, merchant, name }: Credential): Promise<void> {
    const { gate, clock } = this.#deps
    gate.refuseFork()
    await this.#write(() =>
      this.#rows.addApiKey.run({ hash, role, merchant: merchant ?? null, name, createdAt: clock.now() }),
    )
  }

  async keys(merchant: string): Promise<ApiKey[]> {
    return this.#rows.keysOf.all({ merchant })
  }

  async revokeKey(merchant: string, id: string): Promise<boolean> {
    const revoked = await this.#write(() =>
      this.#rows.revokeKey.get({ hash: id, merchant, revokedAt: this.#deps.clock.now() }),
    )
    return revoked !== undefined
  }

  async incidents(): Promise<IncidentNews[]> {
    // What `declareIncident` wrote.
    return this.#rows.incidents
      .all()
      .map(({ incident, at, body }) => ({ ...JSON.parse(body), incident, at }) as IncidentNews)
      .reverse()
  }

  async declareIncident({ incident, ...body }: Omit<IncidentNews, 'at'>): Promise<IncidentNews> {
    this.#deps.gate.refuseFork()
    const at = this.#deps.clock.now()
    await this.#write(() => this.#rows.addIncident.run({ incident, at, body: JSON.stringify(body) }))
    return { ...body, incident, at }
  }

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

  async people(merchant: string | null): Promise<string[]> {
    const rows = this.#rows.people.all({ merchant: merchant ?? '', now: this.#deps.clock.now() })
    return rows.map(({ name }) => name)
  }

  async endSession(hash: string): Promise<void> {
    await this.#write(() => this.#rows.endSession.run({ hash }))
  }

  async endSessionsOf(subject: string): Promise<void> {
    await this.#write(() => this.#rows.endSessionsOf.run({ subject }))
  }

  /** Rate limit, counted inside a transaction: of many concurrent attempts at most `limit` pass. */
  recordAttempt(what: string, limit: number, lockMs: number): Promise<boolean> {
    return this.#write(() => {
      this.#sweep()
      const now = this.#deps.clock.now()
      const tagged = this.#tagged(what)
      const count = this.#rows.tries.get({ what: tagged, now })?.count ?? 0
      if (count >= limit) return false
      this.#rows.saveTries.run({ what: tagged, count: count + 1, until: now + lockMs })
      return true
    })
  }

  async clearAttempts(what: string): Promise<void> {
    await this.#write(() => this.#rows.clearTries.run({ what: this.#tagged(what) }))
  }

  #tagged(what: string): string {
    return this.#deps.tag('tries', what)
  }

  #sweep(): void {
    const now = this.#deps.clock.now()
    if (now < this.#sweptAt + SWEEP_MS) return
    this.#sweptAt = now
    this.#rows.sweepSessions.run({ now })
    this.#rows.sweepTries.run({ now })
  }

  #write<T>(work: () => T): Promise<T> {
    return this.#deps.commit.run(work)
  }
}

const isRole = (role: string): role is Credential['role'] =>
  role === 'platform' || role === 'supervisor' || role === 'merchant'

const keyOfMerchant = and(
  eq(apiKeys.merchant, value('merchant')),
  eq(apiKeys.role, 'merchant'),
  isNull(apiKeys.revokedAt),
)

/** Prepared once: a drizzle query built each time costs ten times as much. */
const openRegistryQueries = (db: Db) =>
  prepared({
    apiKey: db
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.hash, value('hash')), isNull(apiKeys.revokedAt))),
    addApiKey: db
      .insert(apiKeys)
      .values(all('hash', 'role', 'merchant', 'name', 'createdAt'))
      .onConflictDoNothing(),
    keysOf: db
      .select({ id: apiKeys.hash, name: apiKeys.name, createdAt: apiKeys.createdAt })
      .from(apiKeys)
      .where(keyOfMerchant)
      .orderBy(asc(apiKeys.createdAt), asc(apiKeys.hash)),
    revokeKey: db
      .update(apiKeys)
      .set(placeholders<typeof apiKeys.$inferInsert>('revokedAt'))
      .where(and(eq(apiKeys.hash, value('hash')), keyOfMerchant))
      .returning({ hash: apiKeys.hash }),

    shard: db
      .select()
      .from(merchantShards)
      .where(eq(merchantShards.merchant, value('merchant'))),
    saveShards: db
      .insert(merchantShards)
      .values(all('merchant', 'shard', 'later'))
      .onConflictDoUpdate({ target: merchantShards.merchant, set: { later: sql`excluded.later` } }),

    incidents: db.select().from(incidents).orderBy(desc(incidents.id)).limit(1000),
    addIncident: db.insert(incidents).values(all('incident', 'at', 'body')),

    session: db
      .select()
      .from(sessions)
      .where(and(eq(sessions.hash, value('hash')), gt(sessions.expiresAt, value('now')))),
    addSession: db
      .insert(sessions)
      .values(all('hash', 'subject', 'role', 'merchant', 'name', 'createdAt', 'expiresAt')),
    people: db
      .selectDistinct({ name: sessions.name })
      .from(sessions)
      .where(and(eq(sql`coalesce(${sessions.merchant}, '')`, value('merchant')), gt(sessions.expiresAt, value('now'))))
      .orderBy(asc(sessions.name))
      .limit(100),
    endSession: db.delete(sessions).where(eq(sessions.hash, value('hash'))),
    endSessionsOf: db.delete(sessions).where(eq(sessions.subject, value('subject'))),
    sweepSessions: db.delete(sessions).where(lte(sessions.expiresAt, value('now'))),

    tries: db
      .select()
      .from(tries)
      .where(and(eq(tries.what, value('what')), gt(tries.until, value('now')))),
    saveTries: db
      .insert(tries)
      .values(all('what', 'count', 'until'))
      .onConflictDoUpdate({ target: tries.what, set: { count: sql`excluded.count`, until: sql`excluded.until` } }),
    clearTries: db.delete(tries).where(eq(tries.what, value('what'))),
    sweepTries: db.delete(tries).where(lte(tries.until, value('now'))),
  })
