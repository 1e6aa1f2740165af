// Keyed tags of people: under which tag a person acts, and under which tags earlier steps of a complaint know the same person.

import type { Entry } from '../../complaint/view/timeline.ts'
import { plainName } from '../../complaint/words.ts'
import type { Person } from '../contract/ledger.ts'
import type { Tagger } from '../log/secrets.ts'

/** Another spelling is the same name: full-width letters, invisible characters and spaces make no new officer. */
const canonicalName = (name: string): string => plainName(name.normalize('NFKC'))

/**
 * Privacy: people appear in the log only as an HMAC, which differs for each complaint. Identity: of a person who signed in,
 * issuer and subject, since a display name is neither unique nor stable (OpenID Connect Core 1.0, 5.7); of one whom a
 * program names, the name.
 */
export const personTag = (tag: Tagger, complaintTag: string, { name, subject }: Person): string =>
  subject === undefined ? tag('who', complaintTag, canonicalName(name)) : tag('subject', complaintTag, subject)

/** What `ownTags` reads of a timeline. */
type Signed = { step: Pick<Entry['step'], 'who'>; fields: Entry['fields'] }

/**
 * Separation of duties: all tags by which steps of this complaint may know the person, their present one first. Two people
 * who signed in are told apart by subject alone. Where a program named one of the two, as every step did before sign-ins
 * were tagged by subject, equal names are equal people: it can't be known that they are not.
 */
export const ownTags = (tag: Tagger, complaintTag: string, person: Person, entries: readonly Signed[]): string[] => {
  const name = canonicalName(person.name)
  // Tags of before names were canonical are of the name as it was written.
  const tagsOf = (written: string) => [tag('who', complaintTag, written), tag('who', complaintTag, name)]
  const earlier = entries.flatMap(({ step: { who }, fields }) => {
    const written = fields.officer ?? fields.operator
    if (who === null || typeof written !== 'string' || canonicalName(written) !== name) return []
    return person.subject === undefined || tagsOf(written).includes(who) ? [who] : []
  })
  return [...new Set([personTag(tag, complaintTag, person), ...tagsOf(person.name), ...earlier])]
}
