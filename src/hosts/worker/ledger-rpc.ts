// A shard's ledger over Workers RPC: the contracts of `ledger/contract` as methods of a Durable Object, and the stub that calls them.
// They take and answer what structured clone carries. An error crosses as a generic one.

import { DurableObject } from 'cloudflare:workers'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import {
  type Call,
  CONTRACTS,
  type ContractName,
  LEDGER,
  type LedgerMethods,
  ledgerOver,
} from '../../ledger/contract/operations.ts'
import type { LocalLedger } from '../../ledger/local-ledger.ts'
import { isAltered, Problem } from '../../routes/problem.ts'
import { errorFields, log } from '../../telemetry/log.ts'

type Method = (...args: unknown[]) => Promise<unknown>

// biome-ignore lint/correctness/noUnusedVariables: merged declarations have the same type parameters.
export interface LedgerObject<E> extends LedgerMethods {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block puts the methods of the interface on the class.
export abstract class LedgerObject<E> extends DurableObject<E> {
  protected ledger!: LocalLedger

  static {
    // RPC reaches methods of the prototype alone.
    for (const [name, kind] of Object.entries(LEDGER)) {
      const value = function (this: LedgerObject<unknown>, ...args: unknown[]) {
        return this.#run(kind, this.ledger, name, args)
      }
      Object.defineProperty(LedgerObject.prototype, name, { value })
    }
  }

  /** Called after whatever may have brought an earlier due instant. */
  protected async changed(): Promise<void> {}

  /**
   * An operation of a nested contract. One call, not an RpcTarget for each contract: pipelining through a target adds a
   * hop, so that calls made one after another may arrive in another order, and a target does not survive an eviction.
   */
  async invoke(contract: ContractName, name: string, args: unknown[]): Promise<unknown> {
    const operations: Readonly<Record<string, 'read' | 'write'>> = CONTRACTS[contract]
    const kind = Object.hasOwn(operations, name) ? operations[name] : undefined
    if (kind === undefined) throw new Failed('there is no such operation')
    return this.#run(kind, this.ledger[contract], name, args)
  }

  #run(kind: 'read' | 'write', contract: object, name: string, args: unknown[]): Promise<unknown> {
    return guarded(async () => {
      // Cast: the name comes from an allow-list that the contract's type made.
      const answer = await (contract as Record<string, Method>)[name]?.(...args)
      if (kind === 'write') await this.changed()
      // Of a view, structured clone would carry the whole buffer behind it.
      return answer instanceof Uint8Array ? answer.slice() : answer
    })
  }
}

/** What RPC reaches of such an object. */
export type LedgerStub = Omit<LedgerObject<unknown>, 'ledger' | 'changed' | 'ctx' | 'env'>

/** Crosses RPC in place of any error, so that neither a typed text nor a message of SQLite's does. */
class Failed extends Error {}

/** An error that crosses RPC shows its message to the other side and in the account's logs. */
const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    log('error', 'ledger operation failed', errorFields(error))
    // Of a row that contradicts the log the message says which: its tag and leaf are public.
    throw new Failed(isAltered(error) ? error.message : 'the ledger could not do this')
  }
}

// The caller's side.

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
 * Unknown outcome: of an object that fails, is evicted in mid-use or cannot be reached it is not known whether the step was recorded.
 * The caller gets `unavailable`, and may try again by the same idempotency key. What the error said may be private and goes no
 * further; that of a row which contradicts the log (`AlteredRow`) names public values alone, and is passed on.
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
