import { env, evictDurableObject } from 'cloudflare:test'
import { ledgerStub } from '../../../src/hosts/worker/ledger-rpc.ts'
import type { Opened, OpenOptions } from '../../ledger/fixture.ts'

let made = 0

/** Ledgers in workerd, each in an object of its own; the port is the stub's, across RPC as in production. */
export const openOnEdge = async (options: OpenOptions): Promise<Opened> => {
  const id = env.BARE.idFromName(`ledger ${made++}`)
  await env.BARE.get(id).begin(options)
  return serve(id)
}

const serve = (id: object): Opened => {
  const stub = () => env.BARE.get(id)
  return {
    ledger: ledgerStub(stub),
    setClock: now => stub().setClock(now),
    sql: async query => {
      const answer = await stub().sql(query)
      if ('error' in answer) throw new Error(answer.error)
      return answer.rows
    },
    restart: async policy => {
      if (policy !== undefined) await stub().setPolicy(policy)
      await evictDurableObject(stub())
      return serve(id)
    },
    close: async () => undefined,
  }
}
