// Keys of a merchant's or the platform's people and programs (docs/log.md, section 11): the page that registers and retires them,
// and what public/sign.js needs to sign the forms of a complaint's page.

import { SIGNING_WORDS } from '../i18n/areas/signing.ts'
import { entry } from '../i18n/values.ts'
import { fileUrl, type PageContext } from './context.ts'
import { type Html, html, inline } from './html.ts'

/** What signatures on a page name. `store`: under which name this browser keeps the person's key. */
export interface SigningData {
  c: string
  origin: string
  seen: string
  /** Thumbprints of the person's own keys that stand. */
  keys: readonly string[]
  store: string
  /** The page of keys. */
  page: string
}

/** Beside the forms of a complaint: whether this browser signs them. Without a script nothing is said, and nothing signed. */
export const signingNote = (signing: SigningData | null | undefined, page: PageContext): Html | null => {
  if (!signing) return null
  const words = SIGNING_WORDS[page.locale]
  const link = html`<a href="${signing.page}">${words.link}</a>`
  const cannot = (when: string) => html`<p class="note" data-when="${when}" hidden>${words.cannot} ${link}</p>`
  return html`<script src="${fileUrl(page, 'sign.js')}" defer></script><div id="device" data-c="${signing.c}" data-origin="${signing.origin}" data-seen="${signing.seen}" data-keys="${signing.keys.join(' ')}" data-store="${signing.store}"><p class="note" data-when="bound" hidden>${words.signs} ${link}</p>${cannot('further')}${cannot('cannot')}</div>`
}

/** The same for a form that acts on many: `rows` by id of the complaint. */
export interface SigningRows extends Pick<SigningData, 'keys' | 'store' | 'page'> {
  rows: ReadonlyMap<string, Pick<SigningData, 'c' | 'origin'>>
}

/** Beside a form that acts on many: whether this browser signs each row (public/sign-rows.js). */
export const rowsNote = (signing: SigningRows | null | undefined, page: PageContext): Html | null => {
  if (!signing) return null
  const words = SIGNING_WORDS[page.locale]
  const link = html`<a href="${signing.page}">${words.link}</a>`
  return html`<script src="${fileUrl(page, 'sign.js')}" defer></script><script src="${fileUrl(page, 'sign-rows.js')}" defer></script><div id="signing" data-keys="${signing.keys.join(' ')}" data-store="${signing.store}"><p class="note" data-when="bound" hidden>${words.signsEach} ${link}</p><p class="note" data-when="cannot" hidden>${words.cannot} ${link}</p></div>`
}

/** The head that a row's page showed, and with `act` what its signature names besides. */
export const rowField = (id: string, seen: string, signing?: SigningRows | null, act?: string): Html => {
  const about = (act !== undefined && signing?.rows.get(id)) || null
  return html`<input type="hidden" name="c${id}.seen" value="${seen}"${about && html` data-c="${about.c}" data-origin="${about.origin}" data-act="${act ?? ''}"`}>`
}

export interface KeyLine {
  key: string
  /** Credential id of a passkey. */
  credential: string | null
  label: string
  addedAt: number | null
  own: boolean
  retired: boolean
}
export interface KeyPage {
  page: PageContext
  /** Where its forms are posted to, without a slash at its end. */
  base: string
  keys: readonly KeyLine[]
  /** Null where a party can't demand signatures. */
  required: boolean | null
  /** What claims about these keys name. */
  origin: string
  party: string
  seen: string
  store: string
  /** What a passkey is named after. */
  person: string
  /** What was done, or why not. */
  done?: string | undefined
  refused?: string | undefined
}

export const signingKeysPage = (view: KeyPage): Html => {
  const { page, base, keys, origin, party, seen, store, person, required } = view
  const words = SIGNING_WORDS[page.locale]
  const own = keys.filter(each => each.own)
  const names = (which: readonly KeyLine[]) => which.map(({ key }) => key).join(' ')
  const usable = own.filter(({ retired }) => !retired)
  const passkeys = usable
    .flatMap(({ key, credential }) => (credential === null ? [] : [`${credential}:${key}`]))
    .join(' ')
  return html`<h1>${words.title}</h1>
${notice(view)}
<section class="plain" id="keys" aria-label="${words.title}" data-store="${store}" data-party="${party}" data-origin="${origin}" data-seen="${seen}" data-keys="${names(usable)}" data-passkeys="${passkeys}" data-person="${person}" data-retired="${names(own.filter(({ retired }) => retired))}"${required && html` data-required`}>
<p>${words.lead}</p>
${keys.length > 0 ? list(keys, view) : html`<p class="note">${words.none}</p>`}
<p class="notice good" data-registered hidden>${words.registered}</p>
<p class="note" data-noscript>${words.noScript}</p>
<form method="post" action="${base}" data-claim="party-keys" hidden>
<p class="field"><label for="key-name">${words.name}</label><small id="key-name-hint">${words.nameHint}</small><input id="key-name" name="name" required maxlength="60" aria-describedby="key-name-hint"></p>
<button>${words.register}</button>
</form>
<p class="notice bad" role="alert" tabindex="-1" data-cancelled hidden>${words.cancelled}</p>
<form method="post" action="${base}" data-claim="passkeys" hidden>
<h2>${words.passkeys}</h2>
<p>${words.passkeysText}</p>
<p class="field"><label for="passkey-name">${words.name}</label><input id="passkey-name" name="name" required maxlength="60" value="${words.passkey}"></p>
<button class="second">${words.registerPasskey}</button>
</form>
</section>
${required !== null && requirement(view, required)}
<script src="${fileUrl(page, 'sign.js')}" defer></script><script src="${fileUrl(page, 'keys.js')}" defer></script>`
}

const notice = ({ page, done, refused }: KeyPage): Html | null => {
  const words = SIGNING_WORDS[page.locale]
  if (refused !== undefined)
    return html`<p class="notice bad" role="alert" tabindex="-1" autofocus>${words.refused}${entry(words.refusals, refused) ?? words.otherRefusal}</p>`
  const said = done === undefined ? undefined : entry(words.done, done)
  return said === undefined ? null : html`<p class="notice good" role="status" tabindex="-1" autofocus>${said}</p>`
}

const list = (keys: readonly KeyLine[], view: KeyPage): Html => {
  const words = SIGNING_WORDS[view.page.locale]
  return html`<div class="sheet"><table class="list-table">
<thead><tr><th scope="col">${words.name}</th><th scope="col">${words.added}</th><th scope="col">${words.start}</th><th scope="col">${words.state}</th></tr></thead>
<tbody>${keys.map(key => line(key, view))}</tbody>
</table></div>`
}

const line = ({ key, credential, label, addedAt, own, retired }: KeyLine, { page, base, required }: KeyPage): Html => {
  const words = SIGNING_WORDS[page.locale]
  const name = label === '' ? words.unknown : inline(label)
  const at = addedAt === null ? null : new Date(addedAt).toISOString()
  const retirement = html`<form method="post" action="${base}/retirements" data-claim="party-key-retirements"><input type="hidden" name="key" value="${key}"><button class="small danger" aria-label="${words.retireOf(name)}">${words.retire}</button></form>`
  // Officers retire their own; a merchant's people any of the merchant's.
  const mayRetire = !retired && (own || required !== null)
  return html`<tr><th scope="row"><bdi>${name}</bdi>${credential !== null && html` <span class="tag">${words.passkey}</span>`}${own && html` <span class="tag">${words.own}</span>`} <span class="tag good" data-key-here="${key}" hidden>${words.here}</span></th><td data-label="${words.added}">${at === null ? words.unknown : html`<time datetime="${at}">${page.dictionary.when(at)}</time>`}</td><td data-label="${words.start}"><code>${key.slice(0, 8)}</code></td><td data-label="${words.state}">${retired ? words.retired : words.stands} ${mayRetire && retirement}</td></tr>`
}

const requirement = ({ page, base }: KeyPage, required: boolean): Html => {
  const words = SIGNING_WORDS[page.locale]
  const [act, path, label] = required
    ? (['signing-releases', 'release', words.release] as const)
    : (['signing-demands', 'requirement', words.require] as const)
  return html`<section class="plain" aria-labelledby="required-title"><h2 id="required-title">${words.required}</h2>
<p>${words.requiredText}</p>
<p class="note">${required ? words.isRequired : words.notRequired}</p>
<form method="post" action="${base}/${path}" data-claim="${act}"><button class="second">${label}</button></form>
</section>`
}
