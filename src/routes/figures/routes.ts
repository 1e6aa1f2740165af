// The public index: a page, JSON that anyone can recompute from the log (`tousu figures`), and CSV.

import { type Context, Hono } from 'hono'
import { compared, withMerchants } from '../../complaint/figures/public-index.ts'
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
    .get('/index.json', async c => {
      const text = once(JSON_TEXTS, await readIndex(deps, readPeriod(c.req.query('period'))), jsonOf)
      return c.body(text, 200, { ...CACHED, 'Content-Type': 'application/json' })
    })
    .get('/index.csv', async c => {
      const whole = await readIndex(deps, readPeriod(c.req.query('period')))
      const { period, until } = whole.summary
      const name = `index-${dateOf(until)}-${period}d`
      return c.body(once(CSV_TEXTS, whole, csvOf), 200, { ...CACHED, ...CSV_HEADERS(name) })
    })

/** Texts of an index with all merchants: made once, as long as it is shared. */
const JSON_TEXTS = new WeakMap<WholeIndex, string>()
const CSV_TEXTS = new WeakMap<WholeIndex, string>()
const once = (texts: WeakMap<WholeIndex, string>, whole: WholeIndex, make: (whole: WholeIndex) => string): string => {
  const text = texts.get(whole) ?? make(whole)
  texts.set(whole, text)
  return text
}

const jsonOf = ({ summary, merchants, logs, whole, names }: WholeIndex): string => {
  const index = withMerchants(summary, merchants)
  const named = index.merchants.map(({ m, ...record }) => ({ m, name: names.get(m) ?? '', ...record }))
  return JSON.stringify({ ...index, logs, whole, merchants: named })
}

const csvOf = ({ summary, merchants, names }: WholeIndex): string =>
  recordsCsv([
    { lead: { scope: 'platform', m: null, name: null, comparison: null }, record: summary.platform },
    ...withMerchants(summary, merchants).merchants.map(({ m, comparison, ...record }) => ({
      lead: { scope: 'merchant', m, name: names.get(m) ?? '', comparison },
      record,
    })),
  ])

const showIndex = async (c: Context, deps: Deps) => {
  const whole = await readIndex(deps, readPeriod(c.req.query('period')))
  const { summary, merchants: counts, byOpened, names } = whole
  const q = (c.req.query('q') ?? '').trim().slice(0, MAX_QUERY)
  const nameOf = (m: string): string => names.get(m) ?? ''
  const found = q === '' ? byOpened : byOpened.filter(m => m === q || nameOf(m).toLowerCase().includes(q.toLowerCase()))
  const pages = Math.max(1, Math.ceil(found.length / ON_A_PAGE))
  const page = readPage(c.req.query('page'), pages)
  const merchants = found
    .slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE)
    .map(m => ({ ...compared(m, counts.get(m) ?? {}, summary.platform), name: nameOf(m) }))
  return c.html(
    String(indexPage({ ...whole, index: summary, merchants, q, at: { page, pages } }, pageOf(c, deps))),
    200,
    {
      'Cache-Control': 'no-cache',
    },
  )
}

const readPage = (text: string | undefined, pages: number): number => {
  if (text === undefined) return 1
  const page = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0
  if (page < 1 || page > pages) throw new Problem('not_found')
  return page
}
