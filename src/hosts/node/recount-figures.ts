// Has all figures counted anew: `npm run figures:recount -- DATA_DIR`. Forgets them; the scheduler of the next start counts
// every complaint from its leaves, and serves requests meanwhile. Stop the server first: it keeps complaints in memory.

import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { forgetFigures } from '../../ledger/figures/figure-rows.ts'
import { openNodeHost } from './sqlite.ts'

/** Answers how many complaints there are to count. */
export const recountFigures = (dataDir: string): number => {
  const host = openNodeHost(dataDir)
  try {
    host.transaction(() => forgetFigures(host.db))
    return host.sqlite.prepare<[], number>('select count(*) from complaints').pluck().get() ?? 0
  } finally {
    host.close()
  }
}

const [, script = '', dataDir] = process.argv
if (realpathSync(script) === realpathSync(fileURLToPath(import.meta.url))) {
  if (dataDir === undefined || !existsSync(join(dataDir, 'ledger.db'))) {
    process.stderr.write('give the data folder of a server that is stopped\n')
    process.exitCode = 2
  } else process.stdout.write(`${recountFigures(dataDir)} complaints will be counted at the next start\n`)
}
