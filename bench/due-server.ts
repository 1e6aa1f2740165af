// The server of bench/tick.ts: a live one on a filled folder, DAYS later than when it was filled, so that every open complaint is due. Its
// scheduler starts when the parent says `go`. `node bench/due-server.ts FOLDER DAYS`; PORT is where it listens.

import { createAdaptorServer } from '@hono/node-server'
import { createServer } from '../src/hosts/node/server.ts'
import { secretsIn } from './place.ts'

const DAY = 24 * 3_600_000

const [dataDir = '', days = '0'] = process.argv.slice(2)
const server = createServer({
  dataDir,
  baseUrl: 'http://bench.invalid',
  origin: 'demo.tousu.invalid/log/0',
  secrets: await secretsIn(dataDir),
  clock: { now: () => Date.now() + Number(days) * DAY },
  // SMS are another bench (peak.ts).
  provider: { name: 'gateway', send: async () => ({ status: 'accepted' }) },
})
const http = createAdaptorServer({ fetch: server.app.fetch })
http.listen(Number(process.env.PORT))
process.on('message', message => {
  if (message === 'go') server.scheduler.start()
})
process.once('SIGTERM', async () => {
  http.close()
  if ('closeAllConnections' in http) http.closeAllConnections()
  await server.close()
  process.exit()
})
