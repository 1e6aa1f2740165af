// All open complaints fall due at once, as after a server was down for days: what the others who ask meanwhile wait.

import { cpSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { signLink } from '../src/link/token.ts'
import { median, type Row } from './measure.ts'
import { inFolder, secretsIn } from './place.ts'
import { type Serving, startDue } from './serving.ts'

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
type Waits = Record<Kind, number[]>
const NAMES: Record<Kind, string> = { drawn: 'a drawn page', known: 'a page known to the cache', act: 'a message' }

interface Asked {
  path: string
  body?: object
}

/** Again, its time running on, where a server that was held up closed an idle connection, or took no new one. */
const ask = (server: Serving, agent: Agent, asked: Asked): Promise<void> =>
  askOnce(server, agent, asked).catch((error: NodeJS.ErrnoException) => {
    if (!['ECONNRESET', 'ETIMEDOUT'].includes(error.code ?? '')) throw error
    return ask(server, agent, asked)
  })

/** Answers once the whole answer is there. A status of 300 and more is an error. */
const askOnce = ({ port }: Serving, agent: Agent, { path, body }: Asked): Promise<void> =>
  new Promise((resolve, reject) => {
    const [method, accept] = body ? ['POST', 'application/json'] : ['GET', 'text/html']
    const type = body && { 'Content-Type': 'application/json' }
    const headers = { Accept: accept, 'Accept-Encoding': 'br', 'Accept-Language': 'zh-CN', ...type }
    const asked = request({ port, path, method, agent, headers }, answer => {
      const { statusCode = 0 } = answer
      answer.resume().on('error', reject)
      answer.on('end', () => (statusCode < 300 ? resolve() : reject(new Error(`not measured: ${statusCode}`))))
    })
    asked.on('error', reject).end(body && JSON.stringify(body))
  })

/** Requests of all kinds, each made when it is due, whether or not the one before was answered; how long each took, ms. */
const askUntil = async (
  server: Serving,
  requests: Record<Kind, (n: number) => Asked>,
  isOver: () => boolean,
): Promise<Waits> => {
  const agent = new Agent({ keepAlive: true })
  const waits: Waits = { drawn: [], known: [], act: [] }
  const asked: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; !isOver(); n++) {
    const at = began + n * EVERY_MS
    const ahead = at - performance.now()
    if (ahead > 0) await new Promise(resolve => setTimeout(resolve, ahead))
    const kind = KINDS[n % KINDS.length] ?? 'drawn'
    const answered = ask(server, agent, requests[kind](n)).then(() => void waits[kind].push(performance.now() - at))
    asked.push(answered)
  }
  await Promise.all(asked)
  agent.destroy()
  return waits
}

const quantile = (waits: readonly number[], part: number): number =>
  waits.toSorted((a, b) => a - b)[Math.floor((waits.length - 1) * part)] ?? Number.NaN

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
    const quiet = await askUntil(server, requests, () => performance.now() > end)
    server.watch()
    const { cpu } = await server.probe()
    server.go()
    const began = performance.now()
    let isDone = false
    const watching = setInterval(() => {
      isDone ||= left.get(now) === undefined
    }, 250)
    const during = await askUntil(server, requests, () => isDone || performance.now() - began > LONGEST_MS)
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
