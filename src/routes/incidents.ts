// Incidents that the platform declares: POST and GET /api/v1/incidents, and what of them touches a complaint.

import type { Context } from 'hono'
import type * as v from 'valibot'
import { iso, isoOrNull } from '../complaint/time.ts'
import { type Incident, type IncidentNews, incidentsOf, incidentsTouching } from '../complaint/view/incidents.ts'
import type { ComplaintView } from '../complaint/view/types.ts'
import { toBase64url } from '../log/encoding.ts'
import { errorFields, log } from '../telemetry/log.ts'
import { authenticate } from './authenticate.ts'
import { readBody } from './body.ts'
import { type Deps, registryLedger } from './deps.ts'
import { parseStrictly } from './fields.ts'
import { Problem } from './problem.ts'
import { IncidentReport } from './schemas.ts'

/** A process asks the registry again after this time: every page of a buyer shows them. */
const KEPT_MS = 10_000
interface Kept {
  at: number
  incidents: readonly Incident[]
}
const kept = new WeakMap<Deps['ledgers'], Kept>()

/** What was read last, or null once it has to be read again. */
export const recentIncidents = (deps: Deps): readonly Incident[] | null => {
  const now = deps.clock.now()
  const known = kept.get(deps.ledgers)
  return known && now >= known.at && now < known.at + KEPT_MS ? known.incidents : null
}

/** On Cloudflare no promise may be shared between requests: the value is kept, and requests at once may ask twice. */
export const allIncidents = async (deps: Deps): Promise<readonly Incident[]> => {
  const known = recentIncidents(deps)
  if (known) return known
  const incidents = await registryLedger(deps)
    .registry.incidents()
    .then(incidentsOf)
    .catch(error => {
      // A registry that does not answer keeps no reader from a complaint.
      log('error', 'incidents could not be read', errorFields(error))
      return []
    })
  kept.set(deps.ledgers, { at: deps.clock.now(), incidents })
  return incidents
}

/** What changes when something is said of any of them: part of a page's cache key. */
export const incidentsMark = (incidents: readonly Incident[]): string =>
  incidents.map(({ id, news }) => `${id}.${news.length}`).join()

const ENDS: readonly string[] = ['confirmed', 'ruled', 'appeal_ruled', 'lapsed', 'withdrawn', 'refused']

export const touching = (incidents: readonly Incident[], { complaint, steps }: ComplaintView): Incident[] => {
  const end = complaint.due === null ? steps.findLast(({ kind }) => ENDS.includes(kind)) : undefined
  return incidentsTouching(incidents, {
    merchant: complaint.merchant.id,
    category: complaint.category,
    openedAt: Date.parse(complaint.openedAt),
    closedAt: end ? Date.parse(end.on) : null,
  })
}

/** Declares an incident, or says more of one. Throws 422 for an end that has passed, 404 for an unknown incident. */
export const declareIncident = async (
  deps: Deps,
  { incident, what, until, ended, merchants, categories }: v.InferOutput<typeof IncidentReport>,
): Promise<IncidentNews> => {
  const known = incident === undefined ? undefined : (await allIncidents(deps)).find(({ id }) => id === incident)
  if (incident !== undefined && (known === undefined || known.endedAt !== null)) throw new Problem('not_found')
  if (!ended && until === undefined) throw new Problem('invalid', [{ field: 'until', code: 'required' }])
  if (!ended && until !== undefined && until <= deps.clock.now())
    throw new Problem('invalid', [{ field: 'until', code: 'instant' }])
  const first = known?.news[0]
  const news = await registryLedger(deps).registry.declareIncident({
    incident: incident ?? toBase64url(crypto.getRandomValues(new Uint8Array(9))),
    what,
    until: until ?? null,
    ended,
    merchants: first ? first.merchants : (merchants ?? null),
    categories: first ? first.categories : (categories ?? null),
  })
  kept.delete(deps.ledgers)
  return news
}

const platformOnly = async (c: Context, deps: Deps): Promise<void> => {
  if ((await authenticate(c, deps)).role === 'merchant') throw new Problem('not_yours')
}

const asJson = ({ at, until, ...news }: IncidentNews) => ({ ...news, at: iso(at), until: isoOrNull(until) })

export const postIncident = async (c: Context, deps: Deps) => {
  await platformOnly(c, deps)
  return c.json(asJson(await declareIncident(deps, parseStrictly(IncidentReport, (await readBody(c)).value))), 201)
}

export const listIncidents = async (c: Context, deps: Deps) => {
  await platformOnly(c, deps)
  const incidents = await allIncidents(deps)
  return c.json({
    incidents: incidents.map(({ id, news, endedAt }) => ({
      id,
      endedAt: isoOrNull(endedAt),
      news: news.map(asJson),
    })),
  })
}
