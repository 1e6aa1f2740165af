import { env } from 'cloudflare:test'
import type { Env, Namespace } from '../../../src/hosts/worker/bindings.ts'
import { workerServer } from '../../../src/hosts/worker/server.ts'
import { LIVE } from './live.ts'

/** The calls of a Worker to its objects: `shard method`, in order. */
export type Calls = string[]

/** The namespace, and a list of what is called on its stubs. */
export const counted = <T extends object>(namespace: Namespace<T>, calls: Calls): Namespace<T> => {
  const names = new WeakMap<object, string>()
  return {
    idFromName: name => {
      const id = namespace.idFromName(name)
      names.set(id, name)
      return id
    },
    jurisdiction: name => counted(namespace.jurisdiction(name), calls),
    get: (id, options) =>
      new Proxy(namespace.get(id, options), {
        get: (stub, method) => {
          calls.push(`${names.get(id)} ${String(method)}`)
          const called: unknown = Reflect.get(stub, method)
          if (typeof called !== 'function') return called
          return (...args: unknown[]): unknown => Reflect.apply(called, stub, args)
        },
      }),
  }
}

/** A Worker of its own over these objects, as in a new isolate; in live mode by default. */
export const front = (changes: Partial<Env> = {}) => {
  const calls: Calls = []
  const settings = { ...env, SHARD: env.LIVE, ...LIVE, ...changes }
  const own = { ...settings, SHARD: counted(settings.SHARD, calls) }
  const server = workerServer()
  const fetch = (path: string, init?: RequestInit) =>
    server.fetch(new Request(`https://t.tousu.example${path}`, init), own)
  const sweep = (scheduledTime: number) => server.scheduled({ scheduledTime }, own)
  return { fetch, sweep, calls, settings: own }
}
export type Front = ReturnType<typeof front>

export const PLATFORM = { Authorization: `Bearer ${LIVE.TOUSU_PLATFORM_KEY}`, 'Content-Type': 'application/json' }

let orders = 0
/** Submits a complaint through the API. */
export const submit = async ({ fetch }: Front, changes: object = {}, headers: Record<string, string> = {}) => {
  const body = {
    orderId: `EDGE-${orders++}`,
    merchantId: 'm1',
    merchantName: '小店',
    buyer: { name: '王小明', phone: '13800001234' },
    category: 'quality',
    statement: '坏了',
    ...changes,
  }
  return fetch('/api/v1/complaints', {
    method: 'POST',
    headers: { ...PLATFORM, ...headers },
    body: JSON.stringify(body),
  })
}
export interface Filed {
  id: string
  trackingUrl: string
  due: string
}
export const filed = async (front: Front, changes: object = {}): Promise<Filed & { room: string }> => {
  const answer = await submit(front, changes)
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
  const made = (await answer.json()) as Filed
  return { ...made, room: new URL(made.trackingUrl).pathname }
}
