// Figure rows: counts that steps add, written once for each row at the end of the transaction that appended them.

import { and, eq, gte, lt, lte, sql } from 'drizzle-orm'
import { complaints, figures, merchantNames } from '../../../db/schema.ts'
import {
  addCounts,
  type CountedLeaf,
  type Counts,
  dayOf,
  isEmpty,
  officerWork,
  reckon,
  type Standing,
} from '../../complaint/figures/reckon.ts'
import { dayNumber } from '../../complaint/time.ts'
import { merchantTag } from '../../log/merchant-tag.ts'
import type { Staged } from '../commands/group-commit.ts'
import type { Days } from '../contract/figures.ts'
import type { Db, Host } from '../host.ts'
import type { Tagger } from '../log/secrets.ts'
import { all, value } from '../storage/placeholders.ts'
import { direct } from '../storage/write-statements.ts'

export interface FigureRow {
  scope: string
  listed: number
  day: number
  category: string
  counts: Counts
}
type Place = Omit<FigureRow, 'counts'>

export const PLATFORM = 'p'
export const merchantScope = (m: string): string => `m:${m}`
export const deskScope = (desk: string): string => `d:${desk}`
/** By a keyed tag of the officer's name: figures outlive texts, and hold no person's name. */
export const officerScope = (tag: string): string => `o:${tag}`
const OFFICERS_KEPT = 1000

/** Who is told what a commit changed: rows, and names of merchants by tag. */
type Listener = (rows: Iterable<FigureRow>, names: Iterable<[m: string, name: string]>) => void

/** What one step adds: to the platform's row and its merchant's, or to that of this scope. */
type Added = Omit<FigureRow, 'scope'> & ({ merchant: string; scope?: never } | { merchant?: never; scope: string })

/** Some 250 bytes each: rows of merchants with complaints of the last days, which most steps change. */
const ROWS_KEPT = 20_000
const MERCHANTS_KEPT = 20_000

export class FigureBook implements Staged {
  readonly #statements: ReturnType<typeof prepare>
  readonly #tags = new Recent(MERCHANTS_KEPT)
  readonly #officers = new Recent(OFFICERS_KEPT)
  readonly #tag: Tagger
  readonly #names = new Recent(MERCHANTS_KEPT)
  /** `counts` of rows, as they were written last. */
  readonly #rows = new Recent(ROWS_KEPT)
  /** What the steps of this transaction add, in their order. */
  #added: Added[] = []
  /** The same by row, once it was written, and merchants that were named: what a rollback makes doubtful. */
  readonly #written = new Map<string, FigureRow>()
  readonly #named = new Map<string, string>()
  #listener: Listener = () => undefined

  constructor(host: Host, tag: Tagger) {
    this.#tag = tag
    this.#statements = prepare(host)
  }

  /** `adopted` is called after each commit with what it added. */
  listen(adopted: Listener): void {
    this.#listener = adopted
  }

  tagOf(merchant: string): string {
    return this.#tags.get(merchant) ?? this.#tags.set(merchant, merchantTag(merchant))
  }

  officerTag(name: string): string {
    return this.#officers.get(name) ?? this.#officers.set(name, this.#tag('officer figures', name).slice(0, 16))
  }

  /** Counts one leaf, inside the caller's transaction. Answers what to remember of its complaint. */
  count(
    before: Standing | null,
    leaf: CountedLeaf,
    { merchant, category, officer = null }: { merchant: string; category: string; officer?: string | null },
  ): Standing {
    const { after, counts, desk } = reckon(before, leaf)
    if (!isEmpty(counts))
      this.#added.push({ merchant, listed: Number(after.listed), day: dayOf(after), category, counts })
    const work = (scope: string, counts: Counts) =>
      this.#added.push({ scope, listed: 0, day: dayNumber(leaf.on), category, counts })
    if (desk !== null) work(deskScope(after.desk), desk)
    const own = officer === null ? null : officerWork(before, leaf)
    if (officer !== null && own !== null) work(officerScope(this.officerTag(officer)), own)
    return after
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
    for (const [key, { counts: added, ...place }] of this.#written) {
      const kept = this.#rows.get(key) ?? this.#statements.row.get(place)?.counts
      const counts = JSON.stringify(kept === undefined ? added : addCounts(JSON.parse(kept), added))
      this.#statements.save({ ...place, counts })
      this.#rows.set(key, counts)
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
      for (const key of this.#written.keys()) this.#rows.delete(key)
      for (const m of this.#named.keys()) this.#names.delete(m)
      this.#clear()
    }
  }

  adopt(): void {
    if (this.#written.size > 0 || this.#named.size > 0) this.#listener(this.#written.values(), this.#named)
    this.#clear()
  }

  #clear(): void {
    this.#added = []
    this.#written.clear()
    this.#named.clear()
  }
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
export const merchantRowsAfter = (db: Db, last: Place, limit: number): FigureRow[] =>
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

const parsed = ({ counts, ...place }: Place & { counts: string }): FigureRow => ({
  ...place,
  counts: JSON.parse(counts),
})
