// HTTP/1.1 client over plain sockets, keep-alive, one request in flight on each: a client that costs more than the server
// measures itself. It reads the head of an answer and counts the bytes after it.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export const CONNECTIONS = 16

const LENGTH = /\r\ncontent-length: (\d+)\r\n/i

interface Load {
  port: number
  /** Taken in turn by the connections. */
  paths: Iterator<string>
  headers: Readonly<Record<string, string>>
}

/** Answers how many requests were answered, each with 200, and how long that took, ms. */
export const load = async ({ port, paths, headers }: Load) => {
  const lines = Object.entries({ Host: 'bench.invalid', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const tail = ` HTTP/1.1\r\n${lines.join('')}\r\n`
  const began = performance.now()
  const next = (): string | null => {
    const { value, done } = paths.next()
    return done ? null : `GET ${value}${tail}`
  }
  const counts = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => ask(connect({ port, noDelay: true }), next)),
  )
  return { requests: counts.reduce((sum, count) => sum + count, 0), ms: performance.now() - began }
}

const ask = async (socket: Socket, next: () => string | null): Promise<number> => {
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  let answered = 0
  /** Bytes of the answer that are still to come; the head is not there yet while it is null. */
  let missing: number | null = null
  let head = ''
  const send = () => {
    const request = next()
    if (request === null) socket.end()
    else socket.write(request, 'latin1')
  }
  socket.on('data', (chunk: Buffer) => {
    missing ??= (() => {
      head += chunk.toString('latin1', 0, 2048)
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return null
      const length = Number(LENGTH.exec(head)?.[1])
      if (!head.startsWith('HTTP/1.1 200 ') || !(length >= 0)) throw new Error(`not measured: ${head.slice(0, 15)}`)
      head = ''
      return end + 4 + length
    })()
    if (missing === null) return
    missing -= chunk.length
    if (missing > 0) return
    missing = null
    answered++
    send()
  })
  send()
  await closed
  return answered
}
