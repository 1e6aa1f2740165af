import { type Context, Hono } from 'hono'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import type { Report } from '../../ledger/contract/outbox.ts'
import { parseId, shardOf } from '../../link/id.ts'
import { readBytes } from '../body.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'

/** A vendor's push of thousands is far smaller. */
const MAX_BYTES = 256 * 1024

/** Where SMS vendors report what became of messages. A report is a hint: it changes no step. */
export const reportRoutes = (deps: Pick<Deps, 'ledgers' | 'baseUrl' | 'smsReports'>) =>
  new Hono()
    .post('/:vendor{[a-z]+}', c => take(c, deps, c.req.param('vendor'), ''))
    .post('/:vendor{[a-z]+}/:secret', c => take(c, deps, c.req.param('vendor'), c.req.param('secret')))

/** The same answer whether a message is known or not, and a 404 for a sender that is not the vendor. */
const take = async (
  c: Context,
  { ledgers, baseUrl, smsReports }: Parameters<typeof reportRoutes>[0],
  vendor: string,
  secret: string,
) => {
  const read = smsReports?.get(vendor)
  if (!read) throw new Problem('not_found')
  const body = new TextDecoder().decode(await readBytes(c, MAX_BYTES))
  const { pathname, search } = new URL(c.req.url)
  // Behind a proxy: the vendor signed the public address, not the one that reached us.
  const url = `${baseUrl}${pathname}${search}`
  const reports = read({ url, secret, header: name => c.req.header(name), body, now: Date.now() })
  if (reports === null) throw new Problem('not_found')
  if (reports === 'malformed') throw new Problem('malformed_json')
  for (const report of reports)
    await Promise.all(ledgersOf(report, ledgers).map(ledger => ledger.outbox.recordReport(report)))
  return c.json(ANSWER)
}

/** The acknowledgement that Aliyun and Tencent expect; the others ignore it. */
const ANSWER = { code: 0, msg: 'OK', result: 0, errmsg: 'OK' }

/** Our key names the complaint and so its shard; a vendor's reference alone may belong to any shard. */
const ledgersOf = ({ key }: Report, ledgers: readonly Ledger[]): readonly Ledger[] => {
  if (key === undefined) return ledgers
  const id = parseId(key.split(':')[0] ?? '')
  const ledger = id === null ? undefined : ledgers[shardOf(id)]
  return ledger ? [ledger] : []
}
