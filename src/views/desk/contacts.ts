import { contactWords } from '../../i18n/desk-contacts.ts'
import { textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
import { type Html, html } from '../html.ts'
import type { DeskPage } from './context.ts'

export const DESK_PARTIES = ['platform', 'supervisor'] as const
export type DeskParty = (typeof DESK_PARTIES)[number]

export interface DeskContacts {
  phones: Record<DeskParty, string | null>
  /** What was just saved, or the form that came back. */
  saved: boolean
  back: (FormState & { party: DeskParty }) | null
}

/** Where the digests of officers and supervisors go. The page shows no more of a number than its end. */
export const contactsSection = ({ phones, saved, back }: DeskContacts, page: DeskPage): Html => {
  const words = contactWords[page.locale]
  return html`<section class="plain" aria-labelledby="contacts"><h2 id="contacts">${words.title}</h2>
<p>${words.text}</p>
${saved && html`<p class="notice good" role="status" tabindex="-1" autofocus>${words.saved}</p>`}
${DESK_PARTIES.map(party => form(party, phones[party], back?.party === party ? back : null, page))}
</section>`
}

const form = (party: DeskParty, phone: string | null, back: FormState | null, page: DeskPage): Html => {
  const words = contactWords[page.locale]
  const hint = phone === null ? words.none : words.now(phone.slice(-4))
  return html`<form method="post" action="/desk/contacts"><input type="hidden" name="party" value="${party}">
${textField({ name: `contact-${party}`, page, back }, { name: 'phone', label: words[party], hint, mode: 'tel', length: 40, optional: true })}
<button class="second">${words.save}</button>
</form>
`
}
