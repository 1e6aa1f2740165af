import {
  and,
  asc,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  or,
  type Placeholder,
  type SQL,
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
import type { InboxQuery } from '../contract/ledger.ts'
import type { Db } from '../host.ts'

const FORGOTTEN_AT_ONCE = 20

export const value = sql.placeholder
export const all = <T extends string>(...names: T[]) => {
  const placeholders: Partial<Record<T, Placeholder>> = {}
  for (const name of names) placeholders[name] = sql.placeholder(name)
  return placeholders as Record<T, Placeholder>
}

/** drizzle types `set` without placeholders, though it prepares them. */
export const placeholders = <Row>(...names: (keyof Row & string)[]) => all(...names) as unknown as Partial<Row>

const { id, tag, merchant, item, policy, head, chain, folded } = complaints
/** What a complaint is read back from; the other columns are there to be searched by. */
const KEPT = { id, tag, merchant, item, policy, head, chain, folded }

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
  /** Built for each call: its filters vary, and no transaction waits for it. */
  inbox: (query: InboxQuery) => inbox(db, query),
  /** A merchant's open ones, and those that were closed at `since` or later. */
  complaintsOf: (merchant: string, since: number) => [
    ...inbox(db, { merchant, now: 0, limit: -1 }),
    ...closedSince(db, merchant, since),
  ],

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
  /** Whose digests are due, with repetitions. */
  recipientsDue: db
    .select({ recipient: outbox.recipient })
    .from(outbox)
    .where(and(isNotNull(outbox.nextAt), lte(outbox.nextAt, value('now')), ne(outbox.party, sql`'buyer'`)))
    .orderBy(asc(outbox.nextAt), asc(outbox.id))
    .limit(value('limit'))
    .prepare(),
  /** Keyset pagination in two queries, since SQLite compares no pair whose second is the rowid by an index. */
  digestDue: digestDue(db, and(gt(outbox.nextAt, value('nextAt')), lte(outbox.nextAt, value('now')))),
  digestAtOnce: digestDue(db, and(eq(outbox.nextAt, value('nextAt')), gt(outbox.id, value('id')))),
  messagesOf: db
    .select()
    .from(outbox)
    .where(eq(outbox.reference, value('reference')))
    .prepare(),
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
    )
    .prepare(),
  /** The rows that retention looks at next, by their number. */
  oldMessages: db
    .select({ id: outbox.id, createdAt: outbox.createdAt })
    .from(outbox)
    .where(gt(outbox.id, value('after')))
    .orderBy(asc(outbox.id))
    .limit(value('limit'))
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
const digestDue = (db: Db, when: SQL | undefined) =>
  db
    .select()
    .from(outbox)
    .where(and(isNotNull(outbox.nextAt), eq(outbox.recipient, value('recipient')), when))
    .orderBy(asc(outbox.nextAt), asc(outbox.id))
    .limit(value('limit'))
    .prepare()

const nextMessage = (db: Db, whose: SQL) =>
  db
    .select({ nextAt: outbox.nextAt })
    .from(outbox)
    .where(and(isNotNull(outbox.nextAt), whose))
    .orderBy(asc(outbox.nextAt))
    .limit(1)
    .prepare()

export type Store = ReturnType<typeof openStore>
export type ComplaintRow = Pick<typeof complaints.$inferSelect, keyof typeof KEPT>
export type MessageRow = typeof outbox.$inferSelect

/** Open ones by due, or closed ones by when. */
const inbox = (db: Db, query: InboxQuery) => {
  const { merchant, state, overdue, now, limit, after } = query
  const closed = state?.startsWith('closed_') || state === 'refused'
  const key = closed ? complaints.closedAt : complaints.due
  const filters: (SQL | undefined)[] = [
    isNotNull(key),
    merchant === undefined ? undefined : eq(complaints.merchant, merchant),
    state === undefined ? undefined : eq(complaints.status, state),
    ...foldedFilters(query),
    overdue === undefined ? undefined : overdue ? lte(complaints.due, now) : gt(complaints.due, now),
    after && (closed ? before(key, after) : beyond(key, after)),
  ]
  const order = closed ? [desc(key), desc(complaints.id)] : [asc(key), asc(complaints.id)]
  return db
    .select(KEPT)
    .from(complaints)
    .where(and(...filters))
    .orderBy(...order)
    .limit(limit)
    .all()
}
/** What no column tells is asked of the fold, row by row in the order of the index, until the list is full. */
const foldedFilters = ({ holders, category }: InboxQuery): (SQL | undefined)[] => [
  holders && inArray(sql`${complaints.folded} ->> 'holder'`, [...holders]),
  category === undefined ? undefined : sql`${complaints.folded} ->> 'category' = ${category}`,
]
const closedSince = (db: Db, merchant: string, since: number) =>
  db
    .select(KEPT)
    .from(complaints)
    .where(and(eq(complaints.merchant, merchant), isNotNull(complaints.closedAt), gte(complaints.closedAt, since)))
    .all()
type Key = typeof complaints.due | typeof complaints.closedAt
// As row values: two comparisons joined by OR would be two searches and a sort.
const beyond = (key: Key, { due, id }: { due: number; id: number }) => sql`(${key}, ${complaints.id}) > (${due}, ${id})`
const before = (key: Key, { due, id }: { due: number; id: number }) => sql`(${key}, ${complaints.id}) < (${due}, ${id})`
