import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeSecrets } from '../src/ledger/log/secrets.ts'
import { median } from './measure.ts'

/**
 * The Worker in workerd itself, without the proxy of `wrangler dev`, beside a bare Worker that answers the same bytes:
 * time from the start of the process to its first answer, and CPU a request. CPU is the process's own, from /proc: Linux.
 */
const ROOT = fileURLToPath(new URL('../', import.meta.url))
const WORKERD = join(ROOT, 'node_modules/workerd/bin/workerd')
const KEY = 'key-of-the-platform-itself'
const TICKS_A_SECOND = 100

const text = (value: string) => JSON.stringify(value)
const module = (name: string) =>
  `(name = ${text(name)}, ${name.endsWith('.js') ? 'esModule' : 'text'} = embed ${text(name)})`

const OBJECTS = `
  durableObjectNamespaces = [
    (className = "Shard", uniqueKey = "shard", enableSql = true),
    (className = "Notes", uniqueKey = "notes", enableSql = true) ],
  durableObjectStorage = (localDisk = "objects"),`

const config = (modules: string[], bindings: string[], objects: string, port: number) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "bucket", worker = .bucket),
    (name = "objects", disk = (path = "objects", writable = true)) ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const bucket :Workerd.Worker = (
  modules = [(name = "bucket.js", esModule = "export default { fetch: () => new Response(null, { status: 404 }) }")],
  compatibilityDate = "2026-10-01",
);
const main :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  compatibilityDate = "2026-10-01",
  bindings = [${bindings.join(', ')}],${objects}
);
`

/** Bundles the Worker as `wrangler deploy` would; answers what that says of its size. */
const bundle = (folder: string): string => {
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const args = [wrangler, 'deploy', '--dry-run', '--env', '', '--outdir', folder]
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0) throw new Error('wrangler could not bundle')
  return /Total Upload: (.*)/.exec(stdout)?.[1] ?? '?'
}

/** The first module is the entry. */
const scriptsOf = (folder: string): string[] => [
  'main.js',
  ...readdirSync(join(folder, 'parts')).flatMap(name => (name.endsWith('.js') ? [`parts/${name}`] : [])),
]

const writeOurs = async (folder: string, port: number) => {
  mkdirSync(join(folder, 'objects'))
  const settings = {
    TOUSU_MODE: 'live',
    TOUSU_SECRETS: JSON.stringify(await makeSecrets()),
    TOUSU_ORIGIN: 'bench.invalid/log',
    TOUSU_PLATFORM_KEY: KEY,
    BASE_URL: `http://127.0.0.1:${port}`,
  }
  const bindings = [
    ...Object.entries(settings).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
    '(name = "SHARD", durableObjectNamespace = "Shard")',
    '(name = "NOTES", durableObjectNamespace = "Notes")',
    '(name = "FILES", r2Bucket = "bucket")',
  ]
  const modules = scriptsOf(folder).map(module)
  writeFileSync(join(folder, 'config.capnp'), config(modules, bindings, OBJECTS, port))
}

const writeBare = (folder: string, port: number, page: string) => {
  mkdirSync(join(folder, 'objects'), { recursive: true })
  const answer = `new Response(page, { headers: { 'Content-Type': 'text/html; charset=utf-8' } })`
  const source = `import page from './page.txt'\nexport default { fetch: () => ${answer} }\n`
  writeFileSync(join(folder, 'worker.js'), source)
  writeFileSync(join(folder, 'page.txt'), page)
  writeFileSync(join(folder, 'config.capnp'), config(['worker.js', 'page.txt'].map(module), [], '', port))
}

/** Ours read, compiled and run, as at each start of an isolate, and then a bare answer. */
const writeScript = (folder: string, ours: string, port: number) => {
  cpSync(ours, folder, { recursive: true })
  rmSync(join(folder, 'objects'), { recursive: true })
  mkdirSync(join(folder, 'objects'))
  const source = `export { Notes, Shard } from './main.js'\nexport default { fetch: () => new Response('x') }\n`
  writeFileSync(join(folder, 'entry.js'), source)
  const modules = ['entry.js', ...scriptsOf(folder)].map(module)
  writeFileSync(join(folder, 'config.capnp'), config(modules, [], OBJECTS, port))
}

interface Running {
  process: ChildProcess
  url: string
  /** From the start of the process to its first answer, ms. */
  startMs: number
}

/** Started, and answering under `path`. */
const start = async (folder: string, port: number, path = '/healthz'): Promise<Running> => {
  const began = performance.now()
  const child = spawn(WORKERD, ['serve', 'config.capnp'], { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    const answer = await fetch(url + path).catch(() => null)
    if (answer) {
      await answer.arrayBuffer()
      return { process: child, url, startMs: performance.now() - began }
    }
    if (child.exitCode !== null) throw new Error('workerd ended')
    await new Promise(resolve => setTimeout(resolve, 1))
  }
}
const stop = async ({ process: child }: Running) => {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** User and system time of a process so far, ms. */
const cpuOf = ({ process: { pid } }: Running): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_A_SECOND
}

const LANES = 8
const getAll = async (urls: readonly string[]) => {
  const left = urls.values()
  const lane = async () => {
    for (const url of left) {
      const answer = await fetch(url, { headers: { Accept: 'text/html' } })
      await answer.arrayBuffer()
      if (answer.status !== 200) throw new Error(`${answer.status}`)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
/** CPU of the server for each of these requests, ms. */
const cpuFor = async (server: Running, urls: readonly string[]): Promise<number> => {
  const before = cpuOf(server)
  await getAll(urls)
  return (cpuOf(server) - before) / urls.length
}

const post = async (url: string, body: object, as = '') => {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', Authorization: `Bearer ${as}` }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
  return (await answer.json()) as { trackingUrl: string }
}

/** A complaint of six steps; its link. */
const complaint = async (url: string, i: number): Promise<string> => {
  const { trackingUrl } = await post(
    `${url}/api/v1/complaints`,
    {
      orderId: `BENCH-${i}`,
      item: '碎花连衣裙 M 码',
      merchantId: 'm1',
      merchantName: '花间集女装旗舰店',
      buyer: { name: '林晓雨', phone: '13800010001' },
      category: 'quality',
      statement: '图片是真丝碎花，收到的是化纤，颜色发暗，袖子还短一截。',
    },
    KEY,
  )
  for (let n = 0; n < 5; n++) await post(`${trackingUrl}/messages`, { text: `第 ${n} 次说明：洗过一次就掉色。` })
  return trackingUrl
}

const ROUNDS = 15
const STARTS = 15
const FRESH = 300
const REPEATED = 2000

const run = async (folder: string) => {
  const ours = join(folder, 'ours')
  const [bare, script, empty] = [join(folder, 'bare'), join(folder, 'script'), join(folder, 'empty')]
  const size = bundle(ours)
  await writeOurs(ours, 8961)

  let server = await start(ours, 8961)
  // In lanes: each submission waits for the signature that its receipt needs.
  const links: string[] = []
  for (let i = 0; i < FRESH; i += 100) {
    links.push(...(await Promise.all(Array.from({ length: 100 }, (_, k) => complaint(server.url, i + k)))))
  }
  const [link = ''] = links
  const page = await (await fetch(link, { headers: { Accept: 'text/html' } })).text()
  writeBare(bare, 8962, page)
  writeScript(script, ours, 8963)
  // Without the alarm of an object that is full of complaints, which wants to run first.
  cpSync(ours, empty, { recursive: true, filter: source => !source.includes('/objects/') })
  await stop(server)

  const starts: Starts = { bare: [], script: [], ours: [], page: [] }
  for (let i = 0; i < STARTS; i++) {
    for (const [name, at, port, path] of [
      ['bare', bare, 8962, '/'],
      ['script', script, 8963, '/'],
      ['ours', empty, 8961, '/healthz'],
      ['page', ours, 8961, new URL(link).pathname],
    ] as const) {
      const started = await start(at, port, path)
      starts[name].push(started.startMs)
      await stop(started)
    }
  }

  server = await start(ours, 8961)
  const other = await start(bare, 8962)
  const cpu: Record<'bare' | 'cached' | 'drawn' | 'first', number[]> = { bare: [], cached: [], drawn: [], first: [] }
  cpu.first.push(await cpuFor(server, links))
  for (let i = 0; i < ROUNDS; i++) {
    cpu.bare.push(await cpuFor(other, Array<string>(REPEATED).fill(`${other.url}/`)))
    cpu.cached.push(await cpuFor(server, Array<string>(REPEATED).fill(link)))
  }
  await stop(server)
  // A page is drawn anew when the isolate is new, or the minute.
  for (let i = 0; i < 5; i++) {
    server = await start(ours, 8961)
    await getAll(links.slice(0, 100))
    cpu.drawn.push(await cpuFor(server, links.slice(100)))
    await stop(server)
  }
  await stop(other)
  report(size, Buffer.byteLength(page), starts, cpu)
}

type Starts = Record<'bare' | 'script' | 'ours' | 'page', number[]>
type Figures<K extends string> = Record<K, readonly number[]>
const report = (size: string, bytes: number, starts: Starts, cpu: Figures<'bare' | 'cached' | 'drawn' | 'first'>) => {
  const ms = (numbers: readonly number[]) => `${median(numbers).toFixed(2)} ms`
  const beside = (own: readonly number[], base: readonly number[]) => `× ${(median(own) / median(base)).toFixed(2)}`
  const more = median(starts.script) - median(starts.bare)
  console.log(`bundle                          ${size}   (aim: gzip at most 300 KiB)`)
  console.log(`page                            ${bytes} bytes`)
  console.log(`first answer, bare worker       ${ms(starts.bare)}`)
  console.log(`first answer, our script read   ${ms(starts.script)}   ${beside(starts.script, starts.bare)}`)
  console.log(`  start-up of the script        ${more.toFixed(2)} ms   (aim: at most 40 ms)`)
  console.log(`first answer, ours              ${ms(starts.ours)}   ${beside(starts.ours, starts.bare)}`)
  console.log(`first tracking page, ours       ${ms(starts.page)}   ${beside(starts.page, starts.bare)}`)
  console.log(`CPU a page, bare worker         ${ms(cpu.bare)}`)
  console.log(
    `CPU a page, known               ${ms(cpu.cached)}   ${beside(cpu.cached, cpu.bare)}   (aim: at most 0.25 ms)`,
  )
  console.log(
    `CPU a page, drawn               ${ms(cpu.drawn)}   ${beside(cpu.drawn, cpu.bare)}   (aim: at most 1.2 ms)`,
  )
  console.log(`CPU a page, drawn, cold         ${ms(cpu.first)}`)
}

const folder = mkdtempSync(join(tmpdir(), 'tousu-edge-'))
try {
  await run(folder)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
