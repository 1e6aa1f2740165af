// `npm run demo:season`: the demo with a year of complaints behind it, in a data folder of its own (DATA_DIR, else `data-season`).

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { policyDocument } from '../../config/policy.ts'
import { storiesBegin } from '../../demo/replay.ts'
import { seedSeason } from '../../demo/season.ts'
import { DemoClock } from '../../ledger/clock.ts'
import { LocalLedger } from '../../ledger/local-ledger.ts'
import { demoPhone } from '../../notify/sms/demo-phone.ts'
import { createDeliveries } from '../deliveries.ts'
import { DEMO_ORIGIN, demoSecrets } from './demo.ts'
import { Scheduler } from './scheduler.ts'
import { openNodeHost } from './sqlite.ts'
import { nodeWebhookClient } from './webhook-client.ts'

const DAY = 86_400_000

/**
 * Tells the year in a folder that is not there yet; the stories of the demo follow at its first start. Answers how many
 * complaints it had. Half a year is never taken for a whole one: the folder gets its name when the year is told.
 */
export const seedSeasonIn = async (dataDir: string, now: number, days?: number): Promise<number> => {
  const untold = `${dataDir}.untold`
  rmSync(untold, { recursive: true, force: true })
  mkdirSync(untold, { recursive: true })
  const count = await tell(untold, storiesBegin(now) - 60_000, days)
  renameSync(untold, dataDir)
  return count
}

const tell = async (folder: string, until: number, days = 365): Promise<number> => {
  const clock = new DemoClock(until - (days + 1) * DAY)
  const secrets = await demoSecrets(folder)
  // Nobody is answered while a year is told, so no commit waits for the disk; closing writes all of it.
  const host = openNodeHost(folder, 'NORMAL')
  const ledger = new LocalLedger({
    host,
    secrets,
    policy: policyDocument(),
    origin: DEMO_ORIGIN,
    clock,
    signEveryMs: 1000,
  })
  const provider = demoPhone({ append: () => undefined, lines: () => [] }, clock)
  const channels = { provider, poster: nodeWebhookClient(), clock }
  const { sms } = createDeliveries(channels, { baseUrl: 'http://localhost', secrets })
  const scheduler = new Scheduler({ ledgers: [ledger], deliveries: [sms], clock })
  try {
    return await seedSeason({ ledger, clock, send: () => scheduler.runOnce() }, until, days)
  } finally {
    await scheduler.stop()
    await ledger.close()
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
