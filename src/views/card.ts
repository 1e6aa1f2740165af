import type { ComplaintView, PartyView } from '../complaint/present.ts'
import { isOpen } from '../complaint/words.ts'
import type { TrackContext } from './context.ts'
import { type Html, html, inline } from './html.ts'

type Tone = 'wait' | 'you' | 'late' | 'done' | 'shut'

const isYours = ({ complaint: { holder } }: ComplaintView, { scope }: TrackContext): boolean =>
  scope === 'act' && (holder?.role === 'buyer' || holder?.role === 'both')

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
<h1>${stateName(view, page)}</h1>
${isOpen(view.complaint.state) ? countdown(view, page) : closedBanner(view, page)}
</div>
<dl>
${isOpen(view.complaint.state) ? [holder(view, page), due(view, page)] : closedAt(view, page)}
${misses(view, page)}
${handoffs(view, page)}
${next(view, page)}
</dl>
</section>`

const stateName = (view: ComplaintView, { words, dictionary, scope, ...page }: TrackContext): string => {
  const { state } = view.complaint
  if (scope !== 'act') return dictionary.states[state]
  if (state === 'closed_lapsed') return words.lapsedState
  const mine = isYours(view, { words, dictionary, scope, ...page })
  return (mine && words.yourTurn[state]) || dictionary.states[state]
}

/** 商家还有 / 1 天 23 小时 5 分钟 */
const countdown = ({ complaint }: ComplaintView, page: TrackContext): Html | null => {
  const { holder, due } = complaint
  if (holder === null || due === null) return null
  const { words, dictionary, scope, now } = page
  const who = scope === 'act' && holder.role === 'buyer' ? words.you : dictionary.roles[holder.role]
  const left = Date.parse(due) - now
  const parts = words.card.span(Math.abs(left))
  return html`<p class="left"><span>${left > 0 ? words.card.has(who) : words.card.late(who)}</span> <strong>${
    parts.length > 0 ? parts.map(([amount, unit]) => html`<b>${amount}</b> ${unit} `) : words.card.underMinute
  }</strong></p>`
}

const closedBanner = ({ complaint }: ComplaintView, { words, scope }: TrackContext): Html => {
  const sentences = scope === 'act' ? words.closedForYou : words.closed
  return html`<p class="end">${sentences[complaint.state] ?? words.card.over}</p>`
}

const row = (label: string, value: Html): Html => html`<div><dt>${label}</dt><dd>${value}</dd></div>`

const partyName = ({ role, name }: PartyView, { dictionary, words, scope }: TrackContext): Html => {
  if (scope === 'act' && role === 'buyer') return html`${words.you}`
  const title = dictionary.roles[role]
  return name === title ? html`${title}` : html`${title} <bdi>${inline(name)}</bdi>`
}

const holder = ({ complaint }: ComplaintView, page: TrackContext): Html | null =>
  complaint.holder && row(page.words.card.holder, partyName(complaint.holder, page))

const DAY = 86_400_000
const SHANGHAI = 8 * 3_600_000
const dayOf = (at: number): number => Math.floor((at + SHANGHAI) / DAY)

const due = ({ complaint }: ComplaintView, page: TrackContext): Html | null => {
  const { due, firstDue, provisional, rule, overdue } = complaint
  if (due === null) return null
  const { words, dictionary, now } = page
  const day = words.card.days[dayOf(Date.parse(due)) - dayOf(now)]
  return row(
    overdue ? words.card.dueWas : words.card.due,
    html`<time datetime="${due}">${dictionary.when(due)}</time>${day ? html`<span class="day">${day}</span>` : null}${
      firstDue && html`<small>${words.card.first(dictionary.when(firstDue))}</small>`
    }${provisional && html`<small>${words.card.provisional}</small>`}${
      rule !== null && words.rules[rule]
        ? html`<small>${words.card.rule}${words.colon}${words.rules[rule]}</small>`
        : null
    }`,
  )
}

const closedAt = ({ steps }: ComplaintView, { words, dictionary }: TrackContext): Html | null => {
  const ENDS = ['confirmed', 'ruled', 'appeal_ruled', 'lapsed', 'withdrawn', 'refused']
  const end = steps.findLast(({ kind }) => ENDS.includes(kind))
  return end ? row(words.card.closedAt, html`<time datetime="${end.at}">${dictionary.when(end.at)}</time>`) : null
}

const misses = ({ steps }: ComplaintView, { words, dictionary }: TrackContext): Html | null => {
  const missed = steps.filter(({ kind, fields }) => kind === 'deadline_missed' && fields.lapses !== true)
  const counts = new Map<string, number>()
  for (const { fields } of missed) counts.set(String(fields.party), (counts.get(String(fields.party)) ?? 0) + 1)
  const roles: Record<string, string> = dictionary.roles
  if (counts.size === 0) return null
  const each = [...counts].map(([role, count]) => words.card.times(roles[role] ?? role, count))
  return row(words.card.missed, html`<span class="bad">${each.join(words.between)}</span>`)
}

const handoffs = ({ complaint }: ComplaintView, { words }: TrackContext): Html | null =>
  complaint.handoffs > 0 ? row(words.card.handoffs, html`${words.card.handoffCount(complaint.handoffs)}`) : null

/** 接下来: what comes if the holder acts, and if nobody does. */
const next = ({ next }: ComplaintView, { words }: TrackContext): Html | null =>
  next &&
  html`${next.ifActs && row(words.card.ifActs, html`${next.ifActs}`)}${next.ifSilent && row(words.card.ifSilent, html`${next.ifSilent}`)}`
