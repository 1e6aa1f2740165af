// The ledger's contracts over the RPC stub of a shard's Durable Object.

import type { Ledger } from '../../ledger/contract/ledger.ts'
import { type Call, type ContractName, ledgerOver } from '../../ledger/contract/operations.ts'
import { isAltered, Problem } from '../../routes/problem.ts'
import { log } from '../../telemetry/log.ts'
import type { LedgerStub } from './ledger-object.ts'

/**
 * The stub is asked for only when something is called (looking wakes nothing), and anew each time, since one that saw an
 * error stays broken. `alongside` runs with every call.
 */
export const ledgerStub = (shard: () => LedgerStub, alongside?: () => Promise<void>): Ledger => {
  const call: Call = (contract, name, args) =>
    answered(async () => (await Promise.all([asked(shard(), contract, name, args), alongside?.()]))[0])
  return ledgerOver(call, async () => undefined)
}

/** `stub[name](…)` in one expression: of a method that was taken off a stub, `.apply` would be part of the path. */
const asked = (
  stub: LedgerStub,
  contract: ContractName | undefined,
  name: string,
  args: unknown[],
): Promise<unknown> =>
  contract === undefined
    ? // Cast: the arguments are those of the operation, whose type the allow-list has from the contract.
      (stub as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name]!(...args)
    : stub.invoke(contract, name, args)

/**
 * An object that fails, is evicted in mid-use or cannot be reached has answered nothing: whether the step was recorded is
 * not known here, so the caller is told to try again. Never a success, and never what the error said, but for
 * a row that contradicts the log, whose error says nothing private.
 */
const answered = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (isAltered(error)) throw error
    log('error', 'a shard did not answer')
    throw new Problem('unavailable')
  }
}
