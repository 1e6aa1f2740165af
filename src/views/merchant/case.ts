import { TEXT_FIELDS } from '../../complaint/step.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import { isOpen } from '../../complaint/words.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { entry } from '../../i18n/values.ts'
import { idOf } from '../acts/fields.ts'
import { nextLink, presence, signingNote, teamSection } from '../console.ts'
import { closedAt, due, handoffs, holder, misses, offer, remedyWords, retentionNote, row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { incidentNotices, lossNotice } from '../incidents.ts'
import { files } from '../steps/step.ts'
import { awaitedStatements } from '../third-party/page.ts'
import { timeline } from '../timeline.ts'
import { hours, spanOf } from '../timing.ts'
import { actForms, formsFor, labelOf } from './act-forms.ts'
import { type CaseContext, framed } from './context.ts'
import { isMine } from './inbox.ts'
import { agreement } from './reply-templates.ts'

/** One complaint: what was said so far, and beside it what the merchant may do. */
export const casePage = (view: ComplaintView, context: CaseContext): Html => {
  const { case: words } = MERCHANT_WORDS[context.page.locale]
  const { complaint } = view
  return framed(context, {
    title: `${context.page.dictionary.states[complaint.state]} · ${complaint.id}`,
    room: 'inbox',
    here: context.track.base,
    main: html`<nav class="head crumb" aria-label="${words.back}"><a href="/merchant" data-find data-key="l">← ${words.back}</a>${
      context.next !== null && nextLink('/merchant', context.next, words.next, context.page)
    }</nav>
<p class="note keys">${words.keys(agreement(view, context) !== null)}</p>
${presence(context.team, context.page)}
${notices(view, context)}
<div class="case">
<div>${lossNotice(view, context.track)}${incidentNotices(context.track)}${caseHead(view, context)}
${remedyRequest(view, context)}
${timeline(view, context.track)}
${hours(view, context.track)}
<p class="plain"><a class="button second small" href="${context.track.base}/receipt.json" download>${words.receipt}</a> <small>${words.receiptNote}</small></p>
${retentionNote(view, context.page)}</div>
<div>${signingNote(context.signing, context.page)}${actForms(view, context)}
${awaitedStatements(context.awaited, context.page)}
${teamSection(context.team, context.page)}</div>
</div>`,
  })
}

const toneOf = ({ complaint }: ComplaintView): string => {
  const { state, overdue, holder } = complaint
  if (state === 'closed_confirmed') return 'done'
  if (!isOpen(state)) return 'shut'
  if (overdue) return 'late'
  return isMine(holder?.role) ? 'you' : 'wait'
}

/** At the top: whose turn it is, by when and under which rule, and what happens if nothing is done. */
const caseHead = (view: ComplaintView, context: CaseContext): Html => {
  const { complaint } = view
  const { page, track } = context
  const open = isOpen(complaint.state)
  const facts = open ? [holder(view, track), due(view, track)] : [closedAt(view, track)]
  return html`<section class="card ${toneOf(view)}" aria-label="${page.words.card.title}">
<div class="band"><h1>${title(view, context)}</h1>
${open ? countdown(view, context) : html`<p class="end">${entry(page.words.closed, complaint.state) ?? page.words.card.over}</p>`}
</div>
<dl>
${[...facts, ...next(view, context), offer(view, track), misses(view, track), handoffs(view, track)]}
</dl>
${isMine(complaint.holder?.role) && jump(context)}
</section>`
}

const title = ({ complaint }: ComplaintView, { page }: CaseContext): string => {
  const { yourTurn, colon } = MERCHANT_WORDS[page.locale]
  const state = page.dictionary.states[complaint.state]
  return isMine(complaint.holder?.role) ? `${yourTurn}${colon}${state}` : state
}

const countdown = ({ complaint }: ComplaintView, { page, now }: CaseContext): Html | null => {
  const { holder, due } = complaint
  if (holder === null || due === null) return null
  const { card, you } = page.words
  const who = isMine(holder.role) ? you : page.dictionary.roles[holder.role]
  const left = Date.parse(due) - now
  const parts = spanOf(Math.abs(left), card.units)
  return html`<p class="left"><span>${left > 0 ? card.has(who) : card.late(who)}</span> <strong>${
    parts.length > 0 ? parts.map(([amount, unit]) => html`<b>${amount}</b> ${unit} `) : card.underMinute
  }</strong></p>`
}

const next = ({ next }: ComplaintView, { page }: CaseContext): Html[] => {
  const { ifActs, ifSilent } = page.words.card
  return next === null ? [] : [row(ifActs, html`${next.ifActs}`), row(ifSilent, html`${next.ifSilent}`)]
}

/** On a phone the forms stand below everything that was said. */
const jump = ({ page }: CaseContext): Html =>
  html`<p class="jump"><a class="button" href="#acts">${MERCHANT_WORDS[page.locale].case.toActs} ↓</a></p>`

/** What an answer is about: the buyer's words, the order, and what is asked for. */
const remedyRequest = ({ complaint, steps }: ComplaintView, { page, track }: CaseContext): Html => {
  const { case: words } = MERCHANT_WORDS[page.locale]
  const { dictionary } = page
  const [first] = steps
  const fields = first?.fields ?? {}
  const said = (label: string, value: unknown) =>
    typeof value === 'string' && value !== '' ? row(label, html`<bdi>${inline(value)}</bdi>`) : null
  return html`<section class="card" aria-labelledby="claim">
<h2 id="claim">${words.claim} <small>${complaint.id}</small></h2>
<dl>
${said(words.item, fields.item)}${said(words.order, fields.orderId)}${said(words.category, dictionary.categories[complaint.category] ?? complaint.category)}${said(words.sought, remedyWords(complaint.remedySought, dictionary))}${said(words.buyer, complaint.buyer)}${said(words.openedAt, dictionary.when(complaint.openedAt))}${row(page.console.onPhone, html`<small>${words.callers}</small>`)}
</dl>
${typeof fields.statement === 'string' && html`<div class="claimed"><p dir="auto">${fields.statement}</p></div>`}
${first ? files(first, track) : null}
</section>`
}

/** What became of the last form, before anything else. */
const notices = (view: ComplaintView, context: CaseContext): (Html | null)[] => [
  done(view, context),
  changed(context),
  problems(context),
  unsent(view, context),
]

/** Says what was recorded, and only if it was: the address names a step, the sentence is the step's own. */
const done = ({ steps }: ComplaintView, { page, done, next }: CaseContext): Html | null => {
  const { case: words, colon } = MERCHANT_WORDS[page.locale]
  const made = steps.find(({ seq, by }) => seq === done && by.role === 'merchant')
  if (!made) return null
  return html`<section class="notice good" role="status" tabindex="-1" autofocus><p><b>${words.doneTitle}${colon}${words.done(made.seq + 1)}</b> ${inline(page.dictionary.describe(made))} <a href="#step-${made.seq + 1}">${words.toStep}</a>${next !== null && html` · ${nextLink('/merchant', next, words.next, page, false)}`}</p></section>`
}

const changed = ({ page, form }: CaseContext): Html | null => {
  const changed = form?.changed ?? []
  if (changed.length === 0) return null
  const { case: words } = MERCHANT_WORDS[page.locale]
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus><p><b>${words.changed}</b></p>
<ul>${changed.map(step => html`<li><a href="#step-${step.seq + 1}">${words.done(step.seq + 1)}</a> ${inline(page.dictionary.describe(step))}</li>`)}</ul>
<p>${words.changedNote}</p></section>`
}

const problems = ({ page, form }: CaseContext): Html | null => {
  if (!form || (form.problems.length === 0 && form.refusal === undefined)) return null
  // What changed says it better.
  if (form.refusal === 'stale' && (form.changed ?? []).length > 0) return null
  const { case: words, colon, refusals } = MERCHANT_WORDS[page.locale]
  const { byCode, other } = page.words.refusals
  const refused =
    form.refusal !== undefined &&
    html`<p><b>${words.refused}</b>${entry(refusals, form.refusal) ?? entry(byCode, form.refusal) ?? other}</p>`
  const wrong =
    form.problems.length > 0 &&
    html`<p><b>${words.problems}</b></p>
<ul>${form.problems.map(({ field, message }) => html`<li><a href="#${idOf(form.name, field)}">${labelOf(form.name, field, page.locale)}${colon}${message}</a></li>`)}</ul>`
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus>${refused}${wrong}</section>`
}

/** Texts of a form that is no longer available, so that the clerk can still copy them. */
const unsent = (view: ComplaintView, { page, form }: CaseContext): Html | null => {
  if (!form || formsFor(view).includes(form.name)) return null
  const written = TEXT_FIELDS.flatMap(field => form.values[field] ?? []).join('\n')
  if (written === '') return null
  return html`<section class="plain quote"><b>${MERCHANT_WORDS[page.locale].case.unsent}</b><p dir="auto">${written}</p></section>`
}
