import { env } from 'cloudflare:test'
import { readWorkerSettings } from '../../../src/config/settings.ts'
import { withAccess } from '../../../src/hosts/create-deps.ts'
import type { ServerOptions } from '../../../src/hosts/node/server.ts'
import type { Env } from '../../../src/hosts/worker/bindings.ts'
import { workerDeps } from '../../../src/hosts/worker/deps.ts'
import { ledgerStub } from '../../../src/hosts/worker/ledger-rpc.ts'
import { workerServer } from '../../../src/hosts/worker/server.ts'
import { HOUSE } from './live.ts'

let opened = 0
/** Each server has objects of its own: a name is a shard's number, and may begin with zeros. */
const namespaceOfItsOwn = () => {
  const zeros = '0'.repeat(opened++)
  return {
    idFromName: (name: string) => env.HOUSE.idFromName(`${zeros}${name}`),
    get: env.HOUSE.get.bind(env.HOUSE),
    jurisdiction: env.HOUSE.jurisdiction.bind(env.HOUSE),
  }
}

/** Stands in for `createServer` of Node, so that its HTTP suite runs here unchanged: the Worker, with one shard. */
export const createServer = ({ clock, provider, baseUrl }: ServerOptions) => {
  const namespace = namespaceOfItsOwn()
  const settings: Env = { ...env, ...HOUSE, SHARD: namespace, BASE_URL: baseUrl }
  const server = workerServer()
  const shard = () => namespace.get(namespace.idFromName('0'))

  let delivered = 0
  /** Passes new SMS of the shard's phone on to the suite's provider. */
  const fetchMessages = async () => {
    const messages = await shard().messages()
    for (const message of messages.slice(delivered)) {
      const sms = { ...message, key: `${delivered++}`, params: {}, mode: 'link' } as const
      await provider?.send(sms, new AbortController().signal)
    }
  }
  /** The shard's clock follows the suite's, and is never behind it. */
  const inStep = async <T>(work: () => Promise<T>): Promise<T> => {
    await shard().moveClock(clock.now())
    const result = await work()
    await fetchMessages()
    return result
  }
  const request = async (path: string | Request, init?: RequestInit) => {
    const asked = path instanceof Request ? path : new Request(`${baseUrl}${path}`, init)
    return (await fileOf(asked)) ?? inStep(() => server.fetch(asked, settings))
  }
  return {
    app: { request },
    scheduler: { runOnce: () => inStep(() => shard().runOnce()) },
    ledger: ledgerStub(shard),
    deps: withAccess(workerDeps(settings, workerSettings, [ledgerStub(shard)], clock), workerSettings),
    newestInstant: () => 0,
    close: async () => undefined,
  }
}

const workerSettings = await readWorkerSettings({ ...env, ...HOUSE })

/** Static assets are served before the Worker runs. */
const fileOf = async ({ method, url }: Request): Promise<Response | null> => {
  const file = method === 'GET' ? await env.ASSETS.fetch(url) : null
  return file?.ok ? file : null
}
