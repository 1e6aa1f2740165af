import type { PersonWords } from '../zh-CN/person.ts'

const complaints = (count: number): string => (count === 1 ? '1 complaint' : `${count} complaints`)

export const personEn: PersonWords = {
  mine: {
    title: 'My complaints and data',
    others: 'Open complaints of the same phone',
    ask: 'For your privacy: the last four digits of the phone that the complaint was filed with.',
    show: 'Show',
    none: 'This phone has no other open complaint.',
    rights: 'My personal data',
    data: 'Download all my data',
    dataNote:
      'One ZIP file with every complaint of this phone: texts, photos and receipts. It holds personal data, so do not forward it.',
    erase: 'Ask to have all my data erased',
    back: 'Back to this complaint',
  },
  erasure: {
    title: 'Ask to have all my data erased',
    lead: 'The platform answers for each complaint: it erases it, or tells you why it can’t (Personal Information Protection Law, articles 47 and 50).',
    goes: 'Names, phone, order number, and the texts and photos of everybody are erased for good. Download them first if you need them.',
    asks: count => `Can be asked for (${complaints(count)})`,
    stays: count => `Can’t be asked for now (${complaints(count)})`,
    nothing: 'There is no complaint now whose erasure can be asked for.',
    reason: 'Why (may be left empty)',
    standard: 'The person wants it erased (Personal Information Protection Law, article 47)',
    submit: count => `Ask to erase ${complaints(count)}`,
    results: 'Results',
    asked: 'Asked for; the platform will answer',
    failed: 'Not asked for: ',
    changed: 'Something new was just recorded; please ask once more.',
    back: 'Back to my complaints',
  },
  keptBy: {
    open: 'It is still open. It can be erased once it has ended.',
    legal_hold: 'A legal hold keeps it.',
    window: 'The time to appeal is not over.',
    erased: 'Its content was erased.',
    asked: 'It was asked for, and the platform has not answered yet.',
  },
  until: when => `Earliest ${when}.`,
  desk: {
    open: 'All data of this person',
    title: 'All data of a person',
    lead: count => `This phone has ${complaints(count)}. What was erased is no longer found by phone.`,
    none: 'This phone has no complaint. What was erased is no longer found by phone.',
    data: 'Export everything',
    dataNote:
      'One ZIP file with a folder for each complaint: record, receipt, photos. Make sure who asks before you hand it over (PIPL, article 45); after that, nothing here can erase it.',
    goes: count => `Can be erased (${complaints(count)})`,
    stays: count => `Stays (${complaints(count)})`,
    staysNote:
      'The person must be told why something is not erased (PIPL, articles 47 and 50). Where they asked for it, open the complaint and answer there.',
    first: count => `At most ${count} at once; the others follow when these are erased.`,
    steps: count => `all that steps 1 to ${count} say`,
    asked: 'The buyer asked for it',
    byItself: day => `Erased by itself after ${day}.`,
    effect:
      'Names, phone, order number, and the texts and photos of everybody are erased for good. Number, seller, and when each step came and what it did stay and can still be checked.',
    confirm: 'The person themselves wants this, and it can’t be undone',
    submit: count => `Erase all content of ${complaints(count)}`,
    done: 'Erased',
    again: 'What was not erased is still below.',
  },
  file: { name: 'all my data', record: 'record', receipt: 'receipt', evidence: 'evidence' },
}
