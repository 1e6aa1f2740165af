import { sql } from 'drizzle-orm'
import {
  type AnySQLiteColumn,
  customType,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'

/** Bytes: Buffers on better-sqlite3, ArrayBuffers in a Durable Object, plain Uint8Arrays for us. */
const bytes = customType<{ data: Uint8Array; driverData: Uint8Array | ArrayBuffer }>({
  dataType: () => 'blob',
  toDriver: value => value,
  fromDriver: value => (value instanceof Uint8Array ? new Uint8Array(value) : new Uint8Array(value)),
})

type FilterColumn = 'status' | 'category' | 'opened' | 'desk' | 'offered' | 'officer'
/** What lists are filtered by besides the holder, last in their indices. */
const filteredBy = (table: Record<FilterColumn, AnySQLiteColumn>) =>
  [table.status, table.category, table.opened, table.desk, table.offered, table.officer] as const

// The log. Triggers abort UPDATE and DELETE on these tables (migrations/0001), but for checkpoints and cosignatures
// that newer ones supersede: the views `superseded_checkpoints` and `superseded_cosignatures` say which.

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

export const cosignatures = sqliteTable(
  'cosignatures',
  {
    id: integer().primaryKey(),
    checkpoint: integer().notNull(),
    line: text().notNull(),
    /** Key name and the first six characters of base64, which hold the key id (C2SP signed-note). */
    witness: text().generatedAlwaysAs(sql`substr(line, 3, instr(substr(line, 3), ' ') + 6)`, { mode: 'virtual' }),
  },
  table => [
    index('cosignatures_checkpoint').on(table.checkpoint),
    index('cosignatures_witness').on(table.witness, table.checkpoint),
  ],
)

/** RFC 3161, by log and size of the tree: the note that was stamped, byte for byte, and the authority's whole reply. `at` is its time. */
export const timeStamps = sqliteTable(
  'time_stamps',
  {
    origin: text().notNull(),
    size: integer().notNull(),
    at: integer().notNull(),
    note: text().notNull(),
    reply: bytes().notNull(),
  },
  table => [primaryKey({ columns: [table.origin, table.size] })],
)

/** Leaf indices of the log's own chain, in order. */
export const logChain = sqliteTable('log_chain', { seq: integer().primaryKey(), idx: integer().notNull() })

// Personal content: the only place where texts stand.

/** One row a leaf: `name=text` for each field it says, joined by `~`. In the order of appending, so `secure_delete` leaves nothing. */
export const disclosures = sqliteTable('disclosures', { idx: integer().primaryKey(), texts: text().notNull() })

/** Files of erased content that may still lie in the file store: written with the erasing step, gone once they are removed. */
export const erasedFiles = sqliteTable(
  'erased_files',
  { complaint: integer().notNull(), sha256: text().notNull() },
  table => [primaryKey({ columns: [table.complaint, table.sha256] })],
)

/** One row: since when a sweep of retention has seen the clock run without a gap, and when it looked last (UTC ms). */
export const retentionClock = sqliteTable('retention_clock', {
  id: integer().primaryKey(),
  since: integer().notNull(),
  seen: integer().notNull(),
})

/**
 * One row a complaint: the fold, and where its leaves are. No texts. Its key is the index of its first leaf: the rows
 * that change lie together, and a commit writes few pages. Trees by a random key (id, item, merchant) are small.
 */
export const complaints = sqliteTable(
  'complaints',
  {
    first: integer().primaryKey(),
    id: integer().notNull(),
    tag: text().notNull(),
    status: text().notNull(),
    due: integer(),
    /** 1 once the clock can do nothing more; `due` stays past. */
    stuck: integer().notNull(),
    /** When the clock beside the holder's falls due next, that of the whole case. */
    side: integer(),
    closedAt: integer('closed_at'),
    /** When retention erases what it says; null for never, and once it did. */
    eraseAt: integer('erase_at'),
    merchant: text().notNull(),
    /** Keyed tag of the order, then of the item: found by order for a lost link, by both for rule 12. */
    item: text().notNull(),
    /** Keyed tag of the buyer's phone; empty once the phone was erased, null in an old row until it is filled in. */
    phone: text(),
    policy: text().notNull(),
    /** base64url hash of its newest leaf. */
    head: text().notNull(),
    /** Leaf indices, six bytes each. */
    chain: bytes().notNull(),
    /** The folded complaint as JSON, without its policy and seq. */
    folded: text().notNull(),
    // Copies from the fold, for the indices of lists. An expression over it would be reckoned anew with every step.
    holder: text(),
    category: text(),
    desk: text(),
    /** The desk that it is offered to. */
    offered: text(),
    /** When it was opened. */
    opened: integer(),
    /** Who answers for it at the desk, by name: a copy from `team_assignees`, kept by triggers, for the index of loads. */
    officer: text(),
    /** What its figures were counted up to, as JSON (complaint/figures/reckon.ts); null until an old row is counted. */
    standing: text(),
  },
  table => [
    uniqueIndex('complaints_id').on(table.id),
    index('complaints_item').on(table.item),
    index('complaints_phone').on(table.phone),
    index('complaints_side').on(table.side).where(sql`side is not null`),
    index('complaints_erase').on(table.eraseAt).where(sql`erase_at is not null`),
    index('complaints_uncounted').on(table.first).where(sql`standing is null`),
    // What each desk and each officer has now: lists, and counts from the index alone. Few complaints have either.
    index('complaints_desk_due')
      .on(table.desk, table.holder, table.due, table.id)
      .where(sql`due is not null and desk is not null`),
    index('complaints_officer_due')
      .on(table.officer, table.holder, table.due, table.id)
      .where(sql`due is not null and officer is not null`),
    // Lists of all merchants and of one, with what they are filtered by: no row is read that is not shown.
    index('complaints_holder_due')
      .on(table.holder, table.due, table.id, table.stuck, ...filteredBy(table))
      .where(sql`due is not null`),
    index('complaints_merchant_holder_due')
      .on(table.merchant, table.holder, table.due, table.id, ...filteredBy(table))
      .where(sql`due is not null`),
    index('complaints_closed')
      .on(table.closedAt, table.id, ...filteredBy(table))
      .where(sql`closed_at is not null`),
    index('complaints_merchant_closed')
      .on(table.merchant, table.closedAt, table.id, ...filteredBy(table))
      .where(sql`closed_at is not null`),
    // By its newest leaf, since the log is in order of time. drizzle-kit parts an expression at its comma: mended in the migration by hand.
    index('complaints_updated').on(sql`substr(chain, -6)`, table.status, table.due),
    index('complaints_merchant_updated').on(table.merchant, sql`substr(chain, -6)`, table.status, table.due),
  ],
)

/**
 * How many complaints are closed, kept with the steps that close and reopen them: their number grows for ever, and every console
 * shows it. An empty merchant: of all. WITHOUT ROWID, by hand.
 */
export const closedCounts = sqliteTable(
  'closed_counts',
  { merchant: text().notNull(), status: text().notNull(), category: text().notNull(), n: integer().notNull() },
  table => [primaryKey({ columns: [table.merchant, table.status, table.category] })],
)

/** How many open complaints each holder has, of all merchants: a row a holder, written once a commit. WITHOUT ROWID, by hand. */
export const openCounts = sqliteTable('open_counts', { holder: text().primaryKey(), n: integer().notNull() })

/**
 * Figures, kept with the steps that they count (docs/figures.md), rebuilt from the leaves alone. By scope: `p` the platform,
 * `m:TAG` a merchant, `d:NAME` a desk; `listed` 1 where the leaf names the merchant. WITHOUT ROWID, by hand.
 */
export const figures = sqliteTable(
  'figures',
  {
    scope: text().notNull(),
    listed: integer().notNull(),
    /** Days since 1970 in Shanghai: of the opening; of a desk's or an officer's work itself. */
    day: integer().notNull(),
    category: text().notNull(),
    counts: text().notNull(),
  },
  table => [primaryKey({ columns: [table.scope, table.listed, table.day, table.category] })],
)

/** Journal of figures: what a commit added to them and is not in their rows yet, as JSON. `n`: how many changes it has so far. */
export const figureChanges = sqliteTable('figure_changes', { n: integer().primaryKey(), changes: text().notNull() })

/** Names of merchants by their tag, as the newest complaint has them: a new name is no new record. */
export const merchantNames = sqliteTable('merchant_names', { m: text().primaryKey(), name: text().notNull() })

/** In order of time, so that a million old keys cost an insert nothing. WITHOUT ROWID, written into the migration by hand. */
export const idempotency = sqliteTable(
  'idempotency',
  {
    /** Since 1970 in UTC: the first day of the period of seven (`ledger/commands/preconditions.ts`). */
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
    /** buyer, merchant, platform or supervisor. */
    party: text().notNull().default('buyer'),
    /** `merchant:ID`, platform or supervisor: whom a digest is for. Null for a buyer. */
    recipient: text(),
    /** The step it is about, and the stay in which it still matters. */
    seq: integer().notNull(),
    stay: integer().notNull(),
    template: text().notNull(),
    /** When to try next; null once it has ended. */
    nextAt: integer('next_at'),
    attempts: integer().notNull(),
    outcome: text(),
    /** The vendor's code, or a word of ours, for the last attempt that failed. */
    reason: text(),
    /** The vendor's own number of the message, which its delivery report names. */
    reference: text(),
    /** Keyed tag of the phone that it went to, and when it was accepted: how many a reader had today. */
    reader: text(),
    acceptedAt: integer('accepted_at'),
    createdAt: integer('created_at').notNull(),
    /** When its first attempt failed; null before, and once it has ended. */
    failingSince: integer('failing_since'),
  },
  table => [
    index('outbox_failing').on(table.failingSince, table.nextAt).where(sql`failing_since is not null`),
    index('outbox_reader').on(table.reader, table.acceptedAt).where(sql`accepted_at is not null`),
    index('outbox_reference').on(table.reference).where(sql`reference is not null`),
    index('outbox_troubled').on(table.createdAt).where(sql`reason is not null`),
    index('outbox_buyers').on(table.nextAt).where(sql`next_at is not null and party = 'buyer'`),
    index('outbox_others').on(table.nextAt).where(sql`next_at is not null and party <> 'buyer'`),
    index('outbox_recipient')
      .on(table.recipient, table.nextAt)
      .where(sql`next_at is not null and recipient is not null`),
    index('outbox_failed').on(table.complaint, table.stay).where(sql`outcome = 'undelivered'`),
  ],
)

export const policies = sqliteTable('policies', { hash: text().primaryKey(), document: text().notNull() })

/** The platform's rule library: a version a row, as its leaf adopted it. */
export const platformRules = sqliteTable(
  'platform_rules',
  {
    idx: integer().primaryKey(),
    digest: text().notNull(),
    code: text().notNull(),
    version: integer().notNull(),
    document: text().notNull(),
  },
  table => [
    uniqueIndex('platform_rules_digest').on(table.digest),
    uniqueIndex('platform_rules_version').on(table.code, table.version),
  ],
)

/** Bearer keys, as SHA-256. */
export const apiKeys = sqliteTable('api_keys', {
  hash: text().primaryKey(),
  role: text().notNull(),
  merchant: text(),
  name: text().notNull(),
  createdAt: integer('created_at').notNull().default(0),
  revokedAt: integer('revoked_at'),
})

// What people and programs are known by. None of it is in the log, and rows may change and go.

/** Signed-in people, by the SHA-256 of their cookie. */
export const sessions = sqliteTable(
  'sessions',
  {
    hash: text().primaryKey(),
    /** Issuer and subject of the identity provider. */
    subject: text().notNull(),
    role: text().notNull(),
    merchant: text(),
    /** Staff number or name, as it will stand in what they write. */
    name: text().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  table => [index('sessions_subject').on(table.subject), index('sessions_expiry').on(table.expiresAt)],
)

/**
 * Beside the log's own leaves of keys (`ledger/log/party-keys.ts`): a keyed tag of the person who registered one, empty for a
 * program, and what they call the device. Lost with the disk, a key signs no longer and is registered anew.
 */
export const partyKeys = sqliteTable('party_keys', {
  key: text().primaryKey(),
  owner: text().notNull(),
  label: text().notNull(),
  createdAt: integer('created_at').notNull(),
  /** Credential id of a passkey, base64url: what a browser is asked for. */
  credential: text(),
})

/** The shard of each merchant, kept in shard 0: another number of shards must not move what a merchant has. */
export const merchantShards = sqliteTable('merchant_shards', {
  merchant: text().primaryKey(),
  shard: integer().notNull(),
  /** Those that took new complaints after it was closed, oldest first. */
  later: text({ mode: 'json' }).$type<number[]>(),
})

/** Wrong tries, by a keyed tag of what was tried. */
export const tries = sqliteTable('tries', {
  what: text().primaryKey(),
  count: integer().notNull(),
  until: integer().notNull(),
})

/** Where a merchant's or a desk's digest goes: `merchant:ID`, `platform` or `supervisor`, and a business phone. */
export const contacts = sqliteTable('contacts', { party: text().primaryKey(), phone: text().notNull() })

/** Phones that a user entered for a digest and that are not known to be theirs yet: a code was sent there. */
export const contactCodes = sqliteTable('contact_codes', {
  party: text().primaryKey(),
  phone: text().notNull(),
  /** The code is a keyed hash of it, and is not stored. */
  nonce: text().notNull(),
  expiresAt: integer('expires_at').notNull(),
  /** When to send it next; null once it was handed over. */
  nextAt: integer('next_at'),
})

/** What asks for an officer's eye and moves no state: a conduct report, a request to erase, a withdrawal that the merchant asked for. */
export const alerts = sqliteTable(
  'alerts',
  {
    id: integer().primaryKey(),
    complaint: integer().notNull(),
    seq: integer().notNull(),
    kind: text().notNull(),
    at: integer().notNull(),
    /** Staff number of the officer who resolved it. */
    settledBy: text('settled_by'),
    settledAt: integer('settled_at'),
  },
  table => [
    index('alerts_open').on(table.at).where(sql`settled_at is null`),
    index('alerts_complaint').on(table.complaint),
    index('alerts_of').on(table.complaint, table.kind).where(sql`settled_at is null`),
  ],
)

/** What was said of incidents, in shard 0: rows are added, never changed, so that each page shows what was said when. */
export const incidents = sqliteTable('incidents', {
  id: integer().primaryKey(),
  incident: text().notNull(),
  at: integer().notNull(),
  /** JSON: what, until, ended, merchants, categories. */
  body: text().notNull(),
})

/** A merchant's webhook endpoints. Their secrets are derived from the server's own, by id and generation. */
export const hooks = sqliteTable(
  'hooks',
  {
    id: text().primaryKey(),
    merchant: text().notNull(),
    url: text().notNull(),
    generation: integer().notNull(),
    /** When the secret was last changed: the one before signs beside it for a while. */
    rotatedAt: integer('rotated_at'),
    createdAt: integer('created_at').notNull(),
    disabledAt: integer('disabled_at'),
    disabledWhy: text('disabled_why'),
  },
  table => [index('hooks_merchant').on(table.merchant)],
)

/** One row a step and endpoint, committed with the step. */
export const hookDeliveries = sqliteTable(
  'hook_deliveries',
  {
    id: integer().primaryKey(),
    hook: text().notNull(),
    complaint: integer().notNull(),
    seq: integer().notNull(),
    nextAt: integer('next_at'),
    attempts: integer().notNull(),
    outcome: text(),
    /** HTTP status of the last answer, or a word of ours. */
    answer: text(),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  table => [
    index('hook_deliveries_next').on(table.nextAt).where(sql`next_at is not null`),
    index('hook_deliveries_hook').on(table.hook, table.id),
  ],
)

// What colleagues share, outside the log: `ledger/contract/team.ts`. `team` is `merchant:ID` or `desk`.

/** Saved replies and return addresses. */
export const teamTexts = sqliteTable(
  'team_texts',
  {
    id: integer().primaryKey(),
    team: text().notNull(),
    kind: text().notNull(),
    name: text().notNull(),
    text: text().notNull(),
  },
  table => [uniqueIndex('team_texts_of').on(table.team, table.kind, table.name)],
)

/** Internal notes about a complaint; deleted some time after it was closed. */
export const teamNotes = sqliteTable(
  'team_notes',
  {
    id: integer().primaryKey(),
    complaint: integer().notNull(),
    team: text().notNull(),
    author: text().notNull(),
    text: text().notNull(),
    at: integer().notNull(),
  },
  table => [index('team_notes_of').on(table.complaint, table.team)],
)

/** Which of a merchant's clerks looks after a complaint. Who answers for it at the platform stands in the log. */
export const teamAssignees = sqliteTable(
  'team_assignees',
  { complaint: integer().notNull(), team: text().notNull(), person: text().notNull() },
  table => [
    primaryKey({ columns: [table.complaint, table.team] }),
    index('team_assignees_person').on(table.team, table.person),
    index('team_assignees_of').on(table.complaint, table.team, table.person),
  ],
)
