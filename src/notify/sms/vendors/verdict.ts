import type { Sent } from '../provider.ts'
import { plainCode, unavailable } from './answer.ts'

/**
 * What a vendor's code means. `never`: this message will not go, however often it is tried. `template`: nor will any
 * other of its template, until an operator mends it, so it is logged. `later`: a limit or a fault that passes.
 * `account`: nothing goes until an operator mends it, so it is logged, and tried again meanwhile.
 */
type Verdict = 'never' | 'template' | 'later' | 'account'
/** By code, or by the code's beginning where the name ends in a dot or a star. */
export type Verdicts = Readonly<Record<string, Verdict>>

/** The longest name that fits. A code that nobody knew when this was written is an operator's to look up. */
const verdictOf = (verdicts: Verdicts, code: string): Verdict => {
  const exact = Object.hasOwn(verdicts, code) ? verdicts[code] : undefined
  if (exact) return exact
  const beginnings = Object.keys(verdicts).filter(name => /[.*]$/.test(name) && code.startsWith(name.replace('*', '')))
  const longest = beginnings.sort((a, b) => b.length - a.length)[0]
  return (longest === undefined ? undefined : verdicts[longest]) ?? 'account'
}

/** Says each code once, until a message is accepted again: a night without balance is one line, not a thousand. */
export class VendorErrorLog {
  readonly #vendor: string
  readonly #said = new Set<string>()
  constructor(vendor: string) {
    this.#vendor = vendor
  }

  say(code: string): void {
    if (this.#said.has(code)) return
    this.#said.add(code)
    console.error(`sms: ${this.#vendor} answers ${code}; see docs/sms.md`)
  }

  ended(): void {
    this.#said.clear()
  }
}

/** How a code that is not the vendor's OK ends an attempt. */
export const refusal = (verdicts: Verdicts, code: string | number, trouble: VendorErrorLog): Sent => {
  const reason = plainCode(code)
  const verdict = verdictOf(verdicts, String(code))
  if (verdict === 'account' || verdict === 'template') trouble.say(reason)
  return verdict === 'never' || verdict === 'template' ? { status: 'rejected', reason } : unavailable(reason)
}

/** Status alone, where a vendor's answer says no more. */
export const byStatus = (status: number, trouble: VendorErrorLog): Sent => {
  const reason = `http_${status}`
  if (status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status)) trouble.say(reason)
  return unavailable(status < 300 ? 'malformed' : reason)
}
