// Figures: counts that steps add, kept in the transaction that appends them.

import { and, count, eq, gte, isNotNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import { complaints, figures, merchantNames } from '../../../db/schema.ts'
import {
  addCounts,
  type CountedLeaf,
  type Counts,
  dayOf,
  isEmpty,
  negative,
  officerWork,
  reckon,
  type Standing,
  turnOf,
} from '../../complaint/figures/reckon.ts'
import { dayNumber } from '../../complaint/time.ts'
import { merchantTag } from '../../log/leaf.ts'
import type { Staged } from '../commands/group-commit.ts'
import type { Days } from '../contract/figures.ts'
import type { Db, Host } from '../host.ts'
import type { Tagger } from '../log/secrets.ts'
import { all, direct, value } from '../storage/write-statements.ts'
import { type Counted, pendingIn } from './counted.ts'

export interface FigureRow {
  scope: string
  listed: number
  day: number
  category: string
  counts: Counts
}
type RowKey = Omit<FigureRow, 'counts'>

export const PLATFORM = 'p'
export const merchantScope = (m: string): string => `m:${m}`
export const deskScope = (desk: string): string => `d:${desk}`
/** By a keyed tag of the officer's name: figures outlive texts, and hold no person's name. */
export const officerScope = (tag: string): string => `o:${tag}`
const OFFICERS_KEPT = 1000

/** Counts that a complaint's row has more of, or fewer: those that rows of figures have instead. And the turn under way, which none has. */
export interface PendingChange extends Omit<FigureRow, 'scope'> {
  /** The complaint. */
  id: number
  merchant: string
}

/** What a commit changed: rows of figures, what complaints keep, and names of merchants by tag. */
export interface FiguresCommit {
  rows: readonly FigureRow[]
  pending: readonly PendingChange[]
  names: ReadonlyMap<string, string>
}

/** What one step adds: to the platform's row and its merchant's, or to that of this scope. */
type Added = Omit<FigureRow, 'scope'> & ({ merchant: string; scope?: never } | { merchant?: never; scope: string })

const MERCHANTS_KEPT = 20_000

interface Place {
  id: number
  merchant: string
  category: string
  officer?: string | null
}

/**
 * Write-behind: while a clock runs, a complaint's counts stay in its own row, which its steps write anyway; they join the rows of
 * figures in the step that ends it. Whoever sums adds both.
 */
export class FigureBook implements Staged {
  readonly #statements: ReturnType<typeof prepare>
  readonly #tags = new Recent(MERCHANTS_KEPT)
  readonly #officers = new Recent(OFFICERS_KEPT)
  readonly #tag: Tagger
  readonly #names = new Recent(MERCHANTS_KEPT)
  /** What the steps of this transaction add, in their order. */
  #added: Added[] = []
  #pending: PendingChange[] = []
  /** Rows that it wrote, by their key. */
  #written = new Map<string, FigureRow>()
  /** Merchants that it named: what a rollback makes doubtful. */
  #named = new Map<string, string>()
  #listener: (commit: FiguresCommit) => void = () => undefined

  constructor(host: Host, tag: Tagger) {
    this.#tag = tag
    this.#statements = prepare(host)
  }

  /** `adopted` is called after each commit with what it changed. */
  listen(adopted: (commit: FiguresCommit) => void): void {
    this.#listener = adopted
  }

  tagOf(merchant: string): string {
    return this.#tags.get(merchant) ?? this.#tags.set(merchant, merchantTag(merchant))
  }

  officerTag(name: string): string {
    return this.#officers.get(name) ?? this.#officers.set(name, this.#tag('officer figures', name).slice(0, 16))
  }

  /** Counts one leaf, inside the caller's transaction. Answers what its complaint's row is to keep. */
  count(before: Counted | null, leaf: CountedLeaf, { id, merchant, category, officer = null }: Place): Counted {
    const was = before?.standing ?? null
    const { after, counts, desk } = reckon(was, leaf)
    const work = (scope: string, counts: Counts) =>
      this.#added.push({ scope, listed: 0, day: dayNumber(leaf.on), category, counts })
    if (desk !== null) work(deskScope(after.desk), desk)
    const own = officer === null ? null : officerWork(was, leaf)
    if (officer !== null && own !== null) work(officerScope(this.officerTag(officer)), own)
    if (before !== null && after === was && isEmpty(counts) && leaf.due !== null) return before
    const kept = before?.pending ?? NOTHING
    const place = { merchant, listed: Number(after.listed), day: dayOf(after), category }
    if (leaf.due !== null) {
      this.#pending.push({ id, ...place, counts: withTurn(counts, was, after) })
      return { standing: after, pending: addCounts({ ...kept }, counts) }
    }
    const left = withTurn(negative(kept), was, after)
    if (!isEmpty(left)) this.#pending.push({ id, ...place, counts: left })
    const all = addCounts(counts, kept)
    if (!isEmpty(all)) this.#added.push({ ...place, counts: all })
    return { standing: after, pending: NOTHING }
  }

  name(merchant: string, name: string): void {
    const m = this.tagOf(merchant)
    if (this.#names.get(m) === name) return
    this.#statements.saveName({ m, name })
    this.#names.set(m, name)
    this.#named.set(m, name)
  }

  /** Writes what was counted since the last commit, inside that transaction: each row once. */
  flush(): void {
    for (const { merchant, scope, ...added } of this.#added) {
      if (scope !== undefined) this.#add({ ...added, scope })
      else {
        this.#add({ ...added, scope: PLATFORM, listed: 0 })
        this.#add({ ...added, scope: merchantScope(this.tagOf(merchant)) })
      }
    }
    for (const { counts: added, ...key } of this.#written.values()) {
      const kept = this.#statements.row.get(key)
      const counts = JSON.stringify(kept === undefined ? added : addCounts(JSON.parse(kept.counts), added))
      this.#statements.save({ ...key, counts })
    }
  }

  #add(row: FigureRow): void {
    const key = `${row.scope} ${row.listed} ${row.day} ${row.category}`
    const known = this.#written.get(key)
    if (known) addCounts(known.counts, row.counts)
    else this.#written.set(key, { ...row, counts: { ...row.counts } })
  }

  mark(): () => void {
    return () => {
      for (const m of this.#named.keys()) this.#names.delete(m)
      this.#clear()
    }
  }

  adopt(): void {
    if (this.#written.size > 0 || this.#pending.length > 0 || this.#named.size > 0)
      this.#listener({ rows: [...this.#written.values()], pending: this.#pending, names: this.#named })
    this.#clear()
  }

  #clear(): void {
    this.#added = []
    this.#pending = []
    this.#written = new Map()
    this.#named = new Map()
  }
}

const NOTHING: Counts = Object.freeze({})

/** With the turn that began in place of the one that ended. */
const withTurn = (counts: Counts, before: Standing | null, after: Standing): Counts => {
  if (before?.party === after.party) return counts
  const changed = addCounts({ ...counts }, turnOf(after))
  return before === null ? changed : addCounts(changed, negative(turnOf(before)))
}

/** Cache of so many values, the ones set longest ago go first. */
class Recent {
  readonly #limit: number
  readonly #kept = new Map<string, string>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): string | undefined {
    return this.#kept.get(key)
  }

  set(key: string, value: string): string {
    this.#kept.delete(key)
    this.#kept.set(key, value)
    const [oldest] = this.#kept.size > this.#limit ? this.#kept.keys() : []
    if (oldest !== undefined) this.#kept.delete(oldest)
    return value
  }

  delete(key: string): void {
    this.#kept.delete(key)
  }
}

const prepare = (host: Host) => {
  const { db } = host
  const at = (name: 'scope' | 'listed' | 'day' | 'category') => eq(figures[name], value(name))
  return {
    row: db
      .select({ counts: figures.counts })
      .from(figures)
      .where(and(at('scope'), at('listed'), at('day'), at('category')))
      .prepare(),
    save: direct(
      host,
      db
        .insert(figures)
        .values(all('scope', 'listed', 'day', 'category', 'counts'))
        .onConflictDoUpdate({
          target: [figures.scope, figures.listed, figures.day, figures.category],
          set: { counts: sql`excluded.counts` },
        }),
    ),
    saveName: direct(
      host,
      db
        .insert(merchantNames)
        .values(all('m', 'name'))
        .onConflictDoUpdate({
          target: merchantNames.m,
          set: { name: sql`excluded.name` },
          setWhere: sql`name <> excluded.name`,
        }),
    ),
  }
}

/** All are to be counted anew from the leaves, which the scheduler does. Answers nothing; inside the caller's transaction. */
export const forgetFigures = (db: Db): void => {
  db.delete(figures).run()
  db.update(complaints).set({ standing: null }).run()
}

/** Rows of one scope; without days those of before `until`. */
export const rowsOf = (db: Db, scope: string, { from, until }: Days): FigureRow[] =>
  db
    .select()
    .from(figures)
    .where(and(eq(figures.scope, scope), gte(figures.day, from), lte(figures.day, until)))
    .all()
    .map(parsed)

/** Of all desks (`d`) or of all officers (`o`). */
export const workRows = (db: Db, whose: 'd' | 'o', { from, until }: Days): FigureRow[] =>
  db
    .select()
    .from(figures)
    .where(
      and(
        gte(figures.scope, `${whose}:`),
        lt(figures.scope, `${whose};`),
        gte(figures.day, from),
        lte(figures.day, until),
      ),
    )
    .all()
    .map(parsed)

/** What is left of the days before one: `open` and `overdue` alone. */
export const openBefore = (db: Db, scope: string, day: number): Counts => {
  const of = (name: string) => sql<number>`coalesce(sum(${figures.counts} ->> ${name}), 0)`
  const [row] = db
    .select({ open: of('open'), overdue: of('overdue') })
    .from(figures)
    .where(and(eq(figures.scope, scope), lt(figures.day, day)))
    .all()
  return row ?? { open: 0, overdue: 0 }
}

/** A portion of all merchants' rows in the order of their key, after `last`. */
export const merchantRowsAfter = (db: Db, last: RowKey, limit: number): FigureRow[] =>
  db
    .select()
    .from(figures)
    .where(
      sql`(${figures.scope}, ${figures.listed}, ${figures.day}, ${figures.category}) > (${last.scope}, ${last.listed}, ${last.day}, ${last.category}) and ${figures.scope} < 'm;'`,
    )
    .orderBy(figures.scope, figures.listed, figures.day, figures.category)
    .limit(limit)
    .all()
    .map(parsed)

/** What complaints keep until they end: added to the rows it makes figures. */
const pendingOf = (db: Db, where: SQL | undefined): PendingChange[] =>
  db
    .select({
      id: complaints.id,
      merchant: complaints.merchant,
      category: sql<string>`${complaints.folded} ->> 'category'`,
      standing: complaints.standing,
    })
    .from(complaints)
    .where(and(isNotNull(complaints.due), where))
    .all()
    .flatMap(({ standing, ...of }) => {
      if (standing === null) return []
      const { opened, listed, pending, ...turn } = pendingIn(standing)
      return { ...of, day: dayNumber(opened), listed: Number(listed), counts: addCounts(pending, turnOf(turn)) }
    })

export const pendingOfMerchant = (db: Db, merchant: string): PendingChange[] =>
  pendingOf(db, eq(complaints.merchant, merchant))
/** From an index alone. */
export const openOfMerchant = (db: Db, merchant: string): number =>
  db
    .select({ n: count() })
    .from(complaints)
    .where(and(eq(complaints.merchant, merchant), isNotNull(complaints.due)))
    .get()?.n ?? 0

/** The ids as one parameter: a Durable Object binds no more than a hundred. */
export const pendingAmong = (db: Db, ids: readonly number[]): PendingChange[] =>
  pendingOf(db, sql`${complaints.id} in (select value from json_each(${JSON.stringify(ids)}))`)

/** Complaints with a clock that runs, from an index alone. */
export const clockedIds = (db: Db): number[] =>
  db
    .select({ id: complaints.id })
    .from(complaints)
    .where(isNotNull(complaints.due))
    .all()
    .map(({ id }) => id)

const parsed = ({ counts, ...place }: RowKey & { counts: string }): FigureRow => ({
  ...place,
  counts: JSON.parse(counts),
})
