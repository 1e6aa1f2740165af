// Figures of all shards as one: counts add up, so that another number of shards changes none of them.

import {
  type DayCounts,
  firstDay,
  type Period,
  periodOf,
  type Summary,
  summaryOf,
} from '../../complaint/figures/public-index.ts'
import { addCounts, type Counts } from '../../complaint/figures/reckon.ts'
import type { FigureRecord } from '../../complaint/figures/record.ts'
import { dayNumber } from '../../complaint/time.ts'
import type { Days, IndexCounts } from '../../ledger/contract/figures.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'

/** Throws a Problem for a period that there is none of; 90 days where none is named. */
export const readPeriod = (text: string | undefined): Period => {
  const period = periodOf(text ?? '90')
  if (period === undefined) throw new Problem('invalid', [{ field: 'period', code: 'choose' }])
  return period
}

export const daysOf = (now: number, period: Period): Days => {
  const until = dayNumber(now)
  return { from: firstDay(until, period), until }
}

export interface WholeIndex {
  summary: Summary
  /** Counts of the period by tag. */
  merchants: ReadonlyMap<string, Counts>
  /** Tags, the most complaints first. */
  byOpened: readonly string[]
  whole: boolean
  logs: { path: string; origin: string; size: number }[]
  names: ReadonlyMap<string, string>
}

/** A crowd shares an index, which says of how many leaves it is. */
const FRESH_MS = 5_000
const made = new WeakMap<Deps['ledgers'], Map<Period, { at: number; index: WholeIndex }>>()

export const readIndex = async (deps: Pick<Deps, 'ledgers' | 'clock'>, period: Period): Promise<WholeIndex> => {
  const now = deps.clock.now()
  const kept = made.get(deps.ledgers) ?? new Map()
  made.set(deps.ledgers, kept)
  const known = kept.get(period)
  // A value, not a promise: on Workers none is shared between requests.
  if (known !== undefined && Math.abs(now - known.at) < FRESH_MS) return known.index
  const index = await makeIndex(deps, period)
  kept.set(period, { at: now, index })
  return index
}

const makeIndex = async ({ ledgers, clock }: Pick<Deps, 'ledgers' | 'clock'>, period: Period): Promise<WholeIndex> => {
  const days = daysOf(clock.now(), period)
  const shards = await Promise.all(ledgers.map(ledger => ledger.figures.index(days)))
  const before: Counts = {}
  for (const shard of shards) addCounts(before, shard.before)
  const { merchants, names } = merged(shards)
  return {
    summary: summaryOf({ period, until: days.until, days: shards.flatMap(shard => shard.days), before }),
    merchants,
    byOpened: Array.from(merchants, ([m, { opened = 0 }]) => ({ m, opened }))
      .sort((a, b) => b.opened - a.opened)
      .map(({ m }) => m),
    whole: shards.every(({ whole }) => whole),
    logs: shards.map(({ origin, size }, shard) => ({ path: `/log/${shard}`, origin, size })),
    names,
  }
}

/** One merchant's complaints lie in one shard; where they once did not, their counts are added. */
const merged = (shards: readonly Pick<IndexCounts, 'merchants'>[]) => {
  const merchants = new Map<string, Counts>()
  const names = new Map<string, string>()
  for (const { m, name, counts } of shards.flatMap(shard => shard.merchants)) {
    const known = merchants.get(m)
    merchants.set(m, known ? addCounts({ ...known }, counts) : counts)
    names.set(m, name || (names.get(m) ?? ''))
  }
  return { merchants, names }
}

export interface ScopeCounts {
  whole: boolean
  days: DayCounts[]
  before: Counts
}

export const readDays = async (ledgers: Deps['ledgers'], merchant: string | null, days: Days): Promise<ScopeCounts> => {
  const shards = await Promise.all(ledgers.map(ledger => ledger.figures.days(merchant, days)))
  const before: Counts = {}
  for (const shard of shards) addCounts(before, shard.before)
  return { whole: shards.every(({ whole }) => whole), days: shards.flatMap(shard => shard.days), before }
}

export const readMerchants = async (ledgers: Deps['ledgers'], days: Days, limit: number) => {
  const shards = await Promise.all(ledgers.map(ledger => ledger.figures.merchants(days, limit)))
  const { merchants, names } = merged(shards.map(merchants => ({ merchants })))
  return [...merchants]
    .sort(([, a], [, b]) => (b.opened ?? 0) - (a.opened ?? 0))
    .slice(0, limit)
    .map(([m, counts]) => ({ name: names.get(m) || m, counts }))
}

export const readOfficers = async (ledgers: Deps['ledgers'], days: Days) => {
  const byOfficer = new Map<string | null, Counts>()
  for (const shard of await Promise.all(ledgers.map(ledger => ledger.figures.officers(days))))
    for (const { officer, counts } of shard) byOfficer.set(officer, addCounts(byOfficer.get(officer) ?? {}, counts))
  return [...byOfficer]
    .sort(([a], [b]) => ((a ?? '\uffff') < (b ?? '\uffff') ? -1 : 1))
    .map(([officer, counts]) => ({ officer, counts }))
}

export const readDesks = async (ledgers: Deps['ledgers'], days: Days) => {
  const byDesk = new Map<string, Counts>()
  for (const shard of await Promise.all(ledgers.map(ledger => ledger.figures.desks(days))))
    for (const { desk, counts } of shard) byDesk.set(desk, addCounts(byDesk.get(desk) ?? {}, counts))
  return [...byDesk].sort(([a], [b]) => (a < b ? -1 : 1)).map(([desk, counts]) => ({ desk, counts }))
}

// Records as CSV (RFC 4180), for spreadsheets.

type Cell = string | number | null

/** Flat columns of a record, by the names of `/index.json`. */
const columnsOf = (record: object, prefix = ''): [name: string, value: Cell][] =>
  Object.entries(record).flatMap(([name, value]): [string, Cell][] =>
    typeof value === 'object' && value !== null ? columnsOf(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]],
  )

/** Shares are null without a case: their columns stay, empty. */
const SHARE = { cases: null, share: null, low: null, high: null }
const whole = (record: FigureRecord): object => ({
  ...record,
  answered: record.answered ?? SHARE,
  satisfaction: { ...record.satisfaction, response: record.satisfaction.response ?? SHARE },
  solved: { own: record.solved.own ?? SHARE, other: record.solved.other ?? SHARE },
})

export interface CsvRow {
  /** Columns before those of the record. */
  lead: Readonly<Record<string, Cell>>
  record: FigureRecord
}

/** A byte order mark, since spreadsheets take UTF-8 for another encoding without it. */
export const CSV_START = '\ufeff'

export const recordsCsv = (rows: readonly CsvRow[]): string =>
  CSV_START + rows.slice(0, 1).map(csvHead).join('') + rows.map(csvLine).join('')
/** Names of the columns, which all rows with the same lead have. */
export const csvHead = ({ lead, record }: CsvRow): string =>
  lineOf(columnsOf({ ...lead, ...whole(record) }).map(([name]) => name))
export const csvLine = ({ lead, record }: CsvRow): string =>
  lineOf(columnsOf({ ...lead, ...whole(record) }).map(([, value]) => value))

export const tableCsv = (rows: readonly (readonly Cell[])[]): string => CSV_START + rows.map(lineOf).join('')
const lineOf = (row: readonly Cell[]): string => `${csvCells(row)}\r\n`
export const csvCells = (row: readonly Cell[]): string => row.map(cell).join(',')

/**
 * CSV injection: a spreadsheet runs a cell that begins like a formula, also behind white space, so a text that does gets an
 * apostrophe in front. Numbers are ours.
 */
const cell = (value: Cell): string => {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[\s\p{Cf}]*[=+\-@\t\r＝＋－＠]/u.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const CSV_HEADERS = (name: string) => ({
  'Content-Type': 'text/csv; charset=utf-8',
  'Content-Disposition': `attachment; filename="${name}.csv"`,
})
