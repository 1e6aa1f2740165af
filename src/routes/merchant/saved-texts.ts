// Saved replies and return addresses of a shop: the forms of its settings.

import * as v from 'valibot'
import { TEAM_WORDS } from '../../i18n/areas/team.ts'
import { TEAM_TEXT_KINDS } from '../../ledger/contract/team.ts'
import type { FormState } from '../../views/context.ts'
import { unknownVariables } from '../../views/merchant/reply-templates.ts'
import { parse, readBody } from '../body.ts'
import type { Deps } from '../deps.ts'
import { code, count, inWords, line, long, pick, string } from '../fields.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import { ownLedger, teamOf, type Visitor } from './context.ts'

const name = v.pipe(line, v.maxLength(60, code('too_long')))
/** An address is written on several lines, and stands on one line of an offer. */
const onOneLine = (text: string): string => text.trim().replace(/\s*[\n\r\u2028\u2029]\s*/g, ' ')
const SavedText = v.variant('kind', [
  v.object({ kind: v.literal('reply'), name, text: v.pipe(long, v.maxLength(2000, code('too_long'))) }),
  v.object({ kind: v.literal('address'), name, text: v.pipe(string, v.transform(onOneLine), line) }),
])
const Removal = v.object({ id: count(0, 999_999_999) })

export type BackText = FormState & { kind: (typeof TEAM_TEXT_KINDS)[number] }

/** The form that comes back, or null once it is saved. */
export const saveText = async (c: Visitor, deps: Deps): Promise<BackText | null> => {
  const { value, rawFields: values } = await readBody(c)
  const { words, locale } = pageOf(c, deps)
  const { kind } = parse(v.object({ kind: pick(TEAM_TEXT_KINDS) }), value)
  try {
    const text = parse(SavedText, value)
    const unknown = text.kind === 'reply' ? unknownVariables(text.text) : []
    if (unknown.length > 0) {
      const message = unknown.map(TEAM_WORDS[locale].replies.unknown).join('')
      return { kind, values, problems: [{ field: 'text', message }] }
    }
    const saved = await (await ownLedger(deps, c.var.person)).team.saveText(teamOf(c.var.person), text)
    return saved ? null : { kind, values, problems: [], refusal: TEAM_WORDS[locale].full }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid') throw error
    return { kind, values, problems: error.errors.map(each => inWords(each, words)) }
  }
}

export const removeText = async (c: Visitor, deps: Deps) => {
  const { id } = parse(Removal, (await readBody(c)).value)
  const removed = await (await ownLedger(deps, c.var.person)).team.removeText(teamOf(c.var.person), id)
  if (!removed) throw new Problem('not_found')
  return c.redirect('/merchant/settings?done=saved', 303)
}
