import {
  and,
  asc,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  or,
  type Placeholder,
  sql,
} from 'drizzle-orm'
import {
  checkpoints,
  complaints,
  cosignatures,
  disclosures,
  idempotency,
  leaves,
  logChain,
  outbox,
  policies,
  tiles,
} from '../../../db/schema.ts'
import type { Db } from '../host.ts'
import { complaintsOf, KEPT } from './inbox-queries.ts'

const FORGOTTEN_AT_ONCE = 20

export const value = sql.placeholder
export const all = <T extends string>(...names: T[]) => {
  const placeholders: Partial<Record<T, Placeholder>> = {}
  for (const name of names) placeholders[name] = sql.placeholder(name)
  return placeholders as Record<T, Placeholder>
}

/** drizzle types `set` without placeholders, though it prepares them. */
export const placeholders = <Row>(...names: (keyof Row & string)[]) => all(...names) as unknown as Partial<Row>

/**
 * The ledger's queries, prepared once: a drizzle query built each time costs ten times as much. Rows in, rows out;
 * what they mean is decided elsewhere.
 */
export const openStore = (db: Db) => ({
  leaf: db
    .select()
    .from(leaves)
    .where(eq(leaves.idx, value('idx')))
    .prepare(),
  leafRange: db
    .select()
    .from(leaves)
    .where(and(gte(leaves.idx, value('from')), lt(leaves.idx, value('to'))))
    .orderBy(asc(leaves.idx))
    .prepare(),
  leafCount: db
    .select({ last: sql<number | null>`max(${leaves.idx})` })
    .from(leaves)
    .prepare(),
  tile: db
    .select()
    .from(tiles)
    .where(and(eq(tiles.level, value('level')), eq(tiles.n, value('n'))))
    .prepare(),
  addCheckpoint: db
    .insert(checkpoints)
    .values(all('size', 'at', 'note'))
    .returning({ id: checkpoints.id })
    .prepare(),
  lastCheckpoint: db.select().from(checkpoints).orderBy(desc(checkpoints.id)).limit(1).prepare(),
  addCosignature: db.insert(cosignatures).values(all('checkpoint', 'line')).prepare(),
  /** Newest first, each with its checkpoint. */
  recentCosignatures: db
    .select({ published: checkpoints, line: cosignatures.line })
    .from(cosignatures)
    .innerJoin(checkpoints, eq(checkpoints.id, cosignatures.checkpoint))
    .orderBy(desc(cosignatures.id))
    .limit(value('limit'))
    .prepare(),
  addLogStep: db.insert(logChain).values(all('seq', 'idx')).prepare(),
  logSteps: db.select().from(logChain).orderBy(asc(logChain.seq)).prepare(),

  disclosures: db
    .select({ texts: disclosures.texts })
    .from(disclosures)
    .where(eq(disclosures.idx, value('idx')))
    .prepare(),
  saveDisclosures: db
    .update(disclosures)
    .set(placeholders<typeof disclosures.$inferInsert>('texts'))
    .where(eq(disclosures.idx, value('idx')))
    .prepare(),

  complaint: db
    .select(KEPT)
    .from(complaints)
    .where(eq(complaints.id, value('id')))
    .prepare(),
  openAbout: db
    .select({ id: complaints.id })
    .from(complaints)
    // No limit: SQLite plans a statement anew each time that a parameter of LIMIT is bound.
    .where(and(eq(complaints.item, value('item')), isNull(complaints.closedAt)))
    .prepare(),
  about: db
    .select({ id: complaints.id })
    .from(complaints)
    .where(and(gte(complaints.item, value('from')), lt(complaints.item, value('to'))))
    .prepare(),
  fallenDue: db
    .select({ id: complaints.id, due: complaints.due })
    .from(complaints)
    .where(and(isNotNull(complaints.due), lte(complaints.due, value('now')), eq(complaints.stuck, 0)))
    .orderBy(asc(complaints.due), asc(complaints.id))
    .limit(value('limit'))
    .prepare(),
  nextDue: db
    .select({ due: complaints.due })
    .from(complaints)
    .where(and(isNotNull(complaints.due), eq(complaints.stuck, 0)))
    .orderBy(asc(complaints.due))
    .limit(1)
    .prepare(),
  complaintsOf: (merchant: string, since: number) => complaintsOf(db, merchant, since),
  /** Old rows without a tag of their phone. */
  untagged: db
    .select({ first: complaints.first })
    .from(complaints)
    .where(isNull(complaints.phone))
    .limit(value('limit'))
    .prepare(),
  tagPhone: db
    .update(complaints)
    .set(placeholders<typeof complaints.$inferInsert>('phone'))
    .where(eq(complaints.first, value('first')))
    .prepare(),

  addOnce: db
    .insert(idempotency)
    .values(all('day', 'key', 'body', 'complaint', 'seq'))
    .prepare(),
  once: (days: readonly number[]) =>
    db
      .select()
      .from(idempotency)
      .where(
        and(
          inArray(
            idempotency.day,
            days.map((_, i) => value(`day${i}`)),
          ),
          eq(idempotency.key, value('key')),
        ),
      )
      .prepare(),
  forgetOnce: db
    .delete(idempotency)
    .where(
      sql`(${idempotency.day}, ${idempotency.key}) in
        (select day, key from idempotency where day < ${value('day')} order by day, key limit ${sql.raw(`${FORGOTTEN_AT_ONCE}`)})`,
    )
    .returning({ day: idempotency.day })
    .prepare(),

  message: db
    .select()
    .from(outbox)
    .where(eq(outbox.id, value('id')))
    .prepare(),
  messagesDue: db
    .select()
    .from(outbox)
    .where(and(isNotNull(outbox.nextAt), lte(outbox.nextAt, value('now')), eq(outbox.party, sql`'buyer'`)))
    .orderBy(asc(outbox.nextAt), asc(outbox.id))
    .limit(value('limit'))
    .prepare(),
  /** Of everybody but buyers: they get them together, so there is no limit. */
  digestsDue: db
    .select()
    .from(outbox)
    .where(and(isNotNull(outbox.nextAt), lte(outbox.nextAt, value('now')), ne(outbox.party, sql`'buyer'`)))
    .orderBy(asc(outbox.nextAt), asc(outbox.id))
    .prepare(),
  messagesOf: db
    .select()
    .from(outbox)
    .where(eq(outbox.reference, value('reference')))
    .prepare(),
  sentTo: db
    .select({ count: sql<number>`count(*)` })
    .from(outbox)
    .where(
      and(eq(outbox.reader, value('reader')), isNotNull(outbox.acceptedAt), gte(outbox.acceptedAt, value('since'))),
    )
    .prepare(),
  troubled: db
    .select()
    .from(outbox)
    .where(
      and(
        isNotNull(outbox.reason),
        or(isNull(outbox.outcome), inArray(outbox.outcome, sql`('rejected', 'expired', 'undelivered')`)),
      ),
    )
    .orderBy(desc(outbox.createdAt), desc(outbox.id))
    .limit(value('limit'))
    .prepare(),
  nextMessage: db
    .select({ nextAt: outbox.nextAt })
    .from(outbox)
    .where(isNotNull(outbox.nextAt))
    .orderBy(asc(outbox.nextAt))
    .limit(1)
    .prepare(),
  saveMessage: db
    .update(outbox)
    .set(
      placeholders<typeof outbox.$inferInsert>(
        ...(['nextAt', 'attempts', 'outcome', 'reason', 'reference', 'reader', 'acceptedAt'] as const),
      ),
    )
    .where(eq(outbox.id, value('id')))
    .prepare(),
  undelivered: db
    .select({ count: sql<number>`count(*)` })
    .from(outbox)
    .where(
      and(
        eq(outbox.outcome, sql`'undelivered'`),
        eq(outbox.complaint, value('complaint')),
        eq(outbox.stay, value('stay')),
        eq(outbox.party, sql`'buyer'`),
        // Sent on request: never counted, so there is nothing to take back.
        ne(outbox.template, 'link'),
      ),
    )
    .prepare(),

  policies: db.select().from(policies).prepare(),
  addPolicy: db.insert(policies).values(all('hash', 'document')).prepare(),
})
export type Store = ReturnType<typeof openStore>
export type ComplaintRow = Pick<typeof complaints.$inferSelect, keyof typeof KEPT>
export type MessageRow = typeof outbox.$inferSelect
