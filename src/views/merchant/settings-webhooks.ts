import { type HookWords, hookWords } from '../../i18n/merchant-webhooks.ts'
import { textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
import { type Html, html } from '../html.ts'
import type { Desk } from './frame.ts'

/** A webhook endpoint as its owner may see it. */
export interface HookLine {
  id: string
  url: string
  secret: string
  disabledWhy: string | null
}

/** Where events of this merchant's complaints are sent. */
export const hooksSection = ({ page }: Desk, hooks: readonly HookLine[], back: FormState | null): Html => {
  const words = hookWords[page.locale]
  return html`<section class="plain" aria-labelledby="hooks-title"><h2 id="hooks-title">${words.title}</h2>
<p>${words.text}</p>
${back?.refusal !== undefined && html`<p class="notice bad" role="alert">${back.refusal}</p>`}
${hooks.length > 0 ? html`<ul class="hooks">${hooks.map(hook => line(hook, words))}</ul>` : html`<p class="note">${words.none}</p>`}
<form method="post" action="/merchant/webhooks">
${textField({ name: 'hooks', page, back }, { name: 'url', label: words.url, hint: words.urlHint, mode: 'url', length: 500 })}
<button>${words.add}</button>
</form>
</section>`
}

const line = ({ id, url, secret, disabledWhy }: HookLine, words: HookWords): Html =>
  html`<li><p class="address" translate="no">${url}</p>
<p>${disabledWhy === null ? html`<span class="badge calm">${words.active}</span>` : html`<span class="badge late">${words.disabled(disabledWhy)}</span> ${button(id, 'activation', words.enable)}`} <a href="/merchant/webhooks/${id}">${words.deliveries}</a></p>
<details><summary>${words.secret}</summary><p class="key" translate="no">${secret}</p><p class="note">${words.rotateText}</p>
${button(id, 'secret-rotations', words.rotate)} ${button(id, 'removal', words.remove, 'danger')}</details></li>
`

const button = (id: string, act: string, label: string, look = 'second'): Html =>
  html`<form class="one" method="post" action="/merchant/webhooks/${id}/${act}"><button class="small ${look}">${label}</button></form>`
