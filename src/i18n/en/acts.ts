import type { acts as actsShape, refusals as refusalsShape } from '../zh-CN/acts.ts'

const words: typeof actsShape.words = {
  'offer-acceptance': {
    label: 'Accept the offer',
    effect: 'The offer then counts. If it is not kept in time, that is recorded and the platform steps in.',
    submit: 'I accept this offer',
  },
  'offer-refusal': {
    label: 'Turn it down',
    effect: 'The platform then reviews the case and rules. The evidence you gave is still there.',
    submit: 'I turn it down',
  },
  escalation: {
    label: 'Ask the platform',
    effect: 'The platform takes over and must say which facts, which rule, why, and what must be done.',
    submit: 'Ask the platform to step in',
  },
  confirmation: {
    label: 'It is solved',
    effect: 'The complaint then ends as solved. Only you can say so: please wait until you have your money or goods.',
    submit: 'Yes, solved. Close it',
  },
  dispute: {
    label: 'It was not done',
    effect: 'The platform then reviews it. You can object once each time something is reported as done.',
    submit: 'It was not done',
  },
  'return-shipment': {
    label: 'Give tracking number',
    effect: 'From then on, the clock runs for the other side.',
    submit: 'I have sent it',
  },
  reopening: {
    label: 'Reopen',
    effect:
      'The platform reviews it, with everything said and shown so far. A complaint can be reopened once for each way it was closed.',
    submit: 'Reopen the complaint',
  },
  appeal: {
    label: 'Appeal',
    effect:
      'An officer who took no part reviews it again; until then nothing need be carried out. Each side can appeal once, and the answer is final.',
    submit: 'Appeal',
  },
  evidence: {
    label: 'Add evidence',
    effect: 'It becomes a step that seller and platform see and nobody can quietly remove.',
    submit: 'Add evidence',
  },
  messages: {
    label: 'Write a message',
    effect: 'Seller and platform see it. It changes no deadline.',
    submit: 'Send message',
  },
  nudges: {
    label: 'Nudge',
    effect:
      'Whoever must act now is reminded at once, and it becomes a step. Once in 24 hours; in a review by the platform the third one goes to a supervisor.',
    submit: 'Nudge',
  },
  'human-request': {
    label: 'Ask for a human',
    effect: 'From then on a person, not a machine, must rule for the platform.',
    submit: 'Ask for a human',
  },
  rating: {
    label: 'Rate how it went',
    effect: 'Your rating of how this was handled becomes a step.',
    submit: 'Send rating',
  },
  'follow-up': {
    label: 'Is it really solved?',
    effect: 'Asked once, a week after the end. It becomes a step and counts in the public record.',
    submit: 'Yes, solved',
  },
  'conduct-report': {
    label: 'Report misconduct',
    effect: 'Insults, threats, or pressure to withdraw, for example. It becomes a step and the platform looks into it.',
    submit: 'Send report',
  },
  'redaction-request': {
    label: 'Ask to erase something',
    effect: 'For personal details sent by mistake. The step stays, marked as erased.',
    submit: 'Ask to erase it',
  },
  'share-links': {
    label: 'Show it to somebody',
    effect:
      'Makes a link that can only be read: names are masked, phone and order number are hidden. Texts and files are shown only if you tick them.',
    submit: 'Make a share link',
  },
  withdrawal: {
    label: 'Withdraw the complaint',
    effect:
      'The complaint ends and does not count as solved. What was promised or ruled still holds. If somebody is pressing you, please say so truthfully below.',
    submit: 'Withdraw the complaint',
  },
}

export const acts: typeof actsShape = {
  words,
  problems: 'Almost there. Please correct this and send it again:',
  refused: 'This was not done: ',
  changed: 'Meanwhile:',
  sendAgain: 'What you filled in is still here. If you still want this after reading what changed, send it again.',
  toForm: 'Go to what you filled in',
  typed: 'What you wrote (copy it if you like, and send it as a message)',
  chooseFilesAgain: 'Please choose the files again.',
  optional: ' (optional)',
  choose: 'Please choose',
  notSolved: 'No, not solved',
  thanks: 'Thank you! How did it go?',
  noCounter: 'Nothing else',
  yes: 'Yes',
  thisOffer: 'The offer you see',
  last4Hint:
    'This device acts for the first time: give the last four digits of the phone that the complaint was filed with.',
  onlyLook: 'Only want somebody to look? Make a link for that',
  needsReturn: 'You send the item back first.',
  fields: {
    reason: 'Why',
    'reason.appeal': 'Why do you disagree',
    'reason.dispute': 'What was not done',
    'reason.offer-refusal': 'Why not',
    'reason.withdrawal': 'Why do you withdraw',
    'counter.kind': 'What would you like instead',
    'counter.amount.value': 'Amount you would like (CN¥)',
    carrier: 'Courier',
    trackingNo: 'Tracking number',
    text: 'Message',
    'text.evidence': 'What does it show',
    'text.conduct-report': 'What happened',
    'text.rating': 'Anything to add',
    'text.withdrawal': 'Anything to add',
    files: 'Photos, video or PDF',
    score: 'Score (5 is best)',
    seq: 'Which step',
    field: 'What in it',
    texts: 'Show texts (complaint, answers, reasons)',
    'files.share-links': 'Show photos and files',
    last4: 'Last four digits of the phone',
    confirm: 'Yes, I want to withdraw',
  },
}

export const refusals: typeof refusalsShape = {
  other: 'This cannot be done now. Please look at the newest step.',
  byCode: {
    stale: 'Something happened after you opened this page.',
    closed: 'The complaint is closed. Only what this page still offers can be done.',
    wrong_state: 'The complaint has moved on, so this cannot be done now. Please look at the newest step.',
    not_yours: 'This is for somebody else to do.',
    not_holder: 'It is not your turn now.',
    already_open: 'There is already an open complaint about this item.',
    offer_changed: 'The seller has just changed the offer. Please read the new one first.',
    already_extended: 'It was extended once in this stage, or is late already.',
    date_beyond_cap: 'The date lies beyond what the rules allow.',
    date_not_later: 'The date must lie after the present deadline.',
    offer_limit: 'The offer was improved as often as the rules allow.',
    human_required: 'A human must do this.',
    remedy_owed: 'The remedy is settled; it can only be carried out.',
    no_offer: 'There is no offer to accept now.',
    dispute_used: 'You have objected to this once already.',
    appeal_used: 'There is only one appeal, and its answer is final.',
    appeal_too_late: 'It is too late to appeal. You can still complain to 12315 (consumer hotline in China).',
    reopening_used: 'It was reopened once already. You can still complain to 12315 (consumer hotline in China).',
    reopening_too_late: 'It is too late to reopen. You can still complain to 12315 (consumer hotline in China).',
    already_asked: 'You have asked for this already.',
    already_rated: 'You have rated this already.',
    no_statement:
      'No statement is awaited here: its time is over, it was given already, or the complaint ended. Nothing was taken.',
    statement_limit: 'No more statements can be asked for.',
    nudged_already: 'You have nudged in the last 24 hours.',
    unknown_step: 'There is no such step, or nothing like that in it.',
    already_redacted: 'This was erased already.',
    legal_hold:
      'A legal proceeding needs this complaint, so a legal hold keeps it: nothing can be erased now. You can ask again once the hold ends.',
    too_large: 'This is too large and was not sent. Please send less.',
    cut_off: 'The connection broke before all of it arrived. Please send it again.',
    too_many_attempts: 'Too many tries. Please wait a while and try again.',
    too_many:
      'Too much was sent in a short time. Please wait a while before you send more. What was sent is safe; answers and decisions are not held up.',
    internal: 'Something went wrong here. Please look at the newest steps before you try again.',
    unavailable: 'This could not be recorded. Please send it again.',
    busy: 'Too many people are sending files right now, so this was not sent. Please send it again in a moment.',
    storage_full:
      'Photos and files can’t be taken at the moment, but texts can. Please send it without them, or add them later.',
    read_only: 'At the moment you can read but not send. Please try again later.',
    row_altered:
      'What is stored of this complaint does not match the public log, so it is not shown. The operator was alerted. Your record is safe in the log and in the receipts you saved.',
    clock_behind: 'At the moment you can read but not send. Please try again later.',
    clock_ahead: 'At the moment you can read but not send. Please try again later.',
  },
}
