import type { Context } from 'hono'
import type { Order } from '../ledger/port.ts'
import { hashKey } from './auth.ts'
import { Problem } from './problem.ts'

/** Seals what was asked, as parsed, under the key that came with it. */
export type IdempotencyOf = (asked: unknown) => Order['idempotency']

/** An Idempotency-Key counts for its caller alone; without one every request is new. */
export const idempotencyFor = (c: Context, caller: string): IdempotencyOf => {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return () => undefined
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw new Problem('idempotency_key')
  return asked => ({ key: hashKey(`${caller}\n${key}`), body: hashKey(JSON.stringify(asked)) })
}
