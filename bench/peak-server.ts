// The server of bench/peak.ts: `createServer` and its scheduler as in live mode, on a filled folder, at eleven in the morning in Shanghai,
// when SMS go out, with an HTTP gateway for them. `node bench/peak-server.ts FOLDER GATEWAY_PORT`; PORT is where it listens.

import { createAdaptorServer } from '@hono/node-server'
import { listen } from '../src/hosts/node/listener.ts'
import { createServer, type Server } from '../src/hosts/node/server.ts'
import { hashKey } from '../src/routes/authenticate.ts'
import { secretsIn } from './place.ts'

export const PLATFORM_KEY = 'key-of-the-platform-itself'
export const MERCHANT_KEY = (n: number): string => `key-of-the-merchant-${n}`
export const MERCHANTS = 200
const DAY = 24 * 3_600_000
const ELEVEN = 3 * 3_600_000
/** Milliseconds until it is eleven in the morning in Shanghai, when SMS go out. */
export const untilEleven = (): number => (ELEVEN + DAY - (Date.now() % DAY)) % DAY

/** Serves on PORT with the sockets of `npm start`, until the parent stops it. */
export const serveUntilStopped = async ({ app, close }: Server): Promise<void> => {
  const listener = await listen(() => createAdaptorServer({ fetch: app.fetch }), Number(process.env.PORT))
  process.once('SIGTERM', async () => {
    await listener.close(0)
    await close()
    process.exit()
  })
}

const serve = async (dataDir: string, gateway: string): Promise<void> => {
  const ahead = untilEleven()
  const server = createServer({
    dataDir,
    baseUrl: 'http://bench.invalid',
    origin: 'demo.tousu.invalid/log/0',
    secrets: await secretsIn(dataDir),
    clock: { now: () => Date.now() + ahead },
    smsLanes: 512,
    sms: {
      mode: 'link',
      vendors: [
        { vendor: 'gateway', url: `http://127.0.0.1:${gateway}/sms`, secret: 'x'.repeat(24), international: true },
      ],
    },
  })
  const { registry } = server.ledger
  await registry.addCredential(hashKey(PLATFORM_KEY), { role: 'platform', name: 'platform' })
  for (let n = 0; n < MERCHANTS; n++)
    await registry.addCredential(hashKey(MERCHANT_KEY(n)), { role: 'merchant', merchant: `m${n}`, name: `m${n}` })
  server.scheduler.start()
  await serveUntilStopped(server)
}

const [folder, gateway] = process.argv.slice(2)
if (import.meta.main && folder && gateway) await serve(folder, gateway)
