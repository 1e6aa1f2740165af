// The server of bench/peak.ts: `createServer` and its scheduler as in live mode, at eleven in the morning in Shanghai, when SMS go out,
// with an HTTP gateway for them. `node bench/peak-server.ts FOLDER GATEWAY_PORT`; PORT is where it listens.

import { createAdaptorServer } from '@hono/node-server'
import { createServer } from '../src/hosts/node/server.ts'
import { makeSecrets, readSecrets } from '../src/ledger/log/secrets.ts'
import { hashKey } from '../src/routes/authenticate.ts'

export const PLATFORM_KEY = 'key-of-the-platform-itself'
export const MERCHANT_KEY = (n: number): string => `key-of-the-merchant-${n}`
export const MERCHANTS = 200
const ELEVEN = 3 * 3_600_000
const DAY = 24 * 3_600_000

const serve = async (dataDir: string, gateway: string): Promise<void> => {
  const ahead = ELEVEN - (Date.now() % DAY)
  const server = createServer({
    dataDir,
    baseUrl: 'http://bench.invalid',
    origin: 'bench.invalid/log/0',
    secrets: await readSecrets(await makeSecrets()),
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
  const http = createAdaptorServer({ fetch: server.app.fetch })
  http.listen(Number(process.env.PORT))
  process.once('SIGTERM', async () => {
    http.close()
    if ('closeAllConnections' in http) http.closeAllConnections()
    await server.close()
    process.exit()
  })
}

const [folder, gateway] = process.argv.slice(2)
if (import.meta.main && folder && gateway) await serve(folder, gateway)
