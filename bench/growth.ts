// Inbox and queue of a house with a hundred times more complaints, over HTTP. Steps are in execute.ts, the page in page.ts.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { Demo, type Headers, signIn } from './lists.ts'
import { type Cost, compare, type Row } from './measure.ts'
import { type Serving, startOurs } from './serving.ts'

const REQUESTS = 20

const keyIn = (folder: string): Headers => {
  const { apiKeys } = v.parse(Demo, JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')))
  return { Authorization: `Bearer ${apiKeys.merchant}` }
}

/** A request after the other: how long each takes, and the CPU of the server's process. */
const cost = async (server: Serving, path: string, headers: Headers): Promise<Cost> => {
  const [before, began] = [await server.probe(), performance.now()]
  for (let i = 0; i < REQUESTS; i++) {
    const answer = await fetch(server.url + path, { headers })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  }
  const wall = ((performance.now() - began) * 1000) / REQUESTS
  return { wall, cpu: ((await server.probe()).cpu - before.cpu) / REQUESTS }
}

export const growthRows = async (large: string, small: string, quick: boolean): Promise<Row[]> => {
  const [ours, other] = [await startOurs(large), await startOurs(small)]
  for (const server of [ours, other]) await server.idle()
  const asked: [name: string, path: string, headersOf: (server: Serving, folder: string) => Promise<Headers>][] = [
    ['merchant, console', '/merchant', server => signIn(server, 'merchant')],
    ['merchant, inbox by the API', '/api/v1/complaints?limit=50', async (_server, folder) => keyIn(folder)],
    ['officer, queue', '/desk', server => signIn(server, 'platform')],
  ]
  const rows: Row[] = []
  for (const [name, path, headersOf] of asked) {
    const [many, few] = [await headersOf(ours, large), await headersOf(other, small)]
    const sides = [() => cost(other, path, few), () => cost(ours, path, many)] as const
    for (const side of [...sides, ...sides]) await side()
    const what = `${name}, beside a house of 1,000`
    rows.push(await compare({ what, aim: 'at most 1.2', rounds: quick ? 5 : 11, as: 'cost' }, ...sides))
  }
  await Promise.all([ours.stop(), other.stop()])
  return rows
}
