import { isOpen } from '../../complaint/words.ts'
import { row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { type Case, type DeskPage, wordsOf } from './context.ts'

/** Who answers for it at the platform, and what an officer must know before acting. */
export const assignment = (it: Case, page: DeskPage): Html | null => {
  const { complaint, standing } = it
  const words = wordsOf(page)
  const notes = notesOf(it, page)
  if (!isOpen(complaint.state) && notes.length === 0) return null
  const { officer, desk } = standing
  return html`<section class="plain" aria-labelledby="standing"><h2 id="standing">${words.case.standing}</h2>
<dl>${row(words.officer, officer === null ? html`${words.nobody}` : html`<bdi>${inline(officer)}</bdi>${officer === page.person.name && html` <span class="tag good">${words.me}</span>`}`)}${
    desk !== null && row(words.case.desk, html`<bdi>${inline(desk)}</bdi>`)
  }${complaint.handoffs > 0 && row(words.case.handoff, html`${words.queue.handoffs(complaint.handoffs)}`)}</dl>
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
