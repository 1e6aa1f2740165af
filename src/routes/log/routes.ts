import { type Context, Hono } from 'hono'
import { parsePolicy } from '../../complaint/deadlines/policy.ts'
import type { PublishedLog } from '../../ledger/contract/published-log.ts'
import { parseTileLevel, parseTilePath } from '../../log/tiles.ts'
import { policyPage, publicRulesPage, rulePage } from '../../views/log/rules.ts'
import { verifyPage } from '../../views/log/verify.ts'
import type { Deps } from '../deps.ts'
import { POLICY, withHeaders } from '../headers.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import { libraryOf } from '../rules.ts'

/** CORS: what anyone may read, pages of others may read too (a verifier on an association's site). */
const CORS = { 'Access-Control-Allow-Origin': '*' }

/** The public log of each shard: C2SP tlog-tiles, for auditors and witnesses. */
export const logRoutes = (deps: Deps) =>
  new Hono()
    .use(withHeaders(CORS))
    .get('/:shard/checkpoint', c => checkpoint(c, logOf(deps, c.req.param('shard'))))
    .get('/:shard/tile/:level/:rest{.+}', c => tile(c, logOf(deps, c.req.param('shard')), c.req.param()))
    .get('/:shard/policy', c => trust(c, logOf(deps, c.req.param('shard'))))
    .get('/:shard/timestamps/sizes', c => stamps(c, logOf(deps, c.req.param('shard')), c.req.query('after')))
    .get('/:shard/timestamps/:name', c => stamp(c, logOf(deps, c.req.param('shard')), c.req.param('name')))
    .get('/:shard/policies/:hash', c => document(c, logOf(deps, c.req.param('shard')).policy(c.req.param('hash'))))
    .get('/:shard/rules/:digest', c => document(c, logOf(deps, c.req.param('shard')).rule(c.req.param('digest'))))

const logOf = ({ ledgers }: Deps, shard: string): PublishedLog => {
  const ledger = /^(0|[1-9]\d{0,2})$/.test(shard) ? ledgers[Number(shard)] : undefined
  if (!ledger) throw new Problem('not_found')
  return ledger.log
}

const checkpoint = async (c: Context, log: PublishedLog) => {
  const note = await log.checkpoint()
  if (note === null) throw new Problem('not_found')
  return c.body(note, 200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'public, max-age=2' })
}

/** Tiles never change: a partial one is of a published size, and stays what it was. */
const tile = async (c: Context, log: PublishedLog, params: { level: string; rest: string }) => {
  const place = parseTilePath(params.rest)
  const isBundle = params.level === 'entries'
  const level = isBundle ? 0 : parseTileLevel(params.level)
  if (!place || level === null) throw new Problem('not_found')
  const { n, width } = place
  const bytes = await (isBundle ? log.entries(n, width) : log.tile(level, n, width))
  if (bytes === null) throw new Problem('not_found')
  // Cast: what a database or an RPC hands over lies in no shared memory.
  return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
    'Content-Type': 'application/octet-stream',
    'Cache-Control': 'public, max-age=31536000, immutable',
  })
}

/** C2SP tlog-policy. A careful reader pins it from elsewhere. */
const trust = async (c: Context, log: PublishedLog) => {
  const { policy } = await log.identity()
  return c.body(policy, 200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'public, max-age=60',
  })
}

/** Sizes of the stamped trees, one a line; those above `after`, a thousand at most. */
const stamps = async (c: Context, log: PublishedLog, after = '0') => {
  if (!SIZE.test(after)) throw new Problem('not_found')
  const sizes = await log.timeStamps(Number(after))
  return c.body(sizes.map(size => `${size}\n`).join(''), 200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'public, max-age=60',
  })
}

/** RFC 3161: `355` is the authority's reply as it came, `355.checkpoint` the very bytes that it stamped. */
const stamp = async (c: Context, log: PublishedLog, name: string) => {
  const [size = '', ...rest] = name.split('.')
  const isNote = rest.length === 1 && rest[0] === 'checkpoint'
  const found = SIZE.test(size) && (isNote || rest.length === 0) ? await log.timeStamp(Number(size)) : null
  if (found === null) throw new Problem('not_found')
  return c.body(isNote ? found.checkpoint : new Uint8Array(found.reply), 200, {
    'Content-Type': isNote ? 'text/plain; charset=utf-8' : 'application/timestamp-reply',
    'Cache-Control': 'public, max-age=31536000, immutable',
  })
}
const SIZE = /^(0|[1-9]\d{0,15})$/

/** A deadline policy, or a version of a platform rule, by its hash: the bytes that were hashed. */
const document = async (c: Context, found: Promise<string | null>) => {
  const bytes = await found
  if (bytes === null) throw new Problem('not_found')
  return c.body(bytes, 200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'public, max-age=31536000, immutable',
  })
}

/**
 * The page that checks a receipt. Nothing is posted here: the file never leaves the reader's device. It may read a log or a
 * mirror at an address of the reader's choice, so its CSP lets it connect there.
 */
export const verifyRoutes = (deps: Deps) =>
  new Hono().get('/', c => {
    const policies = deps.ledgers.map((_, shard) => `/log/${shard}/policy`)
    return c.html(String(verifyPage(pageOf(c, deps), policies)), 200, {
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': POLICY.replace("connect-src 'self'", "connect-src 'self' https:"),
    })
  })

const HASH = /^[A-Za-z0-9_-]{43}$/

/** The platform's rules; by their hash, each version of them, and the deadline policies that complaints are pinned to. */
export const rulesRoutes = (deps: Deps) =>
  new Hono()
    .get('/', async c => c.html(String(publicRulesPage(await libraryOf(deps), pageOf(c, deps)))))
    .get('/:hash', c => showRules(c, deps, c.req.param('hash')))

const showRules = async (c: Context, deps: Deps, hash: string) => {
  if (!HASH.test(hash)) throw new Problem('not_found')
  const versions = await libraryOf(deps)
  const rule = versions.find(({ digest }) => digest === hash)
  if (rule) return c.html(String(rulePage(rule, versions, pageOf(c, deps))))
  const found = await Promise.all(deps.ledgers.map(ledger => ledger.log.policy(hash)))
  const policy = found.find(text => text !== null)
  if (policy === undefined || policy === null) throw new Problem('not_found')
  return c.html(String(policyPage(parsePolicy(JSON.parse(policy)), hash, pageOf(c, deps))))
}
