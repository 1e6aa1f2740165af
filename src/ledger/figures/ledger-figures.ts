// The figures of a shard, as the contract has them, and the counting of complaints from before there were any.

import { asc, eq, isNull, sql } from 'drizzle-orm'
import { merchantNames, complaints as table, teamAssignees as team } from '../../../db/schema.ts'
import type { DayCounts } from '../../complaint/figures/public-index.ts'
import { addCounts, type Counts } from '../../complaint/figures/reckon.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import type { Days, Figures, IndexCounts } from '../contract/figures.ts'
import { DESK_TEAM } from '../contract/team.ts'
import type { Db } from '../host.ts'
import type { LogWriter } from '../log/log-writer.ts'
import type { ComplaintRepository, StoredComplaint } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import { AlteredRow, fieldAt, leafBytes } from '../storage/timeline-reader.ts'
import type { FigureBook } from './figure-book.ts'
import {
  type Counted,
  merchantScope,
  openBefore,
  openOfMerchant,
  pendingOfMerchant,
  rowsOf,
  workRows,
} from './figure-rows.ts'
import { PeriodTotals, type Total } from './period-totals.ts'

interface FiguresDeps {
  db: Db
  store: Store
  writer: LogWriter
  origin: string
  book: FigureBook
  complaints: ComplaintRepository
}

/** Open complaints of one merchant that are summed from their rows while those of all are not in memory: some milliseconds. */
const FEW = 500
/** Old complaints that are counted in one go: some ten milliseconds. */
const COUNTED_AT_ONCE = 50

export class LedgerFigures implements Figures {
  readonly #deps: FiguresDeps
  readonly #totals: PeriodTotals
  /** By tag, all of them once an index was asked for. */
  #names: Map<string, string> | null = null
  readonly #unreadable = new Set<number>()
  #isWhole = false

  constructor(deps: FiguresDeps) {
    this.#deps = deps
    this.#totals = new PeriodTotals(deps.db, merchant => deps.book.tagOf(merchant))
    deps.book.listen(({ names, ...changes }) => {
      this.#totals.changed(changes)
      for (const [m, name] of names) this.#names?.set(m, name)
    })
  }

  /** Of a ledger that follows: another process wrote rows. */
  forget(): void {
    this.#totals.forget()
    this.#names = null
  }

  async index(days: Days): Promise<IndexCounts> {
    const { byMerchant, byDay, before } = await this.#totals.of(days)
    // From here on nothing waits: all of it is of one instant.
    const { writer, origin } = this.#deps
    const names = this.#namesByTag()
    const merchants: IndexCounts['merchants'] = []
    for (const [m, { listed }] of byMerchant)
      if ((listed.opened ?? 0) > 0) merchants.push({ m, name: names.get(m) ?? '', counts: listed })
    return {
      origin,
      size: writer.frontier.size,
      whole: !this.hasUncounted(),
      days: [...byDay.values()],
      before,
      merchants,
    }
  }

  async days(merchant: string | null, days: Days) {
    if (merchant === null) {
      const { byDay, before } = await this.#totals.of(days)
      return { whole: !this.hasUncounted(), days: [...byDay.values()], before }
    }
    const { db, book } = this.#deps
    const scope = merchantScope(book.tagOf(merchant))
    if (this.#totals.openOf(merchant) === null && openOfMerchant(db, merchant) > FEW) await this.#totals.readOpen()
    const kept = [...(this.#totals.openOf(merchant) ?? pendingOfMerchant(db, merchant))]
    const before = openBefore(db, scope, days.from)
    for (const { day, counts } of kept)
      if (day < days.from) addCounts(before, { open: counts.open ?? 0, overdue: counts.overdue ?? 0 })
    const { open = 0, overdue = 0 } = before
    const within = kept.filter(({ day }) => day >= days.from && day <= days.until)
    return {
      whole: !this.hasUncounted(),
      days: byDayAndCategory([...rowsOf(db, scope, days), ...within]),
      before: { open, overdue },
    }
  }

  async desks(days: Days) {
    return this.#work('d', days).map(([desk, counts]) => ({ desk, counts }))
  }

  async officers(days: Days) {
    const { db, book } = this.#deps
    const work = this.#work('o', days)
    if (work.length === 0) return []
    const persons = db.selectDistinct({ name: team.person }).from(team).where(eq(team.team, DESK_TEAM)).all()
    const names = new Map(persons.map(({ name }) => [book.officerTag(name), name]))
    return work.map(([tag, counts]) => ({ officer: names.get(tag) ?? null, counts }))
  }

  #work(whose: 'd' | 'o', days: Days): [name: string, counts: Counts][] {
    const byName = new Map<string, Counts>()
    for (const { scope, counts } of workRows(this.#deps.db, whose, days)) {
      const name = decodeURIComponent(scope.slice(2))
      byName.set(name, addCounts(byName.get(name) ?? {}, counts))
    }
    return [...byName]
  }

  async merchants(days: Days, limit: number) {
    const most = mostOpened((await this.#totals.of(days)).byMerchant, limit)
    const names = this.#names ?? namesOf(this.#deps.db, most)
    return most.map(([m, { listed, unlisted }]) => ({
      m,
      name: names.get(m) ?? '',
      counts: addCounts({ ...listed }, unlisted),
    }))
  }

  #namesByTag(): ReadonlyMap<string, string> {
    this.#names ??= namesOf(this.#deps.db)
    return this.#names
  }

  /** Backfill: are there complaints of before the figures? Asks until there are none. */
  hasUncounted(): boolean {
    this.#isWhole ||= this.#uncounted(1).length === 0
    return !this.#isWhole
  }

  /** Counts some of them from their leaves, inside the caller's transaction. */
  countSome(): void {
    const { complaints } = this.#deps
    for (const id of this.#uncounted(COUNTED_AT_ONCE)) {
      try {
        const stored = complaints.get(id)
        if (stored !== null) this.#countWhole(stored)
      } catch (error) {
        // The row was edited: `read` says so, and it stops no other complaint.
        if (!(error instanceof AlteredRow)) throw error
        this.#unreadable.add(id)
      }
    }
  }

  #countWhole(stored: StoredComplaint): void {
    const { store, book, complaints } = this.#deps
    const { merchant, chain, complaint } = stored
    const name = fieldAt(store, chain[0] ?? -1, 'merchantName')
    const { category } = complaint
    const counted = chain.reduce<Counted | null>((before, idx) => {
      const officer = fieldAt(store, idx, 'officer')
      const of = { id: stored.id, merchant, category, officer: typeof officer === 'string' ? officer : null }
      return book.count(before, decodeLeaf(leafBytes(store, idx)), of)
    }, null)
    complaints.saveCounted({ ...stored, counted })
    if (typeof name === 'string') book.name(merchant, name)
  }

  #uncounted(limit: number): number[] {
    const { db } = this.#deps
    const skipped = this.#unreadable
    return db
      .select({ id: table.id })
      .from(table)
      .where(isNull(table.standing))
      .orderBy(asc(table.first))
      .limit(limit + skipped.size)
      .all()
      .flatMap(({ id }) => (skipped.has(id) ? [] : [id]))
  }
}

/** By tag: of these merchants, or of all. */
const namesOf = (db: Db, some?: readonly (readonly [m: string, ...unknown[]])[]): Map<string, string> => {
  const these =
    some && sql`${merchantNames.m} in (select value from json_each(${JSON.stringify(some.map(([m]) => m))}))`
  return new Map(
    db
      .select()
      .from(merchantNames)
      .where(these)
      .all()
      .map(({ m, name }) => [m, name]),
  )
}

const openedIn = ({ listed, unlisted }: Total): number => (listed.opened ?? 0) + (unlisted.opened ?? 0)

/** Selection: numbers are sorted, and of ten thousand merchants only those that are answered. */
const mostOpened = (byMerchant: ReadonlyMap<string, Total>, limit: number): [m: string, total: Total][] => {
  const least = Float64Array.from(byMerchant.values(), openedIn).sort().at(-limit) ?? 0
  return [...byMerchant]
    .filter(([, total]) => openedIn(total) >= least)
    .sort(([, a], [, b]) => openedIn(b) - openedIn(a))
    .slice(0, limit)
}

const byDayAndCategory = (parts: readonly DayCounts[]): DayCounts[] => {
  const cells = new Map<string, DayCounts>()
  for (const { day, category, counts } of parts) {
    const key = `${day} ${category}`
    const known = cells.get(key)
    if (known) addCounts(known.counts, counts)
    else cells.set(key, { day, category, counts: { ...counts } })
  }
  return [...cells.values()]
}
