import type { Context } from 'hono'
import { iso, isoOrNull } from '../../complaint/time.ts'
import type { FailedMessage } from '../../ledger/port.ts'
import { formatId } from '../../link/id.ts'
import { type MessageItem, messagesPage } from '../../views/desk/messages.ts'
import type { Deps } from '../deps.ts'
import type { Signed } from '../signin/session.ts'
import { deskPageOf } from './page.ts'

const SHOWN = 100

/** Who was not reached, newest first, of all shards. */
export const showMessages = async (c: Context<Signed>, deps: Deps) => {
  const page = await deskPageOf(c, deps)
  const troubled = (await Promise.all(deps.ledgers.map(ledger => ledger.failedMessages(SHOWN)))).flat()
  const items = troubled.sort((a, b) => b.createdAt - a.createdAt).slice(0, SHOWN)
  return c.html(String(messagesPage(items.map(itemOf), page)))
}

const itemOf = ({ complaint, createdAt, nextAt, ...message }: FailedMessage): MessageItem => ({
  ...message,
  complaint: formatId(complaint),
  createdAt: iso(createdAt),
  nextAt: isoOrNull(nextAt),
})
