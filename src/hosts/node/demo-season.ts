// `npm run demo:season`: the demo with a year of complaints behind it, in a data folder of its own (DATA_DIR, else `data-season`).

import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { storiesBegin } from '../../demo/replay.ts'
import { seedSeason } from '../../demo/season.ts'
import { DemoClock } from '../../ledger/clock.ts'
import { demoPhone } from '../../notify/sms/demo-phone.ts'
import { DEMO_ORIGIN, demoSecrets } from './demo.ts'
import { createServer } from './server.ts'

/** Tells the year in an empty folder; the stories of the demo follow at its first start. Answers how many complaints it had. */
export const seedSeasonIn = async (dataDir: string, now: number): Promise<number> => {
  mkdirSync(dataDir, { recursive: true })
  const until = storiesBegin(now) - 60_000
  const clock = new DemoClock(until - 366 * 86_400_000)
  const provider = demoPhone({ append: () => undefined, lines: () => [] }, clock)
  const server = createServer({
    demo: true,
    signEveryMs: 1000,
    dataDir,
    baseUrl: 'http://localhost',
    secrets: await demoSecrets(dataDir),
    origin: DEMO_ORIGIN,
    clock,
    provider,
  })
  try {
    return await seedSeason({ ledger: server.ledger, clock, send: () => server.scheduler.runOnce() }, until)
  } finally {
    await server.close()
  }
}

if (import.meta.main) {
  process.umask(0o077)
  process.env.DATA_DIR ??= 'data-season'
  const dataDir = process.env.DATA_DIR
  if (!existsSync(join(dataDir, 'ledger.db'))) {
    const began = performance.now()
    const count = await seedSeasonIn(dataDir, Date.now())
    process.stdout.write(
      `a year of ${count} complaints in ${Math.round((performance.now() - began) / 1000)} s; see /index\n`,
    )
  }
  await import('./main.ts')
}
