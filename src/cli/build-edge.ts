// Bundles the Worker into `dist/worker/`: the build command of wrangler.toml. Wrangler's own bundle is one module; this one is
// split where the source says `import()`, so that an isolate loads the consoles with their first request. Texts stay UTF-8:
// as \u escapes they are twice as long, and the three languages of an area then lie outside gzip's window of 32 KiB.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDER = 'dist/worker'
const ENTRY = `${FOLDER}/main.js`

rmSync(`${ROOT}${FOLDER}`, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/hosts/worker/main.ts'],
  outdir: FOLDER,
  // As wrangler.toml names them.
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  charset: 'utf8',
  target: 'es2024',
  conditions: ['workerd', 'worker', 'browser'],
  external: ['cloudflare:*', 'node:buffer', 'node:crypto'],
  loader: { '.sql': 'text' },
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
})

// For workerd without wrangler (docs/deploy/workerd.capnp): the modules, whose names differ from build to build. The entry comes first.
const modules = Object.keys(metafile.outputs)
  .filter(name => name.endsWith('.js'))
  .sort((a, b) => Number(b === ENTRY) - Number(a === ENTRY))
  .map(name => name.slice(FOLDER.length + 1))
  .map(name => `  (name = "${name}", esModule = embed "${name}"),\n`)
writeFileSync(
  `${ROOT}${FOLDER}/modules.capnp`,
  `@0xd1f2a3b4c5d6e7f8;\nusing Workerd = import "/workerd/workerd.capnp";\nconst modules :List(Workerd.Worker.Module) = [\n${modules.join('')}];\n`,
)

/** The entry and what it imports at once, without what it loads by `import()`. */
const loadedAtOnce = (name: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const { path, kind } of metafile.outputs[name]?.imports ?? [])
    if (kind === 'import-statement' && metafile.outputs[path]) loadedAtOnce(path, seen)
  return seen
}

const sizeOf = (entry: string): string => {
  const files = [...loadedAtOnce(entry)].map(name => readFileSync(`${ROOT}${name}`))
  return `${(gzipSync(Buffer.concat(files)).length / 1024).toFixed(1)} KiB`
}
const entryOf = (source: string): string =>
  Object.keys(metafile.outputs).find(name => metafile.outputs[name]?.entryPoint === source) ?? ENTRY
console.log(`a shard needs ${sizeOf(entryOf('src/hosts/worker/open-shard.ts'))} of gzip`)
console.log(`a buyer's page needs ${sizeOf(ENTRY)} of gzip`)
