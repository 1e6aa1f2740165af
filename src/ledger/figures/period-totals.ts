// Figures of a period in memory, the platform's by day and each merchant's in sum: read from the rows in portions, and kept right by
// every commit since.

import type { DayCounts } from '../../complaint/figures/public-index.ts'
import { addCounts, type Counts } from '../../complaint/figures/reckon.ts'
import type { Days } from '../contract/figures.ts'
import type { Db } from '../host.ts'
import { type FigureRow, merchantRowsAfter, openBefore, PLATFORM, rowsOf } from './figure-book.ts'

/** Rows that are read before others have their turn: some milliseconds. */
const PORTION = 2_000
/** Periods that are kept: three, and those of the day before while the new ones are summed. */
const KEPT = 6

/** Never changed once all rows were read: a commit puts other ones in their place, so that readers may keep what they got. */
export interface Total {
  readonly listed: Counts
  readonly all: Counts
}
const NOTHING: Total = { listed: {}, all: {} }

class Totals {
  readonly #days: Days
  readonly byMerchant = new Map<string, Total>()
  /** The platform's rows, by day and category; never changed in place either. */
  readonly byDay = new Map<string, DayCounts>()
  before: Counts = {}
  readonly whole: Promise<void>
  /** Rows behind it were not read yet: a commit that changes one is seen when they are. */
  #last: Omit<FigureRow, 'counts'> | null = { scope: 'm:', listed: -1, day: 0, category: '' }

  constructor(db: Db, days: Days) {
    this.#days = days
    this.whole = this.#read(db)
  }

  async #read(db: Db): Promise<void> {
    while (this.#last !== null) {
      const rows = merchantRowsAfter(db, this.#last, PORTION)
      for (const row of rows) this.#add(row)
      this.#last = rows.length < PORTION ? null : (rows.at(-1) ?? null)
      if (this.#last !== null) await new Promise(resolve => setTimeout(resolve))
    }
    // Few and quick, so at one instant with the end of the others.
    for (const { day, category, counts } of rowsOf(db, PLATFORM, this.#days))
      this.byDay.set(dayKey({ day, category }), { day, category, counts })
    this.before = openBefore(db, PLATFORM, this.#days.from)
  }

  changed(rows: readonly FigureRow[]): void {
    for (const row of rows) {
      if (row.scope.startsWith('m:')) {
        if (!this.#isAhead(row)) this.#add(row)
      } else if (row.scope === PLATFORM && this.#last === null) this.#addDay(row)
    }
  }

  #isAhead(row: FigureRow): boolean {
    return this.#last !== null && compare(row, this.#last) > 0
  }

  #addDay({ day, category, counts }: FigureRow): void {
    const { from, until } = this.#days
    if (day < from) {
      const { open = 0, overdue = 0 } = counts
      this.before = { open: (this.before.open ?? 0) + open, overdue: (this.before.overdue ?? 0) + overdue }
    } else if (day <= until) {
      const key = dayKey({ day, category })
      this.byDay.set(key, { day, category, counts: addCounts({ ...this.byDay.get(key)?.counts }, counts) })
    }
  }

  #add({ scope, listed, day, counts }: FigureRow): void {
    if (day < this.#days.from || day > this.#days.until) return
    const m = scope.slice(2)
    const known = this.byMerchant.get(m)
    const total = known !== undefined && this.#last !== null ? known : copied(known ?? NOTHING)
    addCounts(total.all, counts)
    if (listed === 1) addCounts(total.listed, counts)
    this.byMerchant.set(m, total)
  }
}

const dayKey = ({ day, category }: Pick<DayCounts, 'day' | 'category'>): string => `${day} ${category}`
const copied = ({ listed, all }: Total): Total => ({ listed: { ...listed }, all: { ...all } })

/** The order of the table's key. Tags and categories are ASCII, which both sides sort alike. */
const compare = (a: Omit<FigureRow, 'counts'>, b: Omit<FigureRow, 'counts'>): number =>
  order(a.scope, b.scope) || a.listed - b.listed || a.day - b.day || order(a.category, b.category)
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export class PeriodTotals {
  readonly #db: Db
  readonly #kept = new Map<string, Totals>()

  constructor(db: Db) {
    this.#db = db
  }

  changed(rows: Iterable<FigureRow>): void {
    if (this.#kept.size === 0) return
    const all = [...rows]
    for (const totals of this.#kept.values()) totals.changed(all)
  }

  forget(): void {
    this.#kept.clear()
  }

  /** Resolves once it is whole; from then on it is as of every commit. */
  async of(days: Days): Promise<Pick<Totals, 'byMerchant' | 'byDay' | 'before'>> {
    const key = `${days.from} ${days.until}`
    const totals = this.#kept.get(key) ?? new Totals(this.#db, days)
    this.#kept.delete(key)
    this.#kept.set(key, totals)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break
      this.#kept.delete(oldest)
    }
    await totals.whole.catch(error => {
      this.#kept.delete(key)
      throw error
    })
    return totals
  }
}
