// The port of the server: one handler behind several listening sockets of this process, and their graceful end.

import { once } from 'node:events'
import { createServer, type ListenOptions, type Server } from 'node:net'
import type { ServerType } from '@hono/node-server'

/**
 * SO_REUSEPORT: libuv takes one connection from a listening socket in a turn of the event loop (`uv__server_io`). Beside many acts a
 * turn lasts 30 ms: one socket lets 33 visitors a second in, and with 50 a second the queue grows. The kernel spreads new
 * connections over the sockets that share a port.
 */
const SOCKETS = 16

export interface Listener {
  port: number
  /**
   * Graceful shutdown: takes no more connections, and resolves once requests under way are answered, or after `patience` ms. Each
   * answer closes its connection; idle keep-alive connections end at once.
   */
  close(patience: number): Promise<void>
}

/**
 * Listens on this port, or where it is 0 on one that the system chooses. `makeServer` is called for each socket. Rejects with
 * EADDRINUSE, also where another process shares the port among its own sockets.
 */
export const listen = async (makeServer: () => ServerType, port: number): Promise<Listener> => {
  if (port !== 0) await expectFree(port)
  const first = await listenShared(makeServer(), port)
  const servers = first ? [first] : [await listenAt(makeServer(), { port })]
  const chosen = portOf(servers[0])
  while (first && servers.length < SOCKETS) {
    servers.push(await listenAt(makeServer(), { port: chosen, reusePort: true }))
  }
  return {
    port: chosen,
    close: async patience => {
      const tooLate = new Promise(resolve => setTimeout(resolve, patience))
      await Promise.race([Promise.all(servers.map(finish)), tooLate])
    },
  }
}

/** A socket that may share its port could join those of another instance: one that may not is refused there. */
const expectFree = async (port: number): Promise<void> => {
  const alone = await listenAt(
    createServer(socket => socket.destroy()),
    { port },
  )
  await new Promise(resolve => alone.close(resolve))
}

/** Null where the system has no shared ports, as macOS. */
const listenShared = (server: ServerType, port: number): Promise<ServerType | null> =>
  listenAt(server, { port, reusePort: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTSUP') throw error
    return null
  })

const listenAt = async <S extends Server>(server: S, at: ListenOptions): Promise<S> => {
  server.listen(at)
  await once(server, 'listening')
  return server
}

const portOf = (server: ServerType | undefined): number => {
  const address = server?.address()
  if (typeof address !== 'object' || address === null) throw new Error('a socket without a port')
  return address.port
}

const finish = async (server: ServerType): Promise<void> => {
  const finished = new Promise(resolve => server.close(resolve))
  server.prependListener('request', (_request, response: { shouldKeepAlive?: boolean }) => {
    response.shouldKeepAlive = false
  })
  // Again and again: a connection whose last request was under way becomes idle with its answer.
  const idle = setInterval(() => 'closeIdleConnections' in server && server.closeIdleConnections(), 20)
  await finished
  clearInterval(idle)
}
