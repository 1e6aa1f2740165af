// What @cloudflare/vitest-plugin provides, as far as these tests use it. Its own types need those of the runtime,
// which clash with the DOM's.
declare module 'cloudflare:test' {
  import type { DurableObjectState } from '@cloudflare/workers-types'

  export const env: import('../../../src/hosts/worker/bindings.ts').Env & import('./bare-ledger.ts').TestEnv
  /** The worker under test, in the isolate of the tests. */
  export const SELF: { fetch(url: string, init?: RequestInit): Promise<Response> }
  export function runInDurableObject<O, R>(
    stub: O,
    work: (instance: O, state: DurableObjectState) => R | Promise<R>,
  ): Promise<R>
  /** Runs the alarm of an object now, if one is set. */
  export function runDurableObjectAlarm(stub: object): Promise<boolean>
  /** Ends the instance; its storage stays. */
  export function evictDurableObject(stub: object): Promise<void>
  export function listDurableObjectIds(namespace: object): Promise<object[]>
}
