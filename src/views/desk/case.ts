import { isOpen } from '../../complaint/words.ts'
import { type NextCase, nextLink, presence, signingNote, type TeamPart, teamSection } from '../console.ts'
import type { TimelinePart, TrackContext } from '../context.ts'
import { order, retentionNote, row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { incidentNotices, lossNotice } from '../incidents.ts'
import { awaitedStatements } from '../third-party/page.ts'
import { timeline } from '../timeline.ts'
import { hours } from '../timing.ts'
import { card } from '../track/headline.ts'
import { actForms, preview, troubles } from './acts.ts'
import { type AsRead, type Case, type DeskForm, type DeskPage, deskPage, wordsOf } from './context.ts'

export interface CaseExtras {
  form?: DeskForm | undefined
  /** The complaint as its buyer would read it after the ruling in the form. */
  preview?: AsRead | undefined
  /** The number of the step that was just made. */
  did?: number | undefined
  /** What the desk's people share about it. */
  team?: TeamPart | undefined
  /** The complaint behind this one in the desk's list. */
  next?: NextCase | null | undefined
  /** The part of a long timeline. */
  part?: TimelinePart | undefined
}

/** The tracking page's parts, for a reader who only looks. */
export const lookingAt = (page: DeskPage, id: string): TrackContext => ({
  ...page,
  base: `/desk/complaints/${id}`,
  scope: 'view',
  checked: { witnesses: 0 },
})

/** The address names a step: what it says is believed only of one that the platform made. */
const isOurs = ({ steps }: Case['view'], did: number | undefined): boolean =>
  steps.some(({ seq, by }) => seq + 1 === did && (by.role === 'platform' || by.role === 'supervisor'))

/** One complaint: everything that was said, beside what an officer can do. */
export const casePage = (
  it: Case,
  page: DeskPage,
  { form, preview: after, did, part, next = null, team }: CaseExtras = {},
): Html => {
  const words = wordsOf(page)
  const { view } = it
  const track = { ...lookingAt(page, view.complaint.id), part, incidents: it.incidents ?? [] }
  return deskPage(page, {
    title: words.caseNo(view.complaint.id),
    current: 'queue',
    main: html`<div class="head"><p class="crumb"><a href="/desk" data-find data-key="l">${words.case.back}</a> · <b>${words.caseNo(view.complaint.id)}</b>${next !== null && html` · ${nextLink('/desk', next, words.case.next, page)}`}</p><p class="note keys">${words.case.keys}</p><p class="crumb to-acts"><a href="#acts">${words.case.acts}</a></p></div>
${team !== undefined && presence(team, page)}
${isOurs(view, did) && html`<p class="notice good" role="status" tabindex="-1" autofocus>${words.case.did(did ?? 0)}</p>`}
${troubles(form, page)}
${after !== undefined && form !== undefined && preview(after, form, it, page)}
<div class="case">
<div>${lossNotice(view, track)}${incidentNotices(track)}${card(view, track)}
${assignment(it, page)}
${timeline(view, track)}
${hours(view, track)}
${order(view, track)}
<p class="note"><b>${page.console.onPhone}</b> ${page.console.callers}</p>
${retentionNote(view, page)}
<p class="plain"><a href="/rules/${view.complaint.policy}">${words.case.policy}</a> · <a href="${track.base}/receipt.json" download>${words.case.receipt}</a></p>
</div>
<div>${signingNote(it.signing, page)}${actForms(it, page, form)}
${awaitedStatements(it.awaited ?? [], page)}
${team !== undefined && teamSection(team, page)}</div>
</div>`,
  })
}

/** Who answers for it at the platform, and what an officer must know before acting. */
const assignment = (it: Case, page: DeskPage): Html | null => {
  const { complaint, standing, related = 0 } = it
  const words = wordsOf(page)
  const notes = notesOf(it, page)
  if (!isOpen(complaint.state) && notes.length === 0) return null
  const { officer, isMine, desk } = standing
  return html`<section class="plain" aria-labelledby="standing"><h2 id="standing">${words.case.standing}</h2>
<dl>${row(words.officer, officer === null ? html`${words.nobody}` : html`<bdi>${inline(officer)}</bdi>${isMine && html` <span class="tag good">${words.me}</span>`}`)}${
    desk !== null && row(words.case.desk, html`<bdi>${inline(desk)}</bdi>`)
  }${related > 1 && row(words.merchant, html`<bdi>${inline(it.view.complaint.merchant.name)}</bdi> <a href="/desk?merchant=${encodeURIComponent(it.view.complaint.merchant.id)}">${words.queue.sameMerchant(related)}</a>`)}${complaint.handoffs > 0 && row(words.case.handoff, html`${words.queue.handoffs(complaint.handoffs)}`)}</dl>
${notes.map(note => html`<p>${note}</p>`)}</section>`
}

const notesOf = ({ complaint: c, standing, ruledByMe }: Case, page: DeskPage): string[] => {
  const words = wordsOf(page).case
  const { dictionary } = page
  return [
    standing.offeredTo !== null && words.offeredTo(inline(standing.offeredTo)),
    c.holder === 'supervisor' && words.atSupervisor,
    c.appealing !== null && words.appealOf[c.appealing],
    ruledByMe && c.appealing !== null && words.ruledByYou,
    c.review?.enforcement === true && isOpen(c.state) && words.enforcement,
    c.humanRequested && words.human,
    c.paused !== null && words.pausedFor(dictionary.lasting(Math.max(0, Math.floor(c.paused.remaining / 1000)))),
  ].filter(note => note !== false)
}
