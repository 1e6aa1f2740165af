// Policy dry run over the rows of open complaints, in the order of an index, so that each portion costs the same.

import { addToTally, effectsOf, emptyTally } from '../../complaint/deadlines/other-policy.ts'
import { type Policy, surgeProblem } from '../../complaint/deadlines/policy.ts'
import { yieldToEventLoop } from '../../complaint/time.ts'
import type { PolicyTrial, PolicyTrialQuery } from '../contract/ledger.ts'
import type { Db } from '../host.ts'
import { adoptedPolicies } from '../log/policies.ts'
import { readPolicy } from '../log/read-policy.ts'
import type { ComplaintRepository, StoredComplaint } from './complaint-repository.ts'
import { inboxRows } from './inbox-queries.ts'
import type { Store } from './queries.ts'
import { AlteredRow, stepAt } from './timeline-reader.ts'

/** Rows between two pauses, a few milliseconds, and rows of one call. */
const AT_ONCE = 50
const A_CALL = 2000

interface TrialDeps {
  db: Db
  store: Store
  complaints: ComplaintRepository
}

/** Looks at some complaints; other work of the process comes between. Throws DeadlinePolicyError. */
export const tryPolicy = async (
  { db, store, complaints }: TrialDeps,
  { document, now, after: start }: PolicyTrialQuery,
): Promise<PolicyTrial> => {
  const { policy } = readPolicy(document)
  const adopted = adoptedPolicies(store)
  const tally = emptyTally()
  let after = start
  for (let looked = 0; looked < A_CALL; looked += AT_ONCE) {
    const rows = inboxRows(db, { now, limit: AT_ONCE, after: after ?? undefined })
    for (const row of rows) {
      try {
        const stored = complaints.fromRow(row)
        addToTally(
          tally,
          stored.id,
          stored.complaint,
          effectsOf(stored.complaint, policy, now, noticesOf(store, stored, policy)),
        )
      } catch (error) {
        if (!(error instanceof AlteredRow)) throw error
        tally.unreadable++
      }
    }
    const last = rows.at(-1)
    after = rows.length < AT_ONCE || !last ? null : { due: last.due ?? 0, id: last.id }
    if (after === null) break
    await yieldToEventLoop()
  }
  const surges = adopted.has(policy.hash) ? null : surgeProblem(policy, [...adopted.values()], now)
  return { ...tally, after, surges, isAdopted: adopted.has(policy.hash) }
}

/** The fold keeps those that count under its own document; where the other asks for proofs otherwise, the leaves say. */
const noticesOf = (store: Store, { chain, complaint: c }: StoredComplaint, other: Policy) => {
  if (c.policy.lapse.proofs === other.lapse.proofs || c.holder !== 'buyer') return undefined
  const counted = chain.slice(c.enteredSeq + 1).flatMap(idx => {
    const step = stepAt(store, idx)
    if (step.kind !== 'notice_sent' || step.p.to !== 'buyer' || step.p.stay !== c.enteredSeq) return []
    return step.p.proof === true || other.lapse.proofs !== true ? [step.at] : []
  })
  return { now: c.notices, other: counted }
}
