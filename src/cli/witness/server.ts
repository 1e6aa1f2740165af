import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { cosign, formatSignature, type VerifierKey } from '../../log/note.ts'
import type { SecretKey } from '../keys.ts'
import { type Answer, judge, plain, readRequest } from './judge.ts'
import type { Memory } from './memory.ts'

/** 63 hashes and 100 signatures take a third of this. */
const MAX_BODY = 64 * 1024

/** One route, `POST /add-checkpoint`; the address behind it is the submission prefix of tlog-witness. */
export const witnessServer = (add: (body: string) => Promise<Answer>): Server =>
  createServer((request, response) => {
    answer(request, add).then(
      given => send(response, given),
      // A disk that is full, most likely: no word about it to the outside, and no cosignature.
      () => send(response, plain(500, 'failed')),
    )
  })

const answer = async (request: IncomingMessage, add: (body: string) => Promise<Answer>): Promise<Answer> => {
  if (request.url !== '/add-checkpoint') return plain(404, 'POST /add-checkpoint')
  if (request.method !== 'POST') return plain(405, 'POST /add-checkpoint')
  const body = await readBody(request)
  return body === null ? plain(413, 'too large') : add(body)
}

const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > MAX_BODY) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const send = (response: ServerResponse, { status, body, type }: Answer): void => {
  // A body that was not read to its end would be taken for the next request.
  const headers = status === 413 ? { 'Content-Type': type, Connection: 'close' } : { 'Content-Type': type }
  response.writeHead(status, headers).end(body)
}

interface WitnessOptions {
  key: SecretKey
  /** Keys of the logs that it watches; their names are the origins. */
  logs: readonly VerifierKey[]
  memory: Memory
  /** UTC ms. */
  now(): number
}

/** C2SP tlog-witness, `add-checkpoint`: the answer to one request body. */
export const addCheckpoint = async (body: string, { key, logs, memory, now }: WitnessOptions): Promise<Answer> => {
  const request = await readRequest(body, logs)
  if ('status' in request) return request
  const { origin } = request.tree
  // Check, memory and signature are one act, so that cosignatures bear times in the order of the trees.
  return memory.alone(async () => {
    const refusal = judge(request, memory.last(origin))
    if (refusal !== null) return refusal
    memory.remember(origin, request.checkpoint)
    const signature = await cosign(request.note.text, key.vkey, key.sign, Math.floor(now() / 1000))
    return { status: 200, body: formatSignature(signature), type: 'text/plain; charset=utf-8' }
  })
}
