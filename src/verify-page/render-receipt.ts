import type { Dictionary } from '../complaint/view/dictionary.ts'
import type { Json } from '../log/disclosure.ts'
import { el } from './dom.ts'
import type { ReceiptView, StepInReceipt } from './receipt-view.ts'
import type { Say } from './words.ts'

export interface Language {
  say: Say
  dictionary: Dictionary
}

/** Steps in the order of time, as the receipt tells them. What failed its checks is folded away under a warning. */
export const renderReceipt = (told: ReceiptView, good: boolean, language: Language): HTMLElement => {
  const { say } = language
  const body = [facts(told, language), el('ol', 'steps', ...told.steps.map(step => drawStep(step, language)))]
  if (!good) return el('details', 'fold', el('summary', 'bad', say('toldAnyway')), el('div', 'list', ...body))
  return el('section', 'plain', el('h2', '', say('told')), el('p', 'note', say('toldNote')), ...body)
}

const facts = ({ id, origin, iat }: ReceiptView, { say, dictionary }: Language): HTMLElement =>
  el(
    'dl',
    '',
    fact(say('id'), id),
    fact(say('origin'), origin),
    fact(say('iat'), whole(iat, dictionary), el('small', '', say('iatNote'))),
  )

const fact = (label: string, ...value: (string | Node)[]): HTMLElement =>
  el('div', '', el('dt', '', label), el('dd', '', ...value))

const drawStep = ({ leaf, sentence, opened, withheld }: StepInReceipt, language: Language): HTMLElement => {
  const { say } = language
  const rest = withheld > 0 ? el('p', 'note', say('withheld', { count: withheld })) : null
  const texts = opened.map(([name, value]) => quote(labelOf(leaf.kind, name, say), shown(value, language)))
  const known = Object.hasOwn(language.dictionary.roles, leaf.by)
  return el('li', known ? leaf.by : '', el('p', 'what', sentence), byline(leaf, language), ...texts, rest)
}

const byline = ({ at, seq, by, auto }: StepInReceipt['leaf'], { say, dictionary }: Language): HTMLElement => {
  const roles: Record<string, string> = dictionary.roles
  const hand = auto ? 'machine' : by === 'buyer' ? 'self' : 'human'
  const who = by === 'system' ? say('hand.clock') : `${roles[by] ?? by} · ${say(`hand.${hand}`)}`
  return el('p', 'by', whole(at, dictionary), ' ', el('span', 'no', say('step', { no: seq + 1 })), ' ', who)
}

/** Their words stand in a block of their own, so whatever they write can't look like ours. */
const quote = (label: string, text: string): HTMLElement => {
  const words = el('p', '', text)
  words.dir = 'auto'
  return el('div', 'quote', el('b', '', label), words)
}

const labelOf = (kind: string, name: string, say: Say): string => {
  const file = /^file(\d+)$/.exec(name)
  if (file) return say('file', { no: file[1] ?? '' })
  if (say.has(`field.${kind}.${name}`)) return say(`field.${kind}.${name}`)
  return say.has(`field.${name}`) ? say(`field.${name}`) : name
}

/** An amount as an amount, a file by its name and SHA-256, anything else as it was signed. */
const shown = (value: Json, { dictionary }: Language): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'sha256' in value)
    return [value.name, `SHA-256 ${value.sha256}`].filter(Boolean).join('\n')
  return dictionary.amount(value) || JSON.stringify(value)
}

/** With its year, unlike on the tracking page: a receipt is kept. */
const whole = (at: number, { locale }: Dictionary): string => {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return String(at)
  const style = { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Asia/Shanghai', hour12: false } as const
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, style).format(date)
}
