import { and, asc, desc, eq, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import { hookDeliveries, hooks } from '../../../db/schema.ts'
import type { Db } from '../host.ts'
import { all, placeholders, value } from '../storage/queries.ts'

const DELIVERY = {
  id: hookDeliveries.id,
  complaint: hookDeliveries.complaint,
  seq: hookDeliveries.seq,
  attempts: hookDeliveries.attempts,
  outcome: hookDeliveries.outcome,
  answer: hookDeliveries.answer,
  nextAt: hookDeliveries.nextAt,
  createdAt: hookDeliveries.createdAt,
}

/** Its place in its endpoint's own queue: the first of each endpoint come before the second of any. */
const place = sql`row_number() over (
  partition by ${hookDeliveries.hook} order by ${hookDeliveries.nextAt}, ${hookDeliveries.id})`

/** The queries of `hooks.ts`, prepared once. */
export const openHookQueries = (db: Db) => {
  const theirs = and(eq(hooks.id, value('id')), eq(hooks.merchant, value('merchant')))
  const change = (...columns: (keyof typeof hooks.$inferInsert & string)[]) =>
    db
      .update(hooks)
      .set(placeholders<typeof hooks.$inferInsert>(...columns))
      .where(theirs)
      .returning({ id: hooks.id })
      .prepare()
  return {
    ofMerchant: db
      .select()
      .from(hooks)
      .where(eq(hooks.merchant, value('merchant')))
      .orderBy(sql`rowid`)
      .prepare(),
    hook: db.select().from(hooks).where(theirs).prepare(),
    add: db
      .insert(hooks)
      .values({ ...all('id', 'merchant', 'url', 'createdAt'), generation: sql`1` })
      .prepare(),
    remove: db.delete(hooks).where(theirs).returning({ id: hooks.id }).prepare(),
    rotate: change('generation', 'rotatedAt'),
    disable: change('disabledAt', 'disabledWhy'),

    plan: db
      .insert(hookDeliveries)
      .values({ ...all('hook', 'complaint', 'seq', 'nextAt', 'createdAt'), attempts: sql`0` })
      .prepare(),
    forget: db
      .delete(hookDeliveries)
      .where(eq(hookDeliveries.hook, value('hook')))
      .prepare(),
    /** Only the newest of an endpoint are kept: what ended long ago is nobody's business any more. */
    forgetEnded: db
      .delete(hookDeliveries)
      .where(
        and(
          isNotNull(hookDeliveries.endedAt),
          lt(hookDeliveries.endedAt, value('before')),
          eq(hookDeliveries.hook, value('hook')),
        ),
      )
      .prepare(),
    deliveries: db
      .select(DELIVERY)
      .from(hookDeliveries)
      .where(eq(hookDeliveries.hook, value('hook')))
      .orderBy(desc(hookDeliveries.id))
      .limit(value('limit'))
      .prepare(),
    due: db
      .select({
        id: hookDeliveries.id,
        complaint: hookDeliveries.complaint,
        seq: hookDeliveries.seq,
        attempts: hookDeliveries.attempts,
        hook: hooks,
      })
      .from(hookDeliveries)
      .innerJoin(hooks, eq(hooks.id, hookDeliveries.hook))
      .where(and(isNotNull(hookDeliveries.nextAt), lte(hookDeliveries.nextAt, value('now')), isNull(hooks.disabledAt)))
      .orderBy(place, asc(hookDeliveries.nextAt), asc(hookDeliveries.id))
      .limit(value('limit'))
      .prepare(),
    next: db
      .select({ nextAt: hookDeliveries.nextAt })
      .from(hookDeliveries)
      .innerJoin(hooks, eq(hooks.id, hookDeliveries.hook))
      .where(and(isNotNull(hookDeliveries.nextAt), isNull(hooks.disabledAt)))
      .orderBy(asc(hookDeliveries.nextAt))
      .limit(1)
      .prepare(),
    delivery: db
      .select({ attempts: hookDeliveries.attempts, hook: hooks })
      .from(hookDeliveries)
      .innerJoin(hooks, eq(hooks.id, hookDeliveries.hook))
      .where(eq(hookDeliveries.id, value('id')))
      .prepare(),
    save: db
      .update(hookDeliveries)
      .set(placeholders<typeof hookDeliveries.$inferInsert>('attempts', 'outcome', 'answer', 'nextAt', 'endedAt'))
      .where(eq(hookDeliveries.id, value('id')))
      .prepare(),
    again: db
      .update(hookDeliveries)
      .set({ ...placeholders<typeof hookDeliveries.$inferInsert>('nextAt'), attempts: 0, outcome: null, endedAt: null })
      .where(and(eq(hookDeliveries.id, value('delivery')), eq(hookDeliveries.hook, value('hook'))))
      .returning({ id: hookDeliveries.id })
      .prepare(),
  }
}
