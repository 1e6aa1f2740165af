import { merchantWords } from '../../i18n/merchant.ts'
import { textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
import { type Html, html } from '../html.ts'
import type { Desk } from './frame.ts'

/** Where the digest of what is due goes. The page shows no more of the number than its end. */
export const contactSection = ({ page }: Desk, phone: string | null, back: FormState | null): Html => {
  const { settings } = merchantWords[page.locale]
  const drawn = { name: 'contact', page, back }
  const now = phone === null ? settings.phoneNone : settings.phoneNow(phone.slice(-4))
  return html`<section class="plain" aria-labelledby="contact-title"><h2 id="contact-title">${settings.contact}</h2>
<p>${settings.contactText}</p>
<p class="note">${now}</p>
<form method="post" action="/merchant/settings/contact">
${textField(drawn, { name: 'phone', label: settings.phone, mode: 'tel', length: 40 })}
<button>${settings.save}</button>
</form>
${phone !== null && html`<form method="post" action="/merchant/settings/contact-removal"><button class="small danger">${settings.remove}</button></form>`}
</section>`
}
