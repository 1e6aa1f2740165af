// The server of bench/tick.ts: a live one on a filled folder, DAYS later than when it was filled, so that every open complaint is due. It
// files FRESH new ones first. Its scheduler starts when the parent says `go`. `node bench/due-server.ts FOLDER DAYS FRESH`; PORT is where
// it listens.

import { createServer } from '../src/hosts/node/server.ts'
import { inParallel } from './fill.ts'
import { submits } from './lives.ts'
import { serveUntilStopped, untilEleven } from './peak-server.ts'
import { secretsIn } from './place.ts'

const DAY = 24 * 3_600_000

const [dataDir = '', days = '0', fresh = '0'] = process.argv.slice(2)
const ahead = Number(days) * DAY + untilEleven()
const server = createServer({
  dataDir,
  baseUrl: 'http://bench.invalid',
  origin: 'demo.tousu.invalid/log/0',
  secrets: await secretsIn(dataDir),
  clock: { now: () => Date.now() + ahead },
  // SMS are another bench (peak.ts).
  provider: { name: 'gateway', send: async () => ({ status: 'accepted' }) },
})
// Other orders than those of the folder.
const orders = Math.floor(Date.now() / 1000)
await inParallel(Number(fresh), 64, i => submits(server.ledger, orders * 1000 + i))
process.on('message', message => {
  if (message === 'go') server.scheduler.start()
})
await serveUntilStopped(server)
