// Figures of a period in memory, the platform's by day and each merchant's in sum: read in portions from the rows and from the sums of
// open complaints, and kept right by every commit since.

import type { DayCounts } from '../../complaint/figures/public-index.ts'
import { addCounts, type Counts, isEmpty } from '../../complaint/figures/reckon.ts'
import { yieldToEventLoop } from '../../complaint/time.ts'
import type { Days } from '../contract/figures.ts'
import type { Db } from '../host.ts'
import type { FiguresCommit } from './figure-book.ts'
import {
  byKey,
  clockedIds,
  type FigureRow,
  isMerchants,
  journalRows,
  merchantRowsAfter,
  openBefore,
  type PendingChange,
  PLATFORM,
  pendingAmong,
  type RowKey,
  rowsOf,
} from './figure-rows.ts'

/** Rows, and merchants' open complaints, that are added up before others have their turn: some milliseconds. */
const ROWS = 2_000
const CELLS = 2_000
/** Periods that are kept: three, and those of the day before while the new ones are summed. */
const KEPT = 6
/** Commits that wait for a reader: then they are added up unread, some milliseconds. */
const UNREAD = 64

/** Never changed once a reader got it: a commit puts another one in its place. */
export interface Total {
  /** Of complaints whose leaves name the merchant, and of the others. */
  readonly listed: Counts
  readonly unlisted: Counts
}

type Changes = Pick<FiguresCommit, 'added' | 'merged' | 'pending'>

class Totals {
  readonly #days: Days
  readonly #tagOf: (merchant: string) => string
  readonly byMerchant = new Map<string, Total>()
  /** The platform's rows, by day and category; never changed in place either. */
  readonly byDay = new Map<string, DayCounts>()
  before: Counts = {}
  readonly whole: Promise<void>
  /** Cursor: the last row that was read; a later one is read with all that was merged into it. Null once all were read. */
  #last: RowKey | null = { scope: 'm:', listed: -1, day: 0, category: '' }
  /** Merchants whose open complaints were not read yet; null before it is known which. */
  #waiting: Set<string> | null = null
  #isWhole = false
  /** Totals that no reader can have, since they were made after the last one came. */
  readonly #own = new Set<object>()
  #unread: Changes[] = []

  constructor(db: Db, open: OpenSums, days: Days, tagOf: (merchant: string) => string) {
    this.#days = days
    this.#tagOf = tagOf
    this.whole = this.#read(db, open)
  }

  async #read(db: Db, open: OpenSums): Promise<void> {
    await open.whole
    while (this.#last !== null) {
      const rows = merchantRowsAfter(db, this.#last, ROWS, this.#days)
      for (const row of rows) this.#addRow(row)
      this.#last = rows.length < ROWS ? null : (rows.at(-1) ?? null)
      if (this.#last !== null) await yieldToEventLoop()
    }
    const merchants = open.merchants()
    this.#waiting = new Set(merchants)
    let cells = 0
    for (const merchant of merchants) {
      if (cells > CELLS) await yieldToEventLoop()
      if (cells > CELLS) cells = 0
      for (const cell of open.of(merchant)) {
        this.#addOpen(merchant, cell)
        cells++
      }
      this.#waiting.delete(merchant)
    }
    // Few and quick, so at one instant with the end of the others.
    for (const row of journalRows(db)) if (isMerchants(row)) this.#addRow(row)
    for (const row of rowsOf(db, PLATFORM, this.#days)) this.#addDay(row)
    this.#addBefore(openBefore(db, PLATFORM, this.#days.from))
    this.#isWhole = true
  }

  changed(changes: Changes): void {
    if (this.#isWhole) {
      if (this.#unread.push(changes) > UNREAD) this.#addUnread()
      return
    }
    // The journal is read last. What leaves it meanwhile is in rows that were read already, or in some that will be.
    for (const row of changes.merged) if (isMerchants(row) && !this.#isAhead(row)) this.#addRow(row)
    for (const kept of changes.pending)
      if (this.#waiting?.has(kept.merchant) === false) this.#addOpen(kept.merchant, kept)
  }

  /** For a reader: as of every commit, and never changed from now on. */
  brought(): this {
    this.#addUnread()
    this.#own.clear()
    return this
  }

  #addUnread(): void {
    for (const { added, pending } of this.#unread) {
      for (const change of added) {
        if (!isMerchants(change)) continue
        this.#addDay(change)
        this.#addRow(change)
      }
      for (const kept of pending) this.#addOpen(kept.merchant, kept)
    }
    this.#unread = []
  }

  #isAhead(row: FigureRow): boolean {
    return this.#last !== null && byKey(row, this.#last) > 0
  }

  #addRow({ scope, listed, day, counts }: FigureRow): void {
    this.#addTo(scope.slice(2), listed, day, counts)
  }

  #addOpen(merchant: string, { listed, day, category, counts }: OpenCell): void {
    this.#addDay({ day, category, counts })
    this.#addTo(this.#tagOf(merchant), listed, day, counts)
  }

  #addDay({ day, category, counts }: DayCounts): void {
    if (day < this.#days.from) this.#addBefore(counts)
    else if (day <= this.#days.until) {
      const key = `${day} ${category}`
      const known = this.byDay.get(key)
      if (known && this.#own.has(known)) addCounts(known.counts, counts)
      else {
        const made = { day, category, counts: addCounts({ ...known?.counts }, counts) }
        this.#own.add(made)
        this.byDay.set(key, made)
      }
    }
  }

  #addBefore({ open = 0, overdue = 0 }: Counts): void {
    this.before = { open: (this.before.open ?? 0) + open, overdue: (this.before.overdue ?? 0) + overdue }
  }

  #addTo(m: string, listed: number, day: number, counts: Counts): void {
    if (day < this.#days.from || day > this.#days.until) return
    const known = this.byMerchant.get(m)
    const isOwn = known !== undefined && this.#own.has(known)
    const total = isOwn ? known : { listed: { ...known?.listed }, unlisted: { ...known?.unlisted } }
    addCounts(listed === 1 ? total.listed : total.unlisted, counts)
    if (total === known) return
    this.#own.add(total)
    this.byMerchant.set(m, total)
  }
}

export class PeriodTotals {
  readonly #db: Db
  readonly #tagOf: (merchant: string) => string
  readonly #kept = new Map<string, Totals>()
  #open: OpenSums | null = null

  /** `tagOf`: the tag of a merchant's id. */
  constructor(db: Db, tagOf: (merchant: string) => string) {
    this.#db = db
    this.#tagOf = tagOf
  }

  changed(changes: Changes): void {
    // Order: the totals are summed from these counts, so the commit must be in them first.
    this.#open?.changed(changes.pending)
    for (const totals of this.#kept.values()) totals.changed(changes)
  }

  forget(): void {
    this.#kept.clear()
    this.#open = null
  }

  /** Reads what open complaints keep, unless that was done. */
  async readOpen(): Promise<void> {
    await this.#openSums().whole
  }

  /** Of one merchant's open complaints; null while those of all were not read. */
  openOf(merchant: string): Iterable<OpenCell> | null {
    return this.#open?.isWhole ? this.#open.of(merchant) : null
  }

  #openSums(): OpenSums {
    if (this.#open !== null) return this.#open
    const open = new OpenSums(this.#db)
    open.whole.catch(() => {
      if (this.#open === open) this.#open = null
    })
    this.#open = open
    return open
  }

  /** Resolves once it is whole: as of every commit until then. */
  async of(days: Days): Promise<Pick<Totals, 'byMerchant' | 'byDay' | 'before'>> {
    const key = `${days.from} ${days.until}`
    const totals = this.#kept.get(key) ?? new Totals(this.#db, this.#openSums(), days, this.#tagOf)
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
    return totals.brought()
  }
}

// What open complaints keep of their counts, in sum: by merchant, day and category. Read once, in portions, and kept right by every
// commit since, so that neither a period nor a merchant with many open complaints is summed from their rows again.

/** Complaints that are read before others have their turn: some milliseconds. */
const PORTION = 500

/** Changed by commits: who gives it away copies the counts. */
type OpenCell = Omit<FigureRow, 'scope'>

class OpenSums {
  readonly #byMerchant = new Map<string, Map<string, OpenCell>>()
  /** Complaints that were not read yet: a commit that changes one is seen when it is. */
  readonly #waiting: Set<number>
  readonly whole: Promise<void>
  #isWhole = false

  constructor(db: Db) {
    this.#waiting = new Set(clockedIds(db))
    this.whole = this.#read(db)
  }

  get isWhole(): boolean {
    return this.#isWhole
  }

  async #read(db: Db): Promise<void> {
    const ids = [...this.#waiting]
    for (let at = 0; at < ids.length; at += PORTION) {
      if (at > 0) await yieldToEventLoop()
      const portion = ids.slice(at, at + PORTION)
      for (const kept of pendingAmong(db, portion)) this.#add(kept)
      for (const id of portion) this.#waiting.delete(id)
    }
    this.#isWhole = true
  }

  changed(pending: readonly PendingChange[]): void {
    for (const change of pending) if (!this.#waiting.has(change.id)) this.#add(change)
  }

  merchants(): string[] {
    return [...this.#byMerchant.keys()]
  }

  of(merchant: string): Iterable<OpenCell> {
    return this.#byMerchant.get(merchant)?.values() ?? []
  }

  #add({ merchant, listed, day, category, counts }: PendingChange): void {
    const cells = this.#byMerchant.get(merchant) ?? new Map<string, OpenCell>()
    const key = `${listed} ${day} ${category}`
    const known = cells.get(key)?.counts
    const sum: Counts = known ? addCounts(known, counts) : { ...counts }
    if (!known) {
      cells.set(key, { listed, day, category, counts: sum })
      this.#byMerchant.set(merchant, cells)
    } else if (isEmpty(sum)) {
      cells.delete(key)
      if (cells.size === 0) this.#byMerchant.delete(merchant)
    }
  }
}
