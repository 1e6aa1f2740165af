import type { Verification } from '../log/verify.ts'
import { el } from './dom.ts'
import type { ReadReceipt } from './read-file.ts'
import { toReceiptView } from './receipt-view.ts'
import { renderChecks } from './render-checks.ts'
import { type Language, renderReceipt } from './render-receipt.ts'
import { asksNobody } from './site-policy.ts'
import { type Verdict, verdictOf } from './verdict.ts'
import type { Say } from './words.ts'

export type { Language } from './render-receipt.ts'

interface Question {
  receipt: ReadReceipt
  policy: string
  /** The policy is the one that this server gave. */
  isSite: boolean
}

/** The sentence above all, in a region that screen readers announce. */
export const renderVerdict = (place: HTMLElement, verdict: Verdict, lines: readonly string[], say: Say): void => {
  const good = verdict === 'good'
  place.className = `notice verdict ${good ? 'good' : 'bad'}`
  const title = el('h2', '', `${good ? '✓' : '✗'} ${say(`verdict.${verdict}`)}`)
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
  if (told) places.result.append(renderReceipt(told, verdict === 'good', language))
}

const linesOf = (verdict: Verdict, question: Question, { checks }: Verification, say: Say): string[] => {
  const count = checks.length
  const failed = checks.filter(({ ok }) => !ok).length
  const file = say('say.file', { name: question.receipt.name })
  return [say(`say.${verdict}`, { count, failed }), file, ...(verdict === 'good' ? limitsOf(question, say) : [])]
}

/** What a good receipt still leaves open. */
const limitsOf = ({ policy, isSite }: Question, say: Say): string[] => [
  say(isSite ? 'say.site' : 'say.own'),
  ...(asksNobody(policy) ? [say('say.noWitnesses')] : []),
]
