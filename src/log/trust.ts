/** Trust policies, C2SP tlog-policy: whose checkpoints to believe, and how many witnesses must have seen them. */
import { formatVerifierKey, type VerifierKey } from './note.ts'
import { PolicyReader } from './policy-reader.ts'

export { PolicyError } from './policy-reader.ts'

export interface PolicyLog {
  readonly key: VerifierKey
  readonly url?: string
}

export interface PolicyWitness extends PolicyLog {
  /** Means something within the policy only. */
  readonly name: string
}

export interface PolicyGroup {
  readonly name: string
  /** How many of the members must have witnessed. */
  readonly threshold: number
  /** Witnesses and groups defined before. */
  readonly members: readonly string[]
}

export interface TrustPolicy {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  readonly groups: readonly PolicyGroup[]
  /** A witness, a group, or `none`. */
  readonly quorum: string
}

/** Throws a PolicyError that names the line. */
export function parsePolicy(text: string): TrustPolicy {
  const reader = new PolicyReader()
  text.split('\n').forEach((line, i) => {
    reader.read(line, i + 1)
  })
  return reader.finish()
}

/** Groups must stand after their members, as they do in what `parsePolicy` gives. */
export function formatPolicy({ logs, witnesses, groups, quorum }: TrustPolicy): string {
  const url = (entry: PolicyLog) => (entry.url === undefined ? '' : ` ${entry.url}`)
  const lines = [
    ...logs.map(log => `log ${formatVerifierKey(log.key)}${url(log)}`),
    ...witnesses.map(witness => `witness ${witness.name} ${formatVerifierKey(witness.key)}${url(witness)}`),
    ...groups.map(group => `group ${group.name} ${group.threshold} ${group.members.join(' ')}`),
    `quorum ${quorum}`,
  ]
  return `${lines.join('\n')}\n`
}

/** Whether these witnesses, by their names in the policy, are enough. */
export function quorumMet(policy: TrustPolicy, cosigned: ReadonlySet<string>): boolean {
  if (policy.quorum === 'none') return true
  const witnessed = new Set(cosigned)
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter(member => witnessed.has(member)).length >= threshold) witnessed.add(name)
  }
  return witnessed.has(policy.quorum)
}
