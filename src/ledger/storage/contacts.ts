import { eq, sql } from 'drizzle-orm'
import { contacts } from '../../../db/schema.ts'
import type { Db } from '../host.ts'
import { all, value } from './queries.ts'

/** Where the digests of merchants and desks go. */
export const openContacts = (db: Db) => {
  const byParty = eq(contacts.party, value('party'))
  const contact = db.select().from(contacts).where(byParty).prepare()
  const remove = db.delete(contacts).where(byParty).prepare()
  const save = db
    .insert(contacts)
    .values(all('party', 'phone'))
    .onConflictDoUpdate({ target: contacts.party, set: { phone: sql`excluded.phone` } })
    .prepare()
  return {
    get: (party: string): string | null => contact.get({ party })?.phone ?? null,
    set: (party: string, phone: string | null): void =>
      void (phone === null ? remove.run({ party }) : save.run({ party, phone })),
  }
}
