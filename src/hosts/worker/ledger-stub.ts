// The ledger's contracts over the RPC stub of a shard's Durable Object.

import type { Ledger } from '../../ledger/contract/ledger.ts'
import { isAltered, Problem } from '../../routes/problem.ts'
import { log } from '../../telemetry/log.ts'
import { CONTRACTS, type ContractName, LEDGER, type LedgerStub } from './ledger-object.ts'

/**
 * The stub is asked for only when something is called (looking wakes nothing), and anew each time, since one that saw an
 * error stays broken. `alongside` runs with every call.
 */
export const ledgerStub = (shard: () => LedgerStub, alongside?: () => Promise<void>): Ledger => {
  const call = (method: (stub: LedgerStub) => Promise<unknown>) =>
    answered(async () => (await Promise.all([method(shard()), alongside?.()]))[0])
  // `stub[name](…)` in one expression: of a method that was taken off a stub, `.apply` would be part of the path.
  const own =
    (name: keyof typeof LEDGER) =>
    (...args: unknown[]) =>
      // Cast: the arguments are those of the operation, whose type the allow-list has from the contract.
      call(stub => (stub as unknown as Record<typeof name, (...args: unknown[]) => Promise<unknown>>)[name](...args))
  const nested = <C extends object>(contract: ContractName, operations: Readonly<Record<keyof C, unknown>>): C =>
    each(
      operations,
      name =>
        (...args) =>
          call(stub => stub.invoke(contract, name, args)),
    )
  return {
    ...each<Pick<Ledger, keyof typeof LEDGER>>(LEDGER, own),
    registry: nested('registry', CONTRACTS.registry),
    webhooks: nested('webhooks', CONTRACTS.webhooks),
    outbox: nested('outbox', CONTRACTS.outbox),
    team: nested('team', CONTRACTS.team),
    log: nested('log', CONTRACTS.log),
    close: async () => undefined,
  }
}

/** A contract whose every operation is made by `make`. */
const each = <C extends object>(
  operations: Readonly<Record<keyof C, unknown>>,
  make: (name: keyof C & string) => (...args: unknown[]) => Promise<unknown>,
): C =>
  // Casts: the allow-list names every operation of the contract, and nothing else.
  Object.fromEntries(Object.keys(operations).map(name => [name, make(name as keyof C & string)])) as C

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
