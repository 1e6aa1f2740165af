import type { Messages } from '../index.ts'
import type { ConsoleWords } from '../zh-CN/index.ts'
import { en, enForBuyer } from './complaint.ts'
import { enPage } from './track.ts'

const consoleEn: ConsoleWords = {
  skip: 'Skip to content',
  nav: 'Main menu',
  language: 'Language',
  signOut: 'Sign out',
  roles: { merchant: 'Seller', platform: 'Officer', supervisor: 'Supervisor' },
  rooms: { merchant: 'Seller console', platform: 'Officer’s desk', supervisor: 'Officer’s desk' },
  notFound: 'There is no such complaint or page here.',
  badAddress: names =>
    `This address says something that is not known here${names && `: ${names}`}. Please choose anew from the list.`,
  toRoom: 'Back to your desk',
  onPhone: 'On the phone',
  callers:
    'First ask for the complaint number and the last four digits of the phone. If they match, tell the buyer what this page says of progress, deadlines and what each side wrote; not the internal notes. Capitals don’t matter in a number; O is 0, I and L are 1.',
  search: {
    title: 'Find a complaint',
    label: 'Find a complaint',
    hint: 'Complaint number, order number or the whole phone number.',
    key: 'Press / to come back here.',
    submit: 'Find',
    none: 'Nothing found. Please check the number; a phone number must be complete.',
    order: 'Yours first, then the next to fall due, closed ones last',
  },
  again: 'End of the list: back to the first',
  tabs: { title: 'Whose turn', changed: 'This list has changed: refresh' },
  shortcuts: {
    areOn: 'Single-letter keys (/ and letters) are on',
    turnOff: 'Turn single-letter keys off',
    areOff: 'Single-letter keys are off',
    turnOn: 'Turn single-letter keys on',
  },
  late: {
    title: 'Your session has ended; nothing was sent yet',
    text: 'Everything you wrote is below. Sign in first (it opens in a new tab), then come back to this page and send it.',
    signIn: 'Sign in',
    written: no => `What you wrote (${no})`,
    files: 'Photos, video or PDF (please choose them again)',
    send: 'I am signed in: send again',
    page: 'Don’t send; back to that page',
  },
}

export const enMessages: Messages = { complaint: en, forBuyer: enForBuyer, track: enPage, console: consoleEn }
