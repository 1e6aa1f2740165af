import { expect, onTestFinished, test } from 'vitest'
import type { Ledger } from '../../../src/ledger/contract/ledger.ts'
import { signLink } from '../../../src/link/token.ts'
import { createApp } from '../../../src/routes/app.ts'
import { type Filed, made, openTestHost, type Reply, SECRET, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
const tokenOf = ({ room }: { room: string }) => room.slice('/t/'.length)

/** What a stranger could tell apart: everything but the date, and the request's own number. */
const face = ({ status, text, headers }: Reply) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id'),
})

const PATHS = ['', '/receipt.json', `/files/${'0'.repeat(64)}`]
const faces = async (token: string, accept: string) =>
  [
    ...(await Promise.all(PATHS.map(path => house.get(`/t/${token}${path}`, { Accept: accept })))),
    await house.post(`/t/${token}/messages`, { text: '在吗' }, { Accept: accept }),
  ].map(face)

const flipped = (token: string, i: number) => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return token.slice(0, i) + letters[letters.indexOf(token.charAt(i)) ^ 1] + token.slice(i + 1)
}

const rotate = async (filed: Filed, reason: string) =>
  made(await house.asPlatform(filed, 'link-rotation', { reason, operator: 'A17' }))

test.each(['text/html', 'application/json'])(
  'unknown, altered, revoked and expired links look alike (%s)',
  async accept => {
    const unknown = signLink({ id: 12345, scope: 'act', epoch: 0 }, house.door.deps.links)
    const otherShard = signLink({ id: 2 ** 47 + 5, scope: 'act', epoch: 0 }, house.door.deps.links)
    const filed = await house.submit()
    const stolen = await house.submit()
    await rotate(stolen, 'theft')
    const old = await scenes.confirmed(house)
    await house.advance(180 * 24 + 1)
    const first = await faces(unknown, accept)
    expect(first.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    const token = tokenOf(filed)
    const others = [
      otherShard,
      tokenOf(stolen),
      tokenOf(old),
      `${token}0`,
      token.slice(1),
      'x',
      '%00',
      token.toLowerCase(),
    ]
    const bits = Array.from({ length: 25 }, (_, i) => flipped(token, i))
    for (const each of [...others, ...bits]) expect(await faces(each, accept), each).toEqual(first)
  },
)

test('a link ends 180 days after the end, not before', async () => {
  const filed = await scenes.confirmed(house)
  await house.advance(180 * 24 - 1)
  expect((await house.get(filed.room)).status).toBe(200)
  await house.advance(1)
  expect((await house.get(filed.room)).status).toBe(404)
})

test('after a rotation the old link works until the SMS with the new one was accepted', async () => {
  const filed = await house.submit()
  const { shareUrl = '' } = made(await house.asBuyer(filed, 'share-links'))
  await rotate(filed, '换手机')
  expect((await house.get(filed.room)).status).toBe(200)
  expect((await house.get(new URL(shareUrl).pathname)).status).toBe(404)
  await house.advance(0)
  expect((await house.get(filed.room)).status).toBe(404)
  const sms = house.door.messages().findLast(({ to, text }) => to === SECRET.phone && text.includes('/t/'))
  const room = new URL(/https:\S+/.exec(sms?.text ?? '')?.[0] ?? '').pathname
  expect((await house.view({ room })).complaint.id).toBe(filed.id)
  expect((await house.get(room)).text).not.toContain('分享链接：')
})

test('a forged link touches no ledger', async () => {
  const { deps } = house.door
  const calls: string[] = []
  const counted = (ledger: Ledger) =>
    new Proxy(ledger, {
      get: (target, name) => {
        calls.push(String(name))
        return Reflect.get(target, name, target)
      },
    })
  const app = createApp({ ...deps, ledgers: deps.ledgers.map(counted) })
  calls.length = 0
  const filed = await house.submit()
  for (let i = 0; i < 25; i++) {
    for (const path of ['', '/receipt.json', '/confirmation']) {
      const url = `/t/${flipped(tokenOf(filed), i)}${path}`
      await app.request(url)
      await app.request(url, { method: 'POST', body: '{}' })
    }
  }
  expect(calls).toEqual([])
})

test('nobody holds a stranger’s upload in memory before the link is known', async () => {
  let pulled = 0
  const body = new ReadableStream({
    pull: controller => {
      pulled++
      controller.enqueue(new Uint8Array(65_536))
    },
  })
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x' }
  const request = new Request('http://t/t/forged/evidence', {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  } as RequestInit)
  const response = await house.door.app.request(request)
  expect([response.status, pulled < 4]).toEqual([404, true])
})

test('another house’s keys open nothing here', async () => {
  const other = await openTestHost()
  onTestFinished(() => other.close())
  const filed = await house.submit()
  expect((await other.fetch(filed.room)).status).toBe(404)
})
