import type { Context } from 'hono'
import { ruleLibraryPage } from '../../views/desk/rules.ts'
import { parse, readBody } from '../body.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { adoptVersion, libraryOf } from '../rules.ts'
import { RuleVersion } from '../schemas.ts'
import type { Signed } from '../signin/session.ts'
import { deskSentence } from './body.ts'
import { deskPageOf } from './case.ts'

type Form = Parameters<typeof ruleLibraryPage>[2]

/** Officers read the library; a supervisor also adds to it. */
export const showRuleLibrary = async (c: Context<Signed>, deps: Deps) => c.html(await draw(c, deps, undefined))

const draw = async (c: Context<Signed>, deps: Deps, form: Form): Promise<string> =>
  String(ruleLibraryPage(await libraryOf(deps), await deskPageOf(c, deps), form))

export const saveRule = async (c: Context<Signed>, deps: Deps) => {
  if (c.var.person.role !== 'supervisor') throw new Problem('not_yours')
  const { value, rawFields: values } = await readBody(c)
  const page = await deskPageOf(c, deps)
  try {
    const { code } = await adoptVersion(deps, parse(RuleVersion, { ...value, locale: page.locale }))
    return c.redirect(`/desk/rules#rule-${code}`, 303)
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error
    const problems = error.errors.map(each => deskSentence(each, page))
    const refusal = error.errors.length === 0 ? { refusal: error.code } : {}
    return c.html(await draw(c, deps, { values, problems, ...refusal }), error.formStatus)
  }
}
