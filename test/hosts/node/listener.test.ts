import { once } from 'node:events'
import { createServer as createHttpServer, type Server } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Listener, listen } from '../../../src/hosts/node/listener.ts'

const opened: Listener[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close(1000)
})
const open = async (makeServer: Parameters<typeof listen>[0], port = 0): Promise<Listener> => {
  const listener = await listen(makeServer, port)
  opened.push(listener)
  return listener
}
const greeter = () => createHttpServer((_request, response) => response.end('hello'))

/** So many connections at once; resolves when the kernel has them all, accepted or not. */
const callers = async (port: number, count: number): Promise<Socket[]> => {
  const sockets = Array.from({ length: count }, () => connect(port, 'localhost'))
  await Promise.all(sockets.map(socket => once(socket, 'connect')))
  return sockets
}

/** Turns of the event loop between the first and the last connection that a server takes, of 32 that wait. */
const turnsToTake = async (port: number, taken: () => number): Promise<number> => {
  const before = taken()
  const sockets = Array.from({ length: 32 }, () => connect(port, 'localhost').on('error', () => undefined))
  let turns = 0
  while (taken() - before < sockets.length) {
    await new Promise(resolve => setImmediate(resolve))
    if (taken() > before) turns++
    // A busy turn, in which all that want to connect do.
    const until = performance.now() + 5
    while (performance.now() < until);
  }
  for (const socket of sockets) socket.destroy()
  return turns
}

test('a turn of the event loop takes several connections, where one socket takes one', async () => {
  let taken = 0
  const counting = () => greeter().on('connection', () => taken++)
  const alone = counting().listen(0)
  await once(alone, 'listening')
  const address = alone.address()
  const single = await turnsToTake(typeof address === 'object' ? (address?.port ?? 0) : 0, () => taken)
  alone.close()
  const { port } = await open(counting)
  const several = await turnsToTake(port, () => taken)
  expect(several).toBeLessThan(single / 2)
})

test('every connection is answered, whichever socket took it', async () => {
  const { port } = await open(greeter)
  const asked = Array.from({ length: 64 }, () =>
    fetch(`http://localhost:${port}/`, { headers: { Connection: 'close' } }),
  )
  for (const answer of await Promise.all(asked)) expect(await answer.text()).toBe('hello')
})

test('a port that another instance or another program listens on is taken', async () => {
  const { port } = await open(greeter)
  await expect(listen(greeter, port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect(await (await fetch(`http://localhost:${port}/`)).text()).toBe('hello')
  const other = createServer().listen(0)
  await once(other, 'listening')
  const address = other.address()
  const its = typeof address === 'object' ? (address?.port ?? 0) : 0
  await expect(listen(greeter, its)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  other.close()
})

test('where the system shares no ports, as macOS, one socket listens', async () => {
  const made: Server[] = []
  const unable = () => {
    const server = greeter()
    const usual = server.listen.bind(server)
    const refuse = () => server.emit('error', Object.assign(new Error('not supported'), { code: 'ENOTSUP' }))
    server.listen = ((at: { port: number; reusePort?: boolean }) => {
      if (at.reusePort) process.nextTick(refuse)
      else usual(at)
      return server
    }) as Server['listen']
    made.push(server)
    return server
  }
  const { port } = await open(unable)
  expect(made.filter(({ listening }) => listening)).toHaveLength(1)
  expect(await (await fetch(`http://localhost:${port}/`)).text()).toBe('hello')
})

test('close: answers what is under way, ends idle connections, and frees the port', async () => {
  const waiting: (() => void)[] = []
  const slow = () =>
    createHttpServer((request, response) => {
      if (request.url === '/slow') waiting.push(() => response.end('late'))
      else response.end('hello')
    })
  const listener = await listen(slow, 0)
  const { port } = listener
  const idle = await callers(port, 20)
  const ended = Promise.all(idle.map(socket => once(socket.resume(), 'close')))
  for (const socket of idle) socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const late = fetch(`http://localhost:${port}/slow`)
  await expect.poll(() => waiting.length).toBe(1)
  const closed = listener.close(30_000)
  await ended
  waiting[0]?.()
  expect(await (await late).text()).toBe('late')
  await closed
  // The same port again: nothing is left of it.
  const again = await open(greeter, port)
  expect(await (await fetch(`http://localhost:${again.port}/`)).text()).toBe('hello')
})

test('close: does not wait longer than it is told', async () => {
  const listener = await listen(() => createHttpServer(() => undefined), 0)
  const [socket] = await callers(listener.port, 1)
  socket?.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await listener.close(50)
  socket?.destroy()
})
