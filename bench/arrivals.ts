// Requests that arrive on time, each made when it is due, whether or not the ones before were answered (open loop): what they wait.

import { Agent, request } from 'node:http'
import type { Serving } from './serving.ts'

export interface Asked {
  path: string
  body?: object
  /** By a connection of its own, as a visitor's first page comes where no proxy keeps connections. */
  isNew?: boolean
}

/** Again, its time running on, where a server that was held up closed an idle connection, or took no new one. */
export const ask = (server: Serving, agent: Agent, asked: Asked): Promise<void> =>
  askOnce(server, agent, asked).catch((error: NodeJS.ErrnoException) => {
    if (!['ECONNRESET', 'ETIMEDOUT'].includes(error.code ?? '')) throw error
    return ask(server, agent, asked)
  })

/** Answers once the whole answer is there. A status of 300 and more is an error. */
const askOnce = ({ port }: Serving, agent: Agent, { path, body, isNew = false }: Asked): Promise<void> =>
  new Promise((resolve, reject) => {
    const [method, accept] = body ? ['POST', 'application/json'] : ['GET', 'text/html']
    const type = body && { 'Content-Type': 'application/json' }
    const headers = { Accept: accept, 'Accept-Encoding': 'br', 'Accept-Language': 'zh-CN', ...type }
    const asked = request({ port, path, method, agent: isNew ? false : agent, headers }, answer => {
      const { statusCode = 0 } = answer
      answer.resume().on('error', reject)
      answer.on('end', () => (statusCode < 300 ? resolve() : reject(new Error(`not measured: ${statusCode}`))))
    })
    asked.on('error', reject).end(body && JSON.stringify(body))
  })

interface Arrivals<K extends string> {
  /** In turns. */
  kinds: readonly K[]
  requests: Record<K, (n: number) => Asked>
  everyMs: number
}

/** How long each took, ms. */
export const askUntil = async <K extends string>(
  server: Serving,
  { kinds, requests, everyMs }: Arrivals<K>,
  isOver: () => boolean,
): Promise<Record<K, number[]>> => {
  const agent = new Agent({ keepAlive: true })
  // Cast: an entry for each kind.
  const waits = Object.fromEntries(kinds.map(kind => [kind, [] as number[]])) as Record<K, number[]>
  const asked: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; !isOver(); n++) {
    const at = began + n * everyMs
    const ahead = at - performance.now()
    if (ahead > 0) await new Promise(resolve => setTimeout(resolve, ahead))
    const kind = kinds[n % kinds.length]
    if (kind === undefined) break
    asked.push(ask(server, agent, requests[kind](n)).then(() => void waits[kind].push(performance.now() - at)))
  }
  await Promise.all(asked)
  agent.destroy()
  return waits
}

export const quantile = (waits: readonly number[], part: number): number =>
  waits.toSorted((a, b) => a - b)[Math.floor((waits.length - 1) * part)] ?? Number.NaN
