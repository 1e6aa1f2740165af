import { type CommandOf, type Refusal, refuse } from '../command.ts'
import { type Complaint, standingKey } from '../complaint.ts'
import { FOLLOW_UP_AFTER, isFollowedUp } from '../deadlines/notices.ts'
import { lengthOf } from '../deadlines/policy.ts'
import { EVERY_FIELD, isAllErased, isErased, unansweredErasures } from '../deadlines/retention.ts'
import { DAY } from '../time.ts'
import { isOpen } from '../words.ts'
import { always, appealedSeq, inState, mayAppeal, type Rules, step, unlessHeld, whileOpen, within } from './act.ts'

const BUYER = ['buyer'] as const

type BuyerAct =
  | 'offer-acceptance'
  | 'offer-refusal'
  | 'escalation'
  | 'dispute'
  | 'appeal'
  | 'reopening'
  | 'return-shipment'
  | 'confirmation'
  | 'human-request'
  | 'nudges'
  | 'withdrawal'
  | 'rating'
  | 'follow-up'
  | 'conduct-report'
  | 'redaction-request'
  | 'share-links'
  | 'device-keys'
  | 'device-key-retirements'

/** An offer can be accepted, also for a while after a lapse (rule 11). */
const mayAccept = (c: Complaint, now: number): Refusal | null => {
  const lapsed = c.state === 'closed_lapsed' && within(c.closedAt, c.policy.windows.offer_after_lapse, now)
  if (!lapsed) {
    const refusal = inState(c, 'awaiting_buyer', 'platform_review')
    if (refusal) return refusal
  }
  return c.offer ? null : refuse('no_offer')
}

const CLOSINGS = {
  closed_confirmed: 'confirmation',
  closed_lapsed: 'lapse',
  closed_withdrawn: 'withdrawal',
} as const
const closingOf = (c: Complaint) =>
  c.state === 'closed_confirmed' || c.state === 'closed_lapsed' || c.state === 'closed_withdrawn'
    ? CLOSINGS[c.state]
    : null

const mayReopen = (c: Complaint, now: number): Refusal | null => {
  const after = closingOf(c)
  if (after === null) return refuse('wrong_state')
  if (c.reopened[after]) return refuse('reopening_used')
  return within(c.closedAt, c.policy.windows.reopening, now) ? null : refuse('reopening_too_late')
}

/** Where buyer or platform said that it is solved, or that it is over: not after a withdrawal or a refusal. */
const mayFollowUp = ({ state, closedAt, followedUp }: Complaint, now: number): Refusal | null => {
  if (closedAt === null || !isFollowedUp(state) || now < closedAt + FOLLOW_UP_AFTER) return refuse('wrong_state')
  return followedUp ? refuse('already_rated') : null
}

/** While another party holds the complaint, once in the policy's hours. */
const mayNudge = ({ state, holder, nudgedAt, policy: { nudges } }: Complaint, now: number): Refusal | null => {
  if (!isOpen(state)) return refuse('closed')
  if (nudges === undefined || holder === 'buyer' || holder === 'both') return refuse('wrong_state')
  return nudgedAt !== null && now < nudgedAt + lengthOf(nudges) ? refuse('nudged_already') : null
}

/** Devices of one buyer; each key costs a leaf, and every reader of the chain reads them all. */
const MAX_KEYS = 8

/** How long a key that is retired by a younger one, or by the digits alone, can still say that it is not lost. */
const RETIREMENT_DELAY = DAY

/**
 * Key retirement: UTC ms from which signatures of `key` no longer count. At once if the key itself or one bound before it signed; a day later
 * otherwise, since a thief who has the link and the digits can only bind a key after it.
 */
const retiredFrom = ({ keys }: Complaint, key: string, signer: string | undefined, now: number): number => {
  const place = (of: string | undefined) => keys.findIndex(each => each.key === of)
  const isSenior = signer !== undefined && place(signer) >= 0 && place(signer) <= place(key)
  return isSenior ? now : now + RETIREMENT_DELAY
}

const wasAsked = ({ redactionsAsked }: Complaint, { seq, field }: CommandOf<'redaction-request'>['body']): boolean =>
  redactionsAsked.some(asked => asked.by === 'buyer' && asked.seq === seq && asked.field === field)

export const buyerActs: Rules<BuyerAct> = {
  'offer-acceptance': {
    by: BUYER,
    check: (c, _role, now) => mayAccept(c, now),
    apply: (c, { by, body }, now) => {
      if (c.offer === null) return refuse('no_offer')
      if (body.offer !== undefined && body.offer !== c.offer.seq) return refuse('offer_changed')
      return step('offer_accepted', by, now, { offer: c.offer.seq })
    },
  },
  'offer-refusal': {
    by: BUYER,
    check: c => inState(c, 'awaiting_buyer', 'platform_review') ?? (c.offer ? null : refuse('no_offer')),
    apply: (_c, { by, body }, now) =>
      step('offer_refused', by, now, body.counter ? { counter: { kind: body.counter.kind } } : {}, {
        reason: body.reason,
        counterAmount: body.counter?.amount && { ...body.counter.amount },
      }),
  },
  escalation: {
    by: BUYER,
    check: c => inState(c, 'awaiting_buyer'),
    apply: (_c, { by, body }, now) => step('escalated', by, now, {}, { reason: body.reason }),
  },
  dispute: {
    by: BUYER,
    check: c => inState(c, 'awaiting_confirmation') ?? (c.disputed ? refuse('dispute_used') : null),
    apply: (_c, { by, body }, now) => step('disputed', by, now, {}, { reason: body.reason }),
  },
  appeal: {
    by: BUYER,
    check: (c, _role, now) => mayAppeal(c, 'buyer', now),
    apply: (c, { by, body }, now) =>
      step('appealed', by, now, { joined: c.state === 'appeal_review', of: appealedSeq(c) }, { reason: body.reason }),
  },
  reopening: {
    by: BUYER,
    check: (c, _role, now) => mayReopen(c, now),
    apply: (c, { by, body }, now) => {
      const after = closingOf(c)
      return after ? step('reopened', by, now, { after }, { reason: body.reason }) : refuse('wrong_state')
    },
  },
  'return-shipment': {
    by: BUYER,
    check: c => inState(c, 'awaiting_return'),
    apply: (_c, { by, body }, now) => step('return_shipped', by, now, {}, { ...body }),
  },
  confirmation: {
    by: BUYER,
    check: whileOpen,
    apply: (_c, { by }, now) => step('confirmed', by, now, {}),
  },
  'human-request': {
    by: BUYER,
    check: c => whileOpen(c) ?? (c.humanRequested ? refuse('already_asked') : null),
    apply: (_c, { by }, now) => step('human_requested', by, now, {}),
  },
  nudges: {
    by: BUYER,
    check: (c, _role, now) => mayNudge(c, now),
    apply: (c, { by }, now) => step('nudged', by, now, { count: c.nudges + 1 }),
  },
  withdrawal: {
    by: BUYER,
    check: whileOpen,
    apply: (_c, { by, body }, now) =>
      step('withdrawn', by, now, { ground: body.ground }, { reason: body.reason || undefined }),
  },
  rating: {
    by: BUYER,
    check: c => (c.closedAt === null ? refuse('wrong_state') : c.rated ? refuse('already_rated') : null),
    apply: (_c, { by, body }, now) => step('rated', by, now, { score: body.score }, { text: body.text }),
  },
  'follow-up': {
    by: BUYER,
    check: (c, _role, now) => mayFollowUp(c, now),
    apply: (_c, { by, body }, now) => step('followed_up', by, now, { solved: body.solved }),
  },
  'conduct-report': {
    by: BUYER,
    check: always,
    apply: (c, { by, body }, now) =>
      body.seq > c.seq
        ? refuse('unknown_step')
        : step('conduct_reported', by, now, { seq: body.seq }, { text: body.text }),
  },
  'redaction-request': {
    by: BUYER,
    check: unlessHeld,
    apply: (c, { by, body, context }, now) => {
      const { seq, field, reason } = body
      const isAll = field === EVERY_FIELD
      if (isAll ? isAllErased(c) : isErased(c, seq, field)) return refuse('already_redacted')
      if (isAll ? seq !== c.seq : !context?.target?.fields.includes(field)) return refuse('unknown_step')
      // All of a complaint can be asked for anew once the platform has answered, since more may have ended.
      const again = isAll ? unansweredErasures(c).some(asked => asked.field === field) : wasAsked(c, body)
      if (again) return refuse('already_asked')
      return step('redaction_requested', by, now, { seq, field }, { reason })
    },
  },
  'device-keys': {
    by: BUYER,
    check: c => (c.keys.length < MAX_KEYS ? null : refuse('key_limit')),
    apply: (c, { by, body, context }, now) => {
      const { key, x, y, tail } = body
      const known = c.keys.find(each => each.key === key)
      if (known) return refuse(standingKey(c, key, now) ? 'key_known' : 'key_gone')
      // The link alone binds the first device; later ones are asked for what the first reader of a stolen link lacks.
      if (c.keys.length > 0 && (tail === undefined || tail !== context?.tail)) return refuse('key_tail')
      return step('key_bound', by, now, { key, x, y })
    },
  },
  'device-key-retirements': {
    by: BUYER,
    check: c => (c.keys.length > 0 ? null : refuse('key_unknown')),
    apply: (c, { by, body: { key, tail }, context }, now) => {
      const known = c.keys.find(each => each.key === key)
      if (!known) return refuse('key_unknown')
      const signer = context?.signer
      if (signer === undefined && (tail === undefined || tail !== context?.tail)) return refuse('key_tail')
      const until = retiredFrom(c, key, signer, now)
      if (known.until !== undefined && known.until <= until) return refuse('key_gone')
      return step('key_retired', by, now, { key, until })
    },
  },
  'share-links': {
    by: BUYER,
    check: always,
    apply: (_c, { by, body }, now) => step('link_shared', by, now, { texts: body.texts, files: body.files }),
  },
}
