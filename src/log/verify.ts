/** Verifies a receipt against a trust policy, offline: no network, least of all the log's. */
import type { Check } from './check.ts'
import { LogError } from './error.ts'
import { type OpenedReceipt, openReceipt } from './receipt.ts'
import * as checks from './receipt-checks.ts'
import { timeStamps } from './receipt-checks.ts'
import { parsePolicy, skippedNote, type TrustPolicy } from './trust.ts'

export interface Verification {
  readonly ok: boolean
  readonly checks: readonly Check[]
}

type Prove = (opened: OpenedReceipt, policy: TrustPolicy) => string | Promise<string>

const PROOFS: readonly (readonly [name: string, prove: Prove])[] = [
  ['checkpoint-signature', checks.checkpointSignature],
  ['one-checkpoint', checks.oneCheckpoint],
  ['origin', checks.origin],
  ['witnesses', checks.witnesses],
  ['inclusion', checks.inclusion],
  ['key-inclusion', checks.keyInclusion],
  ['statement-key', checks.statementKey],
  ['statement-signature', checks.statementSignature],
  ['statement-tree', checks.statementTree],
  ['chain', checks.chain],
  ['times', checks.times],
  ['disclosures', checks.disclosures],
  ['complaint-id', checks.complaintId],
  ['signatures', checks.signatures],
  ['authors', checks.authors],
  ['rules', checks.rules],
  ['head', checks.head],
  ['timestamps', timeStamps],
]

/**
 * `receipt` is parsed JSON; `policyText` a C2SP tlog-policy that the reader has from elsewhere. Never throws: what
 * can't be read is a failed check, and then the checks that need it are left out.
 */
export async function verifyReceipt(receipt: unknown, policyText: string): Promise<Verification> {
  const read = attempt('policy', () => parsePolicy(policyText), 'the trust policy can be read')
  const note = read.value === null ? '' : skippedNote(read.value)
  const policy = { value: read.value, check: { ...read.check, detail: read.check.detail + note } }
  const opened = attempt('well-formed', () => openReceipt(receipt), 'every part of the receipt can be read')
  const done = [policy.check, opened.check]
  if (policy.value !== null && opened.value !== null) {
    for (const [name, prove] of PROOFS) done.push(await run(name, prove, opened.value, policy.value))
  }
  return { ok: done.every(check => check.ok), checks: done }
}

function attempt<T>(name: string, read: () => T, detail: string): { check: Check; value: T | null } {
  try {
    return { value: read(), check: { name, ok: true, detail } }
  } catch (error) {
    return { value: null, check: { name, ok: false, detail: explain(error) } }
  }
}

async function run(name: string, prove: Prove, opened: OpenedReceipt, policy: TrustPolicy): Promise<Check> {
  try {
    return { name, ok: true, detail: await prove(opened, policy) }
  } catch (error) {
    return { name, ok: false, detail: explain(error) }
  }
}

// The messages of other errors may quote what they choked on.
function explain(error: unknown): string {
  return error instanceof LogError ? error.message : 'could not be read'
}
