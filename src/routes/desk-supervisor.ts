import type { Context } from 'hono'
import { replay } from '../complaint/timeline.ts'
import type { InboxQuery, Timeline } from '../ledger/port.ts'
import type { DeskPage } from '../views/desk/context.ts'
import { type Escalation, supervisorPage } from '../views/desk/supervisor.ts'
import type { Deps } from './deps.ts'
import { caseOf, officerOf, readTimeline } from './desk-case.ts'
import { deskPageOf } from './desk-page.ts'
import { soonest } from './desk-queue.ts'
import type { Signed } from './session.ts'

const SHOWN = 60

/** What supervisors hold, and what officers are late with. */
export const showSupervision = async (c: Context<Signed>, deps: Deps) => {
  const page = await deskPageOf(c, deps)
  const escalations = async (query: Pick<InboxQuery, 'holders' | 'overdue'>): Promise<Escalation[]> => {
    const rows = await soonest(deps, { ...query, now: page.now, limit: SHOWN })
    const read = await Promise.all(rows.map(({ id }) => readTimeline(deps, id)))
    return read.map((timeline, i) => escalationOf(timeline, rows[i]?.due ?? page.now, page))
  }
  const [held, overdue] = await Promise.all([
    escalations({ holders: ['supervisor'] }),
    escalations({ holders: ['platform'], overdue: true }),
  ])
  return c.html(String(supervisorPage({ held, overdue }, page)))
}

const escalationOf = (timeline: Timeline, due: number, page: DeskPage): Escalation => {
  const { view, standing } = caseOf(timeline, page)
  return { view, due, standing, misses: missesOf(timeline), desks: desksOf(timeline) }
}

/** Each miss with the officer who had the complaint then. */
const missesOf = ({ entries }: Timeline): Escalation['misses'] =>
  replay(entries).flatMap(({ entry: { step }, before }) => {
    if (step.kind !== 'deadline_missed') return []
    const { party, due } = step.p
    if (party !== 'platform' && party !== 'supervisor') return []
    const officer = party === 'platform' ? officerOf(entries, before?.officer ?? null) : null
    return [{ party, officer, due: new Date(due).toISOString() }]
  })

const desksOf = ({ entries }: Timeline): string[] =>
  entries.flatMap(({ step }) => (step.kind === 'handoff_offered' ? [decodeURIComponent(step.p.desk)] : []))
