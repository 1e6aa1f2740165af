import { type Complaint, isOwed, isStuck } from '../../complaint/complaint.ts'
import { needsReturn } from '../../complaint/words.ts'
import { opening, plural, the } from './complaint-phrases.ts'

interface Next {
  ifActs: string
  ifSilent: string
}
const next = (ifActs: string, ifSilent: string): Next => ({ ifActs, ifSilent })

// Every reader sees these sentences, so they say "the buyer" and never "you".

const days = (figure: { hours: number }): string => plural(Math.round(figure.hours / 24), 'day')

const lapse = ({ policy, reopened }: Complaint): string => {
  const reminders = plural(policy.lapse.notices.count, 'reminder')
  const reopening = reopened.lapse ? '' : ` It can be reopened within ${days(policy.windows.reopening)}.`
  return `The buyer gets at least ${reminders} by text message first. If no answer comes, the complaint is closed as “not confirmed by the buyer”, which does not count as solved.${reopening}`
}

const supervisor = ({ policy }: Complaint): string =>
  `The platform is marked as late, and its supervisor has ${plural(policy.times.supervisor.hours, 'hour')} to deal with it.`

const OUTSIDE =
  'The supervisor is late too. The buyer can call 12315 (consumer hotline in China) or complain on the national 12315 website, with this page as proof.'

const reviewSilent = (c: Complaint): string => {
  if (isStuck(c)) return OUTSIDE
  return c.missed > 0
    ? 'Another missed deadline is recorded, and this page shows where to complain outside, such as 12315 (consumer hotline in China).'
    : supervisor(c)
}

const reviewActs = (c: Complaint): string => {
  if (isOwed(c)) return 'The platform itself provides what was ruled; then the buyer checks it.'
  return c.review?.enforcement
    ? 'The platform checks whether its ruling was carried out. If not, it sets one new date; if that is missed too, the platform itself pays first.'
    : 'The platform rules, and says which facts, which rule, why, and what must be done. Whoever disagrees can appeal.'
}

const offered = (c: Complaint): string => {
  if (!c.offer) return 'If the buyer disagrees with the answer, the platform can be asked to step in.'
  const accepted = needsReturn(c.offer.kind)
    ? 'If the buyer accepts, the item is sent back'
    : 'If the buyer accepts, the seller must keep the offer by a set date'
  return `${accepted}; if not, the platform can be asked to step in.`
}

const owing = (c: Complaint): string => the(c.remedy?.owedBy === 'platform' ? 'platform' : 'merchant')

const confirmation = (c: Complaint): string =>
  c.disputed
    ? 'If the buyer confirms, the complaint ends as solved. This remedy was already disputed once.'
    : 'If the buyer confirms, the complaint ends as solved. If it was not really done, the buyer can dispute it and the platform reviews.'

/** What comes next in each open state; an empty pair when nobody has to act. */
export const nextOf = (c: Complaint): Next => {
  switch (c.state) {
    case 'awaiting_merchant':
      return next(
        'If the seller agrees, it is carried out right away. If the seller offers something else or says no, the buyer decides what comes next.',
        'The seller is marked as late and the platform takes over by itself. The buyer need not do anything.',
      )
    case 'awaiting_buyer':
      return next(offered(c), lapse(c))
    case 'platform_review':
      return next(reviewActs(c), reviewSilent(c))
    case 'evidence_requested':
      return next(
        'Once the evidence is in, the review goes on, and its time runs on from where it was paused.',
        '“No evidence came” is recorded, and the platform goes on with what it has.',
      )
    case 'awaiting_return':
      return next(
        `Once the buyer has sent the item back and given the tracking number, ${owing(c)} has ${days(c.policy.times.fulfilment_after_shipment)} at most to carry out the remedy.`,
        lapse(c),
      )
    case 'fulfilment':
      return next(
        `${opening(owing(c))} hands in proof that it is done; then the buyer checks whether it is solved.`,
        c.remedy?.owedBy === 'platform'
          ? supervisor(c)
          : 'The seller is marked as late and the platform takes over by itself.',
      )
    case 'awaiting_confirmation':
      return next(confirmation(c), lapse(c))
    case 'appeal_review':
      return next('An officer who took no part in the first ruling gives the final one.', reviewSilent(c))
    default:
      return next('', '')
  }
}
