import type { Context } from 'hono'
import type { Ledger } from '../ledger/contract/ledger.ts'
import { fingerprintOf, fromBase64url } from '../log/encoding.ts'
import { readPromise } from '../log/promise.ts'
import { errorFields, log } from '../telemetry/log.ts'

export interface GivenPromise {
  /** JWS: the log will hold the submission by an instant. */
  promise: string | null
  /** Of the submission's leaf, as in the first SMS. */
  fingerprint: string | null
}

/** What the submitter holds at once. The complaint stands: a signer that fails takes only the promise. */
export const promiseOf = async (c: Context, ledger: Ledger, id: number): Promise<GivenPromise> => {
  try {
    const promise = await ledger.promise(id)
    return { promise, fingerprint: promise && fingerprintOf(fromBase64url(readPromise(promise).leaf)) }
  } catch (error) {
    log('error', 'no promise yet', { requestId: c.get('requestId'), ...errorFields(error) })
    return { promise: null, fingerprint: null }
  }
}
