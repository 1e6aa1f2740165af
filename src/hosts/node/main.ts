import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { DAY } from '../../complaint/time.ts'
import { type NodeSettings, readNodeSettings } from '../../config/settings.ts'
import { ClockAhead, systemClock } from '../../ledger/clock.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import { ReadOnly } from '../../ledger/local-ledger.ts'
import { leftToFallback } from '../../notify/sms/vendors/config.ts'
import { hashKey } from '../../routes/authenticate.ts'
import { requestIdOf } from '../../routes/observe.ts'
import { errorFields, log } from '../../telemetry/log.ts'
import { type DemoServer, openDemo } from './demo.ts'
import { type Listener, listen } from './listener.ts'
import { createReplica, createServer } from './server.ts'

type LiveSettings = Extract<NodeSettings, { demo: false }>

const openLive = async (settings: LiveSettings) => {
  const { platformKey, clockOk } = settings
  // In Shanghai or in UTC: either is the operator's today.
  const confirmed = clockOk !== undefined && Math.abs(Date.now() - Date.parse(clockOk)) < 2 * DAY
  const options = { ...settings, clock: { ...systemClock, confirmed } }
  if (settings.commitLog !== undefined) {
    const leads = (ledger: Ledger) => addPlatformKey(ledger, platformKey)
    const server = createReplica(options, { url: settings.commitLog, peerUrl: settings.peerUrl, leads })
    server.failed.catch(giveUp)
    return server
  }
  const server = createServer(options)
  for (const [shard, ledger] of server.ledgers.entries()) {
    const reason = await ledger.readOnly()
    if (reason !== null) log('warn', 'takes no writes at present', { reason, shard })
  }
  await addPlatformKey(server.ledger, platformKey)
  return server
}

const addPlatformKey = async ({ registry }: Ledger, key: string | undefined): Promise<void> => {
  if (key === undefined) return
  const added = registry.addCredential(hashKey(key), { role: 'platform', name: 'TOUSU_PLATFORM_KEY' })
  // A forked log is served read-only: its pages are shown, and not even a key is added.
  await added.catch(error => {
    if (!(error instanceof ReadOnly)) throw error
  })
}

/** For the terminal of a person who tries the demo, not a log. */
const introduce = ({ facts }: DemoServer): void => {
  const [story] = facts.stories
  console.log(`Tousu 透诉, demo: ${facts.baseUrl}/demo`)
  console.log(`  买家 tracking link   ${story?.trackingUrl}`)
  console.log(`  分享 share link      ${story?.shareUrl}`)
  console.log(`  商家 merchant key    ${facts.apiKeys.merchant}  (${facts.merchantId})`)
  console.log(`  承办人 platform key  ${facts.apiKeys.platform}`)
  console.log(`  主管 supervisor key  ${facts.apiKeys.supervisor}`)
  console.log(`  登录 sign in         ${facts.baseUrl}/signin`)
  console.log(`  投诉 complain        ${facts.baseUrl}/demo/shop`)
  console.log(`  短信 demo phone      ${facts.baseUrl}/demo/phone`)
}

/** Warnings for the operator, as log lines: settings that are valid but may not be meant. */
const smsWarnings = ({ sms }: LiveSettings): string[] =>
  sms === undefined
    ? ['without TOUSU_SMS messages wait in the outbox, and no silence ever lapses']
    : leftToFallback(sms).map(gap => `${gap} has no template code: the fallback sends it`)

/** Not `mkdirSync` with `recursive`: that never returns under a folder where none can be made, such as /proc. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}

/** A log line that can't be written (a full disk, a closed pipe) must not end the process. */
const surviveLogFailures = (): void => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

const start = async (): Promise<void> => {
  surviveLogFailures()
  // Personal data lies in the data folder: files 0600, folders 0700, whatever the service manager's umask.
  process.umask(0o077)
  const settings = await readNodeSettings(process.env, path => readFileSync(path, 'utf8'))
  // Bind the port before seeding: a second instance fails before it does the work.
  let fetch: FetchCallback = request =>
    new Response('starting', {
      status: 503,
      headers: { 'Retry-After': '1', 'X-Request-Id': requestIdOf(request.headers.get('x-request-id')) },
    })
  const makeServer = () => createAdaptorServer({ fetch: (request, env) => fetch(request, env) })
  const listener = await listen(makeServer, settings.port)
  const dataDir = resolve(settings.dataDir)
  makeFolder(dataDir)
  const app = await open(settings, dataDir, listener.port)
  fetch = app.fetch
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(listener, app.close))
}

type FetchCallback = (request: Request, env: unknown) => Response | Promise<Response>

/** Opens the ledger and starts its scheduler. */
const open = async (settings: NodeSettings, dataDir: string, port: number) => {
  if (settings.demo) {
    const { baseUrl = `http://localhost:${port}`, witnesses, policy, brand } = settings
    const demo = await openDemo(dataDir, baseUrl, Date.now(), { witnesses, policy, brand })
    demo.scheduler.start()
    introduce(demo)
    return { fetch: demo.app.fetch, close: demo.close }
  }
  const { app, scheduler, close } = await openLive({ ...settings, dataDir })
  scheduler.start()
  log('info', 'listens', { port })
  for (const warning of smsWarnings(settings)) log('warn', warning)
  return { fetch: app.fetch, close }
}

const PATIENCE_MS = 1500

const stop = async (listener: Listener, close: () => Promise<void>): Promise<void> => {
  await listener.close(PATIENCE_MS)
  await close()
  process.exit(0)
}

const UNWRITABLE = [
  ...['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOENT', 'ENOSPC'],
  ...['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_FULL', 'SQLITE_IOERR'],
]

/** One line for the operator, without a stack. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return 'not an error'
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'the port is taken; set PORT to another one'
  if (typeof code === 'string' && UNWRITABLE.includes(code)) {
    return `the data folder cannot be written (${code}); set DATA_DIR to another one`
  }
  return error instanceof ClockAhead
    ? 'the newest leaf is more than 30 days old; if the clock is right, set TOUSU_CLOCK_OK to the date of today'
    : error.message
}

/** A bug: ends the process, as Node would, with a line that shows no message, which may quote a text. */
process.on('uncaughtException', error => {
  log('error', 'ended by an unforeseen error', errorFields(error))
  process.exit(1)
})

const giveUp = (error: unknown): never => {
  log('error', 'could not start', { reason: explain(error) })
  process.exit(1)
}

start().catch(giveUp)
