// Lists of a house with many open complaints: how long one request keeps everybody else waiting.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { median, type Row } from './measure.ts'
import { type Serving, startOurs } from './serving.ts'

export const Demo = v.object({ apiKeys: v.object({ merchant: v.string(), platform: v.string() }) })

export type Headers = Readonly<Record<string, string>>

export const signIn = async (server: Serving, role: string): Promise<Headers> => {
  const body = new URLSearchParams({ role })
  const answer = await fetch(`${server.url}/demo/signin`, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { Origin: 'http://bench.invalid' },
  })
  return {
    Cookie: answer.headers
      .getSetCookie()
      .map(line => line.split(';')[0])
      .join('; '),
    Accept: 'text/html',
  }
}

const AIM = 'block at most 20 ms'

const ask = async (server: Serving, path: string, headers: Headers) => {
  const before = await server.probe()
  const began = performance.now()
  const answer = await fetch(server.url + path, { headers })
  await answer.arrayBuffer()
  const wall = performance.now() - began
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  const after = await server.probe()
  return { wall: wall * 1000, cpu: after.cpu - before.cpu, block: after.block }
}

/** A row for the first answer after a start, and one for those that follow.  */
const rowsOf = async (
  server: Serving,
  name: string,
  path: string,
  headers: Headers,
  rounds: number,
): Promise<Row[]> => {
  const first = await ask(server, path, headers)
  const later = []
  for (let i = 0; i < rounds; i++) later.push(await ask(server, path, headers))
  return [
    { what: `${name}, first`, µs: first.wall, 'CPU µs': first.cpu, 'block ms': first.block, aim: AIM },
    {
      what: name,
      µs: median(later.map(({ wall }) => wall)),
      'CPU µs': median(later.map(({ cpu }) => cpu)),
      'block ms': median(later.map(({ block }) => block)),
      aim: AIM,
    },
  ]
}

export const listRows = async (large: string, quick: boolean): Promise<Row[]> => {
  const { apiKeys } = v.parse(Demo, JSON.parse(readFileSync(join(large, 'demo.json'), 'utf8')))
  const server = await startOurs(large)
  await server.idle()
  server.watch()
  const [merchant, officer, supervisor] = [
    await signIn(server, 'merchant'),
    await signIn(server, 'platform'),
    await signIn(server, 'supervisor'),
  ]
  const [own, all] = [apiKeys.merchant, apiKeys.platform].map(key => ({ Authorization: `Bearer ${key}` }))
  const asked: [name: string, path: string, headers: Headers | undefined][] = [
    ['merchant, console', '/merchant', merchant],
    ['merchant, console, whose turn: platform', '/merchant?turn=platform', merchant],
    ['merchant, console, one category', '/merchant?category=counterfeit', merchant],
    ['merchant, console, nobody looks after', '/merchant?assignee=nobody', merchant],
    ['merchant, console, closed', '/merchant?turn=closed', merchant],
    ['merchant, counts of tabs', '/merchant/counts', merchant],
    ['merchant, figures', '/merchant/figures', merchant],
    ['merchant, figures of a year', '/merchant/figures?days=365', merchant],
    ['officer, queue', '/desk', officer],
    ['officer, queue, appeals', '/desk?kind=appeals', officer],
    ['officer, queue, evidence', '/desk?kind=evidence', officer],
    ['officer, queue, own', '/desk?view=mine', officer],
    ['officer, queue, nobody’s, of merchants', '/desk?view=unassigned&turn=merchant', officer],
    ['officer, queue, one category', '/desk?turn=merchant&category=counterfeit', officer],
    ['officer, queue, one merchant', '/desk?turn=merchant&merchant=m-1001', officer],
    ['officer, queue, by age', '/desk?turn=merchant&days=30', officer],
    ['officer, queue, by amount', '/desk?turn=merchant&amount=8000', officer],
    ['officer, queue, closed', '/desk?turn=closed', officer],
    ['officer, counts of tabs', '/desk/counts', officer],
    ['supervisor, queue', '/desk', supervisor],
    ['supervisor, load', '/desk/supervisor', supervisor],
    ['supervisor, figures', '/desk/figures', supervisor],
    ['supervisor, figures of a year', '/desk/figures?period=365', supervisor],
    ['everyone, index', '/index', {}],
    ['everyone, index.json', '/index.json', {}],
    ['API, platform, 200', '/api/v1/complaints?limit=200', all],
    ['API, platform, a rare state', '/api/v1/complaints?state=platform_review', all],
    ['API, platform, a state that none has', '/api/v1/complaints?state=appeal_review', all],
    ['API, platform, changes', '/api/v1/complaints?updatedSince=2026-01-01T00:00:00Z', all],
    ['API, platform, changes, a rare state', '/api/v1/complaints?updatedSince=2026-01-01T00:00:00Z&state=refused', all],
    ['API, merchant, a rare state', '/api/v1/complaints?state=platform_review', own],
  ]
  const rows: Row[] = []
  for (const [name, path, headers = {}] of asked)
    rows.push(...(await rowsOf(server, name, path, headers, quick ? 3 : 9)))
  await server.stop()
  return rows
}
