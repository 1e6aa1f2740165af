import type { Context } from 'hono'
import type { Act } from '../complaint/command.ts'
import type { ComplaintView, StepView } from '../complaint/view/types.ts'
import type { Order } from '../ledger/contract/ledger.ts'
import { hashKey } from './authenticate.ts'
import type { Body } from './body.ts'
import { Problem } from './problem.ts'

// Optimistic concurrency and idempotency of requests. A form carries `seen`, the leaf hash of the newest step when its page was
// rendered: an If-Match as a form field. It makes a double submit one step, and a submit from a stale page 409 `stale`.

const HASH = /^[A-Za-z0-9_-]{43}$/

/** The head that the form's page was rendered from; null for API clients, and for forms without it. */
export const renderedHead = ({ rawFields: typed }: Pick<Body, 'rawFields'>): string | null => {
  const { seen = '' } = typed
  return HASH.test(seen) ? seen : null
}

/** Double submit: the same form from the same page with the same content is one step. An Idempotency-Key takes precedence. */
export const idempotencyForForm = (c: Context, caller: string, body: Pick<Body, 'rawFields'>): IdempotencyOf => {
  const seen = renderedHead(body)
  if (seen === null || c.req.header('idempotency-key') !== undefined) return idempotencyFor(c, caller)
  return asked => {
    const sent = hashKey(`${caller}\nform\n${seen}\n${JSON.stringify(asked)}`)
    return { key: sent, body: sent }
  }
}

/** Acts without a precondition: they mean the same whatever happened since the page was rendered. */
const ALWAYS_WELCOME: readonly Act[] = [
  'messages',
  'evidence',
  'human-request',
  'nudges',
  'statements-requests',
  'statements',
  'conduct-report',
  'redaction-request',
  'rating',
  'follow-up',
  'share-links',
  'device-keys',
  'device-key-retirements',
]

/** The precondition that the ledger checks inside its transaction: it answers `stale` if the complaint moved since. */
export const expectedHeadFor = (
  act: Act,
  body: Pick<Body, 'rawFields'>,
  signed?: Order['signed'],
): string | undefined => (ALWAYS_WELCOME.includes(act) ? undefined : (signed?.seen ?? renderedHead(body) ?? undefined))

/** The steps appended since the page was rendered, oldest first, to list beside the redisplayed form. */
export const changedSince = ({ steps }: ComplaintView, body: Pick<Body, 'rawFields'>): StepView[] => {
  const seen = renderedHead(body)
  const at = steps.findIndex(({ leaf }) => leaf === seen)
  return at < 0 ? [] : steps.slice(at + 1).filter(({ kind }) => kind !== 'notice_sent')
}

/** Binds a parsed request to its idempotency key: the same key with another body is refused. */
export type IdempotencyOf = (asked: unknown) => Order['idempotency']

/** Idempotency-Key header, scoped to its caller; without one every request is new. */
export const idempotencyFor = (c: Context, caller: string): IdempotencyOf => {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return () => undefined
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw new Problem('idempotency_key')
  return asked => ({ key: hashKey(`${caller}\n${key}`), body: hashKey(JSON.stringify(asked)) })
}
