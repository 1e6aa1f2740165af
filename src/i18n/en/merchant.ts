import type { MerchantWords, Templates } from '../zh-CN/merchant.ts'

const goods = (item: string): string => (item === '' ? 'the goods' : `“${item}”`)

const templatesEn: Templates = {
  offer: {
    agree: {
      label: 'Agree to what the buyer asks',
      text: ({ item, sought }) =>
        `Hello, we are sorry about the trouble with ${goods(item)}. We agree to what you ask for${sought && ` (${sought})`} and will see to it in time. Please check once it is done.`,
    },
    partial: {
      label: 'Partial refund, buyer keeps the goods',
      text: ({ item }) =>
        `Hello, we are sorry that ${goods(item)} did not please you. We will refund part of the price and you keep the goods. The sum was worked out like this: [reasons]. If you disagree, you can ask the platform to step in.`,
    },
    return: {
      label: 'Return and refund',
      text: ({ item }) =>
        `Hello, please send ${goods(item)} back with its accessories. We refund you in time once it has arrived and pay for the shipping. After posting it, please enter the tracking number on this page.`,
    },
    exchange: {
      label: 'Exchange',
      text: ({ item }) =>
        `Hello, we are sorry that ${goods(item)} is faulty. Please send it back and we will send you a new one; we pay for the shipping both ways. After posting it, please enter the tracking number on this page.`,
    },
    reship: {
      label: 'Send what is missing',
      text: ({ item }) =>
        `Hello, we are sorry that ${goods(item)} did not arrive whole. We will send you what is missing: [what]. You need not return what you received.`,
    },
    repair: {
      label: 'Repair',
      text: ({ item }) =>
        `Hello, please send ${goods(item)} back. We repair it free of charge, return it to you and pay for the shipping both ways.`,
    },
  },
  rejection: {
    as_described: {
      label: 'As described',
      text: ({ item }) =>
        `Hello, we compared ${goods(item)} with its product page and our dispatch records: [what was compared]. They agree. If you disagree, you can ask the platform to step in.`,
    },
    misuse: {
      label: 'Misuse',
      text: ({ item }) =>
        `Hello, going by the photos the fault of ${goods(item)} comes from [what is seen]; page [number] of the manual warns of [what]. If you disagree, you can ask the platform to step in.`,
    },
    out_of_time: {
      label: 'Out of time',
      text: () =>
        'Hello, this order was received on [date], which is past the time limit for [what]. If you disagree, you can ask the platform to step in.',
    },
    courier: {
      label: 'Courier’s fault',
      text: () =>
        'Hello, the parcel left us intact (see photo); it was damaged on the way. We have asked the courier to [progress]. If you disagree, you can ask the platform to step in.',
    },
    already_settled: {
      label: 'Settled before',
      text: () =>
        'Hello, this was settled on [date]: [how, with proof]. If you disagree, you can ask the platform to step in.',
    },
  },
  fulfilment: {
    refunded: {
      label: 'Refunded',
      text: () =>
        'Hello, the refund was sent the way you paid and usually arrives within [1 to 3] working days. Please confirm on this page once it is there.',
    },
    reshipped: {
      label: 'Sent',
      text: () =>
        'Hello, the goods are on their way; courier and tracking number are in the proof. Please check them on arrival, then confirm on this page.',
    },
    repaired: {
      label: 'Repaired and sent back',
      text: () =>
        'Hello, the goods are repaired and on their way back to you; we replaced [part]. Please check them on arrival, then confirm on this page.',
    },
  },
  extensions: {
    checking: {
      label: 'Still checking',
      text: () => 'We are checking the warehouse’s dispatch records, which takes [number] days.',
    },
    courier: {
      label: 'Waiting for the courier',
      text: () => 'We have asked the courier, whose answer takes [number] days.',
    },
    stock: {
      label: 'Waiting for stock',
      text: () => 'The goods are out of stock and expected on [date]; we will send them at once.',
    },
  },
  messages: {
    photos: {
      label: 'Ask for photos',
      text: ({ item }) =>
        `Hello, to settle this quickly, please add a few photos of ${goods(item)}: the whole, the fault from close up, and the label. You can upload them on this page as evidence.`,
    },
    checking: {
      label: 'Still checking',
      text: () => 'Hello, we are looking into it and will answer here by [date].',
    },
    address: {
      label: 'Check the address',
      text: () =>
        'Hello, before we send it again, please check that your address is unchanged. If it is, no answer is needed.',
    },
  },
}

const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** Webhook settings. */
const webhooks: MerchantWords['webhooks'] = {
  title: 'Webhooks for your ERP',
  text: 'Each new step of your complaints is sent as an event to these https addresses, signed by Standard Webhooks 1.0. Events hold no names, numbers or texts; read the details by the API.',
  none: 'No address yet.',
  url: 'Address',
  urlHint: 'A public https address, such as https://erp.example.com/tousu',
  add: 'Add address',
  full: 'There can be ten addresses; delete one first.',
  secret: 'Signing secret',
  rotate: 'Change secret',
  rotateText: 'For a day after a change both secrets sign, so that your ERP can switch.',
  rotated: 'The secret was changed; the old one ends in a day.',
  deliveries: 'Deliveries',
  remove: 'Delete address',
  removed: 'The address was deleted.',
  added: 'The address was added.',
  enable: 'Enable again',
  enabled: 'Enabled again.',
  disabled: why => `Disabled: it answered ${why}`,
  active: 'Active',
  untried: 'Nothing sent yet',
  failing: n => `${plural(n, 'attempt')} failed in a row`,
  test: 'Send a test event',
  testEvent: 'Test event',
  tested: 'A test event is on its way; the deliveries show what came of it.',
  columns: { event: 'Event', complaint: 'Complaint', at: 'Time', result: 'Result', action: 'Action' },
  step: n => `Step ${n}`,
  waiting: 'Waiting',
  retry: at => `Next try ${at}`,
  delivered: 'Delivered',
  failed: 'Given up',
  attempts: n => (n === 1 ? '1 attempt' : `${n} attempts`),
  answers: {
    refused_address: 'It leads into a private network: refused',
    unreachable: 'Unreachable',
    timeout: 'No answer within 15 seconds',
    no_step: 'No such complaint',
    unreadable: 'The complaint could not be read just now',
  },
  answer: code => `It answered ${code}`,
  resend: 'Send again',
  resendOf: id => `Send again: the event of complaint ${id}`,
  resent: 'It will be sent again.',
  noDeliveries: 'Nothing was sent yet. New steps will appear here.',
  back: 'Back to settings',
}

export const merchantEn: MerchantWords = {
  webhooks,
  nav: { inbox: 'Complaints', figures: 'Figures', settings: 'Settings' },
  colon: ': ',
  left: {
    late: 'Overdue',
    today: time => `Due today at ${time}`,
    soon: 'under an hour left',
    hours: n => `${plural(n, 'hour')} left`,
    days: (n, hours) => `${plural(n, 'day')}${hours > 0 ? ` ${hours} h` : ''} left`,
    closed: 'Closed',
  },
  yourTurn: 'Your turn',
  inbox: {
    title: 'Complaints',
    list: 'Complaints, the most urgent first',
    listClosed: 'Closed complaints, the latest first',
    shown: (n, total) => `${total} in all, ${n} on this page`,
    keys: 'Keyboard: j / k or ↓ / ↑ move, Enter opens, x ticks, s ticks all.',
    keysMany: ' b and Enter answer together.',
    none: 'No complaint matches.',
    all: 'Show all open complaints',
    columns: {
      due: 'Time left',
      complaint: 'Complaint',
      asked: 'What the buyer asks',
      state: 'State',
      newest: 'Newest step',
    },
    order: 'Order',
    next: 'Next page',
    first: 'First page',
  },
  strip: {
    title: 'Overview',
    today: 'Yours and due today',
    late: 'Yours and overdue',
    onTime: 'On time, last 90 days',
  },
  filters: {
    title: 'Filter',
    state: 'State',
    open: 'All open',
    openStates: 'Open',
    closedStates: 'Closed',
    turns: {
      mine: 'Your turn',
      others: 'Buyer’s or platform’s',
      buyer: 'Buyer’s turn',
      platform: 'Platform’s turn',
      all: 'All open',
      closed: 'Closed',
    },
    overdue: 'Deadline',
    overdues: { true: 'Overdue', false: 'Not overdue' },
    category: 'Problem',
    any: 'Any',
    apply: 'Filter',
    clear: 'Clear',
  },
  bulk: {
    title: 'Answer the chosen ones together',
    back: 'Back to the list',
    all: 'Choose all on this page',
    choose: id => `Choose complaint ${id}`,
    nothing: 'No complaint was chosen.',
    answers: { agree: 'Agree with what each asks for', reject: 'Disagree with all', message: 'Only write to them' },
    fields: { answer: 'Answer', ground: 'Ground of the refusal', text: 'Words to the buyers' },
    ready:
      'Hello, we are sorry for the trouble with “{item}” (order {order}). We agree to what you ask ({sought}) and will do it in time; please check it then.',
    hint: '{item}, {order}, {sought} and {id} become what each complaint says.',
    look: 'Preview each',
    preview: 'What each buyer will read',
    confirm: n => `Yes, send to ${plural(n, 'buyer')}`,
    results: 'Results',
    done: 'Sent',
    failed: 'Not done: ',
    refusals: {
      signature_required:
        'This shop requires signatures: do this in a browser whose key is registered (signing keys, in the settings).',
      no_agreement: 'The buyer asks for nothing that could simply be agreed to.',
      no_address: 'Goods go back and no return address is saved: save one in Settings first.',
      stale: 'It has moved since you opened the page; please deal with it by itself.',
    },
  },
  case: {
    agree: what => `Agree: ${what}`,
    agreeEffect: 'Done exactly as the buyer asks, without waiting for the buyer to accept. What the buyer will read:',
    agreeReturn:
      'Exactly as the buyer asks. Since the goods go back, the buyer first sees the address and who pays. What the buyer will read:',
    agreeLacksAddress:
      'The goods go back, and no return address is saved: enter it here once, or save one first, then agreeing takes one click.',
    saveAddress: 'Save a return address',
    keys: agrees =>
      `Keyboard: ${agrees ? 'a then Enter agrees, ' : ''}r replies, x rejects, m writes, n goes to the next, l to the list, Ctrl+Enter sends, / finds.`,
    back: 'Back to the list',
    next: 'Next one waiting for you',
    callers:
      'This page does not show the buyer’s phone. Ask for the whole number that was given with the order, and find it above the list; if it leads here, tell the buyer what this page says of progress, deadlines and what each side wrote; not the internal notes.',
    toActs: 'Go to your answer',
    claim: 'What the buyer says',
    order: 'Order',
    item: 'Item',
    buyer: 'Buyer',
    category: 'Problem',
    sought: 'Asks for',
    openedAt: 'Submitted',
    acts: 'What you can do',
    noActs: 'Nothing for you to do now.',
    requested: 'What the platform asks you to add',
    receipt: 'Download the receipt',
    receiptNote: 'No step can be changed once written. Anyone can check the receipt.',
    doneTitle: 'Recorded',
    done: no => `Step ${no}`,
    toStep: 'Show this step',
    changed: 'Since you opened this page, something happened:',
    changedNote: 'What you wrote is still below. Read what is new, then decide whether to send it.',
    unsent: 'What you wrote (it can no longer be sent; you can copy it)',
    problems: 'Not sent yet. Please correct:',
    refused: 'Not done: ',
  },
  acts: {
    offer: {
      label: 'Make an offer',
      effect:
        'If it equals what the buyer asks for, it is carried out at once; if not, or if goods go back, the buyer decides. A promised date that passes counts as overdue.',
      submit: 'Send the offer',
    },
    rejection: {
      label: 'Disagree with the buyer',
      effect: 'Give your reasons. The buyer can ask the platform to step in and rule.',
      submit: 'Send the answer',
    },
    fulfilment: {
      label: 'Report it done, with proof',
      effect:
        'After you have refunded, sent or repaired. Then the buyer checks; only the buyer can confirm it is solved.',
      submit: 'Send the proof',
    },
    'return-receipt': {
      label: 'Confirm the return arrived',
      effect: 'The time to refund counts from this day.',
      submit: 'It arrived',
    },
    'return-disputes': {
      label: 'Object to the return',
      effect:
        'For example an empty parcel, or other goods. The platform decides; please add evidence. You can object once.',
      submit: 'Object',
    },
    appeals: {
      label: 'Appeal',
      effect:
        'An officer who took no part hears it again, and carrying it out is paused. One appeal each; its answer is final.',
      submit: 'Appeal',
    },
    'statements-requests': {
      label: 'Ask a third party',
      effect:
        'You get a link to hand on to them. They have a time of their own; who must act, and by when, stays the same.',
      submit: 'Get the link',
    },
    'interim-reports': {
      label: 'Interim report',
      effect: 'When the whole complaint can’t end in time: why, and the new date. The buyer gets a text message.',
      submit: 'Report',
    },
    extensions: {
      label: 'Extend the deadline',
      effect: 'Once in each stage. The buyer sees the old date, the new date and your reason.',
      submit: 'Extend',
    },
    evidence: {
      label: 'Add evidence',
      effect: 'It becomes a step that buyer and platform see and nobody can quietly remove.',
      submit: 'Add evidence',
    },
    messages: {
      label: 'Write a message',
      effect: 'Buyer and platform see it. It changes no deadline and is no answer.',
      submit: 'Send',
    },
  },
  betterOffer: {
    label: 'Improve the offer',
    effect: n => `This changes no deadline. You can improve it ${plural(n, 'more time', 'more times')}.`,
  },
  refusals: {
    signature_required:
      'This shop requires signatures: do this in a browser whose key is registered (signing keys, in the settings).',
    signature_key: 'The key of this browser is not registered, or was retired.',
    signature_wrong: 'The signature is wrong; load the page again.',
    not_holder: 'It is not your turn now, or the deadline has passed.',
    already_extended: 'This stage was extended once already, or is overdue; it cannot be extended again.',
    date_beyond_cap: 'The date is later than the rules allow. Please choose an earlier one.',
    date_not_later: 'The date is too early. Please choose a later one.',
    offer_limit: 'The offer was improved as often as the rules allow.',
    human_required: 'A person must do this.',
    appeal_used: 'There is one review, and its answer is final.',
    appeal_too_late: 'The time to ask for a review has passed, or the remedy is due already.',
  },
  fields: {
    'offer.kind': 'What you offer',
    'offer.amount.value': 'Amount (CN¥)',
    'offer.by': 'Done by (your promise)',
    'offer.returnTo': 'Return address',
    'offer.freightPaidBy': 'Who pays for the return',
    'statement.offer': 'What you tell the buyer',
    'statement.rejection': 'What you tell the buyer',
    ground: 'Ground',
    'statement.fulfilment': 'What was done',
    proof: 'Proof (refund number, tracking number …)',
    'text.return-receipt': 'What arrived',
    'reason.return-disputes': 'What is wrong with the return',
    'reason.appeals': 'Why you disagree',
    due: 'New date',
    party: 'Whom to ask',
    'request.statements-requests': 'What they should explain',
    'reason.interim-reports': 'Why it takes longer',
    'reason.extensions': 'Reason for the extension',
    'text.evidence': 'What the evidence shows',
    'text.messages': 'Message',
    files: 'Photos, video or PDF',
  },
  hints: {
    outside: 'Only the question: no name, phone or address of the buyer.',
    choose: 'Please choose',
    amount: 'A refund without an amount is the whole price.',
    sought: what => `The buyer asks for: ${what}`,
    by: (money, goods) =>
      `Leave empty for the usual time. At the latest ${money} for money, ${goods} for goods and repairs.`,
    due: (now, latest) => `Due ${now} at present; ${latest} is the latest date allowed.`,
    back: 'Needed for return and refund, exchange, repair.',
    local: 'Beijing time, for example 2026-03-05 18:00.',
    instant: 'Please write date and time, for example 2026-03-05 18:00',
    blank: left => `Still to be filled in: ${left}`,
  },
  payers: { buyer: 'Buyer', merchant: 'We (seller)' },
  template: {
    label: 'Ready answers',
    apply: 'Fill in',
    hint: language => `Choose one, then change it to fit this case. The text is in ${language}, the buyer’s language.`,
    languages: { 'zh-CN': 'Simplified Chinese', 'zh-TW': 'Traditional Chinese', en: 'English' },
  },
  templates: templatesEn,
  preview: {
    button: 'Preview what the buyer reads',
    title: 'Preview: this step as the buyer will see it',
    note: 'Not sent yet. Change it and preview again, or send it.',
    after: 'Once sent',
    can: 'The buyer can',
    separator: ', ',
  },
  figures: {
    title: 'Figures',
    period: 'Period',
    days: n => `Last ${n} days`,
    since: from => `Complaints submitted since ${from}.`,
    none: 'No complaints in this time.',
    onTime: 'On time',
    onTimeNote:
      'Of the deadlines that were yours alone: how many were kept. Time taken by buyer, platform and courier is left out; a deadline that the platform missed is not counted against you.',
    kept: 'Kept',
    missed: 'Missed',
    complaints: 'Complaints',
    times: n => String(n),
    cases: n => String(n),
    noDeadlines: 'No deadline has passed yet',
    hours: 'Whose hours the wait was',
    hoursNote:
      'Every hour belongs to whoever had to act then. The way of a returned parcel is the courier’s, a review the platform’s; neither is yours.',
    mine: 'You (seller)',
    party: 'Party',
    spent: 'Time',
    share: 'Share',
    average: 'Average each',
    outcomes: 'How they ended',
    confirmed: 'Confirmed as solved by the buyer',
    ruledForBuyer: 'Ruled for the buyer, fully or partly',
    ruledForMerchant: 'Ruled for the seller',
    lapsed: 'Closed without the buyer’s confirmation',
    lapsedNote: 'Not counted as solved, nor as your fault.',
  },
  settings: {
    title: 'Settings',
    contact: 'Reminders',
    contactText: 'When complaints come close to their deadline, one text message sums them up for this number.',
    phone: 'Mobile number',
    phoneNow: tail => `At present the number ending in ${tail}.`,
    phoneNone: 'None is set, so no messages are sent.',
    codeSent: tail =>
      `A code was sent to the number ending in ${tail}, valid for 15 minutes. Reminders go there once you have entered it. If it does not come, save again; three times a day at most.`,
    code: 'Code',
    confirm: 'Confirm',
    giveUp: 'Don’t use this number',
    codesUsed: 'Today’s codes are used up. Please try again tomorrow.',
    codeWrong: 'This is not the code, or it has expired.',
    save: 'Save',
    remove: 'Stop reminders',
    saved: 'Saved.',
    keys: 'API keys',
    keysText:
      'Programs such as your ERP use a key to read and answer your complaints. A key acts as you: keep it like a password, and revoke it when it is no longer used. Revoking works at once.',
    keyName: 'Used where',
    keyNameHint: 'For example “ERP, production”, so that you know it later.',
    keyCreated: 'Created',
    keyStart: 'Fingerprint',
    keyAction: 'Action',
    create: 'Create a key',
    revoke: 'Revoke',
    revokeOf: name => `Revoke “${name}”`,
    none: 'No keys yet.',
    made: 'Key created; it is shown this once',
    madeText: 'Copy it now and keep it safe. After this page is closed nobody can see it, not even we.',
    revoked: 'The key is revoked.',
    keysFull: 'You can have twenty keys. Please revoke one that you no longer use.',
    unknownKey: 'There is no such key, or it was revoked already.',
  },
}
