import { isOverdue } from '../../complaint/complaint.ts'
import { iso } from '../../complaint/time.ts'
import { replay } from '../../complaint/view/timeline.ts'
import type { Timeline } from '../../ledger/port.ts'
import { formatId } from '../../link/id.ts'

/**
 * The event of a step: what happened, where that left the complaint, and where to read the rest. It holds no name, no
 * number and no text: whoever needs those asks the API, which knows who asks. Null for a step that is not there.
 */
export const eventOf = ({ id, entries }: Timeline, seq: number, baseUrl: string): object | null => {
  const moment = replay(entries.slice(0, seq + 1)).at(seq)
  if (!moment) return null
  const { step } = moment.entry
  const { state, holder, due } = moment.after
  return {
    type: `complaint.${step.kind}`,
    timestamp: iso(step.at),
    data: {
      complaint: {
        id: formatId(id),
        state,
        holder,
        due: due === null ? null : iso(due),
        overdue: isOverdue(moment.after, step.at),
      },
      step: { seq, kind: step.kind, by: step.by, automated: step.auto, at: iso(step.at), on: iso(step.on) },
      url: `${baseUrl}/api/v1/complaints/${formatId(id)}`,
    },
  }
}

/** The same for every attempt, so that a receiver knows what it has seen (Standard Webhooks, `webhook-id`). */
export const eventId = (complaint: number, seq: number, hook: string): string =>
  `msg_${formatId(complaint)}_${seq}_${hook}`
