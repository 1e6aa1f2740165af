import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { testTimeout: 30_000, hookTimeout: 60_000,
   projects: [
    { extends: true, test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/edge/**'] } },
    { extends: true, plugins: [cloudflareTest({ main: './test/edge/worker.ts', wrangler: { configPath: './wrangler.toml' } })], test: { name: 'edge', include: ['test/edge/**/*.test.ts'] } },
   ] },
})
