// What colleagues share about one complaint, in both consoles: who looks after it, notes, and who else has it open.

import { TEAM_WORDS } from '../i18n/areas/team.ts'
import { areaField } from './acts/fields.ts'
import type { FormState, PageContext } from './context.ts'
import { type Html, html, inline } from './html.ts'

export interface TeamPart {
  /** Address of the complaint's page. */
  base: string
  me: string
  /** Null where the log says who is in charge. */
  assignment: { assignee: string | null; people: readonly string[] } | null
  notes: readonly { id: number; author: string; text: string; at: number }[]
  /** Who has the complaint open as well. */
  others: readonly string[]
  back?: FormState | undefined
}

/** A live region: the script asks anew while the page is looked at. */
export const presence = ({ base, others }: TeamPart, page: PageContext): Html =>
  html`<p class="notice here" role="status" data-here="${base}/here"${others.length === 0 && html` hidden`}>${hereWords(others, page)}</p>`

export const hereWords = (others: readonly string[], { locale }: PageContext): string => {
  const words = TEAM_WORDS[locale]
  return others.length === 0 ? '' : words.here(others.map(name => inline(name)).join(words.and))
}

export const teamSection = (part: TeamPart, page: PageContext): Html => {
  const words = TEAM_WORDS[page.locale]
  const { base, assignment, notes, back } = part
  const drawn = { name: 'note', page, back: back ?? null }
  return html`<section class="plain team" id="team" aria-labelledby="team-title"><h2 id="team-title">${words.title}</h2>
<p class="note">${words.lead}</p>
${back?.refusal !== undefined && html`<p class="notice bad" role="alert">${back.refusal}</p>`}
${assignment && assigned(part, assignment, page)}
<h3>${words.notes}</h3>
${notes.length > 0 && html`<ul class="notes">${notes.map(note => item(note, base, page))}</ul>`}
<form method="post" action="${base}/notes">
${areaField(drawn, { name: 'text', label: words.note })}<button class="second small">${words.add}</button>
</form>
</section>`
}

const assigned = (
  { base, me }: TeamPart,
  { assignee, people }: NonNullable<TeamPart['assignment']>,
  { locale }: PageContext,
): Html => {
  const words = TEAM_WORDS[locale]
  const others = people.filter(name => name !== me && name !== assignee)
  const to = (person: string, label: string) =>
    html`<form class="one" method="post" action="${base}/assignee"><input type="hidden" name="person" value="${person}"><button class="second small">${label}</button></form> `
  return html`<p>${words.assignee}: <b>${assignee === null ? words.nobody : assignee === me ? words.me : inline(assignee)}</b></p>
<div class="buttons">${assignee !== me && to(me, words.take)}${assignee === me && to('', words.release)}${
    others.length > 0 &&
    html`<form class="one" method="post" action="${base}/assignee"><label for="assign-to">${words.give}</label> <select id="assign-to" name="person">${others.map(name => html`<option>${name}</option>`)}</select> <button class="second small">${words.giveSubmit}</button></form>`
  }</div>`
}

const item = ({ id, author, text, at }: TeamPart['notes'][number], base: string, page: PageContext): Html => {
  const words = TEAM_WORDS[page.locale]
  const iso = new Date(at).toISOString()
  const when = page.dictionary.when(iso)
  return html`<li><p dir="auto">${text}</p><div class="note"><bdi>${inline(author)}</bdi> · <time datetime="${iso}">${when}</time> <form class="one" method="post" action="${base}/note-removals"><input type="hidden" name="note" value="${id}"><button class="small second" aria-label="${words.removeNote(inline(author), when)}">${words.remove}</button></form></div></li>`
}
