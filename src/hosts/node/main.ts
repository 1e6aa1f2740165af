import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { type Config, ConfigError, readConfig } from '../../config/node.ts'
import { systemClock } from '../../ledger/clock.ts'
import { ReadOnly } from '../../ledger/local-ledger.ts'
import { readSecrets, SecretError } from '../../ledger/log/secrets.ts'
import { leftToFallback } from '../../notify/sms/vendors/coverage.ts'
import { hashKey } from '../../routes/auth.ts'
import { type DemoServer, openDemo } from './demo.ts'
import { createServer } from './server.ts'

const openLive = async (config: Config) => {
  const { baseUrl, secrets, origin, platformKey } = config
  if (secrets === undefined || origin === undefined || baseUrl === undefined)
    throw new ConfigError('TOUSU_SECRETS, TOUSU_ORIGIN and BASE_URL are missing')
  const known = await readSecrets(parseJson(secrets))
  const house = createServer({ ...config, baseUrl, origin, secrets: known, clock: systemClock })
  const readOnly = await house.ledger.readOnly()
  if (readOnly !== null) console.error(`tousu: takes no writes at present: ${readOnly}`)
  if (platformKey !== undefined) {
    const added = house.ledger.registry.addCredential(hashKey(platformKey), {
      role: 'platform',
      name: 'TOUSU_PLATFORM_KEY',
    })
    // A fork takes not even that, and still shows what it has.
    await added.catch(error => {
      if (!(error instanceof ReadOnly)) throw error
    })
  }
  return house
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new SecretError('TOUSU_SECRETS is not JSON')
  }
}

/** Answers the port that it has. */
const listen = (server: ServerType, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

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

/** What an operator may not have meant. */
const smsNotes = ({ sms }: Config): string[] =>
  sms === undefined
    ? ['without TOUSU_SMS messages wait in the outbox, and no silence ever lapses']
    : leftToFallback(sms).map(gap => `${gap} has no template code: the fallback sends it`)

/** One by one: where a file system denies that a folder can be, Node's own recursion never ends. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}

const start = async (): Promise<void> => {
  const config = readConfig(process.env)
  // The port first: a second start in another folder must not tell the stories in vain.
  let fetch: (request: Request) => Response | Promise<Response> = () =>
    new Response('starting', { status: 503, headers: { 'Retry-After': '1' } })
  const server = createAdaptorServer({ fetch: request => fetch(request) })
  const port = await listen(server, config.port)
  makeFolder(config.dataDir)
  const { dataDir, baseUrl = `http://localhost:${port}`, witnesses, policy } = config
  const demo = config.demo ? await openDemo(dataDir, baseUrl, Date.now(), witnesses, policy) : null
  const house = demo ?? (await openLive(config))
  fetch = house.app.fetch
  house.keeper.start()
  if (demo) introduce(demo)
  else console.log(`Tousu 透诉 listens on port ${port}`)
  if (!demo) for (const each of smsNotes(config)) console.log(`  短信 ${each}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(server, house))
}

/** Requests under way are answered first: whoever posted a step learns that it was recorded. */
const PATIENCE_MS = 5000
const stop = async (server: ServerType, house: { close(): Promise<void> }): Promise<void> => {
  const finished = new Promise(resolve => server.close(resolve))
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  await Promise.race([finished, new Promise(resolve => setTimeout(resolve, PATIENCE_MS))])
  await house.close()
  process.exit(0)
}

const UNWRITABLE = [
  ...['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOENT', 'ENOSPC'],
  ...['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_FULL', 'SQLITE_IOERR'],
]

/** One clear line for what an operator can mend. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return 'could not start'
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'the port is taken; set PORT to another one'
  if (typeof code === 'string' && UNWRITABLE.includes(code)) {
    return `the data folder cannot be written (${code}); set DATA_DIR to another one`
  }
  return error.message
}

start().catch((error: unknown) => {
  console.error(`tousu: ${explain(error)}`)
  process.exit(1)
})
