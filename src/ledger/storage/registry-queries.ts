import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import { apiKeys, sessions, tries } from '../../../db/schema.ts'
import type { Db } from '../host.ts'
import { all, placeholders, value } from './queries.ts'

const ownKey = and(eq(apiKeys.merchant, value('merchant')), eq(apiKeys.role, 'merchant'), isNull(apiKeys.revokedAt))

/** The registry's queries, prepared once. */
export const openRegistryQueries = (db: Db) => ({
  apiKey: db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, value('hash')), isNull(apiKeys.revokedAt)))
    .prepare(),
  addApiKey: db
    .insert(apiKeys)
    .values(all('hash', 'role', 'merchant', 'name', 'createdAt'))
    .onConflictDoNothing()
    .prepare(),
  keysOf: db
    .select({ id: apiKeys.hash, name: apiKeys.name, createdAt: apiKeys.createdAt })
    .from(apiKeys)
    .where(ownKey)
    .orderBy(asc(apiKeys.createdAt), asc(apiKeys.hash))
    .prepare(),
  revokeKey: db
    .update(apiKeys)
    .set(placeholders<typeof apiKeys.$inferInsert>('revokedAt'))
    .where(and(eq(apiKeys.hash, value('hash')), ownKey))
    .returning({ hash: apiKeys.hash })
    .prepare(),

  session: db
    .select()
    .from(sessions)
    .where(and(eq(sessions.hash, value('hash')), gt(sessions.expiresAt, value('now'))))
    .prepare(),
  addSession: db
    .insert(sessions)
    .values(all('hash', 'subject', 'role', 'merchant', 'name', 'createdAt', 'expiresAt'))
    .prepare(),
  endSession: db
    .delete(sessions)
    .where(eq(sessions.hash, value('hash')))
    .prepare(),
  endSessionsOf: db
    .delete(sessions)
    .where(eq(sessions.subject, value('subject')))
    .prepare(),
  sweepSessions: db
    .delete(sessions)
    .where(lte(sessions.expiresAt, value('now')))
    .prepare(),

  tries: db
    .select()
    .from(tries)
    .where(and(eq(tries.what, value('what')), gt(tries.until, value('now'))))
    .prepare(),
  saveTries: db
    .insert(tries)
    .values(all('what', 'count', 'until'))
    .onConflictDoUpdate({ target: tries.what, set: { count: sql`excluded.count`, until: sql`excluded.until` } })
    .prepare(),
  forgiveTries: db
    .delete(tries)
    .where(eq(tries.what, value('what')))
    .prepare(),
  sweepTries: db
    .delete(tries)
    .where(lte(tries.until, value('now')))
    .prepare(),
})
