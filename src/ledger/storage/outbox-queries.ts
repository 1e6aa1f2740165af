// The queries of the SMS outbox: what is due, for whom, and what ended.

import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { complaints, outbox } from '../../../db/schema.ts'
import type { Db } from '../host.ts'
import { placeholders, value } from './write-statements.ts'

/** A monitor's count goes no further: beyond this the number says nothing new, and counting on would hold up writers. */
export const MOST_COUNTED = 100_000

export type MessageRow = typeof outbox.$inferSelect

const due = (whose: SQL) => and(isNotNull(outbox.nextAt), lte(outbox.nextAt, value('now')), whose)

export const outboxQueries = (db: Db) => ({
  message: db
    .select()
    .from(outbox)
    .where(eq(outbox.id, value('id'))),
  messagesDue: db
    .select()
    .from(outbox)
    .where(and(isNotNull(outbox.nextAt), lte(outbox.nextAt, value('now')), eq(outbox.party, sql`'buyer'`)))
    .orderBy(asc(outbox.nextAt), asc(outbox.id))
    .limit(value('limit')),
  /** Whose digests are due, with repetitions. */
  recipientsDue: db
    .select({ recipient: outbox.recipient })
    .from(outbox)
    .where(and(isNotNull(outbox.nextAt), lte(outbox.nextAt, value('now')), ne(outbox.party, sql`'buyer'`)))
    .orderBy(asc(outbox.nextAt), asc(outbox.id))
    .limit(value('limit')),
  /** Keyset pagination in two queries, since SQLite compares no pair whose second is the rowid by an index. */
  digestDue: digestDue(db, and(gt(outbox.nextAt, value('nextAt')), lte(outbox.nextAt, value('now')))),
  digestAtOnce: digestDue(db, and(eq(outbox.nextAt, value('nextAt')), gt(outbox.id, value('id')))),
  messagesOf: db
    .select()
    .from(outbox)
    .where(eq(outbox.reference, value('reference'))),
  sentTo: db
    .select({ count: sql<number>`count(*)` })
    .from(outbox)
    .where(
      and(
        eq(outbox.reader, value('reader')),
        isNotNull(outbox.acceptedAt),
        gte(outbox.acceptedAt, value('since')),
        eq(outbox.complaint, sql`ifnull(${value('complaint')}, ${outbox.complaint})`),
      ),
    ),
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
    .limit(value('limit')),
  nextToBuyer: nextMessage(db, eq(outbox.party, sql`'buyer'`)),
  nextDigest: nextMessage(db, ne(outbox.party, sql`'buyer'`)),
  /**
   * Retention, a portion of rows from `from` to `to`. A row that was taken back stays while its complaint is open, since it counts
   * against the notices of a stay; the newest stays so that no row's number, a vendor's duplicate key, is used twice.
   */
  forgetMessages: db
    .delete(outbox)
    .where(
      and(
        sql`${outbox.id} between ${value('from')} and ${value('to')}`,
        isNull(outbox.nextAt),
        lt(outbox.createdAt, value('before')),
        sql`${outbox.id} < (select max(id) from outbox)`,
        or(
          isNull(outbox.outcome),
          ne(outbox.outcome, sql`'undelivered'`),
          sql`not exists (select 1 from ${complaints} where ${complaints.id} = ${outbox.complaint} and ${complaints.closedAt} is null)`,
        ),
      ),
    ),
  /** The rows that retention looks at next, by their number. */
  oldMessages: db
    .select({ id: outbox.id, createdAt: outbox.createdAt })
    .from(outbox)
    .where(gt(outbox.id, value('after')))
    .orderBy(asc(outbox.id))
    .limit(value('limit')),
  dueToBuyers: bounded(db, due(eq(outbox.party, sql`'buyer'`))),
  dueToOthers: bounded(db, due(ne(outbox.party, sql`'buyer'`))),
  /** Those whose attempts fail, and whose next one lies ahead. `+` keeps SQLite from the index of all that lies ahead. */
  failingCount: bounded(db, and(isNotNull(outbox.failingSince), sql`+${outbox.nextAt} > ${value('now')}`)),
  failingLongest: db
    .select({ since: outbox.failingSince })
    .from(outbox)
    .where(isNotNull(outbox.failingSince))
    .orderBy(asc(outbox.failingSince))
    .limit(1),
  saveMessage: db
    .update(outbox)
    .set(
      placeholders<typeof outbox.$inferInsert>(
        ...(['nextAt', 'attempts', 'outcome', 'reason'] as const),
        ...(['reference', 'reader', 'acceptedAt', 'failingSince'] as const),
      ),
    )
    .where(eq(outbox.id, value('id'))),
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
    ),
})

const digestDue = (db: Db, when: SQL | undefined) =>
  db
    .select()
    .from(outbox)
    .where(and(isNotNull(outbox.nextAt), eq(outbox.recipient, value('recipient')), when))
    .orderBy(asc(outbox.nextAt), asc(outbox.id))
    .limit(value('limit'))

const nextMessage = (db: Db, whose: SQL) =>
  db
    .select({ nextAt: outbox.nextAt })
    .from(outbox)
    .where(and(isNotNull(outbox.nextAt), whose))
    .orderBy(asc(outbox.nextAt))
    .limit(1)

/** Counts messages up to `MOST_COUNTED`, by an index that holds the columns of the filter. */
const bounded = (db: Db, filter: SQL | undefined) => {
  const found = db.select({ nextAt: outbox.nextAt }).from(outbox).where(filter).limit(MOST_COUNTED).as('found')
  return db.select({ count: sql<number>`count(*)` }).from(found)
}
