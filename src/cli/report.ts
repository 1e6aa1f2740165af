import type { Check } from '../log/verify.ts'
import type { Io } from './io.ts'

/** One line a check. */
export const report = (checks: readonly Check[], io: Io): boolean => {
  for (const { ok, name, detail } of checks) io.out(`${ok ? '✓' : '✗'} ${name}: ${detail}`)
  return checks.every(check => check.ok)
}
