import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import autocannon from 'autocannon'
import { Hono } from 'hono'
import { openDemo } from '../src/hosts/node/demo.ts'

/** One row of the table: how much of the baseline's speed we keep. */
interface PageRow {
  name: string
  baseline: number
  ours: number
  ratio: number
}

const STEPS = 12

/** A demo with a page of twelve steps, and a bare Hono handler that answers the same bytes from memory. */
const openBoth = async (folder: string) => {
  const demo = await openDemo(folder, 'http://localhost:8787')
  const story = demo.facts.stories.find(each => each.name === 'dress-unlike-picture')
  if (!story) throw new Error('the demo has lost a story')
  const path = new URL(story.trackingUrl).pathname
  const page = await demo.app.request(path)
  const bytes = new Uint8Array(await page.arrayBuffer())
  const steps = new TextDecoder().decode(bytes).match(/<li class="step/g)?.length
  if (steps !== undefined && steps < STEPS) console.error(`note: the page has ${steps} steps`)
  const bare = new Hono().get('/t/:token', c => c.body(bytes, 200, { 'Content-Type': 'text/html; charset=utf-8' }))
  return { demo, bare, path }
}

const perSecond = async (app: Hono, path: string, seconds: number): Promise<number> => {
  const end = performance.now() + seconds * 1000
  let count = 0
  while (performance.now() < end) {
    for (let i = 0; i < 50; i++) await (await app.request(path)).arrayBuffer()
    count += 50
  }
  return count / seconds
}

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

/** In turns, so that a noisy neighbour hits both. */
const compare = async (
  name: string,
  rounds: number,
  bare: () => Promise<number>,
  ours: () => Promise<number>,
): Promise<PageRow> => {
  const [base, own]: [number[], number[]] = [[], []]
  for (let i = 0; i < rounds; i++) {
    base.push(await bare())
    own.push(await ours())
  }
  return {
    name,
    baseline: median(base),
    ours: median(own),
    ratio: median(own.map((value, i) => value / (base[i] ?? 1))),
  }
}

const serve = async (app: Hono) => {
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, url: `http://127.0.0.1:${address.port}` }
}

const overHttp = async (url: string, seconds: number): Promise<number> => {
  const result = await autocannon({ url, connections: 16, duration: seconds })
  if (result.non2xx > 0 || result.errors > 0) throw new Error('the server failed under load')
  return result.requests.average
}

/** Tracking page of twelve steps against the same bytes from memory, in process and over HTTP; requests a second. */
export const pageRows = async (quick = false): Promise<PageRow[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-bench-'))
  const { demo, bare, path } = await openBoth(folder)
  const [a, b] = [await serve(bare), await serve(demo.app)]
  const [rounds, seconds] = quick ? [3, 0.5] : [7, 1]
  try {
    return [
      await compare(
        'page, in process',
        rounds,
        () => perSecond(bare, path, seconds),
        () => perSecond(demo.app, path, seconds),
      ),
      await compare(
        'page, over HTTP',
        rounds,
        () => overHttp(a.url + path, Math.max(1, seconds)),
        () => overHttp(b.url + path, Math.max(1, seconds)),
      ),
    ]
  } finally {
    a.server.close()
    b.server.close()
    await demo.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) console.table(await pageRows(process.argv.includes('--quick')))
