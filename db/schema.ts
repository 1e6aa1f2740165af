import { sql } from 'drizzle-orm'
import { customType, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Bytes: Buffers on better-sqlite3, ArrayBuffers in a Durable Object, plain Uint8Arrays for us. */
const bytes = customType<{ data: Uint8Array; driverData: Uint8Array | ArrayBuffer }>({
  dataType: () => 'blob',
  toDriver: value => value,
  fromDriver: value => (value instanceof Uint8Array ? new Uint8Array(value) : new Uint8Array(value)),
})

// The log. Triggers (migrations/0001) abort UPDATE and DELETE on these four tables.

export const leaves = sqliteTable('leaves', { idx: integer().primaryKey(), bytes: bytes().notNull() })

/** Full tiles alone; the partial ones at the right edge live in memory. */
export const tiles = sqliteTable(
  'tiles',
  { level: integer().notNull(), n: integer().notNull(), bytes: bytes().notNull() },
  table => [primaryKey({ columns: [table.level, table.n] })],
)

/** `at` is what statements made from it claim: every leaf before that instant is in its tree. */
export const checkpoints = sqliteTable('checkpoints', {
  id: integer().primaryKey(),
  size: integer().notNull(),
  at: integer().notNull(),
  note: text().notNull(),
})

export const cosignatures = sqliteTable('cosignatures', {
  id: integer().primaryKey(),
  checkpoint: integer().notNull(),
  line: text().notNull(),
})

/** Leaf indices of the log's own chain, in order. */
export const logChain = sqliteTable('log_chain', { seq: integer().primaryKey(), idx: integer().notNull() })

// Personal content: the only place where texts stand.

/** Key: leaf index × 64 + place in the leaf, so rows lie in the order of appending and `secure_delete` leaves nothing. */
export const disclosures = sqliteTable('disclosures', {
  id: integer().primaryKey(),
  name: text().notNull(),
  text: text().notNull(),
})

/** One row a complaint: the fold, and where its leaves are. No texts. */
export const complaints = sqliteTable(
  'complaints',
  {
    id: integer().primaryKey(),
    tag: text().notNull(),
    status: text().notNull(),
    due: integer(),
    /** 1 once the clock can do nothing more; `due` stays past. */
    stuck: integer().notNull(),
    closedAt: integer('closed_at'),
    merchant: text().notNull(),
    /** Keyed tag of the order item. */
    item: text().notNull(),
    policy: text().notNull(),
    /** base64url hash of its newest leaf. */
    head: text().notNull(),
    /** Leaf indices, six bytes each. */
    chain: bytes().notNull(),
    /** The folded complaint as JSON, without its policy. */
    folded: text().notNull(),
  },
  table => [
    index('complaints_due').on(table.stuck, table.due, table.id).where(sql`due is not null`),
    index('complaints_merchant_due').on(table.merchant, table.due, table.id).where(sql`due is not null`),
    index('complaints_closed').on(table.closedAt, table.id).where(sql`closed_at is not null`),
    index('complaints_merchant_closed').on(table.merchant, table.closedAt, table.id).where(sql`closed_at is not null`),
  ],
)

// The next three are WITHOUT ROWID (written into the migration by hand: drizzle has no word for it). Their keys are
// random, and a second tree for each would double the pages that a commit touches.

/** Keyed tag of the order, then of the item: found by order for a lost link, by both for rule 12. */
export const orderItems = sqliteTable(
  'order_items',
  { tag: text().notNull(), complaint: integer().notNull(), open: integer().notNull() },
  table => [primaryKey({ columns: [table.tag, table.complaint] })],
)

/** Keyed tags of pickup codes. */
export const pickups = sqliteTable('pickups', { tag: text().notNull(), complaint: integer().notNull() }, table => [
  primaryKey({ columns: [table.tag, table.complaint] }),
])

/** In order of time, so that a million old keys cost an insert nothing. */
export const idempotency = sqliteTable(
  'idempotency',
  {
    day: integer().notNull(),
    key: text().notNull(),
    body: text().notNull(),
    complaint: integer().notNull(),
    seq: integer().notNull(),
  },
  table => [primaryKey({ columns: [table.day, table.key] })],
)

/** Messages to send, committed with their step. Neither number nor text: both are read when it is sent. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: integer().primaryKey(),
    complaint: integer().notNull(),
    /** The step it is about, and the stay in which it still matters. */
    seq: integer().notNull(),
    stay: integer().notNull(),
    template: text().notNull(),
    /** When to try next; null once it has ended. */
    nextAt: integer('next_at'),
    attempts: integer().notNull(),
    outcome: text(),
    createdAt: integer('created_at').notNull(),
  },
  table => [
    index('outbox_next').on(table.nextAt).where(sql`next_at is not null`),
    index('outbox_failed').on(table.complaint, table.stay).where(sql`outcome = 'undelivered'`),
  ],
)

export const policies = sqliteTable('policies', { hash: text().primaryKey(), document: text().notNull() })

/** Bearer keys, as SHA-256. */
export const apiKeys = sqliteTable('api_keys', {
  hash: text().primaryKey(),
  role: text().notNull(),
  merchant: text(),
  name: text().notNull(),
  revokedAt: integer('revoked_at'),
})
