import type { FieldValue } from '../../complaint/step.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import { isMoney, isOpen, REMEDIES } from '../../complaint/words.ts'
import { entry } from '../../i18n/values.ts'
import type { TrackContext } from '../context.ts'
import {
  closedAt,
  due,
  evidenceAsked,
  handoffs,
  holder,
  misses,
  offer,
  returnAddress,
  row,
  wholeCase,
} from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { spanOf } from '../timing.ts'

/** Whether the reader is the buyer and must act. */
export const isYours = ({ complaint: { holder } }: ComplaintView, { scope }: TrackContext): boolean =>
  scope === 'act' && (holder?.role === 'buyer' || holder?.role === 'both')

/** What is awaited, in words of the thing: 等商家退款 129.00 元. Other readers than the buyer read the state's name. */
export const headline = (view: ComplaintView, page: TrackContext): string => {
  const { complaint } = view
  const { dictionary, scope } = page
  if (scope !== 'act') return dictionary.states[complaint.state]
  if (!isOpen(complaint.state)) return outcome(view, page)
  return awaited(view, page)
}

const DECISIONS = ['ruled', 'appeal_ruled', 'refused']

/** What came of it: where the platform decided, what it decided. */
const outcome = ({ complaint: { state }, steps }: ComplaintView, { words, dictionary }: TrackContext): string => {
  const isDecided = state === 'closed_ruled' || state === 'refused'
  const decision = isDecided ? steps.findLast(({ kind }) => DECISIONS.includes(kind)) : undefined
  return decision ? dictionary.describe(decision) : (entry(words.closedTitles, state) ?? dictionary.states[state])
}

const awaited = (view: ComplaintView, { words, dictionary }: TrackContext): string => {
  const { complaint, steps } = view
  const { headline } = words
  const deed = (terms: FieldValue | null | undefined): string => {
    const kind = kindOf(terms)
    if (kind === undefined || typeof terms !== 'object') return ''
    const sum = dictionary.amount(terms?.amount)
    return sum === '' ? words.deeds[kind] : words.deed(words.deeds[kind], sum)
  }
  const owner = complaint.remedy?.owedBy === 'platform' ? 'platform' : 'merchant'
  const who = dictionary.roles[owner]
  switch (complaint.state) {
    case 'awaiting_merchant':
      return headline.asked(deed(complaint.remedySought))
    case 'awaiting_buyer':
      return complaint.offer === null ? headline.rejected : headline.offered(deed(steps[complaint.offer]?.fields.offer))
    case 'platform_review': {
      const owed = deed(complaint.remedy)
      return owed === '' ? headline.ruling(deed(complaint.remedySought)) : headline.checking(who, owed)
    }
    case 'appeal_review':
      return headline.appeal(deed(complaint.remedySought))
    case 'evidence_requested':
      return complaint.holder?.role === 'merchant' ? headline.evidenceOf(dictionary.roles.merchant) : headline.evidence
    case 'awaiting_return':
      return headline.sendBack(deed(complaint.remedy))
    case 'fulfilment':
      return headline.owed(who, deed(complaint.remedy))
    case 'awaiting_confirmation': {
      // Reported without an offer or a ruling: it was what the buyer asked for.
      const claimed = complaint.remedy ?? complaint.remedySought
      return headline.claimed[questionFor(claimed)](who, deed(claimed))
    }
    default:
      return dictionary.states[complaint.state]
  }
}

const kindOf = (terms: FieldValue | null | undefined) =>
  typeof terms === 'object' ? REMEDIES.find(kind => kind === terms?.kind) : undefined

/** What a buyer looks at to know whether it is true. */
const questionFor = (terms: FieldValue | null): 'money' | 'goods' | 'other' => {
  const kind = kindOf(terms)
  if (kind !== undefined && isMoney(kind)) return 'money'
  return kind === 'exchange' || kind === 'reship' || kind === 'repair' ? 'goods' : 'other'
}

/** Item and shop, so that two complaints don't look alike; by a share link the category alone (data minimisation). */
export const subject = ({ complaint, steps }: ComplaintView, { scope, dictionary }: TrackContext): Html => {
  const category = dictionary.categories[complaint.category] ?? complaint.category
  const item = steps[0]?.fields.item
  const parts =
    scope === 'act' ? [typeof item === 'string' && item !== '' ? item : category, complaint.merchant.name] : [category]
  return html`<p class="of"><bdi>${parts.map(inline).join(' · ')}</bdi></p>`
}

const WAY = ['submitted', 'answered', 'decided', 'done', 'confirmed'] as const

/** How far each open state is on that way. */
const REACHED: Partial<Record<ComplaintView['complaint']['state'], number>> = {
  awaiting_merchant: 1,
  awaiting_buyer: 2,
  platform_review: 2,
  evidence_requested: 2,
  appeal_review: 2,
  awaiting_return: 3,
  fulfilment: 3,
  awaiting_confirmation: 4,
  closed_confirmed: 5,
}

const REVIEWED = ['escalated', 'offer_refused', 'ruled', 'officer_assigned', 'evidence_requested', 'reopened']

/** Milestones, as every parcel's page has them: done, now, still to come. None where the way ended before its end. */
export const milestones = ({ complaint, steps }: ComplaintView, { words, scope }: TrackContext): Html | null => {
  const reached = REACHED[complaint.state]
  if (reached === undefined) return null
  const { way } = words
  const isReviewed =
    complaint.state.endsWith('_review') ||
    complaint.state === 'evidence_requested' ||
    steps.some(({ kind }) => REVIEWED.includes(kind))
  const labels = { ...way.steps, decided: isReviewed ? way.ruled : scope === 'act' ? way.youDecide : way.decided }
  return html`<ol class="way" aria-label="${way.label}">${WAY.map(
    (name, i) =>
      html`<li${i === reached ? html` aria-current="step"` : i < reached && html` class="past"`}>${labels[name]}</li>`,
  )}</ol>`
}

type Tone = 'wait' | 'you' | 'late' | 'done' | 'shut'

const toneOf = (view: ComplaintView, page: TrackContext): Tone => {
  const { state, overdue } = view.complaint
  if (state === 'closed_confirmed') return 'done'
  if (!isOpen(state)) return 'shut'
  if (overdue) return 'late'
  return isYours(view, page) ? 'you' : 'wait'
}

/** At the top: who must act now, by when, and how long is left. */
export const card = (
  view: ComplaintView,
  page: TrackContext,
): Html => html`<section class="card ${toneOf(view, page)}" aria-label="${page.words.card.title}">
<div class="band">
${isYours(view, page) && html`<p class="turn">${page.words.turn}</p>`}<h1>${headline(view, page)}</h1>
${subject(view, page)}
${milestones(view, page)}
${isOpen(view.complaint.state) ? countdown(view, page) : closedBanner(view, page)}
</div>
<dl>
${isOpen(view.complaint.state) ? [holder(view, page), due(view, page), wholeCase(view, page)] : closedAt(view, page)}
${evidenceAsked(view, page)}${offer(view, page)}${returnAddress(view, page)}${misses(view, page)}${handoffs(view, page)}
</dl>
${next(view, page)}
</section>`

/** 商家还有 / 1 天 23 小时 5 分钟. Right as it stands; a script may count on from `data-now`. */
const countdown = ({ complaint }: ComplaintView, page: TrackContext): Html | null => {
  const { holder, due } = complaint
  if (holder === null || due === null) return null
  const { words, dictionary, scope, now } = page
  const { card } = words
  const mine = { buyer: words.you, both: words.youAndMerchant }
  const who = (scope === 'act' ? entry(mine, holder.role) : undefined) ?? dictionary.roles[holder.role]
  const left = Date.parse(due) - now
  const parts = spanOf(Math.abs(left), card.units)
  const units = card.units.map(unit => unit.join('/')).join('|')
  return html`<p class="left" data-due="${due}" data-now="${now}" data-units="${units}" data-under="${card.underMinute}" data-late="${card.late(who)}"><span>${
    left > 0 ? card.has(who) : card.late(who)
  }</span> <strong>${parts.length > 0 ? parts.map(([amount, unit]) => html`<span class="unit"><b>${amount}</b> ${unit}</span> `) : card.underMinute}</strong></p>`
}

const closedBanner = ({ complaint }: ComplaintView, { words, scope, dictionary }: TrackContext): Html => {
  const { state, appealUntil } = complaint
  if (scope !== 'act') return html`<p class="end">${entry(words.closed, state) ?? words.card.over}</p>`
  const sentence = entry(words.closedForYou, state) ?? words.card.over
  // A refusal and a ruling can be appealed for some days, once; after that they are final.
  if (state !== 'closed_ruled' && state !== 'refused') return html`<p class="end">${sentence}</p>`
  return html`<p class="end">${sentence}${appealUntil === null ? words.final : words.appealUntil(dictionary.when(appealUntil))}</p>`
}

/** What comes if the holder acts, and if not. Once every party has missed it, the external remedies say it better. */
const next = (view: ComplaintView, page: TrackContext): Html | null => {
  const { next, complaint } = view
  const { words } = page
  if (next === null || (complaint.overdue && complaint.holder?.role === 'supervisor')) return null
  return html`<h2>${words.card.next}</h2>
<dl class="next">${row(isYours(view, page) ? words.card.ifYouAct : words.card.ifActs, html`${next.ifActs}`)}${row(words.card.ifSilent, html`${next.ifSilent}`)}</dl>`
}
