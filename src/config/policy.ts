import { DEFAULT_POLICY, policyNames, shippedPolicy } from '../../db/policies/index.ts'
import { DeadlinePolicyError } from '../complaint/deadlines/policy.ts'
import { readPolicy } from '../ledger/log/policies.ts'

export { policyNames, shippedPolicy }

/**
 * The deadline policy that TOUSU_POLICY means: the name of a shipped one (the newest without it), the document's JSON,
 * or the name of a file, where `readFile` is given. Throws DeadlinePolicyError, or what `readFile` throws for a file that exists.
 */
export const policyDocument = (setting: string = DEFAULT_POLICY, readFile?: (path: string) => string): unknown => {
  const document = shippedPolicy(setting) ?? parseJson(textOf(setting, readFile))
  readPolicy(document)
  return document
}

const textOf = (setting: string, readFile: ((path: string) => string) | undefined): string => {
  if (setting.trimStart().startsWith('{')) return setting
  const none = new DeadlinePolicyError(`no policy of this name; there are ${policyNames.join(', ')}`)
  if (readFile === undefined) throw none
  try {
    return readFile(setting)
  } catch (error) {
    throw isNoFile(error) ? none : error
  }
}

const isNoFile = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(String(error.code))

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new DeadlinePolicyError('the document is not JSON')
  }
}
