// Vocabulary: the closed lists of the domain (docs/states.md). The log keeps these words for ever: add, never rename.

/** `third_party`: a courier, supplier or regulator who was asked for a statement. */
export const ROLES = ['buyer', 'merchant', 'platform', 'supervisor', 'system', 'third_party'] as const
export type Role = (typeof ROLES)[number]

/** The party that must act now; `both` is buyer and merchant, when both are asked for evidence. */
export const HOLDERS = ['buyer', 'merchant', 'both', 'platform', 'supervisor'] as const
export type Holder = (typeof HOLDERS)[number]

export const OPEN_STATES = [
  'awaiting_merchant',
  'awaiting_buyer',
  'platform_review',
  'evidence_requested',
  'awaiting_return',
  'fulfilment',
  'awaiting_confirmation',
  'appeal_review',
] as const
export const CLOSED_STATES = [
  'closed_confirmed',
  'closed_ruled',
  'closed_lapsed',
  'closed_withdrawn',
  'refused',
] as const
export const STATES = [...OPEN_STATES, ...CLOSED_STATES] as const
export type State = (typeof STATES)[number]
export type ReviewState = 'platform_review' | 'appeal_review'

export const isOpen = (state: State): boolean => !CLOSED_STATES.some(closed => closed === state)
export const isReview = (state: State): state is ReviewState => state === 'platform_review' || state === 'appeal_review'

export const REMEDIES = [
  'refund',
  'partial_refund',
  'return_refund',
  'exchange',
  'reship',
  'repair',
  'apology',
  'compensation',
] as const
export type RemedyKind = (typeof REMEDIES)[number]

const MONEY: readonly RemedyKind[] = ['refund', 'partial_refund', 'return_refund', 'compensation']
const BY_RETURN: readonly RemedyKind[] = ['return_refund', 'exchange', 'repair']
const GOODS: readonly RemedyKind[] = ['exchange', 'reship', 'repair']
export const isMoney = (kind: RemedyKind): boolean => MONEY.includes(kind)
export const isGoods = (kind: RemedyKind): boolean => GOODS.includes(kind)
/** Whether the buyer sends goods back first, through `awaiting_return`. */
export const needsReturn = (kind: RemedyKind): boolean => BY_RETURN.includes(kind)

export const OUTCOMES = ['for_buyer', 'partly', 'for_merchant'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const REJECTION_GROUNDS = [
  'as_described',
  'misuse',
  'out_of_time',
  'courier',
  'already_settled',
  'other',
] as const
export type RejectionGround = (typeof REJECTION_GROUNDS)[number]

export const REFUSAL_GROUNDS = ['not_our_order', 'duplicate', 'already_ruled', 'out_of_time', 'not_consumer'] as const
export type RefusalGround = (typeof REFUSAL_GROUNDS)[number]

export const WITHDRAWAL_GROUNDS = ['asked_by_merchant', 'solved_elsewhere', 'changed_mind', 'other'] as const
export type WithdrawalGround = (typeof WITHDRAWAL_GROUNDS)[number]

/** Who can be asked for a statement from outside. */
export const THIRD_PARTIES = ['courier', 'supplier', 'regulator'] as const
export type ThirdParty = (typeof THIRD_PARTIES)[number]

export const LOCALES = ['zh-CN', 'zh-TW', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** What the buyer left unanswered before a lapse. */
export type LapseAfter = 'offer' | 'rejection' | 'return' | 'proof'

export const STEP_KINDS = [
  'submitted',
  'merchant_responded',
  'automated_reply',
  'offer_accepted',
  'offer_refused',
  'escalated',
  'officer_assigned',
  'handoff_offered',
  'handoff_accepted',
  'evidence_requested',
  'evidence_supplied',
  'evidence_absent',
  'ruled',
  'appealed',
  'appeal_ruled',
  'return_shipped',
  'return_received',
  'return_disputed',
  'fulfilled',
  'confirmed',
  'disputed',
  'deadline_missed',
  'deadline_extended',
  'notice_sent',
  'lapsed',
  'withdrawn',
  'refused',
  'reopened',
  'human_requested',
  'conduct_reported',
  'message_added',
  'rated',
  'followed_up',
  'link_rotated',
  'link_shared',
  'redaction_requested',
  'redacted',
  'redaction_refused',
  'legal_hold_set',
  'legal_hold_released',
  'nudged',
  'interim_reported',
  'total_missed',
  'key_bound',
  'key_retired',
  'statement_requested',
  'statement_given',
  'statement_absent',
] as const
export type StepKind = (typeof STEP_KINDS)[number]

/** What asks for an officer's attention although it moves no state. */
export type AlertKind =
  | 'conduct_reported'
  | 'asked_by_merchant'
  | 'redaction_requested'
  | 'human_requested'
  | 'nudged'
  | 'total_missed'
  | 'unsigned_act'

// Unicode of what people write: whether a text shows anything, how high it stacks, and what is kept of a name.

/** A person's name or staff number without characters that can't be seen, and with single spaces. */
export const plainName = (name: string): string =>
  name
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()

/**
 * Letters and symbols by their category that are drawn as nothing: the Hangul fillers, the blank Braille pattern, the object
 * replacement character, two blank hieroglyphs, the null notehead.
 */
const BLANK = /[\u115f\u1160\u2800\u3164\uffa0\ufffc\u{13441}\u{13442}\u{1d159}]/gu

/** Whether a text shows something: a letter, a digit or a symbol. */
export const isVisible = (text: string): boolean => /[\p{L}\p{N}\p{S}]/u.test(text.replace(BLANK, ''))

/**
 * Combining marks, eleven on one letter and more: they are drawn over neighbouring lines. No writing needs as many (the
 * highest Tibetan syllable has eight), and the Stream-Safe Text Format (UAX #15) ends at thirty. Format characters, which
 * are drawn as nothing, don't break a stack.
 */
export const isOverstacked = (text: string): boolean => /(?:\p{M}\p{Cf}*){11}/u.test(text)
