import type { ComplaintView } from '../../complaint/view/types.ts'
import { type Locale, needsReturn, REMEDIES } from '../../complaint/words.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { TEAM_WORDS } from '../../i18n/areas/team.ts'
import type { FormName } from '../../i18n/index.ts'
import type { Templates } from '../../i18n/zh-CN/merchant.ts'
import { areaField, textField } from '../acts/fields.ts'
import { comesBack } from '../console.ts'
import type { FormState, PageContext } from '../context.ts'
import { remedyWords } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import type { CaseContext, Desk, SavedText } from './context.ts'

type Values = Record<string, string>
type Ready = keyof Templates

/** The field that a ready text goes to. */
const TEXT: Record<Ready, string> = {
  offer: 'statement',
  rejection: 'statement',
  fulfilment: 'statement',
  extensions: 'reason',
  messages: 'text',
}
export const hasReplyTemplates = (form: FormName): form is Ready => Object.hasOwn(TEXT, form)

/** The terms that belong to a ready offer. */
const TERMS: Record<Exclude<keyof Templates['offer'], 'agree'>, Values> = {
  partial: { 'offer.kind': 'partial_refund' },
  return: { 'offer.kind': 'return_refund', 'offer.freightPaidBy': 'merchant' },
  exchange: { 'offer.kind': 'exchange', 'offer.freightPaidBy': 'merchant' },
  reship: { 'offer.kind': 'reship' },
  repair: { 'offer.kind': 'repair', 'offer.freightPaidBy': 'merchant' },
}

/** Just what the buyer asks for. */
const asSought = ({ complaint }: ComplaintView): Values => {
  const { kind: asked, amount } = complaint.remedySought ?? {}
  const kind = REMEDIES.find(each => each === asked)
  if (kind === undefined) return {}
  const value = typeof amount === 'object' ? amount.value : undefined
  return {
    'offer.kind': kind,
    ...(typeof value === 'string' && { 'offer.amount.value': value }),
    ...(needsReturn(kind) && { 'offer.freightPaidBy': 'merchant' }),
  }
}

/** An offer of just what the buyer asks for. Goods that go back need an address: `lacksAddress` where the shop saved none. */
interface Agreement {
  values: Values
  /** The buyer then accepts first, having seen the address. */
  goesBack: boolean
  lacksAddress: boolean
}
type Terms = Pick<CaseContext, 'page' | 'buyer' | 'saved'>

/** Null where agreeing is not what can be done now, or nothing was asked for. */
export const agreement = (view: ComplaintView, context: Terms): Agreement | null => {
  if (view.complaint.state !== 'awaiting_merchant' || !view.actions.includes('responses')) return null
  return agreedTerms(view, context)
}

/** The same, whatever the state is: whether it may be sent is the ledger's to say. */
export const agreedTerms = (view: ComplaintView, context: Terms): Agreement | null => {
  const { remedySought } = view.complaint
  const values = replyTemplates('offer', view, context).find(({ name }) => name === 'agree')?.values
  const kind = REMEDIES.find(each => each === remedySought?.kind)
  if (!values || kind === undefined) return null
  const goesBack = needsReturn(kind)
  const returnTo = goesBack ? context.saved.find(each => each.kind === 'address')?.text : undefined
  const back: Values = returnTo === undefined ? {} : { 'offer.returnTo': returnTo }
  return {
    values: { answer: 'offer', ...values, ...back, 'offer.amount.currency': 'CNY' },
    goesBack,
    lacksAddress: goesBack && returnTo === undefined,
  }
}

const isTerm = (name: string): name is keyof typeof TERMS => Object.hasOwn(TERMS, name)

const termsOf = (form: Ready, name: string, view: ComplaintView): Values => {
  if (form === 'rejection') return { ground: name }
  if (form !== 'offer') return {}
  return isTerm(name) ? TERMS[name] : asSought(view)
}

interface ReadyText {
  name: string
  label: string
  values: Values
  /** Saved by the shop. */
  own?: true
}

/** Every ready text of a form, with the fields that it fills: labelled for the merchant, written for the buyer. */
export const replyTemplates = (
  form: Ready,
  view: ComplaintView,
  { page, buyer, saved }: Pick<CaseContext, 'page' | 'buyer' | 'saved'>,
): ReadyText[] => {
  const labels = Object.entries(MERCHANT_WORDS[page.locale].templates[form])
  const texts: Record<string, { text(facts: { item: string; sought: string }): string }> =
    MERCHANT_WORDS[buyer.locale].templates[form]
  const item = view.steps[0]?.fields.item
  const facts = {
    item: typeof item === 'string' ? item : '',
    sought: remedyWords(view.complaint.remedySought, buyer.dictionary),
  }
  const ready = labels.map(([name, { label }]) => ({
    name,
    label,
    values: { [TEXT[form]]: texts[name]?.text(facts) ?? '', ...termsOf(form, name, view) },
  }))
  const variables = factsOf(view, buyer)
  const own = saved.flatMap(({ kind, id, name, text }) =>
    kind === 'reply'
      ? [{ name: `own-${id}`, label: name, values: { [TEXT[form]]: fillIn(text, variables) }, own: true as const }]
      : [],
  )
  return [...ready, ...own]
}

const BLANK = /【[^】]+】|\[[^\]]+\]/g

/** The field in which a ready text still has its blanks, and which those are; null once all are filled. */
export const blanksLeft = (form: FormName, values: Readonly<Values>, locale: Locale) => {
  if (!hasReplyTemplates(form)) return null
  const field = TEXT[form]
  const typed = values[field] ?? ''
  const texts = Object.values(MERCHANT_WORDS[locale].templates[form])
  const known = texts.flatMap(each => each.text({ item: '', sought: '' }).match(BLANK) ?? [])
  const blanks = [...new Set(known)].filter(blank => typed.includes(blank))
  return blanks.length > 0 ? { field, blanks } : null
}

// Replies that a shop saved for itself, with variables in braces, and the addresses that goods go back to.

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
