/** Error codes: every reason for which a command is refused. `docs/errors.md` is generated from this table. */
export const REFUSALS = {
  closed: 'The complaint is closed; only what its page still offers can be done.',
  wrong_state: 'This act does not belong to the present state of the complaint.',
  not_yours: 'This act belongs to another party.',
  not_holder: 'Only the party that must act now can do this.',
  already_open: 'There is an open complaint about this order item.',
  already_extended: 'A deadline is extended once for each stay in a state.',
  date_beyond_cap: 'The date lies beyond what the policy allows.',
  date_not_later: 'The date does not lie ahead of the one in force.',
  offer_changed: 'The offer was replaced since it was read; look at the new one.',
  offer_limit: 'The offer was improved as often as the policy allows.',
  no_offer: 'No offer stands that could be accepted or refused.',
  human_required: 'This needs a human: name the operator or officer who decides.',
  officer_required: 'A ruling names its officer, and nobody is assigned.',
  same_officer: 'An appeal goes to an officer who did not rule.',
  reason_required: 'Every handoff needs a reason.',
  unknown_desk: 'The policy of this complaint has no desk of that name.',
  unknown_rule: 'The platform’s rule library has no such version of a rule.',
  no_handoff: 'No handoff is waiting to be accepted.',
  merits_settled: 'The merits were ruled on; only the ruled remedy can be given one new date.',
  platform_owes: 'The ruled remedy was missed again: now the platform owes it.',
  remedy_owed: 'The remedy is owed; it can only be fulfilled.',
  remedy_required: 'The ruling must restate the remedy that it upholds or changes.',
  refusal_overturned: 'An appeal found that this is to be heard; it cannot be refused again.',
  dispute_used: 'One dispute for each fulfilment.',
  appeal_used: 'One appeal for each party, and its answer is final.',
  appeal_too_late: 'The time for an appeal has passed.',
  reopening_used: 'One reopening for each way of closing.',
  reopening_too_late: 'The time for reopening has passed.',
  already_asked: 'This was asked for already.',
  already_rated: 'This was rated already.',
  rotation_limit: 'The link was replaced as often as its format allows; open a new complaint or use pickup codes.',
  unknown_step: 'The complaint has no such step or field.',
  no_statement: 'No statement is awaited here: its time is over, it was given, or the complaint ended.',
  statement_limit: 'As many statements were asked for as the policy allows.',
  nudged_already: 'The holder was nudged a short time ago; the policy says how long to wait.',
  not_requested: 'Nobody asked to erase this, or it was answered already.',
  redaction_not_due: 'Until the appeal window closes, its author or a second supervisor must agree.',
  key_limit: 'As many devices are bound as one complaint takes.',
  key_known: 'This device is bound already.',
  key_tail:
    'A further device is bound, and one is retired unsigned, with the last four digits of the phone number on the complaint.',
  key_unknown: 'No such device is bound to this complaint.',
  key_gone: 'This device was retired; its key does not come back.',
  already_redacted: 'The field was erased already.',
  legal_hold: 'A legal hold keeps all of this complaint: nothing of it is erased until the hold ends.',
  no_legal_hold: 'No legal hold is in force.',
} as const
export type RefusalCode = keyof typeof REFUSALS

/** A well-formed command that the rules refuse: a value, never an exception. */
export interface Refusal {
  refused: RefusalCode
}
export const refuse = (code: RefusalCode): Refusal => ({ refused: code })
