import type { Amount, Command } from '../../complaint/command.ts'
import type { FieldValue } from '../../complaint/step.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { Session, Timeline } from '../../ledger/port.ts'
import { formatId } from '../../link/id.ts'
import type { Preview } from '../../views/merchant/case-context.ts'
import type { actOf } from '../acting.ts'
import { type Body, parse } from '../body.ts'
import type { Deps } from '../deps.ts'
import { dryRun } from '../dry-run.ts'
import { ACT_BODIES } from '../schemas.ts'
import { buyerPage, trackOf } from './case-context.ts'

/** What the buyer would read if this were sent now. Throws the Problem that sending it would meet. */
export const rehearsed = (
  deps: Deps,
  timeline: Timeline,
  person: Session,
  act: ReturnType<typeof actOf>,
  { value }: Body,
): Preview => {
  const now = deps.clock.now()
  const by = { role: 'merchant', auto: false, who: 'preview', name: person.name } as const
  const context = { sought: amountIn(timeline.entries[0]?.fields.remedySoughtAmount) }
  // The schema of an act makes its body; the pairing is lost when both come from a table.
  const command = { act, by, body: parse(ACT_BODIES[act], value), context } as Command
  const entries = dryRun(timeline.entries, command, now)
  const page = buyerPage(deps, timeline)
  const { dictionary } = page
  const view = toComplaintView({ id: formatId(timeline.id), entries, reader: 'buyer', role: 'buyer', now, dictionary })
  return { view, track: { ...trackOf({ page, person, now }, ''), scope: 'act' } }
}

const amountIn = (value: FieldValue | undefined): Amount | undefined =>
  typeof value === 'object' && typeof value.value === 'string' && typeof value.currency === 'string'
    ? { value: value.value, currency: value.currency }
    : undefined
