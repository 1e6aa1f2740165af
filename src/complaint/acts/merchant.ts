import { type CommandOf, meetsSought, type Refusal, type RemedyOffer, refuse } from '../command.ts'
import type { Complaint } from '../complaint.ts'
import type { NewStep } from '../step.ts'
import { isMoney, type Role } from '../words.ts'
import { appealedSeq, checkPromise, inState, mayAppeal, privateTerms, publicTerms, type Rules, step } from './act.ts'

const MERCHANT = ['merchant'] as const

const mayRespond = (c: Complaint): Refusal | null => {
  if (c.state === 'awaiting_merchant') return null
  const refusal = inState(c, 'awaiting_buyer', 'platform_review')
  if (refusal) return refusal
  if (c.review?.enforcement && c.state === 'platform_review') return refuse('merits_settled')
  return c.offerImprovements >= c.policy.limits.better_offers.count ? refuse('offer_limit') : null
}

/** An apology alone, where money was sought, counts as a rejection (rule 11). */
const isEmptyOffer = (c: Complaint, offer: RemedyOffer): boolean =>
  offer.kind === 'apology' && c.sought !== null && isMoney(c.sought.kind)

const respond = (c: Complaint, command: CommandOf<'responses'>, now: number): NewStep | Refusal => {
  const { by, body, context } = command
  const offer = body.answer === 'offer' ? body.offer : undefined
  const content = { statement: body.statement, ...privateTerms('offer', offer) }
  if (!offer || isEmptyOffer(c, offer)) return reject(c, command, now)
  const tooLate = checkPromise(c.policy, offer.kind, offer.by, now)
  if (tooLate) return tooLate
  const met = meetsSought(offer, c.sought, context?.sought)
  // A merchant can bind only itself: whatever was sent, the offer is owed by the merchant.
  const terms = publicTerms({ ...offer, owedBy: 'merchant' }, offer.by)
  if (by.auto && !met) return step('automated_reply', by, now, { answer: 'offer', offer: terms }, content)
  return step('merchant_responded', by, now, { answer: 'offer', offer: { ...terms, meetsSought: met } }, content)
}

const reject = (c: Complaint, { by, body }: CommandOf<'responses'>, now: number): NewStep | Refusal => {
  const p = { answer: 'reject', ground: body.ground ?? 'other' } as const
  const content = { statement: body.statement }
  if (by.auto) return step('automated_reply', by, now, p, content)
  return c.state === 'awaiting_merchant' ? step('merchant_responded', by, now, p, content) : refuse('wrong_state')
}

export const merchantActs: Rules<'responses' | 'return-receipt' | 'return-disputes' | 'appeals'> = {
  responses: { by: MERCHANT, check: mayRespond, apply: respond },
  'return-receipt': {
    by: MERCHANT,
    check: c => inTransit(c) ?? (c.receivedAt === null ? null : refuse('already_asked')),
    apply: (_c, { by, body }, now) => step('return_received', by, now, {}, { text: body.text }),
  },
  'return-disputes': {
    by: MERCHANT,
    check: c => inTransit(c) ?? (c.returnDisputed ? refuse('dispute_used') : null),
    apply: (_c, { by, body }, now) => step('return_disputed', by, now, {}, { reason: body.reason }),
  },
  appeals: {
    by: MERCHANT,
    check: (c, _role: Role, now) => mayAppeal(c, 'merchant', now),
    apply: (c, { by, body }, now) =>
      step('appealed', by, now, { joined: c.state === 'appeal_review', of: appealedSeq(c) }, { reason: body.reason }),
  },
}

const inTransit = (c: Complaint): Refusal | null =>
  inState(c, 'fulfilment') ?? (c.shippedAt === null ? refuse('wrong_state') : null)
