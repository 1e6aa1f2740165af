import type { Context } from 'hono'
import { incidentsPage } from '../../views/desk/incidents.ts'
import { parse, readBody } from '../body.ts'
import type { Deps } from '../deps.ts'
import { inShanghai } from '../forms.ts'
import { allIncidents, declareIncident } from '../incidents.ts'
import { Problem } from '../problem.ts'
import { IncidentReport } from '../schemas.ts'
import type { Signed } from '../signin/session.ts'
import { deskSentence } from './body.ts'
import { deskPageOf } from './case.ts'

type Form = Parameters<typeof incidentsPage>[2]['form']

export const showIncidents = async (c: Context<Signed>, deps: Deps, form?: Form, status: 200 | 422 | 404 = 200) => {
  const page = await deskPageOf(c, deps)
  return c.html(String(incidentsPage(await allIncidents(deps), page, { categories: deps.categories, form })), status)
}

/** A form has one field for the merchants' ids and one category. */
const incidentValue = ({ merchants, categories, until, ...rest }: Record<string, unknown>) => ({
  ...rest,
  ...(until !== undefined && { until: inShanghai(until) }),
  ...(typeof merchants === 'string' && { merchants: merchants.split(/[\s,，;；]+/).filter(Boolean) }),
  ...(typeof categories === 'string' && { categories: [categories] }),
})

export const saveIncident = async (c: Context<Signed>, deps: Deps) => {
  const { value, rawFields: values } = await readBody(c)
  try {
    await declareIncident(deps, parse(IncidentReport, incidentValue(value)))
    return c.redirect('/desk/incidents', 303)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid') throw error
    const page = await deskPageOf(c, deps)
    const problems = error.errors.map(each => deskSentence(each, page))
    return showIncidents(c, deps, { values, problems, incident: values.incident || undefined }, 422)
  }
}
