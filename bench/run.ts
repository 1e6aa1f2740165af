/**
 * `npm run bench -- [NAME]… [--quick] [--json] [--data FOLDER] [--open N]`, or `--peak` (peak.ts). Without names, all that BENCHES has. `--data` keeps the
 * filled databases in a folder for the next run (filling takes minutes); without it they lie in BENCH_DIR, or the folder of temporary
 * files. `--open`: how many open complaints of ten steps the large one has, 100,000 by default; a million are ten million steps.
 */
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { busyRows } from './busy.ts'
import { edgeRows } from './edge.ts'
import { executeRows } from './execute.ts'
import { figureRows } from './figures.ts'
import { fill } from './fill.ts'
import { growthRows } from './growth.ts'
import { listRows } from './lists.ts'
import type { Row } from './measure.ts'
import { monitorRows } from './monitor.ts'
import { pageRows } from './page.ts'
import { peak } from './peak.ts'
import { inFolder } from './place.ts'
import { signedRows } from './signed.ts'
import { tickRows } from './tick.ts'
import { verifierRows } from './verifier.ts'

const BENCHES: Record<string, (large: string, small: string, quick: boolean) => Promise<Row[]>> = {
  page: pageRows,
  lists: (large, _small, quick) => listRows(large, quick),
  execute: executeRows,
  growth: growthRows,
  figures: (large, _small, quick) => figureRows(large, quick),
  tick: large => tickRows(large),
  busy: (large, _small, quick) => busyRows(large, quick),
  monitor: (large, _small, quick) => monitorRows(large, quick),
  edge: (_large, _small, quick) => edgeRows(quick),
  signed: (_large, _small, quick) => signedRows(quick),
  verifier: (_large, _small, quick) => verifierRows(quick),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    data: { type: 'string' },
    open: { type: 'string' },
    peak: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '20' },
    from: { type: 'string', default: '0' },
  },
})
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES)

const run = async (folder: string): Promise<object[]> => {
  const [large, small] = [join(folder, 'large'), join(folder, 'small')]
  // These bring their own.
  const isFilled = values.peak || names.some(name => !/^(edge|signed|verifier)$/.test(name))
  if (isFilled) await fill(large, Number(values.open ?? (values.quick ? 10_000 : 100_000)))
  if (isFilled) await fill(small, 1000)
  if (values.peak) return peak(large, { seconds: Number(values.seconds), from: Number(values.from) })
  const rows: Row[] = []
  for (const name of names) {
    const bench = BENCHES[name]
    if (!bench) throw new Error(`no such bench: ${name}`)
    rows.push(...(await bench(large, small, values.quick)))
  }
  return rows
}

const round = (row: object) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toPrecision(3)) : value,
    ]),
  )

const rows = (await (values.data === undefined ? inFolder(run) : run(values.data))).map(round)
const conditions = { node: process.version, cpus: cpus().length, load: loadavg()[0] }
if (values.json) console.log(JSON.stringify({ ...conditions, rows }, null, 2))
else {
  console.log(conditions)
  console.table(rows)
}
