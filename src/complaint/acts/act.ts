// Rules of acts: the shape of a rule, the step that it makes, and the conditions that several rules share.

import { type Act, type Actor, type CommandOf, type Refusal, type RemedyOffer, refuse } from '../command.ts'
import type { Complaint } from '../complaint.ts'
import { lengthOf, type PolicyDocument } from '../deadlines/policy.ts'
import { isHeld } from '../deadlines/retention.ts'
import type { Fields, NewStep, NewStepOf, Params, RemedyTerms } from '../step.ts'
import { isMoney, isOpen, type RemedyKind, type Role, type State, type StepKind } from '../words.ts'

/** Decision table: one rule for each act says whose it is, when it may be done, and which step it makes. */
export interface Rule<A extends Act> {
  by: readonly Role[]
  /** Null when the act is open to this role now, whatever it will say. */
  check(c: Complaint, role: Role, now: number): Refusal | null
  apply(c: Complaint, command: CommandOf<A>, now: number): NewStep | Refusal
}
export type Rules<A extends Act> = { [K in A]: Rule<K> }

/** A step that takes effect as it is appended. A named actor is disclosed as its operator. */
export const step = <K extends StepKind>(
  kind: K,
  { role, auto, who, name }: Actor,
  now: number,
  p: Params[K],
  texts: Fields = {},
): NewStepOf<K> => {
  const content = name === undefined ? texts : { ...texts, operator: name }
  return { kind, by: role, auto, who, at: now, on: now, p, content }
}

export const whileOpen = (c: Complaint): Refusal | null => (isOpen(c.state) ? null : refuse('closed'))

/** Refuses with `closed` after the end and `wrong_state` before it. */
export const inState = (c: Complaint, ...states: State[]): Refusal | null =>
  states.includes(c.state) ? null : (whileOpen(c) ?? refuse('wrong_state'))

export const always = (): null => null

/** A legal hold stops every erasure, also the request of one: its answer names the hold. */
export const unlessHeld = (c: Complaint, _role: Role, now: number): Refusal | null =>
  isHeld(c, now) ? refuse('legal_hold') : null

/** Numbered `file1` to `file10`: each is a disclosure of its own, so that one can be erased and the others stay. */
export const fileFields = (files: readonly object[] = []): Fields =>
  Object.fromEntries(files.map((file, i) => [`file${i + 1}`, { ...file }]))

/** A promised or ruled date lies in the future and within the policy's cap (rule 7). */
export const checkPromise = (
  policy: PolicyDocument,
  kind: RemedyKind,
  by: number | undefined,
  now: number,
): Refusal | null => {
  if (by === undefined) return null
  if (by <= now) return refuse('date_not_later')
  const cap = isMoney(kind) ? policy.caps.promise_money : policy.caps.promise_goods
  return by > now + lengthOf(cap) ? refuse('date_beyond_cap') : null
}

/** The public part of a remedy. */
export const publicTerms = (remedy: RemedyOffer, by: number | undefined): RemedyTerms => ({
  kind: remedy.kind,
  owedBy: remedy.owedBy ?? 'merchant',
  ...(by !== undefined && { by }),
  ...(remedy.freightPaidBy && { freightPaidBy: remedy.freightPaidBy }),
})

/** The private part, each a field of its own. */
export const privateTerms = (prefix: 'offer' | 'remedy', remedy: RemedyOffer | undefined) => ({
  [`${prefix}Amount`]: remedy?.amount && { ...remedy.amount },
  [`${prefix}ReturnTo`]: remedy?.returnTo,
})

/** Half-open: the end of the window is outside it. */
export const within = (from: number | null, window: { hours: number }, now: number): boolean =>
  from !== null && now < from + lengthOf(window)

/** One appeal for each party, and its answer is final for both (rules 1 and 9). */
export const mayAppeal = (c: Complaint, party: 'buyer' | 'merchant', now: number): Refusal | null => {
  if (c.state === 'appeal_review') return c.appeals[party] ? refuse('appeal_used') : null
  if (c.final || c.appeals[party]) return refuse('appeal_used')
  if (c.state === 'refused')
    return party === 'buyer' ? withinAppealWindow(c, c.refusal?.at ?? null, now) : refuse('wrong_state')
  const ruled = c.state === 'closed_ruled' || c.remedy?.source === 'ruling'
  const refusal = ruled
    ? inState(c, 'closed_ruled', 'awaiting_return', 'fulfilment', ...lateAppealStates(party))
    : inState(c)
  return refusal ?? withinAppealWindow(c, c.ruling?.at ?? null, now)
}
/** Once fulfilment is reported or was due, the buyer alone may still appeal. */
const lateAppealStates = (party: 'buyer' | 'merchant') =>
  party === 'buyer' ? (['awaiting_confirmation', 'platform_review'] as const) : []
const withinAppealWindow = (c: Complaint, from: number | null, now: number) =>
  within(from, c.policy.windows.appeal, now) ? null : refuse('appeal_too_late')

/** The ruling or refusal that is appealed against. */
export const appealedSeq = (c: Complaint): number => (c.state === 'refused' ? c.refusal?.seq : c.ruling?.seq) ?? 0
