// The public index: a page, JSON that anyone can recompute from the log (`tousu figures`), and CSV.

import { type Context, Hono } from 'hono'
import { byTag, compared, comparisonOf } from '../../complaint/figures/public-index.ts'
import type { Counts } from '../../complaint/figures/reckon.ts'
import { type FigureRecord, recordOf } from '../../complaint/figures/record.ts'
import { yieldToEventLoop } from '../../complaint/time.ts'
import { concat } from '../../log/encoding.ts'
import { dateOf, indexPage } from '../../views/figures/page.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import { CSV_HEADERS, CSV_START, csvCells, csvHead, csvLine, readIndex, readPeriod, type WholeIndex } from './counts.ts'

const ON_A_PAGE = 50
const MAX_QUERY = 60
/** So that a crowd costs as much as one reader; a share of it that is older by this is no other truth. */
const CACHED = { 'Cache-Control': 'public, max-age=60' }

export const indexRoutes = (deps: Deps) =>
  new Hono()
    .get('/index', c => showIndex(c, deps))
    .get('/index.json', async c => {
      const bytes = await once(JSON_BYTES, await readIndex(deps, readPeriod(c.req.query('period'))), jsonOf)
      return c.body(bytes, 200, { ...CACHED, 'Content-Type': 'application/json' })
    })
    .get('/index.csv', async c => {
      const whole = await readIndex(deps, readPeriod(c.req.query('period')))
      const { period, until } = whole.summary
      const name = `index-${dateOf(until)}-${period}d`
      return c.body(await once(CSV_BYTES, whole, csvOf), 200, { ...CACHED, ...CSV_HEADERS(name) })
    })

/** Texts of an index with all merchants, as bytes: made once, as long as it is shared. */
const JSON_BYTES = new WeakMap<WholeIndex, Uint8Array<ArrayBuffer>>()
const CSV_BYTES = new WeakMap<WholeIndex, Uint8Array<ArrayBuffer>>()
const once = async (
  made: WeakMap<WholeIndex, Uint8Array<ArrayBuffer>>,
  whole: WholeIndex,
  pieces: (whole: WholeIndex) => Iterable<string>,
): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = made.get(whole) ?? (await bytesInPortions(pieces(whole)))
  made.set(whole, bytes)
  return bytes
}

function* jsonOf(index: WholeIndex): Generator<string> {
  const { summary, logs, whole } = index
  yield `${JSON.stringify({ ...summary, logs, whole }).slice(0, -1)},"merchants":[`
  let separator = ''
  for (const { m, name, comparison, kept } of namedMerchants(index)) {
    kept.json ??= JSON.stringify(kept.record).slice(1)
    yield `${separator}${JSON.stringify({ m, name, comparison }).slice(0, -1)},${kept.json}`
    separator = ','
  }
  yield ']}'
}

function* csvOf(index: WholeIndex): Generator<string> {
  const { platform } = index.summary
  const first = { scope: 'platform', m: null, name: null, comparison: null }
  yield CSV_START + csvHead({ lead: first, record: platform }) + csvLine({ lead: first, record: platform })
  for (const { m, name, comparison, kept } of namedMerchants(index)) {
    kept.csv ??= csvLine({ lead: {}, record: kept.record })
    yield `${csvCells(['merchant', m, name, comparison])},${kept.csv}`
  }
}

/** A record, and its text where the request asks for it. */
interface KeptRecord {
  record: FigureRecord
  json?: string
  csv?: string
}
/** By counts, which never change: only what a commit touched is reckoned and written anew. */
const records = new WeakMap<Counts, KeptRecord>()

function* namedMerchants({ summary, merchants, names }: WholeIndex) {
  for (const [m, counts] of byTag(merchants)) {
    const kept = records.get(counts) ?? { record: recordOf(counts) }
    records.set(counts, kept)
    yield { m, name: names.get(m) ?? '', comparison: comparisonOf(kept.record, summary.platform), kept }
  }
}

/** Pieces that are made and encoded before others have their turn: some milliseconds. */
const PORTION = 100

const bytesInPortions = async (pieces: Iterable<string>): Promise<Uint8Array<ArrayBuffer>> => {
  const encoder = new TextEncoder()
  const portions: Uint8Array<ArrayBuffer>[] = []
  let [text, count] = ['', 0]
  for (const piece of pieces) {
    text += piece
    if (++count % PORTION > 0) continue
    portions.push(encoder.encode(text))
    text = ''
    await yieldToEventLoop()
  }
  return concat(...portions, encoder.encode(text))
}

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
    .map(m => ({ ...compared(m, recordOf(counts.get(m) ?? {}), summary.platform), name: nameOf(m) }))
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
