import type { Context } from 'hono'
import type { Act } from '../complaint/command.ts'
import type { ComplaintView, StepView } from '../complaint/view/types.ts'
import type { Order } from '../ledger/contract/ledger.ts'
import { hashKey } from './authenticate.ts'
import type { Body } from './body.ts'
import { Problem } from './problem.ts'

// Every form carries `seen`, the leaf hash of the newest step when its page was drawn (`seenField` of the views).
// It makes two clicks one step, and tells an act that was meant for a page that is no longer true.

const HASH = /^[A-Za-z0-9_-]{43}$/

/** What the form's page showed last; null for programs, and for forms that do not say. */
export const renderedHead = ({ rawFields: typed }: Pick<Body, 'rawFields'>): string | null => {
  const { seen = '' } = typed
  return HASH.test(seen) ? seen : null
}

/** The same form, sent twice from the same page with the same words, is one step; an Idempotency-Key says more. */
export const idempotencyForForm = (c: Context, caller: string, body: Pick<Body, 'rawFields'>): IdempotencyOf => {
  const seen = renderedHead(body)
  if (seen === null || c.req.header('idempotency-key') !== undefined) return idempotencyFor(c, caller)
  return asked => {
    const sent = hashKey(`${caller}\nform\n${seen}\n${JSON.stringify(asked)}`)
    return { key: sent, body: sent }
  }
}

/** Words and wishes that are as welcome after a change as before it. */
const ALWAYS_WELCOME: readonly Act[] = [
  'messages',
  'evidence',
  'human-request',
  'conduct-report',
  'redaction-request',
  'rating',
  'share-links',
]

/** What the ledger holds an act against: it answers `stale` if the complaint moved since. */
export const expectedHeadFor = (act: Act, body: Pick<Body, 'rawFields'>): string | undefined =>
  ALWAYS_WELCOME.includes(act) ? undefined : (renderedHead(body) ?? undefined)

/** The steps that came after the page was drawn, oldest first, to list beside the form that comes back. */
export const changedSince = ({ steps }: ComplaintView, body: Pick<Body, 'rawFields'>): StepView[] => {
  const seen = renderedHead(body)
  const at = steps.findIndex(({ leaf }) => leaf === seen)
  return at < 0 ? [] : steps.slice(at + 1).filter(({ kind }) => kind !== 'notice_sent')
}

/** Seals what was asked, as parsed, under the key that came with it. */
export type IdempotencyOf = (asked: unknown) => Order['idempotency']

/** An Idempotency-Key counts for its caller alone; without one every request is new. */
export const idempotencyFor = (c: Context, caller: string): IdempotencyOf => {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return () => undefined
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw new Problem('idempotency_key')
  return asked => ({ key: hashKey(`${caller}\n${key}`), body: hashKey(JSON.stringify(asked)) })
}
