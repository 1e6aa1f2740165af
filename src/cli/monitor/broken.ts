import { LogError } from '../../log/error.ts'

/** The first leaf that breaks a rule. `what` says which one; it quotes no person's text. */
export class Broken extends LogError {
  override name = 'Broken'
  readonly index: number
  /** Null where the leaf can't be read. */
  readonly kind: string | null

  constructor(index: number, kind: string | null, what: string) {
    super(`leaf ${index}${kind === null ? '' : ` (${kind})`}: ${what}`)
    this.index = index
    this.kind = kind
  }
}

/** A rule that is broken by no single leaf. */
export class Refusal extends LogError {
  override name = 'Refusal'
}

export const iso = (ms: number): string => {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'an instant beyond the calendar' : date.toISOString()
}
