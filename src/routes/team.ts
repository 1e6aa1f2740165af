// What colleagues share about one complaint, for both consoles. The caller has checked that the complaint is this team's.

import type { Context } from 'hono'
import * as v from 'valibot'
import { TEAM_WORDS } from '../i18n/areas/team.ts'
import type { FormState } from '../views/context.ts'
import { hereWords, type TeamPart } from '../views/team.ts'
import { parse, readBody } from './body.ts'
import { type Deps, ledgerOf } from './deps.ts'
import { inWords } from './field-words.ts'
import { code, count, line, long } from './fields.ts'
import { pageOf } from './language.ts'
import { Problem } from './problem.ts'
import type { Signed } from './signin/session.ts'

/** A complaint as a team has it. */
export interface Shared {
  id: number
  team: string
  base: string
  me: string
}

const NoteText = v.object({ text: v.pipe(long, v.maxLength(2000, code('too_long'))) })
const NoteRemoval = v.object({ note: count(0, 999_999_999) })
const Assignee = v.object({ person: v.optional(line) })

/** `people` who can be given it; null where the log says who is in charge. */
export const teamPart = async (
  deps: Deps,
  { id, team, base, me }: Shared,
  people: readonly string[] | null,
  back?: FormState,
): Promise<TeamPart> => {
  const shared = ledgerOf(deps, id).team
  const [{ assignee, notes }, others] = await Promise.all([shared.work(team, id), shared.look(team, id, me)])
  return { base, me, assignment: people && { assignee, people }, notes, others, back }
}

/** Who else has it open, as the script asks. */
export const showPresence = async (c: Context<Signed>, deps: Deps, { id, team, me }: Shared) =>
  c.json({ says: hereWords(await ledgerOf(deps, id).team.look(team, id, me), pageOf(c, deps)) })

/** The form that comes back, or null once the note is saved. */
export const saveNote = async (c: Context<Signed>, deps: Deps, { id, team, me }: Shared): Promise<FormState | null> => {
  const { value, rawFields: values } = await readBody(c)
  const { words, locale } = pageOf(c, deps)
  try {
    const saved = await ledgerOf(deps, id).team.addNote(team, id, { author: me, ...parse(NoteText, value) })
    return saved ? null : { values, problems: [], refusal: TEAM_WORDS[locale].notesFull }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid') throw error
    return { values, problems: error.errors.map(each => inWords(each, words)) }
  }
}

export const removeNote = async (c: Context<Signed>, deps: Deps, { id, team, base }: Shared) => {
  const { note } = parse(NoteRemoval, (await readBody(c)).value)
  await ledgerOf(deps, id).team.removeNote(team, id, note)
  return c.redirect(`${base}#team`, 303)
}

/** An empty name takes the assignment away. `people` are those who can have it. */
export const assign = async (c: Context<Signed>, deps: Deps, shared: Shared, people: readonly string[]) => {
  const { person } = parse(Assignee, (await readBody(c)).value)
  if (person !== undefined && person !== shared.me && !people.includes(person))
    throw new Problem('invalid', [{ field: 'person', code: 'choose' }])
  await ledgerOf(deps, shared.id).team.assign(shared.team, shared.id, person ?? null)
  return c.redirect(`${shared.base}#team`, 303)
}
