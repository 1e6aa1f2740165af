import { globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { expect, test } from 'vitest'

/**
 * Import boundaries: dependencies point inward. Each module, and what of ours it may import besides itself; the first
 * line that matches a file is its rule, and a file that no line matches fails.
 */
const modules: [module: string, mayImport: string[]][] = [
  ['src/complaint/**', []],
  ['src/log/**', []],
  ['src/files/**', []],
  ['src/telemetry/**', []],
  ['src/link/**', ['src/log/encoding.ts']],
  ['src/i18n/table.ts', ['src/i18n/**', 'src/complaint/words.ts']],
  ['src/i18n/**', ['src/complaint/**']],
  ['src/views/**', ['src/complaint/**', 'src/i18n/**']],
  // It draws the page into a file; the script itself knows no view.
  [
    'src/verify-page/build.ts',
    ['src/log/**', 'src/complaint/**', 'src/i18n/**', 'src/views/context.ts', 'src/views/log/verify.ts'],
  ],
  ['src/verify-page/**', ['src/log/**', 'src/complaint/**', 'src/i18n/**']],
  ['src/witness/**', ['src/log/**']],
  ['src/ledger/**', ['src/complaint/**', 'src/log/**', 'src/link/**', 'src/witness/**', 'src/telemetry/**', 'db/**']],
  [
    'src/notify/**',
    [
      'src/complaint/**',
      'src/i18n/**',
      'src/link/**',
      'src/log/encoding.ts',
      'src/ledger/contract/**',
      'src/telemetry/**',
    ],
  ],
  ['src/auth/**', ['src/complaint/words.ts', 'src/ledger/contract/**', 'src/link/token.ts', 'src/telemetry/**']],
  [
    'src/routes/**',
    [
      'src/views/**',
      'src/i18n/**',
      'src/complaint/**',
      'src/log/**',
      'src/link/**',
      'src/files/**',
      'src/auth/**',
      'src/ledger/contract/**',
      'src/telemetry/**',
      'src/notify/webhooks/deliver.ts',
    ],
  ],
  // The one command that opens a ledger, in the folder of its server.
  ['src/cli/recover.ts', ['src/cli/**', 'src/hosts/node/recover.ts']],
  // Auditors' tools know no ledger; the operators' commands may make secrets and templates.
  [
    'src/cli/**',
    [
      'src/log/**',
      'src/complaint/**',
      'src/i18n/**',
      'src/verify-page/receipt-view.ts',
      'src/ledger/log/secrets.ts',
      'src/notify/sms/vendors/reports.ts',
      'src/notify/sms/catalogue.ts',
    ],
  ],
  [
    'src/config/**',
    ['src/{auth,complaint,ledger,notify,witness}/**', 'src/log/encoding.ts', 'src/views/brand.ts', 'db/**'],
  ],
  // The demo runs on both hosts and so imports neither.
  ['src/demo/**', ['src/!(hosts)/**', 'db/**']],
  ['src/hosts/node/**', ['src/!(hosts)/**', 'src/hosts/*.ts', 'db/**', 'public/**']],
  ['src/hosts/worker/**', ['src/!(hosts)/**', 'src/hosts/*.ts', 'db/**', 'public/**']],
  // What both hosts share knows neither.
  ['src/hosts/*.ts', ['src/!(hosts)/**', 'src/hosts/*.ts']],
  ['db/**', ['src/complaint/**', 'src/log/**', 'src/link/**', 'src/ledger/contract/**']],
  ['{test,bench}/**', ['**']],
]

/** Who may know the host: nothing else imports what only Node has, or only Cloudflare. */
const hosts: { has: (module: string) => boolean; known: string[] }[] = [
  {
    has: module => isBuiltin(module) || /^(drizzle-orm\/)?better-sqlite3(\/|$)/.test(module),
    known: [
      'src/hosts/node/**',
      'src/cli/**',
      'src/i18n/table.ts',
      'src/verify-page/build.ts',
      'db/!(schema).ts',
      '{test,bench}/**',
    ],
  },
  {
    has: module => /^(cloudflare:|drizzle-orm\/durable-sqlite)/.test(module),
    known: ['src/hosts/worker/**', '{test,bench}/**'],
  },
]

const matches = (path: string, globs: string[]) => globs.some(glob => posix.matchesGlob(path, glob))

/** A sentence for each import that the table does not allow. */
function trespasses(path: string, source: string): string[] {
  const rule = modules.find(([glob]) => matches(path, [glob]))
  if (!rule) return [`${path} has no module`]
  const allowed = rule.flat()
  return specifiers(source)
    .filter(specifier => !(isOurs(specifier) ? matches(target(path, specifier), allowed) : mayUse(path, specifier)))
    .map(specifier => `${path} imports ${isOurs(specifier) ? target(path, specifier) : specifier}`)
}

// A statement begins its line (the formatter sees to that), so prose about imports in a comment is none.
function specifiers(source: string): string[] {
  const statements = source.matchAll(/^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]/gm)
  const calls = source.matchAll(/\bimport\(\s*['"`]([^'"`]+)['"`]/g)
  return [...statements, ...calls].map(match => match[1]!)
}

const isOurs = (specifier: string) => /^[./]/.test(specifier)
const target = (path: string, specifier: string) => posix.join(posix.dirname(path), specifier)

const mayUse = (path: string, module: string) => hosts.every(host => !host.has(module) || matches(path, host.known))

test('imports point inward', () => {
  const files = globSync('{src,db,test,bench}/**/*.ts').map(path => path.replaceAll('\\', '/'))
  expect(files).toContain('test/import-boundaries.test.ts')
  expect(files.flatMap(path => trespasses(path, readFileSync(path, 'utf8')))).toEqual([])
})

test.each([
  ['src/complaint/decide.ts', "import { leafHash } from '../log/tree.ts'", 'src/log/tree.ts'],
  ['src/log/leaf.ts', "import type { Step } from '../complaint/step.ts'", 'src/complaint/step.ts'],
  ['src/log/leaf.ts', "import { createHash } from 'node:crypto'", 'node:crypto'],
  ['src/link/token.ts', "export { leafHash } from '../log/tree.ts'", 'src/log/tree.ts'],
  ['src/link/token.ts', "import { createHmac } from 'crypto'", 'crypto'],
  ['src/views/page.ts', "import {\n  open,\n  close,\n} from '../ledger/execute.ts'", 'src/ledger/execute.ts'],
  ['src/views/page.ts', "import '../routes/app.ts'", 'src/routes/app.ts'],
  ['src/notify/outbox.ts', "export * from '../ledger/execute.ts'", 'src/ledger/execute.ts'],
  ['src/routes/track.ts', "const { execute } = await import('../ledger/execute.ts')", 'src/ledger/execute.ts'],
  ['src/routes/track.ts', "type Database = import('better-sqlite3').Database", 'better-sqlite3'],
  ['src/ledger/execute.ts', "import { track } from '../routes/track.ts'", 'src/routes/track.ts'],
  ['src/ledger/execute.ts', "import Database from 'better-sqlite3'", 'better-sqlite3'],
  ['src/cli/verify.ts', "import { execute } from '../ledger/execute.ts'", 'src/ledger/execute.ts'],
  ['src/routes/app.ts', "import { open } from '../hosts/node/sqlite.ts'", 'src/hosts/node/sqlite.ts'],
  ['src/demo/replay.ts', "import '../hosts/node/main.ts'", 'src/hosts/node/main.ts'],
  ['src/hosts/node/main.ts', "import { shard } from '../worker/shard.ts'", 'src/hosts/worker/shard.ts'],
  ['src/hosts/worker/main.ts', "import { readFile } from 'node:fs/promises'", 'node:fs/promises'],
  ['src/hosts/node/sqlite.ts', "import { DurableObject } from 'cloudflare:workers'", 'cloudflare:workers'],
  ['db/schema.ts', "import { drizzle } from 'drizzle-orm/better-sqlite3'", 'drizzle-orm/better-sqlite3'],
])('%s may not say %s', (path, source, imported) => {
  expect(trespasses(path, `// Why.\n${source}\n`)).toEqual([`${path} imports ${imported}`])
})

test('a file outside every module fails', () => {
  expect(trespasses('src/utils.ts', '')).toEqual(['src/utils.ts has no module'])
})

test.each([
  ['src/complaint/decide.ts', "import { evolve } from './evolve.ts'"],
  [
    'src/link/token.ts',
    "import { toBase64url } from '../log/encoding.ts'\nimport { hmac } from '@noble/hashes/hmac.js'",
  ],
  ['src/views/page.ts', "import type { View } from '../complaint/visibility.ts'"],
  ['src/routes/track/routes.ts', "import type { Ledger } from '../ledger/contract/ledger.ts'"],
  ['src/hosts/node/sqlite.ts', "import Database from 'better-sqlite3'\nimport { join } from 'node:path'"],
  ['src/hosts/worker/open-shard.ts', "import { DurableObject } from 'cloudflare:workers'"],
  ['src/hosts/node/main.ts', "import { app } from '../../routes/app.ts'\nimport { open } from './sqlite.ts'"],
  ['src/complaint/deadlines/policy.ts', "// import { a } from '../log/tree.ts'\n/**\n * import '../log/tree.ts'\n */"],
])('%s may say %s', (path, source) => {
  expect(trespasses(path, source)).toEqual([])
})
