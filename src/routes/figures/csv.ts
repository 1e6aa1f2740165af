// Records as CSV (RFC 4180), for spreadsheets.

import type { FigureRecord } from '../../complaint/figures/record.ts'

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
