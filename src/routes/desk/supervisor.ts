import type { Context } from 'hono'
import { replay } from '../../complaint/view/timeline.ts'
import type { InboxQuery, Timeline } from '../../ledger/port.ts'
import type { DeskPage } from '../../views/desk/context.ts'
import { type Escalation, supervisorPage } from '../../views/desk/supervisor.ts'
import type { Deps } from '../deps.ts'
import type { Signed } from '../signin/session.ts'
import { caseOf, officerOf, readTimeline } from './case.ts'
import { contactsOf, saveDeskContact } from './contacts.ts'
import { deskPageOf } from './page.ts'
import { soonest } from './queue.ts'

const SHOWN = 60

/** What supervisors hold, what officers are late with, and where the desks' reminders go. */
export const showSupervision = async (c: Context<Signed>, deps: Deps) =>
  c.html(await draw(c, deps, { saved: c.req.query('done') === 'saved', back: null }))

export const saveContact = async (c: Context<Signed>, deps: Deps) => {
  const back = await saveDeskContact(c, deps)
  if (back) return c.html(await draw(c, deps, { saved: false, back }), 422)
  return c.redirect('/desk/supervisor?done=saved', 303)
}

const draw = async (c: Context<Signed>, deps: Deps, left: Parameters<typeof contactsOf>[2]): Promise<string> => {
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
  return String(supervisorPage({ held, overdue }, page, await contactsOf(deps, page, left)))
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
