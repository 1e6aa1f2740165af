import { LogError } from '../log/error.ts'
import { parsePolicy, type TrustPolicy } from '../log/trust.ts'
import { CliError } from './io.ts'

/** Throws Trouble that names the file. */
export const readTrust = (text: string, file: string): TrustPolicy => {
  try {
    return parsePolicy(text)
  } catch (error) {
    throw new CliError(`${file}: ${error instanceof LogError ? error.message : 'not a trust policy'}`)
  }
}
