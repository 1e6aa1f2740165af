// The fold (evolve of decide/evolve): the complaint as a projection of its steps. Pure and total. It reads the public
// part of a step alone, so that a timeline still folds after its texts were erased.

import { blank, type Complaint, isUnsignedThoughBound } from './complaint.ts'
import { lengthOf, type Policy } from './deadlines/policy.ts'
import { EVERY_FIELD } from './deadlines/retention.ts'
import { isAboutDevices, isDecisive, type Params, type RemedyTerms, type Step, type StepOf } from './step.ts'
import {
  afterReceipt,
  afterShipment,
  close,
  missReview,
  pause,
  resume,
  toAppeal,
  toBuyer,
  toConfirmation,
  toMerchant,
  toRemedy,
  toReview,
  toSupervisedReview,
} from './transitions.ts'
import { isOpen, isReview, needsReturn } from './words.ts'

const begin = (step: StepOf<'submitted'>, policy: Policy): Complaint => {
  const c = toMerchant(
    {
      ...blank,
      policy,
      openedAt: step.on,
      category: step.p.category,
      sought: step.p.remedySought ?? null,
      keys: step.p.device ? [step.p.device] : [],
    },
    step,
  )
  return wholeCase(c, step)
}

const respond = (c: Complaint, step: StepOf<'merchant_responded'>): Complaint => {
  const { offer } = step.p
  const answered: Complaint = {
    ...c,
    answer: offer ? 'offer' : 'rejection',
    offer: offer ? { ...offer, seq: c.seq } : null,
  }
  if (c.state !== 'awaiting_merchant') return { ...answered, offerImprovements: c.offerImprovements + 1 }
  if (offer?.meetsSought && !needsReturn(offer.kind)) return toRemedy(answered, step, terms(offer), 'offer')
  return toBuyer(answered, step)
}

const terms = ({ kind, owedBy, by, freightPaidBy }: NonNullable<Params['merchant_responded']['offer']>) => ({
  kind,
  owedBy,
  ...(by !== undefined && { by }),
  ...(freightPaidBy && { freightPaidBy }),
})

const acceptOffer = (c: Complaint, step: Step): Complaint => (c.offer ? toRemedy(c, step, terms(c.offer), 'offer') : c)

const refuseOffer = (c: Complaint, step: Step): Complaint => {
  const refused: Complaint = { ...c, offer: null }
  return c.state === 'awaiting_buyer' ? toReview(refused, step, 'offer_refused') : refused
}

const assignOfficer = (c: Complaint, step: StepOf<'officer_assigned'>): Complaint => ({
  ...toSupervisorAfter(c, step.p.handoff ? c.handoffs + 1 : c.handoffs),
  officer: step.who,
  assigned: true,
  handoff: null,
  desk: step.p.desk ?? c.desk,
})

/** The third handoff goes to a supervisor; no clock moves (rule 6). */
const toSupervisorAfter = (c: Complaint, handoffs: number): Complaint => {
  if (handoffs < c.policy.limits.handoffs.count) return { ...c, handoffs }
  if (c.paused) return { ...c, handoffs, paused: { ...c.paused, holder: 'supervisor' } }
  return { ...c, handoffs, holder: 'supervisor' }
}

const supplyEvidence = (c: Complaint, step: StepOf<'evidence_supplied'>): Complaint => {
  if (!step.p.asked || (step.by !== 'buyer' && step.by !== 'merchant')) return c
  if (c.evidenceFrom !== 'both') return resume(c, step)
  const left = step.by === 'buyer' ? 'merchant' : 'buyer'
  return { ...c, evidenceFrom: left, holder: left }
}

const applyRuling = (c: Complaint, step: StepOf<'ruled'>): Complaint => {
  const { outcome, remedy, enforcement } = step.p
  // A new date for a ruled remedy opens no new appeal window; a ruling that ends without a remedy does.
  const dated = enforcement && remedy !== undefined
  const ruling = dated && c.ruling ? c.ruling : { seq: c.seq, at: step.at, who: step.who, outcome }
  // A disputed return is not a missed date: it comes once for each parcel, and uses up no new date.
  const enforced = dated && c.review?.cause !== 'return_disputed' ? c.enforced + 1 : c.enforced
  return conclude({ ...c, ruling, ruledBy: ruledBy(c, step), enforced }, step, remedy)
}

const ruledBy = (c: Complaint, step: Step): string[] => (step.who === null ? c.ruledBy : [...c.ruledBy, step.who])

const conclude = (c: Complaint, step: Step, remedy: RemedyTerms | undefined): Complaint =>
  remedy ? toRemedy(c, step, remedy, 'ruling') : close({ ...c, remedy: null }, step, 'closed_ruled')

const appeal = (c: Complaint, step: StepOf<'appealed'>): Complaint => {
  const appeals = { ...c.appeals, [step.by]: true }
  if (step.p.joined) return { ...c, appeals }
  return toAppeal({ ...c, appeals }, step, c.state === 'refused' ? 'refusal' : 'ruling')
}

const answerAppeal = (c: Complaint, step: StepOf<'appeal_ruled'>): Complaint => {
  const { outcome, remedy, granted } = step.p
  const answered: Complaint = { ...c, appealing: null, ruledBy: ruledBy(c, step) }
  if (granted) return { ...toMerchant(answered, step), officer: null }
  const ruling = { seq: c.seq, at: step.at, who: step.who, outcome }
  return conclude({ ...answered, final: true, ruling, enforced: 0 }, step, remedy)
}

const refuseComplaint = (c: Complaint, step: StepOf<'refused'>): Complaint =>
  close({ ...c, refusal: { seq: c.seq, at: step.at, who: step.who }, ruledBy: ruledBy(c, step) }, step, 'refused')

/** The state decides where a missed deadline leads; the next clock starts at the missed instant (`step.on`). */
const missDeadline = (c: Complaint, step: StepOf<'deadline_missed'>): Complaint => {
  if (step.p.lapses) return { ...c, missed: c.missed + 1 }
  switch (c.state) {
    case 'platform_review':
    case 'appeal_review':
      return missReview(c, step)
    case 'fulfilment':
      return c.remedy?.owedBy === 'platform' ? toSupervisedReview(c, step) : toReview(c, step, 'missed')
    case 'awaiting_merchant':
      return toReview(c, step, 'silence')
    default:
      return toReview(c, step, 'unreached')
  }
}

const reopen = (c: Complaint, step: StepOf<'reopened'>): Complaint =>
  toReview({ ...c, reopened: { ...c.reopened, [step.p.after]: true } }, step, 'reopened')

/** Under a policy that asks for the vendors' proofs a notice without one leads to no lapse. */
const countsAsNotice = ({ enteredSeq, policy }: Complaint, { p }: StepOf<'notice_sent'>): boolean =>
  p.to === 'buyer' && p.stay === enteredSeq && (p.proof === true || policy.lapse.proofs !== true)

const recordNotice = (c: Complaint, step: StepOf<'notice_sent'>): Complaint => ({
  ...c,
  notices: countsAsNotice(c, step) ? [...c.notices, step.at] : c.notices,
  oldLinkEpoch: step.p.link === c.linkEpoch ? null : c.oldLinkEpoch,
})

/** Link rotation: the last link that was delivered works until the new one is, unless the old one was stolen. */
const rotateLink = (c: Complaint, { p }: StepOf<'link_rotated'>): Complaint => ({
  ...c,
  linkEpoch: p.epoch,
  oldLinkEpoch: p.theft ? null : (c.oldLinkEpoch ?? c.linkEpoch),
  shared: null,
})

/** In a review the last one that the policy allows its desks makes a supervisor the holder; no clock moves. */
const nudge = (c: Complaint, { on }: Step): Complaint => {
  const nudged = { ...c, nudges: c.nudges + 1, nudgedAt: on }
  const isUp = isReview(c.state) && c.policy.nudges !== undefined && nudged.nudges >= c.policy.nudges.count
  return isUp ? { ...nudged, holder: 'supervisor' } : nudged
}

const askSide = (by: Step['by']) => (by === 'merchant' ? 'merchant' : 'platform')

/** The holder stays, and so does their clock: a third party's runs beside it. */
const requestStatement = (c: Complaint, { by, p }: StepOf<'statement_requested'>): Complaint => ({
  ...c,
  statements: [...c.statements, { of: c.seq, ...p }],
  statementsAsked: { ...c.statementsAsked, [askSide(by)]: c.statementsAsked[askSide(by)] + 1 },
})

const settleStatement = (c: Complaint, { of }: { of: number }): Complaint => ({
  ...c,
  statements: c.statements.filter(each => each.of !== of),
})

const erasureIn = ({ p: { seq, field, basis } }: StepOf<'redacted'>): Complaint['redacted'][number] =>
  field === EVERY_FIELD && basis !== 'retention' ? { seq, field, byPerson: true } : { seq, field }

const requestRedaction = (c: Complaint, step: StepOf<'redaction_requested'>): Complaint => ({
  ...c,
  redactionsAsked: [...c.redactionsAsked, { ...step.p, who: step.who, by: step.by }],
})

/**
 * Folds one step into the complaint. State, holder, due and rule follow from the public part of the steps and from the
 * pinned policy alone, so that an auditor can recompute every due instant from the log.
 * Pass null and a `submitted` step, with its policy, to begin. Throws TypeError for any other beginning.
 */
export const evolve = (complaint: Complaint | null, step: Step): Complaint => {
  if (complaint === null) {
    if (step.kind !== 'submitted' || !step.policy)
      throw new TypeError('a timeline begins with a submission and its policy')
    return begin(step, step.policy)
  }
  const after = fold({ ...complaint, seq: complaint.seq + 1, keys: kept(complaint.keys, step) }, step)
  const clocked = isOpen(complaint.state) === isOpen(after.state) ? after : wholeCase(after, step)
  return authored(clocked, complaint, step)
}

/** Whole-case clock: it runs while the complaint is open, and begins anew when it is opened again. */
const wholeCase = (c: Complaint, step: Step): Complaint => {
  const { total } = c.policy
  return { ...c, total: total && isOpen(c.state) ? step.on + lengthOf(total) : null, totalMissed: false }
}

/** A key that signs before its time is up is not lost: it stays bound. */
const kept = (keys: Complaint['keys'], { signed }: Step): Complaint['keys'] =>
  signed && keys.some(({ key, until }) => key === signed.key && until !== undefined)
    ? keys.map(each => (each.key === signed.key ? { key: each.key, x: each.x, y: each.y } : each))
    : keys

/** A signed act of the buyer shows that they saw what stood there; a further key does not: the operator could bind one. */
const authored = (c: Complaint, before: Complaint, step: Step): Complaint => {
  if (isUnsignedThoughBound(before, step)) return isDecisive(step) ? { ...c, unsigned: c.seq } : c
  const isAnswer = step.by === 'buyer' && step.signed && !isAboutDevices(step)
  return c.unsigned !== null && isAnswer ? { ...c, unsigned: null } : c
}

const fold = (c: Complaint, step: Step): Complaint => {
  switch (step.kind) {
    case 'merchant_responded':
      return respond(c, step)
    case 'offer_accepted':
      return acceptOffer(c, step)
    case 'offer_refused':
      return refuseOffer(c, step)
    case 'escalated':
      return toReview(c, step, 'escalated')
    case 'officer_assigned':
      return assignOfficer(c, step)
    case 'handoff_offered':
      return { ...toSupervisorAfter(c, c.handoffs + 1), handoff: { desk: step.p.desk } }
    case 'handoff_accepted':
      return { ...c, handoff: null, officer: step.who, assigned: true, desk: step.p.desk }
    case 'evidence_requested':
      return step.p.pauses ? pause(c, step, step.p.from) : c
    case 'evidence_supplied':
      return supplyEvidence(c, step)
    case 'evidence_absent':
      return resume(c, step)
    case 'ruled':
      return applyRuling(c, step)
    case 'appealed':
      return appeal(c, step)
    case 'appeal_ruled':
      return answerAppeal(c, step)
    case 'return_shipped':
      return c.remedy ? afterShipment(c, step, c.remedy) : c
    case 'return_received':
      return afterReceipt(c, step)
    case 'return_disputed':
      return { ...toReview(c, step, 'return_disputed'), returnDisputed: true }
    case 'fulfilled':
      return toConfirmation(c, step)
    case 'confirmed':
      return close(c, step, 'closed_confirmed')
    case 'disputed':
      return { ...toReview(c, step, 'disputed'), disputed: true }
    case 'deadline_missed':
      return missDeadline(c, step)
    case 'deadline_extended':
      return { ...c, due: step.p.due, extended: true }
    case 'notice_sent':
      return recordNotice(c, step)
    case 'lapsed':
      return close(c, step, 'closed_lapsed', { after: step.p.after })
    case 'withdrawn':
      return close(c, step, 'closed_withdrawn')
    case 'refused':
      return refuseComplaint(c, step)
    case 'reopened':
      return reopen(c, step)
    case 'human_requested':
      return { ...c, humanRequested: true }
    case 'rated':
      return { ...c, rated: true }
    case 'followed_up':
      return { ...c, followedUp: true }
    case 'link_rotated':
      return rotateLink(c, step)
    case 'link_shared':
      return { ...c, shared: step.p }
    case 'redaction_requested':
      return requestRedaction(c, step)
    case 'redacted':
      return { ...c, redacted: [...c.redacted, erasureIn(step)] }
    case 'redaction_refused':
      return { ...c, redactionsRefused: [...c.redactionsRefused, { seq: step.p.seq, field: step.p.field }] }
    case 'legal_hold_set':
      return { ...c, legalHold: { until: step.p.until ?? null } }
    case 'legal_hold_released':
      return { ...c, legalHold: null }
    case 'nudged':
      return nudge(c, step)
    case 'interim_reported':
      return { ...c, total: step.p.due, totalMissed: false }
    case 'total_missed':
      return { ...c, totalMissed: true }
    case 'statement_requested':
      return requestStatement(c, step)
    case 'statement_given':
    case 'statement_absent':
      return settleStatement(c, step.p)
    case 'key_bound':
      return { ...c, keys: [...c.keys, step.p] }
    case 'key_retired':
      return { ...c, keys: c.keys.map(each => (each.key === step.p.key ? { ...each, until: step.p.until } : each)) }
    case 'submitted':
    case 'automated_reply':
    case 'conduct_reported':
    case 'message_added':
      return c
    default:
      return step satisfies never
  }
}

/** Folds a whole timeline. */
export const foldAll = (steps: readonly Step[]): Complaint | null => steps.reduce<Complaint | null>(evolve, null)
