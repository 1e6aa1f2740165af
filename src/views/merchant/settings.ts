import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { SIGNING_WORDS } from '../../i18n/areas/team.ts'
import type { HookWords, MerchantWords } from '../../i18n/index.ts'
import { textField } from '../acts/fields.ts'
import { comesBack } from '../console.ts'
import type { FormState } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { type Desk, framed } from './context.ts'

/** Each section stands by itself: what to remind by, the keys of programs, and so on. */
export const settingsPage = (desk: Desk, sections: readonly (Html | null)[]): Html => {
  const { settings } = MERCHANT_WORDS[desk.page.locale]
  return framed(desk, {
    title: settings.title,
    room: 'settings',
    here: '/merchant/settings',
    main: html`<h1>${settings.title}</h1>
${sections}`,
  })
}

/** That something was done, or why not. */
export const settingsNotice = (look: 'good' | 'bad', words: string): Html =>
  html`<p class="notice ${look}" role="${look === 'good' ? 'status' : 'alert'}" tabindex="-1" autofocus>${words}</p>`

/** Where the digest of what is due goes. The page shows no more of the number than its end. */
export const contactSection = (
  { page }: Desk,
  { phone, pending }: { phone: string | null; pending: string | null },
  back: FormState | null,
): Html => {
  const { settings } = MERCHANT_WORDS[page.locale]
  const drawn = { name: 'contact', page, back }
  const now = phone === null ? settings.phoneNone : settings.phoneNow(phone.slice(-4))
  return html`<section class="plain" aria-labelledby="contact-title"${comesBack(back)}><h2 id="contact-title">${settings.contact}</h2>
<p>${settings.contactText}</p>
<p class="note">${now}</p>
${
  pending !== null &&
  html`<form method="post" action="/merchant/settings/contact-code"><p class="notice" role="status">${settings.codeSent(pending.slice(-4))}</p>
${textField(drawn, { name: 'code', label: settings.code, mode: 'numeric', length: 6 })}
<button>${settings.confirm}</button>
</form>
<form method="post" action="/merchant/settings/contact-code-removal"><button class="small second">${settings.giveUp}</button></form>`
}
<form method="post" action="/merchant/settings/contact">
${textField(drawn, { name: 'phone', label: settings.phone, mode: 'tel', length: 40 })}
<button>${settings.save}</button>
</form>
${phone !== null && html`<form method="post" action="/merchant/settings/contact-removal"><button class="small danger">${settings.remove}</button></form>`}
</section>`
}

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
  const { settings } = MERCHANT_WORDS[page.locale]
  return html`<section class="plain" aria-labelledby="keys-title"${comesBack(back)}><h2 id="keys-title">${settings.keys}</h2>
<p>${settings.keysText}</p>
${made !== null && fresh(made, settings)}
${keys.length > 0 ? list(keys, page, settings) : html`<p class="note">${settings.none}</p>`}
<form method="post" action="/merchant/settings/keys">
${textField({ name: 'keys', page, back }, { name: 'name', label: settings.keyName, hint: settings.keyNameHint, length: 60 })}
<button>${settings.create}</button>
</form>
</section>`
}

/** Where people and programs of the shop have their keys to sign with. */
export const signingSection = ({ page }: Desk): Html => {
  const words = SIGNING_WORDS[page.locale]
  return html`<section class="plain" aria-labelledby="signing-title"><h2 id="signing-title">${words.title}</h2>
<p>${words.lead}</p>
<p><a class="button second small" href="/merchant/keys">${words.link}</a></p>
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

/** A webhook endpoint as its owner may see it. */
export interface HookLine {
  id: string
  url: string
  secret: string
  disabledWhy: string | null
  status: 'untried' | 'working' | 'failing' | 'disabled'
  failures: number
  lastAnswer: string | null
}

/** Where events of this merchant's complaints are sent. */
export const hooksSection = ({ page }: Desk, hooks: readonly HookLine[], back: FormState | null): Html => {
  const words = MERCHANT_WORDS[page.locale].webhooks
  return html`<section class="plain" aria-labelledby="hooks-title"${comesBack(back)}><h2 id="hooks-title">${words.title}</h2>
<p>${words.text}</p>
${back?.refusal !== undefined && html`<p class="notice bad" role="alert">${back.refusal}</p>`}
${hooks.length > 0 ? html`<ul class="hooks">${hooks.map(hook => webhookRow(hook, words))}</ul>` : html`<p class="note">${words.none}</p>`}
<form method="post" action="/merchant/webhooks">
${textField({ name: 'hooks', page, back }, { name: 'url', label: words.url, hint: words.urlHint, mode: 'url', length: 500 })}
<button>${words.add}</button>
</form>
</section>`
}

const webhookRow = ({ id, url, secret, disabledWhy, ...how }: HookLine, words: HookWords): Html =>
  html`<li><p class="address" translate="no">${url}</p>
<p>${disabledWhy === null ? html`${statusBadge(how, words)} ${button(id, 'tests', words.test)}` : html`<span class="badge late">${words.disabled(disabledWhy)}</span> ${button(id, 'activation', words.enable)}`} <a href="/merchant/webhooks/${id}">${words.deliveries}</a></p>
<details><summary>${words.secret}</summary><p class="key" translate="no">${secret}</p><p class="note">${words.rotateText}</p>
${button(id, 'secret-rotations', words.rotate)} ${button(id, 'removal', words.remove, 'danger')}</details></li>
`

const statusBadge = (
  { status, failures, lastAnswer }: Pick<HookLine, 'status' | 'failures' | 'lastAnswer'>,
  words: HookWords,
): Html => {
  if (status !== 'failing')
    return html`<span class="badge ${status === 'working' ? 'calm' : 'none'}">${status === 'working' ? words.active : words.untried}</span>`
  return html`<span class="badge late">${words.failing(failures)}</span> <small>${answerIn(words, lastAnswer ?? '')}</small>`
}

const button = (id: string, act: string, label: string, look = 'second'): Html =>
  html`<form class="one" method="post" action="/merchant/webhooks/${id}/${act}"><button class="small ${look}">${label}</button></form>`

/** One event as its owner may see it; instants UTC ms. */
interface DeliveryLine {
  id: number
  /** As people write it; null of a test. */
  complaint: string | null
  seq: number
  attempts: number
  outcome: 'delivered' | 'failed' | null
  answer: string | null
  nextAt: number | null
  createdAt: number
}

/** The last events of one endpoint, the newest first, each with what became of it. */
export const deliveriesPage = (
  desk: Desk,
  { id, url, notice }: { id: string; url: string; notice: Html | null },
  lines: readonly DeliveryLine[],
): Html => {
  const words = MERCHANT_WORDS[desk.page.locale].webhooks
  return framed(desk, {
    title: words.deliveries,
    room: 'settings',
    here: `/merchant/webhooks/${id}`,
    main: html`<p><a href="/merchant/settings">${words.back}</a></p>
<h1>${words.deliveries}</h1><p class="address" translate="no">${url}</p>
${notice}
${lines.length > 0 ? table(id, lines, words, desk) : html`<p class="note">${words.noDeliveries}</p>`}`,
  })
}

const table = (id: string, lines: readonly DeliveryLine[], words: HookWords, desk: Desk): Html => {
  const { columns } = words
  return html`<div class="sheet"><table class="list-table">
<thead><tr>${[columns.complaint, columns.event, columns.at, columns.result, columns.action].map(each => html`<th scope="col">${each}</th>`)}</tr></thead>
<tbody>${lines.map(line => row(id, line, words, desk))}</tbody>
</table></div>`
}

const row = (hook: string, line: DeliveryLine, words: HookWords, { page }: Desk): Html => {
  const { columns } = words
  const about =
    line.complaint === null ? '–' : html`<a href="/merchant/complaints/${line.complaint}">${line.complaint}</a>`
  const at = new Date(line.createdAt).toISOString()
  return html`<tr><th scope="row">${about}</th><td data-label="${columns.event}">${line.complaint === null ? words.testEvent : words.step(line.seq + 1)}</td><td data-label="${columns.at}"><time datetime="${at}">${page.dictionary.when(at)}</time></td><td data-label="${columns.result}">${result(line, words, page)}</td><td data-label="${columns.action}"><form method="post" action="/merchant/webhooks/${hook}/resends"><input type="hidden" name="delivery" value="${line.id}"><button class="small second" aria-label="${words.resendOf(line.complaint ?? words.testEvent)}">${words.resend}</button></form></td></tr>
`
}

const result = ({ outcome, answer, attempts, nextAt }: DeliveryLine, words: HookWords, page: Desk['page']): Html => {
  const look = outcome === 'delivered' ? 'calm' : outcome === 'failed' ? 'late' : 'soon'
  const when =
    nextAt === null || attempts === 0
      ? words.waiting
      : words.retry(page.dictionary.when(new Date(nextAt).toISOString()))
  const said = answer === null ? '' : answerIn(words, answer)
  return html`<span class="badge ${look}">${outcome === null ? when : words[outcome]}</span>${attempts > 0 && html` <small>${said} · ${words.attempts(attempts)}</small>`}`
}

const answerIn = (words: HookWords, answer: string): string => {
  const known: Readonly<Record<string, string>> = words.answers
  return known[answer] ?? words.answer(answer)
}
