import type { ComplaintView } from '../../complaint/view/types.ts'
import type { State } from '../../complaint/words.ts'
import type { PageWords } from '../../i18n/page-words.ts'
import type { BuyerAct } from '../../i18n/zh-CN/acts.ts'

const HELP: readonly BuyerAct[] = ['evidence', 'messages']
const AFTER: readonly BuyerAct[] = ['reopening', 'appeal', 'offer-acceptance', 'rating']

/** What a reader in this state most likely came to do, the likeliest first. */
const LIKELY: Record<State, readonly BuyerAct[]> = {
  awaiting_merchant: HELP,
  awaiting_buyer: ['offer-acceptance', 'offer-refusal', 'escalation', 'evidence'],
  platform_review: ['offer-acceptance', 'offer-refusal', ...HELP],
  evidence_requested: HELP,
  awaiting_return: ['return-shipment', 'appeal', 'messages'],
  // Not the confirmation first: nothing was reported yet, and a merchant may press for it.
  fulfilment: ['messages', 'appeal', 'confirmation'],
  awaiting_confirmation: ['confirmation', 'dispute', 'messages'],
  appeal_review: HELP,
  closed_confirmed: AFTER,
  closed_ruled: AFTER,
  closed_lapsed: AFTER,
  closed_withdrawn: AFTER,
  refused: AFTER,
}

/** A robot answered and no human did since: asking for one comes first. */
const onlyRobots = ({ steps }: ComplaintView): boolean => {
  const answers = steps.filter(({ by }) => by.role === 'merchant' || by.role === 'platform')
  return answers.at(-1)?.by.automated === true
}

/** The acts of the buyer that this page can draw, two of them to be seen first. */
export const choose = (view: ComplaintView, words: PageWords): { main: BuyerAct[]; more: BuyerAct[] } => {
  const { complaint, actions } = view
  const known = (Object.keys(words.acts.words) as BuyerAct[]).filter(act => actions.includes(act))
  const likely = [...(onlyRobots(view) ? ['human-request' as const] : []), ...LIKELY[complaint.state]]
  const main = likely.filter(act => known.includes(act)).slice(0, 2)
  return { main, more: known.filter(act => !main.includes(act)) }
}
