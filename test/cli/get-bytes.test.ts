import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getBytes, TooLarge } from '../../src/cli/io.ts'

const TILE = Buffer.alloc(300_000, 'tile')
const server = createServer(({ url }, response) => {
  if (url === '/moved') response.writeHead(301, { Location: '/tile' }).end('there')
  else if (url === '/tile') response.end(TILE)
  else if (url === '/pieces') response.write(TILE.subarray(0, 7), () => response.end(TILE.subarray(7)))
  else if (url === '/cut') {
    response.writeHead(200, { 'Content-Length': TILE.length })
    response.write(TILE.subarray(0, 1000), () => response.destroy())
  } else response.writeHead(404).end('nothing')
})
let base = ''
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const get = (path: string, most = TILE.length) => getBytes(base + path, most, url => fetch(url))

test('a whole body, with its length or in pieces', async () => {
  for (const path of ['/tile', '/pieces']) {
    const { status, bytes } = await get(path)
    expect([status, bytes.equals(TILE)]).toEqual([200, true])
  }
  expect((await get('/none')).status).toBe(404)
})

test('a log that moved is followed', async () => {
  const { status, bytes } = await get('/moved')
  expect([status, bytes.equals(TILE)]).toEqual([200, true])
})

test('a body that is cut short, or longer than asked for, is none', async () => {
  await expect(get('/cut')).rejects.toThrow()
  for (const path of ['/tile', '/moved']) await expect(get(path, TILE.length - 1)).rejects.toThrow(TooLarge)
  server.close()
  server.closeAllConnections()
  await expect(get('/tile')).rejects.toThrow()
})
