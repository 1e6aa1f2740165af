// The monitor over HTTP, as an auditor runs it: the whole log for the first time, server and monitor in separate processes.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { median, type Row } from './measure.ts'
import { inFolder } from './place.ts'
import { startOurs } from './serving.ts'

const TOUSU = fileURLToPath(new URL('../bin/tousu.mjs', import.meta.url))
const USAGE = fileURLToPath(new URL('usage.ts', import.meta.url))

const Usage = v.object({ cpu: v.number(), rss: v.number() })

export const monitorRows = (large: string, quick: boolean): Promise<Row[]> =>
  inFolder(async folder => {
    const server = await startOurs(large)
    await server.idle()
    const log = `${server.url}/log/0`
    const [policy, state, usage] = ['trust.txt', 'state', 'usage.json'].map(name => join(folder, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(policy, await (await fetch(`${log}/policy`)).text())
    const leaves = Number((await (await fetch(`${log}/checkpoint`)).text()).split('\n')[1])
    const replay = async () => {
      rmSync(state, { force: true })
      const began = performance.now()
      const args = ['--import', USAGE, TOUSU, 'monitor', log, '--policy', policy, '--state', state]
      const child = spawn(process.execPath, args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, BENCH_USAGE: usage },
      })
      const [code] = await once(child, 'exit')
      if (code !== 0) throw new Error(`the monitor ended with ${code}`)
      const wall = performance.now() - began
      return { wall: (wall * 1000) / leaves, ...v.parse(Usage, JSON.parse(readFileSync(usage, 'utf8'))) }
    }
    const rounds = []
    for (let i = 0; i < (quick ? 2 : 5); i++) rounds.push(await replay())
    await server.stop()
    const µs = median(rounds.map(({ wall }) => wall))
    return [
      {
        what: `monitor, a log of ${leaves} leaves for the first time: ${Math.round(1e6 / µs)} leaves a second, start included`,
        µs,
        'CPU µs': median(rounds.map(({ cpu }) => cpu)) / leaves,
        'RSS MB': median(rounds.map(({ rss }) => rss)) / 1024,
        aim: 'at least 150,000 a second, at most 300 MB',
      },
    ]
  })
