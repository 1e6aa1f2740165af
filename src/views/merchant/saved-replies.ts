// Replies that a shop saved for itself, with variables in braces, and the addresses that goods go back to.

import type { ComplaintView } from '../../complaint/view/types.ts'
import { TEAM_WORDS } from '../../i18n/areas/team.ts'
import { areaField, textField } from '../acts/fields.ts'
import { comesBack } from '../console.ts'
import type { FormState, PageContext } from '../context.ts'
import { remedyWords } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import type { Desk } from './context.ts'

export interface SavedText {
  id: number
  kind: 'reply' | 'address'
  name: string
  text: string
}

const VARIABLES = ['item', 'order', 'sought', 'id'] as const
type Variable = (typeof VARIABLES)[number]
const isVariable = (name: string): name is Variable => VARIABLES.some(each => each === name)

const BRACES = /\{([^{}]*)\}/g

/** Names in braces that stand for nothing. */
export const unknownVariables = (text: string): string[] =>
  [...text.matchAll(BRACES)].map(([, name = '']) => name.trim()).filter(name => !isVariable(name))

/** What the variables of a reply stand for, in the buyer's language. */
export const factsOf = ({ complaint, steps }: ComplaintView, { dictionary }: PageContext): Record<Variable, string> => {
  const { item, orderId } = steps[0]?.fields ?? {}
  return {
    item:
      typeof item === 'string' && item !== ''
        ? item
        : (dictionary.categories[complaint.category] ?? complaint.category),
    order: typeof orderId === 'string' ? orderId : complaint.id,
    sought: remedyWords(complaint.remedySought, dictionary),
    id: complaint.id,
  }
}

export const fillIn = (text: string, facts: Record<Variable, string>): string =>
  text.replace(BRACES, (whole, name: string) => (isVariable(name.trim()) ? facts[name.trim() as Variable] : whole))

/** The two sections of the settings. `back` says which form comes back. */
export const savedTextsSection = (
  { page }: Desk,
  kind: SavedText['kind'],
  texts: readonly SavedText[],
  back: FormState | null,
): Html => {
  const all = TEAM_WORDS[page.locale]
  const words = kind === 'reply' ? all.replies : all.addresses
  const drawn = { name: kind, page, back }
  const own = texts.filter(text => text.kind === kind)
  const variables =
    kind === 'reply' && VARIABLES.map(name => html` <code>{${name}}</code> ${all.replies.variables[name]}`)
  return html`<section class="plain" id="${kind}" aria-labelledby="${kind}-title"${comesBack(back)}><h2 id="${kind}-title">${words.title}</h2>
<p>${words.text}${variables || null}</p>
${back?.refusal !== undefined && html`<p class="notice bad" role="alert">${back.refusal}</p>`}
${own.length === 0 ? html`<p class="note">${words.none}</p>` : html`<ul class="notes">${own.map(text => item(text, page))}</ul>`}
<form method="post" action="/merchant/settings/texts"><input type="hidden" name="kind" value="${kind}">
${textField(drawn, { name: 'name', label: words.name, length: 60 })}
${areaField(drawn, { name: 'text', label: words.content })}
<button>${words.save}</button>
</form>
</section>`
}

const item = ({ id, name, text }: SavedText, { locale }: PageContext): Html => {
  const words = TEAM_WORDS[locale]
  return html`<li><p><b>${inline(name)}</b></p><p dir="auto">${text}</p>
<form class="one" method="post" action="/merchant/settings/text-removals"><input type="hidden" name="id" value="${id}"><button class="small second" aria-label="${words.removeOf(inline(name))}">${words.remove}</button></form></li>`
}
