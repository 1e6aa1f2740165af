import type { Context } from 'hono'
import { latestExtension } from '../../complaint/acts/shared.ts'
import type { Complaint } from '../../complaint/complaint.ts'
import { interimCap } from '../../complaint/deadlines/policy.ts'
import { EVERY_FIELD, keptBy, unansweredErasures } from '../../complaint/deadlines/retention.ts'
import { actionsFor } from '../../complaint/decide.ts'
import { ERASABLE_FIELDS } from '../../complaint/step.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import { type Entry, replay } from '../../complaint/view/timeline.ts'
import { isFile } from '../../complaint/view/visibility.ts'
import type { Person, Timeline } from '../../ledger/contract/ledger.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { formatId } from '../../link/id.ts'
import type { Assignment, Case, DeskPage } from '../../views/desk/context.ts'
import { consolePageOf, hereOf } from '../console.ts'
import { askAll, type Deps, ledgerOf } from '../deps.ts'
import { Problem } from '../problem.ts'
import { libraryOf } from '../rules.ts'
import type { Signed } from '../signin/session.ts'

/** A page of the desk with the whole identity of its reader; views need a name and a role alone. */
export interface SignedDeskPage extends DeskPage {
  person: Pick<Session, 'role' | 'name' | 'subject'>
}

export const readTimeline = async (deps: Deps, id: number, reader?: Person): Promise<Timeline> => {
  const timeline = await ledgerOf(deps, id).read(id, undefined, reader)
  if (!timeline) throw new Problem('not_found')
  return timeline
}

/** The text behind an officer's own tag; the log itself has no names. */
export const officerOf = (entries: readonly Entry[], who: string | null): string | null => {
  if (who === null) return null
  const named = entries.findLast(({ step, fields }) => step.who === who && typeof fields.officer === 'string')
  return typeof named?.fields.officer === 'string' ? named.fields.officer : null
}

const plain = (desk: string): string => decodeURIComponent(desk)

const standingOf = ({ entries, ownTags = [] }: Timeline, c: Complaint): Assignment => ({
  officer: officerOf(entries, c.officer),
  isMine: c.officer !== null && ownTags.includes(c.officer),
  desk: c.desk === null ? null : plain(c.desk),
  offeredTo: c.handoff === null ? null : plain(c.handoff.desk),
})

const OF_PEOPLE = ['operator', 'buyerName', 'buyerPhone', 'orderId', 'offerReturnTo', 'remedyReturnTo']
const isErasable = (field: string): boolean =>
  ERASABLE_FIELDS.includes(field) || OF_PEOPLE.includes(field) || isFile(field)

/** What the form that erases lists, at most; what was asked for comes first. */
const ERASABLE = 200

/** What is still there to be erased, newest step first, with who asked; all of it first, where that can be or was asked for. */
const erasableIn = (entries: readonly Entry[], c: Complaint, { person, now }: DeskPage): Case['erasable'] => {
  const whole = unansweredErasures(c).flatMap(({ seq, field, by }) =>
    field === EVERY_FIELD ? [{ seq, field, askedBy: [by] }] : [],
  )
  const mayEraseAll = person.role === 'supervisor' && keptBy(c, now) === null
  const askedBy = whole.flatMap(each => each.askedBy)
  const all = [
    ...(mayEraseAll ? [{ seq: c.seq, field: EVERY_FIELD, askedBy }] : []),
    ...whole,
    ...erasableFields(entries, c),
  ]
  return all.length <= ERASABLE ? all : all.toSorted((a, b) => b.askedBy.length - a.askedBy.length).slice(0, ERASABLE)
}

const erasableFields = (entries: readonly Entry[], { redactionsAsked }: Complaint): Case['erasable'] =>
  entries.toReversed().flatMap(({ seq, fields }) =>
    Object.keys(fields)
      .filter(isErasable)
      .map(field => {
        const asked = redactionsAsked.filter(each => each.seq === seq && each.field === field)
        return { seq, field, askedBy: asked.map(({ by }) => by) }
      }),
  )

/** A complaint as this person has it on the desk. */
export const caseOf = (timeline: Timeline, page: DeskPage): Case => {
  const { id, entries, ownTags = [], loss } = timeline
  const { dictionary, now, person } = page
  const as = { reader: 'platform', role: person.role } as const
  const view = toComplaintView({ id: formatId(id), entries, ...as, now, dictionary, loss })
  const complaint = replay(entries).at(-1)?.after
  if (!complaint) throw new Problem('not_found')
  return {
    view,
    complaint,
    standing: standingOf(timeline, complaint),
    ruledByMe: complaint.ruledBy.some(who => ownTags.includes(who)),
    erasable: erasableIn(entries, complaint, page),
    latestEnd: now + interimCap(complaint.policy),
    latestExtension: mayExtend(complaint, page) ? latestExtension(complaint, complaint.due ?? 0) : null,
  }
}

const mayExtend = (c: Complaint, { person, now }: DeskPage): boolean =>
  person.role !== 'merchant' && actionsFor(c, person.role, now).includes('extensions')

const COUNTED = 99

/** What every page of the desk is drawn with. */
export const deskPageOf = async (c: Context<Signed>, deps: Deps): Promise<SignedDeskPage> => {
  const { name, role, subject } = c.var.person
  const { answers: waiting, silent } = await askAll(deps.ledgers, ledger => ledger.alerts(COUNTED))
  return {
    ...consolePageOf(c, deps),
    person: { name, role, subject },
    now: deps.clock.now(),
    alerts: waiting.reduce((sum, alerts) => sum + alerts.length, 0),
    silent,
    here: hereOf(c),
  }
}

/** Of a page with a form of a ruling: it cites the rule library. */
export const rulingPageOf = async (c: Context<Signed>, deps: Deps): Promise<SignedDeskPage> => {
  const [page, library] = await Promise.all([deskPageOf(c, deps), libraryOf(deps)])
  return { ...page, library }
}
