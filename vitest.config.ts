import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { makeSecrets } from './src/ledger/log/secrets.ts'

// A process that a test starts reads 700 modules, whose types Node strips once for all of them: 1.4 s instead of 2.4.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'tousu-compile-cache')

const TOUSU_SECRETS = JSON.stringify(await makeSecrets())
const object = (className: string) => ({ className, useSQLite: true })

/** The real worker with its real settings, secrets of its own, and more objects to test it by. */
const workerd = () =>
  cloudflareTest({
    main: './test/hosts/worker/worker.ts',
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      durableObjects: {
        BARE: object('BareLedger'),
        LIVE: object('LiveShard'),
        HOUSE: object('HouseShard'),
      },
      assets: { directory: './public', binding: 'ASSETS' },
      bindings: { TOUSU_SECRETS, BASE_URL: 'https://t.tousu.example' },
    },
  })

/** Browsers, child processes, growth, whole stories and walks of the whole graph: what would take `npm run test:fast` above its minute. */
const SLOW = [
  'test/browser/**/*.test.ts',
  'test/stories/**/*.test.ts',
  'test/cli/{against-log,figures,fold-page,lives-recomputed,mirror,monitor,no-false-alarm,package,page,promises-in-log,rules}.test.ts',
  'test/cli/{signed-acts,signed-lives,signed-parties,threats,time-stamps,verifier-py,witness}.test.ts',
  'test/complaint/{properties,termination}.test.ts',
  'test/files/{growth,hostile,memory}.test.ts',
  'test/deploy/{restore-drill,workerd}.test.ts',
  'test/hosts/node/commit-log/*.test.ts',
  'test/hosts/node/{file-store,health,recover,scheduler,shards,wal-checkpointer}.test.ts',
  'test/kills/kills.test.ts',
  'test/ledger/{erased-bytes,faults,outbox-growth,processes,tree-growth}.test.ts',
  'test/routes/api/{client,example,search}.node.test.ts',
  'test/routes/{growth,uploads}.node.test.ts',
  'test/verify-page/page.test.ts',
  'test/witness/{forks,page,rotation,witnessed}.test.ts',
  'test/year/year.test.ts',
]

const edge = (test: { name: string; include: string[]; exclude?: string[]; isolate?: boolean }) => ({
  extends: true as const,
  plugins: [workerd()],
  resolve: {
    // What the suite opens as its server is, over there, the Worker.
    alias: [
      {
        find: /^.*\/src\/hosts\/node\/server\.ts$/,
        replacement: fileURLToPath(new URL('test/hosts/worker/server.ts', import.meta.url)),
      },
    ],
  },
  test: { setupFiles: './test/hosts/worker/as-browsers-send.ts', ...test },
})

/** Above a minute each: begun last, as their size would have it, one worker waits for the other at the end. */
const LONG =
  /(browser\/(stories|axe|merchant)|commit-log\/(contract|failover)|worker\/contract|ledger\/node|stories\/start)\.test\.ts$/
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => Number(LONG.test(moduleId))
    return (await super.sort(files)).toSorted((a, b) => isLong(b) - isLong(a))
  }
}

/** Both hosts in one run: Node, and workerd as Cloudflare runs it. The HTTP suite is one, and runs on both. */
export default defineConfig({
  test: {
    coverage: { provider: 'v8', include: ['src/**/*.ts', 'db/**/*.ts'], reporter: ['text-summary', 'html'] },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than vitest would take of two cores: a browser and a database wait more than they work.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // A busy machine is slow, not wrong.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      // `npm run test:fast` is this one alone. Its files share the modules of a worker: reading them anew for each took half of the time.
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/hosts/worker/**', ...SLOW],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'slow', include: SLOW } },
      // The HTTP suite: as on Node its files share the modules of a worker, which takes a third of the time. Each has a server of its own.
      edge({
        name: 'edge',
        include: ['test/{attacks,routes}/**/*.test.ts'],
        // `*.node.test.ts`: needs a file system, or another host than workerd.
        exclude: ['test/{attacks,routes}/**/*.node.test.ts'],
        isolate: false,
      }),
      // The Worker itself, and the ledger's contract: their objects have fixed names.
      edge({ name: 'worker', include: ['test/hosts/worker/**/*.test.ts'] }),
    ],
  },
})
