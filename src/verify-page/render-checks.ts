import type { Check } from '../log/verify.ts'
import { el } from './dom.ts'
import type { Say } from './words.ts'

/** One line a check; what it is good for, and the verifier's own words, are folded under it. What failed is open. */
export const renderChecks = (checks: readonly Check[], say: Say): HTMLElement =>
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
