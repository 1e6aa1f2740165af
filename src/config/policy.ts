import { DEFAULT_POLICY, policyNames, shippedPolicy } from '../../db/policies/index.ts'
import { DeadlinePolicyError } from '../complaint/deadlines/policy.ts'
import { readPolicy } from '../ledger/log/policies.ts'

/**
 * TOUSU_POLICY: the name of a policy that comes with the software, or a document's JSON itself; the newest shipped one
 * without it. `textOf` reads what is neither (a file, on a host that has files); null for none. Throws
 * DeadlinePolicyError.
 */
export const policyDocument = (
  setting: string = DEFAULT_POLICY,
  textOf: (setting: string) => string | null = () => null,
): unknown => {
  const document = shippedPolicy(setting) ?? written(setting, textOf)
  readPolicy(document)
  return document
}

const written = (setting: string, textOf: (setting: string) => string | null): unknown => {
  const text = setting.trimStart().startsWith('{') ? setting : textOf(setting)
  if (text === null) throw new DeadlinePolicyError(`no policy of this name; there are ${policyNames.join(', ')}`)
  try {
    return JSON.parse(text)
  } catch {
    throw new DeadlinePolicyError('the document is not JSON')
  }
}
