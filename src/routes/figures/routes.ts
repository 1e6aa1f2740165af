// The public index: a page, JSON that anyone can recompute from the log (`tousu figures`), and CSV.

import { type Context, Hono } from 'hono'
import { dateOf } from '../../views/figures/chart.ts'
import { indexPage } from '../../views/figures/index-page.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import { readIndex, readPeriod, type WholeIndex } from './counts.ts'
import { CSV_HEADERS, recordsCsv } from './csv.ts'

const ON_A_PAGE = 50
const MAX_QUERY = 60
/** So that a crowd costs as much as one reader; a share of it that is older by this is no other truth. */
const CACHED = { 'Cache-Control': 'public, max-age=60' }

export const indexRoutes = (deps: Deps) =>
  new Hono()
    .get('/index', c => showIndex(c, deps))
    .get('/index.json', async c =>
      c.json(jsonOf(await readIndex(deps, readPeriod(c.req.query('period')))), 200, CACHED),
    )
    .get('/index.csv', async c => {
      const whole = await readIndex(deps, readPeriod(c.req.query('period')))
      const { period, until } = whole.index
      return c.body(csvOf(whole), 200, { ...CACHED, ...CSV_HEADERS(`index-${dateOf(until)}-${period}d`) })
    })

const jsonOf = ({ index, logs, whole, names }: WholeIndex) => ({
  ...index,
  logs,
  whole,
  merchants: index.merchants.map(({ m, ...record }) => ({ m, name: names.get(m) ?? '', ...record })),
})

const csvOf = ({ index, names }: WholeIndex): string =>
  recordsCsv([
    { lead: { scope: 'platform', m: null, name: null, comparison: null }, record: index.platform },
    ...index.merchants.map(({ m, comparison, ...record }) => ({
      lead: { scope: 'merchant', m, name: names.get(m) ?? '', comparison },
      record,
    })),
  ])

const showIndex = async (c: Context, deps: Deps) => {
  const whole = await readIndex(deps, readPeriod(c.req.query('period')))
  const q = (c.req.query('q') ?? '').trim().slice(0, MAX_QUERY)
  const found = whole.index.merchants
    .map(record => ({ ...record, name: whole.names.get(record.m) ?? '' }))
    .filter(({ m, name }) => q === '' || m === q || name.toLowerCase().includes(q.toLowerCase()))
    .sort((a, b) => b.opened - a.opened)
  const pages = Math.max(1, Math.ceil(found.length / ON_A_PAGE))
  const page = readPage(c.req.query('page'), pages)
  const merchants = found.slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE)
  return c.html(String(indexPage({ ...whole, merchants, q, at: { page, pages } }, pageOf(c, deps))), 200, {
    'Cache-Control': 'no-cache',
  })
}

const readPage = (text: string | undefined, pages: number): number => {
  if (text === undefined) return 1
  const page = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0
  if (page < 1 || page > pages) throw new Problem('not_found')
  return page
}
