import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { makeSecrets } from './src/ledger/secrets.ts'

/** The real worker with its real settings, secrets of its own, and an object for the ledger contract beside it. */
const workerd = cloudflareTest({
  main: './test/edge/worker.ts',
  wrangler: { configPath: './wrangler.toml' },
  miniflare: {
    durableObjects: {
      BARE: { className: 'BareLedger', useSQLite: true },
      LIVE: { className: 'LiveShard', useSQLite: true },
    },
    bindings: { TOUSU_SECRETS: JSON.stringify(await makeSecrets()), BASE_URL: 'https://t.tousu.example' },
  },
})

/** Both hosts in one run: Node, and workerd as Cloudflare runs it. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/edge/**'] } },
      { extends: true, plugins: [workerd], test: { name: 'edge', include: ['test/edge/**/*.test.ts'] } },
    ],
  },
})
