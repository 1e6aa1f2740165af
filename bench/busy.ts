// Visitors beside a busy server: 64 messages in flight over HTTP keep its event loop without rest; what those who open a page wait.

import { cpSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { signLink } from '../src/link/token.ts'
import { type Asked, ask, askUntil, quantile } from './arrivals.ts'
import { median, type Row } from './measure.ts'
import { inFolder, secretsIn } from './place.ts'
import { startOurs } from './serving.ts'

const CALLERS = 64
/** Fifty visitors a second. */
const EVERY_MS = 20
const WARM_MS = 500

const KINDS = ['fresh', 'drawn', 'fresh', 'known', 'fresh'] as const
type Kind = (typeof KINDS)[number]
const NAMES: Record<Kind, string> = {
  drawn: 'a drawn page',
  fresh: 'a drawn page by a new connection',
  known: 'a page known to the cache',
}

/** Paths of open complaints' pages, in random order. */
export const linksIn = async (folder: string): Promise<string[]> => {
  const { links } = await secretsIn(folder)
  const sqlite = new Database(join(folder, 'ledger.db'), { readonly: true })
  const ids = sqlite
    .prepare('select id from complaints where due is not null and length(chain) >= 60 order by random() limit 60000')
    .pluck()
    .all()
  sqlite.close()
  return ids.map(id => `/t/${signLink({ id: Number(id), scope: 'act', epoch: 0 }, links)}`)
}

export const busyRows = (large: string, quick: boolean): Promise<Row[]> =>
  inFolder(async folder => {
    const copy = join(folder, 'busy')
    cpSync(large, copy, { recursive: true })
    const paths = (await linksIn(copy)).values()
    const next = (): string => paths.next().value ?? '/'
    const known = next()
    const server = await startOurs(copy)
    await server.idle()
    const requests: Record<Kind, (n: number) => Asked> = {
      drawn: () => ({ path: next() }),
      fresh: () => ({ path: next(), isNew: true }),
      known: () => ({ path: known }),
    }
    const arrivals = { kinds: KINDS, requests, everyMs: EVERY_MS }
    const ms = quick ? 3000 : 10_000
    const askFor = (time: number) => {
      const end = performance.now() + time
      return askUntil(server, arrivals, () => performance.now() > end)
    }
    await askFor(WARM_MS * 4)
    const quiet = await askFor(ms)

    const agent = new Agent({ keepAlive: true })
    const acts: number[] = []
    let isOver = false
    const caller = async () => {
      while (!isOver) {
        const began = performance.now()
        await ask(server, agent, { path: `${next()}/messages`, body: { text: '请尽快处理，谢谢。' } })
        acts.push(performance.now() - began)
      }
    }
    const callers = Promise.all(Array.from({ length: CALLERS }, caller))
    await askFor(WARM_MS)
    acts.length = 0
    const [before, began] = [await server.probe(), performance.now()]
    const during = await askFor(ms)
    const [took, after] = [performance.now() - began, await server.probe()]
    const [rate, cpu] = [acts.length / (took / 1000), (after.cpu - before.cpu) / acts.length]
    isOver = true
    await callers
    agent.destroy()
    await server.stop()
    const beside = `beside ${CALLERS} messages in flight`
    return [
      {
        what: `a message, ${CALLERS} in flight over HTTP: ${rate.toFixed(0)} a second`,
        µs: median(acts) * 1000,
        'CPU µs': cpu,
        'p99 ms': quantile(acts, 0.99),
        aim: 'none',
      },
      ...(['drawn', 'fresh', 'known'] as const).map(kind => ({
        what: `${NAMES[kind]} ${beside}; baseline: without them`,
        µs: median(during[kind]) * 1000,
        'CPU µs': Number.NaN,
        'baseline µs': median(quiet[kind]) * 1000,
        'p99 ms': quantile(during[kind], 0.99),
        'max ms': quantile(during[kind], 1),
        'baseline p99 ms': quantile(quiet[kind], 0.99),
        aim: 'none',
      })),
    ]
  })
