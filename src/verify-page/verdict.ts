import type { Verification } from '../log/verify.ts'

export type Verdict = 'good' | 'bad' | 'unreadable' | 'policy'

/** One word for all checks. A policy that can't be read is no fault of the receipt. */
export const verdictOf = ({ ok, checks }: Verification): Verdict => {
  const failed = (name: string) => checks.some(check => check.name === name && !check.ok)
  if (failed('well-formed')) return 'unreadable'
  if (failed('policy')) return 'policy'
  return ok ? 'good' : 'bad'
}
