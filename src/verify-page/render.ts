import type { Dictionary } from '../complaint/view/types.ts'
import type { ScriptWord } from '../i18n/zh-CN/verify.ts'
import type { Json } from '../log/disclosure.ts'
import type { Check } from '../log/error.ts'
import { verifyBytes } from '../log/note.ts'
import type { Verification } from '../log/verify.ts'
import { needsNoWitness, type ReadReceipt } from './inputs.ts'
import { type ReceiptView, type StepInReceipt, toReceiptView } from './receipt-view.ts'

export interface Language {
  say: Say
  dictionary: Dictionary
}

/** Steps in the order of time, as the receipt tells them. What failed its checks is folded away under a warning. */
const renderReceipt = (told: ReceiptView, good: boolean, language: Language): HTMLElement => {
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
  return formatOf(locale).format(date)
}

/** A page has one language. Making a formatter takes a slow phone 3 ms, and a receipt of fifty steps needs it fifty times. */
let format: Intl.DateTimeFormat | undefined
const formatOf = (locale: string): Intl.DateTimeFormat => {
  const style = { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Asia/Shanghai', hour12: false } as const
  format ??= new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, style)
  return format
}

interface Question {
  receipt: ReadReceipt
  policy: string
  /** The policy is the one that this server gave. */
  isSite: boolean
  /** The address under which the log was read, if it was. */
  log?: string
}

/** The sentence above all, in a region that screen readers announce. */
export const renderVerdict = (
  place: HTMLElement,
  verdict: Verdict,
  lines: readonly string[],
  say: Say,
  words: string = say(`verdict.${verdict}`),
): void => {
  const good = verdict === 'good'
  place.className = `notice verdict ${good ? 'good' : 'bad'}`
  const title = el('h2', '', `${good ? '✓' : '✗'} ${words}`)
  place.replaceChildren(title, ...lines.map(line => el('p', '', line)))
  // On a phone the form fills the screen.
  place.scrollIntoView({ block: 'nearest' })
}

export const renderAnswer = (
  places: { verdict: HTMLElement; result: HTMLElement },
  question: Question,
  verification: Verification,
  language: Language,
): void => {
  const { say, dictionary } = language
  const verdict = verdictOf(verification)
  renderVerdict(places.verdict, verdict, linesOf(verdict, question, verification, say), say)
  const told = verdict === 'policy' ? null : toReceiptView(question.receipt.value, dictionary)
  places.result.replaceChildren(renderChecks(verification.checks, say))
  if (told) places.result.append(renderReceipt(told, verdict === 'good' || verdict === 'log', language))
}

/** A promise that was checked by itself. */
export const renderPromise = (
  places: { verdict: HTMLElement; result: HTMLElement },
  checks: readonly Check[],
  say: Say,
): void => {
  const kept = checks.every(({ ok }) => ok)
  const certifies = checks.some(({ name }) => name === 'certificate')
  const [said, verdict] = certifies
    ? ([kept ? 'say.certified' : 'say.notCertified', kept ? 'verdict.certified' : 'verdict.notCertified'] as const)
    : ([kept ? 'say.promiseKept' : 'say.promiseBroken', kept ? 'verdict.kept' : 'verdict.broken'] as const)
  renderVerdict(places.verdict, kept ? 'good' : 'bad', [say(said)], say, say(verdict))
  places.result.replaceChildren(renderChecks(checks, say))
}

const linesOf = (verdict: Verdict, question: Question, { checks }: Verification, say: Say): string[] => {
  const count = checks.length
  const failed = checks.filter(({ ok }) => !ok).length
  const file = say('say.file', { name: question.receipt.name })
  return [say(`say.${verdict}`, { count, failed }), file, ...(verdict === 'good' ? limitsOf(question, say) : [])]
}

/** What a good receipt still leaves open. */
const limitsOf = ({ policy, isSite, log }: Question, say: Say): string[] => [
  log === undefined ? say('say.offline') : say('say.inLog', { log }),
  say(isSite ? 'say.site' : 'say.own'),
  ...(needsNoWitness(policy) ? [say('say.noWitnesses')] : []),
]

/** One line a check; what it is good for, and the verifier's own words, are folded under it. What failed is open. */
const renderChecks = (checks: readonly Check[], say: Say): HTMLElement =>
  el('section', 'plain', el('h2', '', say('checks')), el('ul', 'checks', ...checks.map(check => drawCheck(check, say))))

const drawCheck = ({ name, ok, detail }: Check, say: Say): HTMLElement => {
  const mark = el('b', ok ? 'ok' : 'bad', ok ? `✓ ${say('passed')}` : `✗ ${say('failed')}`)
  const exact = el('small', '', el('code', '', name), ` ${detail}`)
  exact.lang = 'en'
  const folded = el(
    'details',
    '',
    el('summary', 'check', mark, ` ${say(`check.${name}`)}`),
    el('p', '', say(`why.${name}`)),
    exact,
  )
  folded.toggleAttribute('open', !ok)
  const line = el('li', '', folded)
  line.dataset.check = name
  return line
}

type Verdict = 'good' | 'bad' | 'log' | 'unreadable' | 'policy'

/** One word for all checks. A policy that can't be read is no fault of the receipt, nor is a log that contradicts it. */
export const verdictOf = ({ ok, checks }: Verification): Verdict => {
  const failed = (name: string) => checks.some(check => check.name === name && !check.ok)
  if (failed('well-formed')) return 'unreadable'
  if (failed('policy')) return 'policy'
  if (checks.some(check => !check.ok && check.name.startsWith('log-'))) return 'log'
  return ok ? 'good' : 'bad'
}

/** The page's language comes with the page, so that one script serves all. */
type Word = ScriptWord | `${'check' | 'why' | 'field' | 'hand'}.${string}`
interface Say {
  (word: Word, filling?: Readonly<Record<string, string | number>>): string
  has(word: Word): boolean
}

/** `json` is a flat object of strings. A word that is missing (the page is newer than this script) shows as its own name. */
export const sayer = (json: string): Say => {
  const words = new Map(Object.entries(JSON.parse(json)).map(([name, word]) => [name, String(word)]))
  const say = (word: Word, filling: Readonly<Record<string, string | number>> = {}): string =>
    (words.get(word) ?? word).replace(/\{(\w+)\}/g, (_, name) => String(filling[name] ?? ''))
  return Object.assign(say, { has: (word: Word) => words.has(word) })
}

// Elements of the page, and what its browser can do.

type Child = Node | string | null

/** An element with this class. Strings become text and never markup: a receipt may hold anything. */
const el = (tag: string, className: string, ...children: Child[]): HTMLElement => {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...children.filter(child => child !== null))
  return element
}

/** The element of the page with this id, which must be of this class. */
export const byId = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new TypeError(`the page has no ${id}`)
}

/** RFC 8032 section 7.1, test 1: the signature of no bytes at all. */
const KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
const SIGNATURE =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], byte => Number.parseInt(byte, 16))

/**
 * Whether this browser can check an Ed25519 signature. Chrome before 137, Safari before 17 and pages without https can't,
 * and would call every honest receipt a forgery.
 */
export const supportsEd25519 = async (): Promise<boolean> => {
  try {
    return await verifyBytes(bytes(KEY), new Uint8Array(), bytes(SIGNATURE))
  } catch {
    return false
  }
}
