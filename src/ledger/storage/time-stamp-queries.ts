import { and, asc, desc, eq, gt } from 'drizzle-orm'
import { timeStamps } from '../../../db/schema.ts'
import type { Db } from '../host.ts'
import { all, value } from './placeholders.ts'

/** Time stamps of one log by its origin: a successor (docs/log.md, section 4) has its own, over its own trees. */
export const timeStampQueries = (db: Db) => ({
  addTimeStamp: db
    .insert(timeStamps)
    .values(all('origin', 'size', 'at', 'note', 'reply'))
    .onConflictDoNothing()
    .prepare(),
  lastTimeStamp: db
    .select()
    .from(timeStamps)
    .where(eq(timeStamps.origin, value('origin')))
    .orderBy(desc(timeStamps.size))
    .limit(1)
    .prepare(),
  timeStamp: db
    .select()
    .from(timeStamps)
    .where(and(eq(timeStamps.origin, value('origin')), eq(timeStamps.size, value('size'))))
    .prepare(),
  /** The smallest tree with more leaves than `after`. */
  nextTimeStamp: db.select().from(timeStamps).where(above()).orderBy(asc(timeStamps.size)).limit(1).prepare(),
  /** Sizes above `after`, the smallest first. */
  timeStampSizes: db
    .select({ size: timeStamps.size })
    .from(timeStamps)
    .where(above())
    .orderBy(asc(timeStamps.size))
    .limit(value('limit'))
    .prepare(),
})

const above = () => and(eq(timeStamps.origin, value('origin')), gt(timeStamps.size, value('after')))
