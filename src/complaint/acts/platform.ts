import { type Actor, type CommandOf, isOwnTag, type Refusal, refuse } from '../command.ts'
import { type Complaint, isOwed, isStuck } from '../complaint.ts'
import {
  EVERY_FIELD,
  erasableFrom,
  erasedThrough,
  isAllErased,
  isErased,
  isHeld,
  retentionEnd,
  unansweredErasures,
} from '../deadlines/retention.ts'
import type { NewStep, Params } from '../step.ts'
import { checkPromise, inState, privateTerms, publicTerms, type Rules, step, unlessHeld } from './act.ts'

const PLATFORM = ['platform', 'supervisor'] as const

type PlatformAct =
  | 'assignment'
  | 'handoffs'
  | 'handoff-acceptance'
  | 'evidence-requests'
  | 'rulings'
  | 'refusal'
  | 'redactions'
  | 'redaction-refusals'
  | 'legal-holds'
  | 'legal-hold-releases'
  | 'link-rotation'

const inReview = (c: Complaint): Refusal | null => inState(c, 'platform_review', 'appeal_review')

/** Percent-encodes the name of a desk: a leaf is ASCII. */
const deskCode = (desk: string): string => encodeURIComponent(desk.toWellFormed())

/** A policy that lists its desks knows no other: a misspelt one would be a desk without officers, while the clock runs. */
const isDesk = ({ policy: { desks } }: Complaint, name: string): boolean => desks?.includes(name) ?? true

/** Separation of duties: an appeal goes to an officer who did not rule (rule 9). */
const ruledBefore = (c: Complaint, by: Pick<Actor, 'who' | 'ownTags'>): boolean =>
  c.appealing !== null && c.ruledBy.some(tag => isOwnTag(by, tag))

const assign = (c: Complaint, { by, body }: CommandOf<'assignment'>, now: number): NewStep | Refusal => {
  if (ruledBefore(c, by)) return refuse('same_officer')
  if (c.assigned && !body.reason) return refuse('reason_required')
  if (body.desk !== undefined && !isDesk(c, body.desk)) return refuse('unknown_desk')
  const p = { handoff: c.assigned, ...(body.desk !== undefined && { desk: deskCode(body.desk) }) }
  return step('officer_assigned', { ...by, name: undefined }, now, p, { officer: body.officer, reason: body.reason })
}

const accept = (c: Complaint, { by, body }: CommandOf<'handoff-acceptance'>, now: number): NewStep | Refusal => {
  if (c.handoff === null) return refuse('no_handoff')
  if (ruledBefore(c, by)) return refuse('same_officer')
  return step('handoff_accepted', { ...by, name: undefined }, now, { desk: c.handoff.desk }, { officer: body.officer })
}

/** The first two evidence requests pause a review; later ones do not, nor does any after a supervisor's miss. */
const pausesReview = (c: Complaint): boolean =>
  c.review !== null && c.review.pauses < c.policy.limits.pausing_requests.count && !isStuck(c)

/** Enforcement: a missed remedy gets one new date; after that the platform owes it (rule 1). */
const checkEnforcement = (c: Complaint, { remedy }: CommandOf<'rulings'>['body']): Refusal | null => {
  if (!c.review?.enforcement) return null
  if (!remedy) return c.review.cause === 'missed' ? refuse('merits_settled') : null
  if (remedy.kind !== c.remedy?.kind) return refuse('merits_settled')
  if (isOwed(c)) return refuse('remedy_owed')
  const platformOwes = c.enforced === 1 || c.remedy.owedBy === 'platform'
  return platformOwes && remedy.owedBy !== 'platform' ? refuse('platform_owes') : null
}

const checkAppeal = (
  c: Complaint,
  by: Pick<Actor, 'who' | 'ownTags'>,
  { outcome, remedy }: CommandOf<'rulings'>['body'],
): Refusal | null => {
  if (c.state !== 'appeal_review') return null
  if (ruledBefore(c, by)) return refuse('same_officer')
  const restates = outcome === 'for_merchant' || remedy || c.appealing === 'refusal' || c.remedy === null
  return restates ? null : refuse('remedy_required')
}

/** The cited versions, or a refusal where one of them was never adopted. */
const citing = ({ body, context }: CommandOf<'rulings' | 'refusal'>): { cites?: string } | Refusal => {
  if (body.cites?.length && context?.cited === undefined) return refuse('unknown_rule')
  return context?.cited === undefined ? {} : { cites: context.cited }
}

const rule = (c: Complaint, command: CommandOf<'rulings'>, now: number): NewStep | Refusal => {
  const { by, body } = command
  if (by.auto && c.humanRequested) return refuse('human_required')
  const who = by.who ?? c.officer
  if (who === null) return refuse('officer_required')
  const { remedy, outcome, facts, reasons } = body
  const due = body.due ?? remedy?.by
  const refusal =
    checkEnforcement(c, body) ??
    checkAppeal(c, { ...by, who }, body) ??
    (remedy ? checkPromise(c.policy, remedy.kind, due, now) : null)
  if (refusal) return refusal
  const cited = citing(command)
  if ('refused' in cited) return cited
  const actor = { ...by, who, name: undefined }
  const content = { facts, rule: body.rule, reasons, officer: by.name, ...privateTerms('remedy', remedy) }
  const terms = { outcome, ...(remedy && { remedy: publicTerms(remedy, due) }), ...cited }
  if (c.state === 'appeal_review') return step('appeal_ruled', actor, now, appealTerms(c, terms), content)
  return step('ruled', actor, now, { ...terms, enforcement: c.review?.enforcement ?? false }, content)
}

/** A refusal cannot undo a ruling, nor repeat a refusal that an appeal overturned. */
const mayRefuse = (c: Complaint): Refusal | null => {
  const wrongState = inState(c, 'awaiting_merchant', 'platform_review')
  if (wrongState) return wrongState
  if (c.refusal) return refuse('refusal_overturned')
  return c.review?.enforcement ? refuse('merits_settled') : null
}

/** An appeal against a refusal brings no remedy: if it is granted, the merchant answers first. */
const appealTerms = (c: Complaint, terms: Omit<Params['ruled'], 'enforcement'>): Params['appeal_ruled'] => {
  if (c.appealing !== 'refusal') return terms
  const { remedy: _, ...rest } = terms
  return { ...rest, granted: terms.outcome !== 'for_merchant' }
}

const redactionRequests = (c: Complaint, seq: number, field: string) =>
  c.redactionsAsked.filter(request => request.seq === seq && request.field === field)

/** Four-eyes principle: until the appeal window closes, only its author or two supervisors erase a text (rule 13). */
const redactionBasis = (c: Complaint, command: CommandOf<'redactions'>, now: number) => {
  const { by, body, context } = command
  const requests = redactionRequests(c, body.seq, body.field)
  if (requests.some(r => r.by === context?.target?.by)) return 'author'
  if (erasableFrom(c) <= now) return 'window_closed'
  const second = by.role === 'supervisor' && requests.some(r => r.by === 'supervisor' && !isOwnTag(by, r.who))
  return second ? 'supervisors' : null
}

const redact = (c: Complaint, command: CommandOf<'redactions'>, now: number): NewStep | Refusal => {
  const { by, body, context } = command
  const { seq, field, reason } = body
  if (by.who === null || by.auto) return refuse('human_required')
  if (field === EVERY_FIELD) return redactAll(c, command, now)
  if (isErased(c, seq, field)) return refuse('already_redacted')
  if (!context?.target?.fields.includes(field)) return refuse('unknown_step')
  const basis = redactionBasis(c, command, now)
  if (basis) return step('redacted', by, now, { seq, field, basis }, { reason })
  // Of two supervisors the first requests and the second erases.
  if (by.role !== 'supervisor') return refuse('redaction_not_due')
  if (redactionRequests(c, seq, field).some(r => r.by === 'supervisor')) return refuse('already_asked')
  return step('redaction_requested', by, now, { seq, field }, { reason })
}

/** A person's right to erasure (PIPL, article 47): all that an ended complaint says, of every party, by a supervisor. */
const redactAll = (c: Complaint, { by, body }: CommandOf<'redactions'>, now: number): NewStep | Refusal => {
  const { seq, field, reason } = body
  if (by.role !== 'supervisor') return refuse('not_yours')
  if (isAllErased(c)) return refuse('already_redacted')
  if (seq !== c.seq) return refuse('unknown_step')
  if (now < erasableFrom(c)) return refuse('redaction_not_due')
  return step('redacted', by, now, { seq, field, basis: 'window_closed' }, { reason })
}

/** A hold of another end or reason takes the place of the one in force. */
const hold = (_c: Complaint, { by, body: { reason, until } }: CommandOf<'legal-holds'>, now: number) => {
  if (by.auto || by.who === null) return refuse('human_required')
  if (until !== undefined && until <= now) return refuse('date_not_later')
  return step('legal_hold_set', by, now, until === undefined ? {} : { until }, { holdReason: reason })
}

/** Retention: the clock's own erasure of all that an ended complaint says. */
export const expire = (c: Complaint, by: Actor, now: number): NewStep | Refusal => {
  if (isHeld(c, now)) return refuse('legal_hold')
  const end = retentionEnd(c)
  if (end === null || now < end) return refuse('redaction_not_due')
  return step('redacted', by, now, { seq: c.seq, field: EVERY_FIELD, basis: 'retention' })
}

export const platformActs: Rules<PlatformAct> = {
  assignment: {
    by: PLATFORM,
    check: c => inState(c, 'platform_review', 'appeal_review', 'evidence_requested'),
    apply: assign,
  },
  handoffs: {
    by: PLATFORM,
    check: c => inReview(c) ?? (c.holder === 'supervisor' ? refuse('not_holder') : null),
    apply: (c, { by, body }, now) => {
      const { toDesk, reason } = body
      if (!isDesk(c, toDesk)) return refuse('unknown_desk')
      return step('handoff_offered', by, now, { desk: deskCode(toDesk) }, { reason })
    },
  },
  'handoff-acceptance': {
    by: PLATFORM,
    check: c =>
      inState(c, 'platform_review', 'appeal_review', 'evidence_requested') ?? (c.handoff ? null : refuse('no_handoff')),
    apply: accept,
  },
  'evidence-requests': {
    by: PLATFORM,
    check: inReview,
    apply: (c, { by, body }, now) =>
      step('evidence_requested', by, now, { from: body.from, pauses: pausesReview(c) }, { request: body.request }),
  },
  rulings: {
    by: PLATFORM,
    check: c => inReview(c) ?? (isOwed(c) && c.review?.cause === 'missed' ? refuse('remedy_owed') : null),
    apply: rule,
  },
  refusal: {
    by: PLATFORM,
    check: mayRefuse,
    apply: (_c, command, now) => {
      const { by, body } = command
      if (by.auto || by.who === null) return refuse('human_required')
      const cited = citing(command)
      if ('refused' in cited) return cited
      return step('refused', by, now, { ground: body.ground, ...cited }, { facts: body.facts, rule: body.rule })
    },
  },
  redactions: { by: PLATFORM, check: unlessHeld, apply: redact },
  'legal-holds': {
    by: ['supervisor'],
    check: c => (erasedThrough(c) < 0 ? null : refuse('already_redacted')),
    apply: hold,
  },
  'legal-hold-releases': {
    by: ['supervisor'],
    check: (c, _role, now) => (isHeld(c, now) ? null : refuse('no_legal_hold')),
    apply: (_c, { by, body }, now) =>
      by.auto || by.who === null
        ? refuse('human_required')
        : step('legal_hold_released', by, now, {}, { holdReason: body.reason }),
  },
  'redaction-refusals': {
    by: PLATFORM,
    check: c => (unansweredErasures(c).length > 0 ? null : refuse('not_requested')),
    apply: (c, { by, body: { seq, field, reason } }, now) => {
      if (by.who === null || by.auto) return refuse('human_required')
      const asked = unansweredErasures(c).some(each => each.seq === seq && each.field === field)
      return asked ? step('redaction_refused', by, now, { seq, field }, { reason }) : refuse('not_requested')
    },
  },
  'link-rotation': {
    by: PLATFORM,
    check: c => (c.linkEpoch >= 3 ? refuse('rotation_limit') : null),
    apply: (c, { by, body }, now) => {
      const theft = body.reason === 'theft'
      return step('link_rotated', by, now, { epoch: c.linkEpoch + 1, theft }, { reason: body.reason })
    },
  },
}
