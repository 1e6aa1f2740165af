// Where digests go, and the codes that show that a number belongs to the person who entered it.

import { and, asc, eq, gt, isNotNull, lte, sql } from 'drizzle-orm'
import { contactCodes, contacts } from '../../../db/schema.ts'
import { MINUTE } from '../../complaint/time.ts'
import { equalSecrets } from '../../link/token.ts'
import { fromBase64url, toBase64url } from '../../log/encoding.ts'
import type { ContactCode } from '../contract/outbox.ts'
import type { Db } from '../host.ts'
import { randomPool } from '../log/log-writer.ts'
import type { Tagger } from '../log/secrets.ts'
import { all, prepared, value } from '../storage/write-statements.ts'

const VALID_MS = 15 * MINUTE
const NONCE_BYTES = 12
const SENT_AT_ONCE = 50
const KEY = 'code:'

type Pending = typeof contactCodes.$inferSelect

/** A number becomes a contact once its code came back: or digests could be sent to a stranger. Call what writes inside a transaction. */
export class Contacts {
  readonly #rows: ReturnType<typeof openQueries>
  readonly #tag: Tagger
  readonly #random = randomPool()

  constructor(db: Db, tag: Tagger) {
    this.#rows = openQueries(db)
    this.#tag = tag
  }

  get(party: string): string | null {
    return this.#rows.contact.get({ party })?.phone ?? null
  }

  set(party: string, phone: string | null): void {
    this.#rows.dropCode.run({ party })
    if (phone === null) this.#rows.remove.run({ party })
    else this.#rows.save.run({ party, phone })
  }

  request(party: string, phone: string, now: number): void {
    this.#rows.dropOld.run({ now })
    const nonce = toBase64url(this.#random(NONCE_BYTES))
    this.#rows.saveCode.run({ party, phone, nonce, expiresAt: now + VALID_MS, nextAt: now })
  }

  pending(party: string, now: number): Pending | undefined {
    return this.#rows.code.get({ party, now })
  }

  confirm(party: string, code: string, now: number): boolean {
    const pending = this.pending(party, now)
    if (!pending || !equalSecrets(code, this.#codeOf(pending))) return false
    this.set(party, pending.phone)
    return true
  }

  due(now: number): ContactCode[] {
    return this.#rows.dueCodes.all({ now, limit: SENT_AT_ONCE }).map(pending => {
      const { party, phone, nonce } = pending
      return { party, phone, code: this.#codeOf(pending), key: KEY + nonce }
    })
  }

  /** By the code's own key: while it was on its way another number may have taken its place. */
  sent(key: string, retryAt: number | null): void {
    this.#rows.sent.run({ nonce: key.slice(KEY.length), nextAt: retryAt })
  }

  /** When the next code is to be sent, or null. A code that expired unsent is not due any more. */
  next(now: number): number | null {
    return this.#rows.nextCode.get({ now })?.nextAt ?? null
  }

  /** Six digits of a keyed hash: a copy of the database gives no code away. */
  #codeOf({ party, phone, nonce }: Pending): string {
    const bytes = fromBase64url(this.#tag('contact', party, phone, nonce))
    const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
    return String(number % 1_000_000).padStart(6, '0')
  }
}

const openQueries = (db: Db) => {
  const ofParty = eq(contacts.party, value('party'))
  const codeOfParty = eq(contactCodes.party, value('party'))
  const unexpired = gt(contactCodes.expiresAt, value('now'))
  return prepared({
    contact: db.select().from(contacts).where(ofParty),
    remove: db.delete(contacts).where(ofParty),
    save: db
      .insert(contacts)
      .values(all('party', 'phone'))
      .onConflictDoUpdate({ target: contacts.party, set: { phone: sql`excluded.phone` } }),
    code: db.select().from(contactCodes).where(and(codeOfParty, unexpired)),
    saveCode: db
      .insert(contactCodes)
      .values(all('party', 'phone', 'nonce', 'expiresAt', 'nextAt'))
      .onConflictDoUpdate({
        target: contactCodes.party,
        set: {
          phone: sql`excluded.phone`,
          nonce: sql`excluded.nonce`,
          expiresAt: sql`excluded.expires_at`,
          nextAt: sql`excluded.next_at`,
        },
      }),
    dropCode: db.delete(contactCodes).where(codeOfParty),
    dropOld: db.delete(contactCodes).where(lte(contactCodes.expiresAt, value('now'))),
    dueCodes: db
      .select()
      .from(contactCodes)
      .where(and(lte(contactCodes.nextAt, value('now')), unexpired))
      .limit(value('limit')),
    sent: db
      .update(contactCodes)
      .set({ nextAt: sql`${value('nextAt')}` })
      .where(eq(contactCodes.nonce, value('nonce'))),
    nextCode: db
      .select({ nextAt: contactCodes.nextAt })
      .from(contactCodes)
      .where(and(isNotNull(contactCodes.nextAt), gt(contactCodes.expiresAt, contactCodes.nextAt), unexpired))
      .orderBy(asc(contactCodes.nextAt))
      .limit(1),
  })
}
