import type { ThirdPartyWords } from '../zh-CN/third-party.ts'

export const thirdPartyEn: ThirdPartyWords = {
  titles: {
    awaited: 'Your statement is asked for',
    given: 'Your statement arrived',
    late: 'The time for a statement is over',
    ended: 'The complaint has ended',
  },
  lead: (party, asker) => `A consumer complaint needs a statement. Asked by: ${asker}. Asked of: ${party}.`,
  about: 'About',
  by: 'Please answer by',
  question: 'The question',
  note: 'The parties to the complaint will read your statement, with its date; it can’t be changed later. That none came is recorded too. Nothing of the buyer is shown here.',
  text: 'Your statement',
  files: 'Photos, a video or PDF',
  send: 'Send the statement',
  given: when => `Your statement arrived on ${when}.`,
  yours: 'Your statement',
  yourFiles: 'Your files',
  late: when => `The time ended on ${when}, and “no statement” was recorded. This link takes nothing any more.`,
  ended: 'The complaint has ended, and no statement is needed. This link takes nothing any more.',
  refused: 'Not taken: ',
  asked: {
    title: 'Statements awaited from outside',
    note: 'Send them the link. They see the kind of problem, your question and their own statement, nothing else.',
    until: (party, when) => `${party}, by ${when}`,
    link: 'Link for them',
  },
}
