import {
  type AnyColumn,
  and,
  asc,
  desc,
  eq,
  getTableName,
  gt,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  type SQL,
  sql,
} from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/sqlite-core'
import {
  alerts,
  checkpoints,
  complaints,
  cosignatures,
  disclosures,
  erasedFiles,
  idempotency,
  leaves,
  logChain,
  platformRules,
  policies,
  teamAssignees,
  teamNotes,
  tiles,
  timeStamps,
} from '../../../db/schema.ts'
import { earlier } from '../../complaint/deadlines/due-steps.ts'
import { HOLDERS, type Holder } from '../../complaint/words.ts'
import type { Db } from '../host.ts'
import { hasComplaint, KEPT } from './inbox-queries.ts'
import { outboxQueries } from './outbox-queries.ts'
import { all, placeholders, prepared, value } from './write-statements.ts'

const FORGOTTEN_AT_ONCE = 20
/** Rows that a pass over superseded checkpoints or cosignatures looks at, newest first, and deletes at most. */
const LOOKED_AT = 2000
const PRUNED_AT_ONCE = 500

const isListed = (column: AnyColumn): SQL => sql`${column} in (select value from json_each(${value('list')}))`

/** A computed value as the driver made it, which nothing else holds: of 120 KB a copy would be work for the collector. */
const owned = (value: Uint8Array | ArrayBuffer): Uint8Array =>
  value instanceof Uint8Array ? value : new Uint8Array(value)

const spacedLeaves = (db: Db) =>
  db
    .select({
      bytes: sql`cast(x'0000' || group_concat(bytes, x'0000') as blob)`.mapWith(owned),
      lengths: sql<string | null>`group_concat(length(bytes))`,
    })
    .from(
      db
        .select({ bytes: leaves.bytes })
        .from(leaves)
        .where(and(gte(leaves.idx, value('from')), lt(leaves.idx, value('to'))))
        .orderBy(asc(leaves.idx))
        .as('ordered'),
    )

/** A leaf is printable ASCII (docs/log.md), so a line feed stands in none. */
const leafLines = (db: Db) =>
  db.select({ lines: sql<string | null>`group_concat(cast(bytes as text), char(10))` }).from(
    db
      .select({ bytes: leaves.bytes })
      .from(sql`json_each(${value('list')}) as listed`)
      .innerJoin(leaves, sql`${leaves.idx} = listed.value`)
      .orderBy(sql`listed.key`)
      .as('ordered'),
  )

/** The same with what each discloses on a line of its own: neither names nor base64url hold a line feed. */
const stepLines = (db: Db) =>
  db
    .select({
      lines: sql<string | null>`group_concat(cast(bytes as text) || char(10) || coalesce(texts, ''), char(10))`,
    })
    .from(
      db
        .select({ bytes: leaves.bytes, texts: disclosures.texts })
        .from(sql`json_each(${value('list')}) as listed`)
        .innerJoin(leaves, sql`${leaves.idx} = listed.value`)
        .leftJoin(disclosures, eq(disclosures.idx, leaves.idx))
        .orderBy(sql`listed.key`)
        .as('ordered'),
    )

/**
 * The ledger's queries, prepared once: a drizzle query built each time costs ten times as much. Rows in, rows out;
 * what they mean is decided elsewhere.
 */
export const openStore = (db: Db) =>
  prepared({
    leaf: db
      .select()
      .from(leaves)
      .where(eq(leaves.idx, value('idx'))),
    leafRange: db
      .select()
      .from(leaves)
      .where(and(gte(leaves.idx, value('from')), lt(leaves.idx, value('to'))))
      .orderBy(asc(leaves.idx)),
    /**
     * Entry bundle: the leaves in one piece, two bytes of room in front of each, and their lengths. One value of SQLite costs a sixth of a
     * row for each leaf; the subquery keeps their order, for which `group_concat(… order by)` would sort them.
     */
    leavesSpaced: spacedLeaves(db),
    /** The leaves that a JSON list names, in its order, as lines: half of what a row for each costs, a sixth of a query for each. */
    leafLines: leafLines(db),
    /** The same, each followed by the line of what it discloses, empty for one that discloses nothing: two thirds of two queries. */
    stepLines: stepLines(db),
    leafCount: db.select({ last: sql<number | null>`max(${leaves.idx})` }).from(leaves),
    tile: db
      .select()
      .from(tiles)
      .where(and(eq(tiles.level, value('level')), eq(tiles.n, value('n')))),
    addCheckpoint: db
      .insert(checkpoints)
      .values(all('size', 'at', 'note'))
      .returning({ id: checkpoints.id }),
    lastCheckpoint: db.select().from(checkpoints).orderBy(desc(checkpoints.id)).limit(1),
    addCosignature: db.insert(cosignatures).values(all('checkpoint', 'line')),
    /** Newest first, each with its checkpoint. */
    recentCosignatures: db
      .select({ published: checkpoints, line: cosignatures.line })
      .from(cosignatures)
      .innerJoin(checkpoints, eq(checkpoints.id, cosignatures.checkpoint))
      .orderBy(desc(cosignatures.id))
      .limit(value('limit')),
    /** Those that the view names, among the newest: what a pass leaves there is kept for good. */
    pruneCosignatures: db.delete(cosignatures).where(superseded(cosignatures)).returning({ id: cosignatures.id }),
    pruneCheckpoints: db.delete(checkpoints).where(superseded(checkpoints)).returning({ id: checkpoints.id }),
    ...timeStampQueries(db),
    addLogStep: db.insert(logChain).values(all('seq', 'idx')),
    lastLogStep: db.select().from(logChain).orderBy(desc(logChain.seq)).limit(1),
    logSteps: db.select().from(logChain).orderBy(asc(logChain.seq)),

    disclosures: db
      .select({ texts: disclosures.texts })
      .from(disclosures)
      .where(eq(disclosures.idx, value('idx'))),
    disclosuresIn: db.select().from(disclosures).where(isListed(disclosures.idx)),
    saveDisclosures: db
      .update(disclosures)
      .set(placeholders<typeof disclosures.$inferInsert>('texts'))
      .where(eq(disclosures.idx, value('idx'))),

    complaint: db
      .select(KEPT)
      .from(complaints)
      .where(eq(complaints.id, value('id'))),
    tags: db.select({ id: complaints.id, tag: complaints.tag }).from(complaints),
    openAbout: db
      .select({ id: complaints.id })
      .from(complaints)
      // No limit: SQLite plans a statement anew each time that a parameter of LIMIT is bound.
      .where(and(eq(complaints.item, value('item')), isNull(complaints.closedAt))),
    about: db
      .select({ id: complaints.id })
      .from(complaints)
      .where(and(gte(complaints.item, value('from')), lt(complaints.item, value('to')))),
    /** `from`: those that are stuck stay due for ever, and a tick would pass over all of them for each of its portions. */
    fallenDue: openInOrder(db, and(gte(complaints.due, value('from')), lte(complaints.due, value('now')))).limit(
      value('limit'),
    ),
    nextDue: openInOrder(db).limit(1),
    fallenAside: db
      .select({ id: complaints.id, due: complaints.side })
      .from(complaints)
      .where(and(isNotNull(complaints.side), lte(complaints.side, value('now'))))
      .orderBy(asc(complaints.side))
      .limit(value('limit')),
    nextAside: db
      .select({ due: complaints.side })
      .from(complaints)
      .where(isNotNull(complaints.side))
      .orderBy(asc(complaints.side))
      .limit(1),
    dueErasures: db
      .select({ id: complaints.id })
      .from(complaints)
      .where(and(isNotNull(complaints.eraseAt), lte(complaints.eraseAt, value('now'))))
      .orderBy(asc(complaints.eraseAt))
      .limit(value('limit')),
    nextErasure: db
      .select({ at: sql<number>`${complaints.eraseAt}` })
      .from(complaints)
      .where(isNotNull(complaints.eraseAt))
      .orderBy(asc(complaints.eraseAt))
      .limit(1),
    /** What else is known by the complaint of a first leaf: found by neither phone nor order any more. */
    forgetTags: db
      .update(complaints)
      .set({ phone: '', item: '' })
      .where(eq(complaints.first, value('first'))),
    forgetAlerts: db.delete(alerts).where(eq(alerts.complaint, value('complaint'))),
    forgetNotes: db.delete(teamNotes).where(eq(teamNotes.complaint, value('complaint'))),
    forgetAssignees: db.delete(teamAssignees).where(eq(teamAssignees.complaint, value('complaint'))),
    addErasedFile: db.insert(erasedFiles).values(all('complaint', 'sha256')).onConflictDoNothing(),
    erasedFiles: db.select().from(erasedFiles).limit(value('limit')),
    forgetErasedFile: db
      .delete(erasedFiles)
      .where(and(eq(erasedFiles.complaint, value('complaint')), eq(erasedFiles.sha256, value('sha256')))),
    /** Old rows without a tag of their phone. */
    untagged: db
      .select({ first: complaints.first })
      .from(complaints)
      .where(isNull(complaints.phone))
      .limit(value('limit')),
    tagPhone: db
      .update(complaints)
      .set(placeholders<typeof complaints.$inferInsert>('phone'))
      .where(eq(complaints.first, value('first'))),

    hasComplaint: (merchant: string): boolean => hasComplaint(db, merchant),

    once: onceQuery(db),
    forgetOnce: db
      .delete(idempotency)
      .where(
        sql`(${idempotency.day}, ${idempotency.key}) in
        (select day, key from idempotency where day < ${value('day')} order by day, key limit ${sql.raw(`${FORGOTTEN_AT_ONCE}`)})`,
      )
      .returning({ day: idempotency.day }),

    ...outboxQueries(db),

    rules: db.select().from(platformRules).orderBy(asc(platformRules.idx)),
    rule: db
      .select()
      .from(platformRules)
      .where(eq(platformRules.digest, value('digest'))),
    ruleVersion: db
      .select({ digest: platformRules.digest })
      .from(platformRules)
      .where(and(eq(platformRules.code, value('code')), eq(platformRules.version, value('version')))),
    newestVersion: db
      .select({ version: sql<number | null>`max(${platformRules.version})` })
      .from(platformRules)
      .where(eq(platformRules.code, value('code'))),
    addRule: db.insert(platformRules).values(all('idx', 'digest', 'code', 'version', 'document')),
    policies: db.select().from(policies),
    addPolicy: db.insert(policies).values(all('hash', 'document')),
  })

export type Store = ReturnType<typeof openStore>
export type ComplaintRow = Pick<typeof complaints.$inferSelect, keyof typeof KEPT>

const superseded = (table: typeof checkpoints | typeof cosignatures): SQL => {
  const view = sql.identifier(`superseded_${getTableName(table)}`)
  const newest = sql`select id from ${table} order by id desc limit ${sql.raw(`${LOOKED_AT}`)}`
  return sql`${table.id} in (select id from ${view} where id in (${newest}) limit ${sql.raw(`${PRUNED_AT_ONCE}`)})`
}

/** Of a key in two periods. For a list of days SQLite would build a table first. */
const onceQuery = (db: Db) => {
  const { day, key, body, complaint, seq } = idempotency
  const of = (period: 'period' | 'before') =>
    db
      .select({ body, complaint, seq })
      .from(idempotency)
      .where(and(eq(day, value(period)), eq(key, value('key'))))
  return unionAll(of('period'), of('before'))
}

/** Those that the clock can still do something about, soonest due first: the lists of the holders, each in the order of its index, merged. */
const openInOrder = (db: Db, within?: SQL) => {
  const { id, due, holder, stuck } = complaints
  const of = (name: Holder) =>
    db
      .select({ id, due })
      .from(complaints)
      .where(and(eq(holder, name), isNotNull(due), within, eq(stuck, 0)))
  const [first, second, ...others] = HOLDERS
  return unionAll(of(first), of(second), ...others.map(of)).orderBy(asc(due), asc(id))
}

/** The next deadline of all complaints, of a holder or of a whole case; null for none. */
export const nextDueIn = ({ nextDue, nextAside }: Pick<Store, 'nextDue' | 'nextAside'>): number | null =>
  earlier(nextDue.get()?.due ?? null, nextAside.get()?.due ?? null)

/** Time stamps of one log by its origin: a successor (docs/log.md, section 4) has its own, over its own trees. */
const timeStampQueries = (db: Db) => ({
  addTimeStamp: db
    .insert(timeStamps)
    .values(all('origin', 'size', 'at', 'note', 'reply'))
    .onConflictDoNothing(),
  lastTimeStamp: db
    .select()
    .from(timeStamps)
    .where(eq(timeStamps.origin, value('origin')))
    .orderBy(desc(timeStamps.size))
    .limit(1),
  timeStamp: db
    .select()
    .from(timeStamps)
    .where(and(eq(timeStamps.origin, value('origin')), eq(timeStamps.size, value('size')))),
  /** The smallest tree with more leaves than `after`. */
  nextTimeStamp: db.select().from(timeStamps).where(above()).orderBy(asc(timeStamps.size)).limit(1),
  /** Sizes above `after`, the smallest first. */
  timeStampSizes: db
    .select({ size: timeStamps.size })
    .from(timeStamps)
    .where(above())
    .orderBy(asc(timeStamps.size))
    .limit(value('limit')),
})

const above = () => and(eq(timeStamps.origin, value('origin')), gt(timeStamps.size, value('after')))
