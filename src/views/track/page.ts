import { isAboutDevices, isDecisive } from '../../complaint/step.ts'
import { shanghaiDateTime } from '../../complaint/time.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { isOpen } from '../../complaint/words.ts'
import { entry } from '../../i18n/values.ts'
import { actFields, failure, mainActs, moreActs, problemSummary, toForm } from '../acts/acts.ts'
import { seenField } from '../acts/fields.ts'
import { fileUrl, type TrackContext } from '../context.ts'
import { order, retentionNote } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { incidentNotices, lossNotice } from '../incidents.ts'
import { layout } from '../layout.ts'
import { timeline } from '../timeline.ts'
import { hours } from '../timing.ts'
import { devices } from './devices.ts'
import { card } from './headline.ts'

// In this order: htmx is there when ours starts.
const SCRIPTS = ['htmx.min.js', 'track.js']

/** The tracking page: everything a buyer needs to know, and may do, about one complaint. */
export const trackingPage = (view: ComplaintView, page: TrackContext): Html => {
  const { words, dictionary, base } = page
  // Just made, a share link is what its maker looks for.
  const justShared = view.steps.at(-1)?.kind === 'link_shared'
  return layout({
    title: `${failure(page, page.form)}${dictionary.states[view.complaint.state]} · ${words.complaintNo(view.complaint.id)}`,
    page,
    look: 'track',
    here: base,
    scripts: page.signing ? [...SCRIPTS, 'sign.js'] : SCRIPTS,
    before: announcer(view, page),
    // What a form answers replaces all of it, in place.
    attributes: html` hx-target:inherited="main" hx-select:inherited="main" hx-swap:inherited="outerHTML" hx-sync:inherited="drop"`,
    main: html`${problemSummary(view, page)}
${readOnly(page)}
${onPaper(view, page)}
<div id="now"${polling(page)}>${halted(page)}${lossNotice(view, page)}${incidentNotices(page)}${givenUpUnsigned(view, page)}${card(view, page)}
${outsideRemedies(view, page)}</div>
<div id="acts">${justShared && shareLink(page, true)}${satisfaction(view, page)}${mainActs(view, page)}
${moreActs(view, page)}</div>
<div id="story">${timeline(view, page)}
${hours(view, page)}
${order(view, page)}</div>
<div id="more">${!justShared && shareLink(page, false)}
${page.scope === 'act' && html`<p class="note"><a href="${base}/mine">${words.mine.link}</a></p>`}
${evidenceOfRecord(page)}
${page.scope === 'act' && retentionNote(view, page)}
${devices(view, page)}</div>`,
  })
}

/** Says aloud what came while the page was open. Empty without a script, whose words it holds; it stays when `main` goes. */
const announcer = ({ complaint }: ComplaintView, page: TrackContext): Html => {
  const { words } = page
  const { fresh, done, closed } = words.news
  const { failed, again } = words.photos
  const gone = words.pages.notFound.title
  return html`<p id="news" role="status" tabindex="-1" data-fresh="${fresh}" data-done="${done}" data-failed="${failed}" data-again="${again}" data-gone="${gone}" data-closed="${closed}" data-photos="${fileUrl(page, 'photos.js')}" data-look="${fileUrl(page, 'photos.css')}" data-title="${inline(words.complaintNo(complaint.id))}"></p>`
}

/** Polling: refreshes the four parts one by one, so that none is replaced while the reader types in it. */
const polling = ({ base, news }: TrackContext): Html | null =>
  news === undefined
    ? null
    : html` hx-get="${base}" hx-trigger="poll" hx-swap="none" hx-select-oob="#now,#acts,#story,#more" data-news="${news}"`

/** Satisfaction, asked where a complaint has ended: whether it was really solved once a week has passed, and stars. */
const satisfaction = (view: ComplaintView, page: TrackContext): Html | null =>
  page.scope !== 'act'
    ? null
    : html`${view.actions.includes('follow-up') ? followUp(view, page) : null}${view.actions.includes('rating') ? rating(view, page) : null}`

/** One tap. */
const followUp = (view: ComplaintView, page: TrackContext): Html => {
  const { label, effect, submit } = page.words.acts.words['follow-up']
  return html`<section class="plain ask" id="follow-up" aria-labelledby="follow-up-title"><h2 id="follow-up-title">${label}</h2>
<form method="post" action="${page.base}/follow-up" hx-post="${page.base}/follow-up">${seenField(view)}
<p class="two"><button name="solved" value="yes">${submit}</button><button class="second" name="solved" value="no">${page.words.acts.notSolved}</button></p>
<p class="note">${effect}</p></form>
</section>
`
}

/** Who has just confirmed is thanked by it. */
const rating = (view: ComplaintView, page: TrackContext): Html => {
  const { words } = page.words.acts
  const { label, effect, submit } = words.rating
  const thanked = view.steps.at(-1)?.kind === 'confirmed'
  return html`<section class="plain ask" id="rating" aria-labelledby="rating-title"><h2 id="rating-title">${thanked ? page.words.acts.thanks : label}</h2>
<form method="post" action="${page.base}/rating" hx-post="${page.base}/rating">${seenField(view)}<p class="effect">${effect}</p>
${actFields('rating', view, page)}
<button>${submit}</button></form>
</section>
`
}

// The warning that something was given up in the buyer's name without a signature, though a key was bound (docs/log.md, section 11).

/** The newest step of the buyer that gave something up unsigned, until a later one was signed; with the way to undo it. */
const foundIn = (steps: readonly StepView[]): StepView | undefined => {
  const found = steps.findLast(step => step.unsignedThoughBound && isDecisive(step))
  const isAnswered = steps.some(
    step => found && step.seq > found.seq && step.by.role === 'buyer' && step.signed && !isAboutDevices(step),
  )
  return isAnswered ? undefined : found
}

/** By any reader's page; the way to undo it is the buyer's alone. */
const givenUpUnsigned = (view: ComplaintView, page: TrackContext): Html | null => {
  const found = foundIn(view.steps)
  if (!found) return null
  const { words, dictionary, scope } = page
  const { warning, warningText } = words.devices
  return html`<section class="notice bad" role="alert"><p><b>${warning}</b> ${warningText} ${inline(dictionary.describe(found))}</p>${scope === 'act' && undo(view, page)}</section>`
}

/** One tap reopens what was closed; else the buyer says it in a message, which a bound device signs as well. */
const undo = (view: ComplaintView, page: TrackContext): Html | null => {
  const { words, base } = page
  const { reopen, write, notMe } = words.devices
  if (view.actions.includes('reopening'))
    return html`<form method="post" action="${base}/reopening" hx-post="${base}/reopening">${seenField(view)}<input type="hidden" name="reason" value="${notMe}"><button>${reopen}</button></form>`
  return view.actions.includes('messages')
    ? html`<p><a class="button" href="${toForm('messages', view, page)}">${write}</a></p>`
    : null
}

/**
 * Remedies outside the platform, as the complaint's policy names them: plainly once a supervisor is late too (rule 4) or
 * the decision is final, and folded after any other missed deadline.
 */
export const outsideRemedies = (view: ComplaintView, page: TrackContext): Html | null => {
  const { outside } = page.words
  const reason = reasonFor(view)
  if (reason === null || view.outside.length === 0) return null
  const body = html`<p>${outside.texts[reason]}</p>
${view.outside.map(each => remedy(each, page))}
<p class="note">${outside.note}</p>`
  return reason === 'missed'
    ? html`<details class="fold" id="outside"><summary>${outside.titles.missed}</summary><div class="inner">${body}</div></details>`
    : html`<section class="plain outside" aria-labelledby="outside"><h2 id="outside">${outside.titles[reason]}</h2>
${body}
</section>`
}

const reasonFor = ({ complaint, steps }: ComplaintView): 'late' | 'final' | 'unsolved' | 'missed' | null => {
  const { state, holder, overdue, appealUntil } = complaint
  if (holder?.role === 'supervisor' && overdue) return 'late'
  if (!isOpen(state)) {
    const said = steps.findLast(({ kind }) => kind === 'followed_up' || kind === 'reopened')
    if (said?.fields.solved === false) return 'unsolved'
    const decided = state === 'closed_ruled' || state === 'closed_lapsed' || state === 'refused'
    return decided && appealUntil === null ? 'final' : null
  }
  return steps.some(({ kind, fields }) => kind === 'deadline_missed' && fields.party !== 'buyer') ? 'missed' : null
}

const remedy = ({ name, phone, url, until }: ComplaintView['outside'][number], page: TrackContext): Html => {
  const { outside } = page.words
  return html`<p><b>${entry(outside.names, name) ?? name}</b>${until !== null && html` <small>${outside.until(shanghaiDateTime(Date.parse(until)).slice(0, 10))}</small>`}</p>
${(phone !== undefined || url !== undefined) && html`<p class="two">${phone !== undefined && html`<a class="button" href="tel:${phone}">${outside.call(phone)}</a>`}${url !== undefined && html`<a class="button" href="${url}" rel="noreferrer">${outside.site}</a>`}</p>`}`
}

/** The receipt, and who besides the operator has seen the newest step. */
const evidenceOfRecord = ({ words, base, scope, checked }: TrackContext): Html => {
  const { proof } = words
  const seen = checked.witnesses > 0
  return html`<section class="plain" aria-labelledby="proof">
<h2 id="proof">${proof.title}</h2>
<p><span class="tag ${seen ? 'good' : 'dull'}">${seen ? proof.witnesses(checked.witnesses) : proof.waiting}</span> ${seen ? proof.witnessedNote : proof.waitingNote}</p>
<p>${proof.text}</p>
<p class="two"><a class="button second" href="${base}/receipt.json" download>${proof.download}</a>${scope === 'act' && html`<a class="button second" href="${base}/record">${proof.print}</a><a class="button second" href="${base}/12315.zip">${words.record.pack}</a>`}</p>
<p><a href="${base}/sheet">${proof.sheet}</a></p>
${scope === 'act' && html`<p class="note">${proof.printHint}</p>`}
</section>`
}

/** On a shared page: that it is one. */
const readOnly = ({ words, scope }: TrackContext): Html | null =>
  scope === 'view' ? html`<p class="notice" role="note">${words.share.readOnly}</p>` : null

/** Above all that the page promises: that nothing moves at present. */
const halted = ({ words, isHalted }: TrackContext): Html | null =>
  isHalted === true ? html`<p class="notice bad" role="status">${words.halted}</p>` : null

/** The link that the buyer made to show to others, to copy, to send and to scan; the code loads when it is looked at. */
const shareLink = ({ words, shared, base }: TrackContext, isNew: boolean): Html | null => {
  const { share } = words
  return shared !== undefined
    ? html`<section class="plain share" aria-labelledby="share"><h2 id="share" tabindex="-1">${share.made}</h2>
<input class="link" id="share-link" readonly value="${shared}" aria-label="${share.made}">
<p>${share.copy}</p>
<p class="two"><button type="button" data-copy="${share.copied}" hidden>${share.copyButton}</button><button class="second" type="button" data-send hidden>${share.send}</button></p>
<details id="share-code"${isNew && html` open`}><summary>${share.scan}</summary><img class="qr" src="${base}/share.svg" alt="${share.qr}" loading="lazy" width="208" height="208"></details></section>`
    : null
}

/** 2026-11-21 18:05, in Asia/Shanghai: with its year, which the page leaves out. */
const dated = (at: number): string => shanghaiDateTime(at).replace('T', ' ')

/** What paper can't link to: which complaint this is, as of when, and where its receipt is checked. The record has the log entries. */
const onPaper = ({ complaint }: ComplaintView, { words, now, site, verifyUrl }: TrackContext): Html | null =>
  site === undefined
    ? null
    : html`<p class="paper">${words.proof.paper(complaint.id, dated(now))}${
        verifyUrl !== undefined && html` ${words.footer.verify}${words.colon}${site}${verifyUrl}`
      }</p>`
