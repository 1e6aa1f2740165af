// The operator's entry to a shard, for `tousu recover https://…`: how it stands, its storage as of an instant, and its recovery.
// The bearer of TOUSU_OPERATOR_TOKEN alone; without that setting there is no such address.

import { equalSecrets } from '../../link/token.ts'
import { LogError } from '../../log/error.ts'
import { log } from '../../telemetry/log.ts'
import { MalformedCopies, unpackCopies } from '../copies-json.ts'
import type { ShardObject } from './bindings.ts'

const PATH = /^\/operator\/shards\/(\d{1,3})(?:\/(restorations|recoveries))?$/
/** An object takes 32 MiB in a call; base64 is a third longer. */
const MOST_BYTES = 40 * 1024 * 1024

export const operate = async (
  request: Request,
  shards: readonly (() => ShardObject)[],
  token: string | undefined,
): Promise<Response> => {
  const bearer = /^Bearer (\S{1,4096})$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const [, number, what] = PATH.exec(new URL(request.url).pathname) ?? []
  const shard = number === undefined ? undefined : shards[Number(number)]
  if (token === undefined || !shard) return answer(404, { detail: 'there is no such shard here' })
  if (bearer === undefined || !equalSecrets(bearer, token))
    return answer(401, { detail: 'the bearer of TOUSU_OPERATOR_TOKEN alone' })
  if (what === undefined)
    return request.method === 'GET' ? answer(200, await shard().operate({ act: 'standing' })) : answer(405, {})
  if (request.method !== 'POST') return answer(405, {})
  log('info', 'operator', { shard: number, act: what })
  try {
    const body = await readJson(request)
    const done = await (what === 'restorations' ? restore(shard, body) : recover(shard, body))
    return 'notDone' in done ? answer(409, { detail: done.notDone }) : answer(200, done)
  } catch (error) {
    if ([MalformedCopies, LogError, SyntaxError].some(each => error instanceof each) && error instanceof Error)
      return answer(422, { detail: error.message })
    throw error
  }
}

const restore = async (shard: () => ShardObject, body: unknown) => {
  const done = await shard().operate({ act: 'rewind', to: readPlace(body) })
  if ('notDone' in done) return done
  await restart(shard)
  return { ...done, ...(await shard().operate({ act: 'standing' })) }
}

/** An instant, or a bookmark that a restoration gave. */
const readPlace = (body: unknown): { at: number } | { bookmark: string } => {
  if (typeof body === 'object' && body !== null) {
    if ('bookmark' in body && typeof body.bookmark === 'string') return { bookmark: body.bookmark }
    if ('at' in body && typeof body.at === 'string' && Date.parse(body.at) > 0) return { at: Date.parse(body.at) }
  }
  throw new SyntaxError('say `at`, an instant, or `bookmark`')
}

const recover = async (shard: () => ShardObject, body: unknown) => {
  const done = await shard().operate({ act: 'recover', ...unpackCopies(body) })
  if (!('notDone' in done)) await restart(shard)
  return done
}

/** The object ends while it is called. */
const restart = (shard: () => ShardObject) =>
  shard()
    .operate({ act: 'restart' })
    .catch(() => undefined)

const readJson = async (request: Request): Promise<unknown> => {
  const text = await request.text()
  if (text.length > MOST_BYTES)
    throw new SyntaxError('more copies than an object takes at once: give those of fewer leaves')
  return JSON.parse(text)
}

const answer = (status: number, body: object): Response =>
  Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } })
