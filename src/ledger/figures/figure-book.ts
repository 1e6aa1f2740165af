// Figure rows: counts that steps add, written once for each row at the end of the transaction that appended them.

import { and, eq, gte, lt, lte, sql } from 'drizzle-orm'
import { complaints, figures, merchantNames } from '../../../db/schema.ts'
import {
  addCounts,
  type CountedLeaf,
  type Counts,
  dayOf,
  reckon,
  type Standing,
} from '../../complaint/figures/reckon.ts'
import { dayNumber } from '../../complaint/time.ts'
import { merchantTag } from '../../log/merchant-tag.ts'
import type { Staged } from '../commands/group-commit.ts'
import type { Days } from '../contract/figures.ts'
import type { Db, Host } from '../host.ts'
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

/** Who is told what a commit changed. */
type Listener = (rows: readonly FigureRow[]) => void

const TAGS_KEPT = 10_000

export class FigureBook implements Staged {
  readonly #statements: ReturnType<typeof prepare>
  readonly #tags = new Map<string, string>()
  #pending = new Map<string, FigureRow>()
  #listener: Listener = () => undefined

  constructor(host: Host) {
    this.#statements = prepare(host)
  }

  /** `adopted` is called after each commit with what it added. */
  listen(adopted: Listener): void {
    this.#listener = adopted
  }

  tagOf(merchant: string): string {
    const known = this.#tags.get(merchant)
    if (known !== undefined) return known
    if (this.#tags.size >= TAGS_KEPT) this.#tags.clear()
    const m = merchantTag(merchant)
    this.#tags.set(merchant, m)
    return m
  }

  /** Counts one leaf, inside the caller's transaction. Answers what to remember of its complaint. */
  count(
    before: Standing | null,
    leaf: CountedLeaf,
    { merchant, category }: { merchant: string; category: string },
  ): Standing {
    const { after, counts, desk } = reckon(before, leaf)
    if (Object.keys(counts).length > 0) {
      const day = dayOf(after)
      this.#add({ scope: PLATFORM, listed: 0, day, category }, counts)
      this.#add({ scope: merchantScope(this.tagOf(merchant)), listed: Number(after.listed), day, category }, counts)
    }
    if (desk !== null) this.#add({ scope: deskScope(after.desk), listed: 0, day: dayNumber(leaf.on), category }, desk)
    return after
  }

  name(merchant: string, name: string): void {
    this.#statements.saveName({ m: this.tagOf(merchant), name })
  }

  #add(place: Place, counts: Counts): void {
    const key = `${place.scope} ${place.listed} ${place.day} ${place.category}`
    const known = this.#pending.get(key)
    if (known) addCounts(known.counts, counts)
    else this.#pending.set(key, { ...place, counts: { ...counts } })
  }

  /** Writes what was counted since the last commit, inside that transaction. */
  flush(): void {
    for (const { counts, ...place } of this.#pending.values()) {
      const kept = this.#statements.row.get(place)
      const sum = kept ? addCounts(JSON.parse(kept.counts), counts) : counts
      this.#statements.save({ ...place, counts: JSON.stringify(sum) })
    }
  }

  mark(): () => void {
    return () => this.#pending.clear()
  }

  adopt(): void {
    if (this.#pending.size === 0) return
    this.#listener([...this.#pending.values()])
    this.#pending.clear()
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

export const deskRows = (db: Db, { from, until }: Days): FigureRow[] =>
  db
    .select()
    .from(figures)
    .where(and(gte(figures.scope, 'd:'), lt(figures.scope, 'd;'), gte(figures.day, from), lte(figures.day, until)))
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
