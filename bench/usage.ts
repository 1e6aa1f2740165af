/** Preloaded into a measured program (`--import`): writes its CPU (µs, all threads) and its most memory (KB) to BENCH_USAGE at its end. */

import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  writeFileSync(
    process.env.BENCH_USAGE ?? '',
    JSON.stringify({ cpu: user + system, rss: process.resourceUsage().maxRSS }),
  )
})
