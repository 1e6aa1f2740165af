import { type Refusal, refuse } from '../command.ts'
import { type Complaint, isOwed } from '../complaint.ts'
import { afterWorkingDays, clauseIn, interimCap, isHourClause, lengthOf, timeOf } from '../deadlines/policy.ts'
import { isMoney, isOpen, type RemedyKind, type Role } from '../words.ts'
import { fileFields, inState, type Rules, step, whileOpen } from './act.ts'

const SELLER_SIDE = ['merchant', 'platform', 'supervisor'] as const

/**
 * Late fulfilment, in the review that the miss began. After a dispute the platform may prove again what it owes, but
 * not after the buyer's silence about that proof: the two would alternate without end.
 */
const mayFulfilLate = (c: Complaint): boolean =>
  c.state === 'platform_review' && (c.review?.cause === 'missed' || (isOwed(c) && c.review?.cause !== 'unreached'))

/** By the party that owes it; by a merchant before any remedy was agreed; or late. */
const mayFulfil = (c: Complaint, role: Role): Refusal | null => {
  const refusal = mayFulfilLate(c) ? null : inState(c, 'awaiting_merchant', 'fulfilment')
  if (refusal) return refusal
  return role === 'merchant' && c.remedy?.owedBy === 'platform' ? refuse('not_holder') : null
}

const holds = (c: Complaint, role: Role): boolean =>
  c.holder === role || (c.holder === 'both' && (role === 'buyer' || role === 'merchant'))

const mayExtend = (c: Complaint, role: Role, now: number): Refusal | null => {
  const closed = whileOpen(c)
  if (closed) return closed
  if (!holds(c, role) || c.due === null || now >= c.due) return refuse('not_holder')
  return c.extended || c.missed > 0 ? refuse('already_extended') : null
}

/** The latest date of an extension: the state's own time once more, without what a surge added. */
export const latestExtension = (c: Complaint, due: number): number => {
  const { policy, rule, remedy } = c
  if (c.state === 'appeal_review') {
    // `due` is a midnight: the day that ends there is day zero.
    return afterWorkingDays(due - 1, policy.times.appeal_review.workingDays, policy.calendar)
  }
  const clause = clauseIn(policy, rule) ?? promiseClause(remedy?.kind)
  return due + (isHourClause(clause) ? timeOf(policy, clause) : 0)
}
const promiseClause = (kind: RemedyKind | undefined) =>
  kind && isMoney(kind) ? 'fulfilment_money' : 'fulfilment_goods'

/** By the holder, and by the platform where the buyer is waited for; once the cap lets a report put off the end. */
const mayReport = (c: Complaint, role: Role, now: number): Refusal | null => {
  const closed = whileOpen(c)
  if (closed) return closed
  const onBehalf = (c.holder === 'buyer' || c.holder === 'both') && role !== 'merchant'
  if (c.holder !== role && !onBehalf) return refuse('not_holder')
  return c.total === null || c.total >= now + interimCap(c.policy) ? refuse('wrong_state') : null
}

/** While the complaint is open, as often as the policy lets this side ask; the holder and all other clocks stay. */
const mayAskOutside = (c: Complaint, role: Role): Refusal | null => {
  const { statements } = c.policy
  if (!isOpen(c.state)) return refuse('closed')
  if (statements === undefined) return refuse('wrong_state')
  const asked = c.statementsAsked[role === 'merchant' ? 'merchant' : 'platform']
  return asked < statements.count ? null : refuse('statement_limit')
}

type SharedAct =
  | 'messages'
  | 'evidence'
  | 'fulfilment'
  | 'extensions'
  | 'interim-reports'
  | 'statements-requests'
  | 'statements'

export const sharedActs: Rules<SharedAct> = {
  messages: {
    by: ['buyer', ...SELLER_SIDE],
    check: whileOpen,
    apply: (_c, { by, body }, now) =>
      step(
        'message_added',
        by,
        now,
        { files: body.files?.length ?? 0 },
        { text: body.text, ...fileFields(body.files) },
      ),
  },
  evidence: {
    by: ['buyer', ...SELLER_SIDE],
    check: whileOpen,
    apply: (c, { by, body }, now) => {
      const outside = by.role === 'buyer' || by.role === 'merchant'
      const asked = outside && (c.evidenceFrom === by.role || c.evidenceFrom === 'both')
      const p = { asked, files: body.files?.length ?? 0 }
      return step('evidence_supplied', by, now, p, { text: body.text, ...fileFields(body.files) })
    },
  },
  fulfilment: {
    by: SELLER_SIDE,
    check: mayFulfil,
    apply: (_c, { by, body }, now) =>
      step(
        'fulfilled',
        by,
        now,
        { files: body.files?.length ?? 0 },
        {
          statement: body.statement,
          proof: body.proof,
          ...fileFields(body.files),
        },
      ),
  },
  'interim-reports': {
    by: SELLER_SIDE,
    check: mayReport,
    apply: (c, { by, body }, now) => {
      if (c.total === null || body.due <= Math.max(now, c.total)) return refuse('date_not_later')
      if (body.due > now + interimCap(c.policy)) return refuse('date_beyond_cap')
      return step('interim_reported', by, now, { due: body.due, firstDue: c.total }, { reason: body.reason })
    },
  },
  'statements-requests': {
    by: SELLER_SIDE,
    check: mayAskOutside,
    apply: (c, { by, body }, now) => {
      const { statements } = c.policy
      if (statements === undefined) return refuse('wrong_state')
      const p = { party: body.party, due: now + lengthOf(statements) }
      return step('statement_requested', by, now, p, { request: body.request })
    },
  },
  statements: {
    by: ['third_party'],
    check: c => (c.statements.length > 0 ? null : refuse('no_statement')),
    apply: (c, { by, body }, now) => {
      const asked = c.statements.find(({ of }) => of === body.of)
      if (asked === undefined) return refuse('no_statement')
      const p = { party: asked.party, of: asked.of, files: body.files?.length ?? 0 }
      return step('statement_given', by, now, p, { text: body.text, ...fileFields(body.files) })
    },
  },
  extensions: {
    by: SELLER_SIDE,
    check: mayExtend,
    apply: (c, { by, body }, now) => {
      if (c.due === null || body.due <= c.due) return refuse('date_not_later')
      if (body.due > latestExtension(c, c.due)) return refuse('date_beyond_cap')
      return step('deadline_extended', by, now, { due: body.due, firstDue: c.due }, { reason: body.reason })
    },
  },
}
