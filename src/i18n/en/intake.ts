import type { IntakeWords } from '../zh-CN/intake.ts'

export const intakeEn: IntakeWords = {
  title: 'Complain about this order',
  lead: 'Say what happened and how you want it solved. From then on you can see every step: who has to act, and by when.',
  order: {
    title: 'Order',
    orderId: 'Order number',
    item: 'Item',
    merchant: 'Seller',
    paid: 'Paid',
    phone: 'Phone',
    phoneHint: 'Text messages about progress go to this number',
  },
  fields: {
    category: 'What kind of problem is it',
    statement: 'What happened',
    statementHint: 'What you received, when, whom you contacted, and what they said',
    remedy: 'How do you want it solved',
    amount: 'Amount (CN¥)',
    amountHint: paid =>
      `For a refund, leave it empty to ask for all of ${paid}. Not needed for an exchange, a repair or an apology`,
    name: 'Your name',
    nameHint: 'The seller and the platform will see it',
    files: 'Photos or other evidence',
    filesHint: 'Up to 10 files of 10 MB each: photos, PDF, short videos. Where a photo was taken is removed from it',
  },
  who: 'The seller and the platform’s officers will see what you write and your photos.',
  submit: 'Submit the complaint',
  atMost: amount => `At most ${amount}`,
  busy: 'This cannot be submitted right now, and nothing was recorded. What you wrote is still here: please try again in a while.',
  unsigned:
    'Your phone’s signature could not be checked, and nothing was recorded. What you wrote is still here: send it once more, this time without a signature. It counts the same.',
  photosText: 'Photos and evidence that came with the complaint.',
  draft: {
    restored: 'We brought back what you had not finished.',
    drop: 'Start over',
  },
  filed: {
    title: 'Complaint submitted',
    next: 'What happens now',
    mustAct: (who, when) => `Now it is up to ${who}, by ${when} at the latest.`,
    track: 'See the progress',
    sms: phone =>
      `The same link is sent by text message to ${phone}. Whoever has it can act for you, so please keep it to yourself.`,
    code: 'Pickup code',
    codeHint:
      'Without the link, this code and the last 4 digits of your phone open it from the front page. Take a screenshot or write it down.',
    photosMissing:
      'The complaint is submitted, but its photos could not be stored. Please add them again on the progress page.',
    keep: {
      title: 'Promise to record it',
      text: 'The platform promises that your complaint stands in the public log within 20 minutes, where nobody can change it. Keep this promise: if the log does not hold your complaint by then, it is evidence with the platform’s signature.',
      fingerprint: 'Fingerprint',
      save: 'Save the promise',
      print: 'Print this page',
      more: 'The promise in full, and as a QR code',
      hint: 'Paste it on the page that checks receipts, or let another phone scan it. It holds no name, number or text of yours.',
    },
  },
  closed: {
    expired: {
      title: 'This page has expired',
      text: 'To protect your data, the link from your order page works for one hour. Go back to your order in the shop and choose “Complain” again. What you had begun to write stays on the phone you wrote it on.',
    },
    foreign: {
      title: 'Please come from your order page',
      text: 'This link is not complete, or was not made by one of our shops. Go back to your order in the shop and choose “Complain” again.',
    },
    silent: {
      title: 'The complaint form cannot be opened right now',
      text: 'The platform’s system does not answer. Reload this page in a few minutes, or go back to your order in the shop and choose “Complain” again. Your order is not affected.',
    },
    alreadyOpen: {
      title: 'There is an open complaint about this item',
      text: 'One item has one complaint at a time. This one was not submitted, and the first is not affected. If you want to add something, write it in the first complaint.',
    },
    alreadyFiled: {
      title: 'This complaint was submitted before',
      text: 'What you just sent differs from what was submitted first, so it was not recorded. To add or correct something, open the link in your text message and write it on the progress page.',
    },
    find: 'Get back to your progress page:',
    pickup: 'Use your pickup code',
    resend: 'Send the text message again',
  },
  shop: {
    branded: 'Under another brand',
    title: 'My orders',
    lead: 'This is the order page of a made-up shop. A real shop puts this “Complain” button on its own order page.',
    complain: 'Complain',
    back: 'Back to the demo',
    open: 'Go to the demo shop and submit a complaint',
  },
}
