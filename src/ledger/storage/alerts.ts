import { and, asc, eq, isNull } from 'drizzle-orm'
import { alerts } from '../../../db/schema.ts'
import type { Complaint } from '../../complaint/complaint.ts'
import type { PolicyDocument } from '../../complaint/deadlines/policy.ts'
import { isErased } from '../../complaint/deadlines/retention.ts'
import type { Step } from '../../complaint/step.ts'
import type { Alert } from '../contract/ledger.ts'
import type { Db } from '../host.ts'
import { placeholders, value } from './write-statements.ts'

/** What of step `seq` asks for an officer's eye although it moves no state; its rows are committed with the step. */
export const alertsOf = (step: Step, seq: number, { policy, unsigned }: Complaint): Alert['kind'][] => {
  const kind = alertOf(step, policy)
  return [...(kind === null ? [] : [kind]), ...(unsigned === seq ? (['unsigned_act'] as const) : [])]
}

const alertOf = (step: Step, policy: PolicyDocument): Alert['kind'] | null => {
  switch (step.kind) {
    case 'conduct_reported':
    case 'redaction_requested':
    case 'human_requested':
      return step.kind
    case 'total_missed':
      return step.kind
    case 'nudged':
      return step.p.count >= (policy.nudges?.count ?? Number.POSITIVE_INFINITY) ? 'nudged' : null
    case 'withdrawn':
      return step.p.ground === 'asked_by_merchant' ? 'asked_by_merchant' : null
    default:
      return null
  }
}

/** Alerts that this step was the answer to: the fields were erased or kept, a human of the platform wrote, the buyer signed. */
export const settledBy = (
  { by, auto, kind }: Step,
  before: Complaint | null,
  { redactionsAsked, redacted, redactionsRefused, unsigned }: Complaint,
): Alert['kind'][] => {
  const isRefused = (asked: { seq: number; field: string }) =>
    redactionsRefused.some(({ seq, field }) => seq === asked.seq && field === asked.field)
  const all = redactionsAsked.every(asked => isErased({ redacted }, asked.seq, asked.field) || isRefused(asked))
  const human = (by === 'platform' || by === 'supervisor') && !auto && kind !== 'handoff_offered'
  return [
    ...((kind === 'redacted' || kind === 'redaction_refused') && all ? (['redaction_requested'] as const) : []),
    ...(human && before?.humanRequested ? (['human_requested'] as const) : []),
    ...(before !== null && before.unsigned !== null && unsigned === null ? (['unsigned_act'] as const) : []),
  ]
}

const { id, complaint, seq, kind, at } = alerts

/** Alerts that no officer has resolved yet. */
export const openAlerts = (db: Db) => {
  const open = db
    .select({ id, complaint, seq, kind, at })
    .from(alerts)
    .where(isNull(alerts.settledAt))
    .orderBy(asc(at), asc(id))
    .limit(value('limit'))
    .prepare()
  const resolve = db
    .update(alerts)
    .set(placeholders<typeof alerts.$inferInsert>('settledBy', 'settledAt'))
    .where(and(eq(id, value('id')), isNull(alerts.settledAt)))
    .prepare()
  const same = db
    .select({ id })
    .from(alerts)
    .where(and(eq(complaint, value('complaint')), eq(kind, value('kind')), isNull(alerts.settledAt)))
    .limit(1)
    .prepare()
  return {
    /** Whether such an alert is open: one link must not flood the officers with copies of it. */
    isOpen: (of: number, what: Alert['kind']): boolean => same.get({ complaint: of, kind: what }) !== undefined,
    // What `alertOf` wrote.
    open: (limit: number) => open.all({ limit }) as Alert[],
    /** A second call changes nothing. */
    resolve: (of: number, officer: string, now: number): void =>
      void resolve.run({ id: of, settledBy: officer, settledAt: now }),
  }
}
