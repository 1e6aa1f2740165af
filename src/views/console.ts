// What the pages of both consoles share: about one complaint who looks after it, notes and who else has it open; keys that sign; above
// lists the box that finds and the tabs.

import { SIGNING_WORDS, TEAM_WORDS } from '../i18n/areas/team.ts'
import { entry } from '../i18n/values.ts'
import { areaField } from './acts/fields.ts'
import { type FormState, fileUrl, type PageContext } from './context.ts'
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

/** Of a section whose form came back: it is scrolled to and read out, however far down it stands. */
export const comesBack = (back: FormState | null | undefined): Html | null =>
  back ? html` tabindex="-1" autofocus` : null

/** The complaint behind this one in the reader's list. */
export interface NextCase {
  id: string
  /** The list was at its end, and this is its first again. */
  again: boolean
}
export const nextLink = (
  room: string,
  { id, again }: NextCase,
  label: string,
  { console }: PageContext,
  key = true,
): Html => html`<a href="${room}/complaints/${id}"${key && html` data-key="n"`}>${again ? console.again : label} →</a>`

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
  return html`<section class="plain team" id="team" aria-labelledby="team-title"${comesBack(back)}><h2 id="team-title">${words.title}</h2>
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

// Keys of a merchant's or the platform's people and programs (docs/log.md, section 11): the page that registers and retires them,
// and what public/sign.js needs to sign the forms of a complaint's page.

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

interface KeyLine {
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

// What the lists of both consoles have above them: the box that finds, tabs by whose turn it is, and the news of a change.

/** A form that posts, since an address would keep what was looked for. `/` focuses it. */
export const searchBox = ({ console: words }: PageContext, action: string, asked = ''): Html => {
  const { search } = words
  return html`<form class="find" method="post" action="${action}" role="search">
<label for="find">${search.label}</label>
<input id="find" name="q" value="${asked}" required maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="search" aria-describedby="find-hint">
<button>${search.submit}</button>
<small id="find-hint">${search.hint} <span class="keys">${search.key}</span></small>
</form>`
}

interface Tab {
  /** As the answer of `counts` names it. */
  name: string
  href: string
  label: string
  count: number
}

/** `counts` answers the numbers anew; the script asks it each minute, and says so where the list itself has changed. */
export const turnTabs = (
  page: PageContext,
  tabs: readonly Tab[],
  current: string | undefined,
  counts: string,
): Html => {
  const { tabs: words } = page.console
  return html`<nav class="tabs" aria-label="${words.title}" data-counts="${counts}"><ul>${tabs.map(
    ({ name, href, label, count }) =>
      html`<li><a href="${href}"${name === current && html` aria-current="page"`}>${label} <b class="count" data-count="${name}">${count}</b></a></li>`,
  )}</ul></nav>
<p class="notice" data-news hidden><a href="">${words.changed}</a></p>`
}
