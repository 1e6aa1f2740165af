// All open complaints fall due at once, as after a server was down for days: what the others who ask meanwhile wait.

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { signLink } from '../src/link/token.ts'
import { type Asked, askUntil, quantile } from './arrivals.ts'
import { median, type Row } from './measure.ts'
import { inFolder, secretsIn } from './place.ts'
import { startDue } from './serving.ts'

/** Longer than any period of the policy. */
const DAYS = 60
/** Complaints that are filed at that time, for the acts and the known page: none of them is due. */
const FRESH = 2000
const QUIET_MS = 5000
const LONGEST_MS = 600_000
/** How often a reader asks. */
const EVERY_MS = 10

const KINDS = ['drawn', 'drawn', 'drawn', 'known', 'act'] as const
type Kind = (typeof KINDS)[number]
const NAMES: Record<Kind, string> = { drawn: 'a drawn page', known: 'a page known to the cache', act: 'a message' }

export const tickRows = (large: string): Promise<Row[]> =>
  inFolder(async folder => {
    const copy = join(folder, 'due')
    cpSync(large, copy, { recursive: true })
    const { links } = await secretsIn(copy)
    const server = await startDue(copy, DAYS, FRESH)
    const sqlite = new Database(join(copy, 'ledger.db'), { readonly: true })
    const now = Date.now() + DAYS * 86_400_000
    const due = sqlite.prepare('select count(*) from complaints where due <= ? and stuck = 0').pluck().get(now)
    const left = sqlite.prepare('select 1 from complaints where due <= ? and stuck = 0 limit 1').pluck()
    const linksOf = (sql: string) => {
      const ids = sqlite.prepare(sql).pluck().all()
      return ids.map(id => `/t/${signLink({ id: Number(id), scope: 'act', epoch: 0 }, links)}`)
    }
    const all = linksOf('select id from complaints order by random() limit 20000')
    const fresh = linksOf(`select id from complaints order by first desc limit ${FRESH}`)
    const requests: Record<Kind, (n: number) => Asked> = {
      drawn: n => ({ path: all[n % all.length] ?? '' }),
      known: () => ({ path: fresh[0] ?? '' }),
      act: n => ({ path: `${fresh[n % fresh.length]}/messages`, body: { text: '请尽快处理，谢谢。' } }),
    }
    await server.idle()
    const end = performance.now() + QUIET_MS
    const quiet = await askUntil(server, { kinds: KINDS, requests, everyMs: EVERY_MS }, () => performance.now() > end)
    server.watch()
    const { cpu } = await server.probe()
    server.go()
    const began = performance.now()
    let isDone = false
    const watching = setInterval(() => {
      isDone ||= left.get(now) === undefined
    }, 250)
    const isOver = () => isDone || performance.now() - began > LONGEST_MS
    const during = await askUntil(server, { kinds: KINDS, requests, everyMs: EVERY_MS }, isOver)
    clearInterval(watching)
    const ms = performance.now() - began
    const { block, cpu: cpuAfter } = await server.probe()
    sqlite.close()
    await server.stop()
    const seconds = `${(ms / 1000).toFixed(0)} s, CPU ${((cpuAfter - cpu) / 1e6).toFixed(0)} s`
    const while_ = `while ${due} complaints fall due (${isDone ? seconds : `not done after ${seconds}`})`
    return (['drawn', 'known', 'act'] as const).map(kind => ({
      what: `${NAMES[kind]} ${while_}; baseline: before`,
      µs: median(during[kind]) * 1000,
      'CPU µs': Number.NaN,
      'baseline µs': median(quiet[kind]) * 1000,
      'p99 ms': quantile(during[kind], 0.99),
      'max ms': quantile(during[kind], 1),
      'baseline p99 ms': quantile(quiet[kind], 0.99),
      'block ms': block,
      aim: 'p99 below 100 ms, block below 150',
    }))
  })
