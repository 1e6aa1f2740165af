// All open complaints fall due at once, as after a server was down for days: what the others who ask meanwhile wait.

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { signLink } from '../src/link/token.ts'
import { median, type Row } from './measure.ts'
import { inFolder, secretsIn } from './place.ts'
import { type Serving, startDue } from './serving.ts'

/** Longer than any period of the policy. */
const DAYS = 60
const QUIET_MS = 5000
/** How often somebody asks. */
const EVERY_MS = 10

/** Pages of complaints in random order, each asked for when it is due, whether or not the one before was answered; how long each took, ms. */
const askUntil = async (server: Serving, paths: readonly string[], isOver: () => boolean): Promise<number[]> => {
  const waits: number[] = []
  const asked: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; !isOver(); n++) {
    const at = began + n * EVERY_MS
    const ahead = at - performance.now()
    if (ahead > 0) await new Promise(resolve => setTimeout(resolve, ahead))
    const path = paths[n % paths.length] ?? '/'
    const answered = fetch(server.url + path, { headers: { Accept: 'text/html' } }).then(async answer => {
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`not measured: ${answer.status}`)
      waits.push(performance.now() - at)
    })
    asked.push(answered)
  }
  await Promise.all(asked)
  return waits
}

const p99 = (waits: readonly number[]): number =>
  waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Number.NaN

export const tickRows = (large: string): Promise<Row[]> =>
  inFolder(async folder => {
    const copy = join(folder, 'due')
    cpSync(large, copy, { recursive: true })
    const { links } = await secretsIn(copy)
    const server = await startDue(copy, DAYS)
    const sqlite = new Database(join(copy, 'ledger.db'), { readonly: true })
    const now = Date.now() + DAYS * 86_400_000
    const open = sqlite.prepare('select count(*) from complaints where due <= ? and stuck = 0').pluck()
    const due = Number(open.get(now))
    const ids = sqlite.prepare('select id from complaints order by random() limit 5000').pluck().all()
    const paths = ids.map(id => `/t/${signLink({ id: Number(id), scope: 'act', epoch: 0 }, links)}`)
    await server.idle()
    const end = performance.now() + QUIET_MS
    const quiet = await askUntil(server, paths, () => performance.now() > end)
    server.watch()
    await server.probe()
    server.go()
    const began = performance.now()
    let isOver = false
    const watching = setInterval(() => {
      isOver ||= Number(open.get(now)) === 0
    }, 250)
    const during = await askUntil(server, paths, () => isOver)
    clearInterval(watching)
    const ms = performance.now() - began
    const { block } = await server.probe()
    sqlite.close()
    await server.stop()
    const pages = { µs: median(during) * 1000, 'CPU µs': Number.NaN, 'baseline µs': median(quiet) * 1000 }
    return [
      {
        ...pages,
        what: `a page while ${due} complaints fall due (${(ms / 1000).toFixed(0)} s); baseline: before`,
        'p99 ms': p99(during),
        'block ms': block,
        aim: 'p99 below 100 ms, block below 150',
      },
    ]
  })
