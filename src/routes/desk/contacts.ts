import type { Context } from 'hono'
import * as v from 'valibot'
import { contactsSection, DESK_PARTIES, type DeskContacts } from '../../views/desk/contacts.ts'
import type { DeskPage } from '../../views/desk/context.ts'
import type { Html } from '../../views/html.ts'
import { parse, readBody } from '../body.ts'
import { type Deps, registryLedger } from '../deps.ts'
import { inWords } from '../field-words.ts'
import { code, phone } from '../fields.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import type { Signed } from '../signin/session.ts'

// A form leaves out what is empty.
const DeskContact = v.object({ party: v.picklist(DESK_PARTIES, code('choose')), phone: v.optional(phone) })

type Left = Pick<DeskContacts, 'saved' | 'back'>

/** Each shard sends its own digests; the first one's number stands for all. */
export const contactsOf = async (deps: Deps, page: DeskPage, left: Left): Promise<Html> => {
  const [platform, supervisor] = await Promise.all(DESK_PARTIES.map(party => registryLedger(deps).contact(party)))
  return contactsSection({ phones: { platform: platform ?? null, supervisor: supervisor ?? null }, ...left }, page)
}

/** Answers the form that comes back, or null once it is saved on every shard. */
export const saveDeskContact = async (c: Context<Signed>, deps: Deps): Promise<Left['back']> => {
  const { value, rawFields: typed } = await readBody(c)
  try {
    const { party, phone: number } = parse(DeskContact, value)
    await Promise.all(deps.ledgers.map(ledger => ledger.setContact(party, number ?? null)))
    return null
  } catch (error) {
    const party = DESK_PARTIES.find(each => each === typed.party)
    if (!(error instanceof Problem) || error.code !== 'invalid' || !party) throw error
    return { party, values: typed, problems: error.errors.map(each => inWords(each, pageOf(c, deps).words)) }
  }
}
