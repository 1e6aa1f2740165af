import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Answer, plain } from './judge.ts'

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
