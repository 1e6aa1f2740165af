import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeSecrets } from '../src/ledger/log/secrets.ts'
import { type Cost, compare, type Row } from './measure.ts'
import { inFolder } from './place.ts'

/**
 * The Worker in workerd itself, without the proxy of `wrangler dev`, beside a bare Worker that answers the same headers and bytes:
 * time from the start of the process to its first answer, and CPU a request. CPU is the process's own.
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

/** Bundles the Worker as `wrangler deploy` would; answers how many bytes of gzip that uploads, and how many a buyer's page needs. */
const bundle = (folder: string): { all: number; buyers: number } => {
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const args = [wrangler, 'deploy', '--dry-run', '--env', '', '--outdir', folder]
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0) throw new Error('wrangler could not bundle')
  const kib = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1]) * 1024
  return { all: kib(/Total Upload.*gzip: ([\d.]+) KiB/), buyers: kib(/buyer's page needs ([\d.]+) KiB/) }
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

/** `headers` are those of our answer, and one object for all of its answers. */
const writeBare = (folder: string, port: number, page: string, headers: Record<string, string>) => {
  mkdirSync(join(folder, 'objects'), { recursive: true })
  const source = `import page from './page.txt'
const headers = ${JSON.stringify(headers)}
export default { fetch: () => new Response(page, { headers }) }
`
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

/** User and system time of a process so far, ms; not a number where there is no /proc. */
const cpuOf = ({ process: { pid } }: Running): number => {
  if (process.platform !== 'linux') return Number.NaN
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
/** Of each of these requests, CPU that of the server's process. */
const cost = async (server: Running, urls: readonly string[]): Promise<Cost> => {
  const [before, began] = [cpuOf(server), performance.now()]
  await getAll(urls)
  const took = performance.now() - began
  return { wall: (took * 1000) / urls.length, cpu: ((cpuOf(server) - before) * 1000) / urls.length }
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

const FRESH = 300
const REPEATED = 2000

/** Headers that workerd adds by itself. */
const BY_WORKERD = /^(content-length|transfer-encoding|content-encoding|date|connection)$/

export const edgeRows = (quick: boolean): Promise<Row[]> =>
  inFolder(async folder => {
    const ours = join(folder, 'ours')
    const [bare, script, empty] = [join(folder, 'bare'), join(folder, 'script'), join(folder, 'empty')]
    const size = bundle(ours)
    await writeOurs(ours, 8961)

    const filling = await start(ours, 8961)
    // In lanes: each submission waits for the signature that its receipt needs.
    const links: string[] = []
    for (let i = 0; i < FRESH; i += 100) {
      links.push(...(await Promise.all(Array.from({ length: 100 }, (_, k) => complaint(filling.url, i + k)))))
    }
    const [link = ''] = links
    const answer = await fetch(link, { headers: { Accept: 'text/html' } })
    const page = await answer.text()
    writeBare(bare, 8962, page, Object.fromEntries([...answer.headers].filter(([name]) => !BY_WORKERD.test(name))))
    writeScript(script, ours, 8963)
    // Without the alarm of an object that is full of complaints, which wants to run first.
    cpSync(ours, empty, { recursive: true, filter: source => !source.includes('/objects/') })
    await stop(filling)

    const firstAnswer = (at: string, port: number, path: string) => async (): Promise<Cost> => {
      const started = await start(at, port, path)
      const cpu = cpuOf(started) * 1000
      await stop(started)
      return { wall: started.startMs * 1000, cpu }
    }
    const starts = { rounds: quick ? 5 : 15, as: 'cost' } as const
    const bareStart = firstAnswer(bare, 8962, '/')
    const rows: Row[] = [
      await compare(
        { what: 'Worker: first answer of a bare one with our script beside it', aim: 'at most 40 ms more', ...starts },
        bareStart,
        firstAnswer(script, 8963, '/'),
      ),
      await compare(
        { what: 'Worker: first answer, health', aim: 'none', ...starts },
        bareStart,
        firstAnswer(empty, 8961, '/healthz'),
      ),
      await compare(
        { what: 'Worker: first answer, a tracking page', aim: 'none', ...starts },
        bareStart,
        firstAnswer(ours, 8961, new URL(link).pathname),
      ),
    ]

    const other = await start(bare, 8962)
    const again = (url: string) => Array<string>(REPEATED).fill(url)
    const bareAgain = () => cost(other, again(`${other.url}/`))
    const server = await start(ours, 8961)
    const rounds = quick ? 5 : 15
    for (const warm of [link, `${other.url}/`]) await getAll(again(warm))
    const known = await compare(
      {
        what: 'Worker: page, known; part of the speed of a bare one with its headers and bytes',
        aim: 'CPU at most 250 µs, at least 0.6',
        rounds,
        as: 'speed',
      },
      bareAgain,
      () => cost(server, again(link)),
    )
    await stop(server)
    // A page is drawn anew when the isolate is new, or the minute.
    const drawn = await compare(
      { what: 'Worker: page, drawn by an isolate of 100 pages', aim: 'CPU at most 1200 µs', rounds: 5, as: 'cost' },
      bareAgain,
      async () => {
        const fresh = await start(ours, 8961)
        await getAll(links.slice(0, 100))
        const drew = await cost(fresh, links.slice(100))
        await stop(fresh)
        return drew
      },
    )
    await stop(other)
    const bytes = (what: string, count: number, aim: string): Row => ({
      what,
      µs: NaN,
      'CPU µs': NaN,
      bytes: count,
      aim,
    })
    return [
      ...rows,
      { ...known, bytes: Buffer.byteLength(page) },
      drawn,
      bytes('Worker: all of its code, gzip', size.all, 'at most 307,200'),
      bytes("Worker: what a buyer's page needs of it, gzip", size.buyers, 'at most 122,880'),
    ]
  })
