import { growthRows } from './growth.ts'
import { liveAll } from './lives.ts'
import { median, type Row, spread, timed } from './measure.ts'
import { pageRows } from './page.ts'
import { inFolder, openBaseline, openLedger } from './place.ts'

const quick = process.argv.includes('--quick')
const CALLERS = 64
const ROUNDS = quick ? 5 : 9
const LIVES = quick ? 150 : 400

/** Durable commands of whole lives, 64 callers in flight, against one insert a transaction at synchronous=FULL. */
const executeRow = (): Promise<Row> =>
  inFolder(async folder => {
    const { ledger } = await openLedger(folder)
    const baseline = openBaseline(folder)
    await liveAll(ledger, 0, LIVES, CALLERS)
    const rounds: { ours: number; base: number }[] = []
    for (let i = 1; i <= ROUNDS; i++) {
      const base = await timed(1000, () => baseline.insertAll(1000))
      let commands = 0
      const whole = await timed(1, async () => {
        commands = await liveAll(ledger, i * LIVES, LIVES, CALLERS)
      })
      rounds.push({ ours: whole / commands, base })
    }
    await ledger.close()
    baseline.close()
    console.log(`noise of the baseline: ±${(spread(rounds.map(round => round.base)) * 50).toFixed(0)} %`)
    return {
      what: 'execute, 64 in flight: times the throughput of one insert',
      measured: median(rounds.map(round => round.ours)),
      baseline: median(rounds.map(round => round.base)),
      ratio: median(rounds.map(({ ours, base }) => base / ours)),
      aim: 'at least 3.0',
    }
  })

const shown = ({ what, measured, baseline, ratio, aim }: Row) => ({
  what,
  µs: measured.toFixed(1),
  'baseline µs': baseline.toFixed(1),
  ratio: ratio.toFixed(2),
  aim,
})

const rows = [await executeRow()]
for (const { name, baseline, ours, ratio } of await pageRows(quick)) {
  rows.push({
    what: `${name}: part of a bare handler's speed`,
    measured: 1e6 / ours,
    baseline: 1e6 / baseline,
    ratio,
    aim: 'at least 0.5',
  })
}
rows.push(...(await growthRows(quick ? 100_000 : 1_000_000)))
console.table(rows.map(shown))
