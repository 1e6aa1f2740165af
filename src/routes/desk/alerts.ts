import type { Context } from 'hono'
import * as v from 'valibot'
import { iso, isoOrNull } from '../../complaint/time.ts'
import type { Alert } from '../../ledger/contract/ledger.ts'
import type { FailedMessage } from '../../ledger/contract/outbox.ts'
import { formatId, parseId } from '../../link/id.ts'
import { type AlertItem, alertsPage, type MessageItem, messagesPage } from '../../views/desk/alerts.ts'
import type { DeskPage } from '../../views/desk/context.ts'
import { parse, readBody } from '../body.ts'
import { askAll, type Deps, ledgerOf } from '../deps.ts'
import { count, word } from '../fields.ts'
import { Problem } from '../problem.ts'
import type { Signed } from '../signin/session.ts'
import { caseOf, deskPageOf, readTimeline } from './case.ts'

const SHOWN = 50

/** What asks for an officer's eye and moves no state, oldest first, of all shards. */
export const showAlerts = async (c: Context<Signed>, deps: Deps) => {
  const { answers, silent } = await askAll(deps.ledgers, ledger => ledger.alerts(SHOWN))
  const page = { ...(await deskPageOf(c, deps)), silent }
  const waiting = answers.flat()
  const shown = waiting.sort((a, b) => a.at - b.at).slice(0, SHOWN)
  const items = await Promise.all(shown.map(alert => itemOf(deps, alert, page)))
  return c.html(String(alertsPage(items, page, c.req.query('settled') !== undefined)))
}

const itemOf = async (deps: Deps, { id, complaint, seq, kind, at }: Alert, page: DeskPage): Promise<AlertItem> => {
  const { view } = caseOf(await readTimeline(deps, complaint), page)
  return { id, seq, kind, at, view }
}

/** An alert's number is its shard's own, so the complaint says which. */
const Settlement = v.object({ complaint: word(/^[0-9A-Z]{10}$/, 10, 'choose'), alert: count(0, 999_999) })

export const settleAlert = async (c: Context<Signed>, deps: Deps) => {
  const { complaint, alert } = parse(Settlement, (await readBody(c)).value)
  const id = parseId(complaint)
  if (id === null) throw new Problem('not_found')
  await ledgerOf(deps, id).resolveAlert(alert, c.var.person.name)
  return c.redirect('/desk/alerts?settled', 303)
}

const MESSAGES_SHOWN = 100

/** Who was not reached, newest first, of all shards. */
export const showMessages = async (c: Context<Signed>, deps: Deps) => {
  const { answers, silent } = await askAll(deps.ledgers, ledger => ledger.outbox.failedMessages(MESSAGES_SHOWN))
  const page = { ...(await deskPageOf(c, deps)), silent }
  const troubled = answers.flat()
  const items = troubled.sort((a, b) => b.createdAt - a.createdAt).slice(0, MESSAGES_SHOWN)
  return c.html(String(messagesPage(items.map(messageItem), page)))
}

const messageItem = ({ complaint, createdAt, nextAt, ...message }: FailedMessage): MessageItem => ({
  ...message,
  complaint: formatId(complaint),
  createdAt: iso(createdAt),
  nextAt: isoOrNull(nextAt),
})
