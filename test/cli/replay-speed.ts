/** How fast one core replays a log: `node test/cli/replay-speed.ts [leaves]`. Network and disk are left out. */

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processIo } from '../../src/cli/io.ts'
import { monitor } from '../../src/cli/monitor.ts'
import { GeneratedLog } from './generated-log.ts'

const size = Number(process.argv[2] ?? 1_000_000)
const { log, policy } = await GeneratedLog.of(size)
const folder = mkdtempSync(join(tmpdir(), 'tousu-speed-'))
const [trust, state] = [join(folder, 'trust.txt'), join(folder, 'state')]
writeFileSync(trust, policy)
const io = { ...processIo(), fetch: log.fetch, now: () => log.now }
const timed = async (what: string) => {
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  const code = await monitor([log.url, '--policy', trust, '--state', state], io)
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  console.log(`${what}: exit ${code}, ${seconds.toFixed(1)} s, ${Math.round(size / seconds)} leaves a second`)
  const busy = (user + system) / 1e6
  console.log(
    `  ${busy.toFixed(1)} s of CPU: ${Math.round(size / busy)} leaves each, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  )
}
await timed('first run')
console.log(`  state ${Math.round(statSync(state).size / 1e6)} MB`)
await timed('next run')
rmSync(folder, { recursive: true })
