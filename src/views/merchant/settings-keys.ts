import { type MerchantWords, merchantWords } from '../../i18n/merchant.ts'
import { textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import type { Desk } from './frame.ts'

/** A key as its owner may see it. */
interface KeyLine {
  /** SHA-256 of the key, in hex. */
  id: string
  name: string
  /** UTC ms. */
  createdAt: number
}

interface Keys {
  keys: readonly KeyLine[]
  /** A key that was just made: shown once, kept nowhere. */
  made: string | null
  back: FormState | null
}

export const keysSection = ({ page }: Desk, { keys, made, back }: Keys): Html => {
  const { settings } = merchantWords[page.locale]
  return html`<section class="plain" aria-labelledby="keys-title"><h2 id="keys-title">${settings.keys}</h2>
<p>${settings.keysText}</p>
${made !== null && fresh(made, settings)}
${keys.length > 0 ? list(keys, page, settings) : html`<p class="note">${settings.none}</p>`}
<form method="post" action="/merchant/settings/keys">
${textField({ name: 'keys', page, back }, { name: 'name', label: settings.keyName, hint: settings.keyNameHint, length: 60 })}
<button>${settings.create}</button>
</form>
</section>`
}

type Words = MerchantWords['settings']

const fresh = (key: string, { made, madeText }: Words): Html =>
  html`<div class="notice good" role="status" tabindex="-1" autofocus><p><b>${made}</b></p><p class="key" translate="no">${key}</p><p>${madeText}</p></div>`

const list = (keys: readonly KeyLine[], page: Desk['page'], words: Words): Html =>
  html`<div class="sheet"><table class="list-table">
<thead><tr><th scope="col">${words.keyName}</th><th scope="col">${words.keyCreated}</th><th scope="col">${words.keyStart}</th><th scope="col">${words.keyAction}</th></tr></thead>
<tbody>${keys.map(key => line(key, page, words))}</tbody>
</table></div>`

const line = ({ id, name, createdAt }: KeyLine, { dictionary }: Desk['page'], words: Words): Html => {
  const at = new Date(createdAt).toISOString()
  return html`<tr><th scope="row"><bdi>${inline(name)}</bdi></th><td data-label="${words.keyCreated}"><time datetime="${at}">${dictionary.when(at)}</time></td><td data-label="${words.keyStart}"><code>${id.slice(0, 8)}</code></td><td><form method="post" action="/merchant/settings/key-revocations"><input type="hidden" name="id" value="${id}"><button class="small danger" aria-label="${words.revokeOf(inline(name))}">${words.revoke}</button></form></td></tr>`
}
