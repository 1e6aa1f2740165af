import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createReplica } from '../../../../src/hosts/node/server.ts'
import { systemClock } from '../../../../src/ledger/clock.ts'
import { hashKey } from '../../../../src/routes/authenticate.ts'
import { checkLog } from '../../../ledger/check-log.ts'
import { newFolder } from '../../../ledger/node-host.ts'
import { type Postgres, startPostgres } from '../../../support/postgres.ts'
import { newHouse, newKeys } from './fixture.ts'

// The network between a server and its PostgreSQL, which is cut in two ways: connections end, or nothing comes any more.

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

/** A TCP proxy before PostgreSQL. */
const openNetwork = async () => {
  const { hostname, port } = new URL(postgres.url)
  const sockets = new Set<Socket>()
  let state: 'whole' | 'cut' | 'silent' = 'whole'
  const server = createServer(client => {
    if (state === 'cut') return void client.destroy()
    const upstream = connect(Number(port), hostname)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', bytes => {
        // What is under way when the network is cut arrives nowhere.
        if (state === 'whole') to.write(bytes)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        if (state !== 'silent') to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const end = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    state = 'cut'
    end()
    server.close()
  })
  const cut = (how: 'cut' | 'silent') => {
    state = how
    if (how === 'cut') end()
  }
  const mend = () => {
    state = 'whole'
    // A connection that lost bytes is of no use; TCP would end it too.
    end()
  }
  const url = `postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`
  return { url, cut, mend }
}

const KEY = 'key-of-the-platform-behind-a-network'

test.each(['cut', 'silent'] as const)(
  'a network to PostgreSQL that is %s answers 503, and loses nothing',
  async how => {
    const network = await openNetwork()
    const own = {
      dataDir: newFolder(),
      secrets: await newKeys(),
      origin: newHouse(),
      clock: systemClock,
      signEveryMs: 0,
    }
    // Short, since a silent network is noticed by the lease's end alone; who loses it to a slow machine has it again.
    const server = createReplica({ ...own, baseUrl: 'https://t.example.cn' }, { url: network.url, leaseMs: 3_000 })
    onTestFinished(() => server.close())
    const { ledger } = server
    const ask = async (path: string, body?: object) => {
      const headers = { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json', Accept: 'application/json' }
      const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
      const env = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }
      const answer = await server.app.fetch(new Request(`https://t.example.cn${path}`, init), env)
      return { status: answer.status, json: await answer.json() }
    }
    const done = async <T>(work: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await work()
        } catch {
          await new Promise(resolve => setTimeout(resolve, 50))
        }
      }
    }
    await done(() => ledger.registry.addCredential(hashKey(KEY), { role: 'platform', name: 'platform' }))
    const acknowledged: string[] = []
    let orders = 0
    /** Another order each time: what was answered 503 may have been recorded. */
    const file = async () => {
      const filed = {
        orderId: `ORDER-${orders++}`,
        merchantId: 'm1',
        merchantName: '小店',
        category: 'quality',
        statement: '坏了',
      }
      const answer = await ask('/api/v1/complaints', { ...filed, buyer: { name: '王小明', phone: '13800001234' } })
      if (answer.status === 201) acknowledged.push(answer.json.id)
      return answer.status
    }
    const untilFiled = () => expect.poll(file, { timeout: 25_000 }).toBe(201)
    await untilFiled()
    await untilFiled()

    network.cut(how)
    // One that is under way when it happens, and one that comes later; a page too, since nobody knows what is newest.
    expect(await Promise.all([file(), file()])).toEqual([503, 503])
    await expect.poll(async () => (await ask('/readyz')).status, { timeout: 25_000 }).toBe(503)
    expect((await ask('/readyz')).json).toMatchObject({ reason: 'commit_log_unreachable' })
    expect((await ask(`/api/v1/complaints/${acknowledged[0]}`)).status).toBe(503)

    network.mend()
    await untilFiled()
    for (const id of acknowledged) expect((await ask(`/api/v1/complaints/${id}`)).status).toBe(200)
    expect(acknowledged).toHaveLength(3)
    await done(() => checkLog(ledger, Date.now()))
  },
)
