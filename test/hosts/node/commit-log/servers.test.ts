import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { expect, onTestFinished, test } from 'vitest'
import { main } from '../../../../src/cli/tousu.ts'
import { endServer, liveSettings, PLATFORM_KEY, startServer, untilReady } from '../../../deploy/server-process.ts'
import { newFolder } from '../../../ledger/node-host.ts'
import { startPostgres } from '../../../support/postgres.ts'

// Two servers of one house, as docs/two-boxes.md sets them up, behind whatever passes requests to either.

const Filed = v.object({ id: v.string(), trackingUrl: v.string() })
const View = v.object({ steps: v.array(v.object({ kind: v.string() })) })

test('two servers are one: links, acts, pages and the log are the same at both, and one is enough', async () => {
  const postgres = await startPostgres()
  onTestFinished(() => postgres.stop())
  const folder = newFolder()
  const settingsOf = async (name: string) => {
    mkdirSync(join(folder, name))
    const { BASE_URL: own, ...settings } = await liveSettings(join(folder, name))
    return {
      ...settings,
      BASE_URL: own,
      TOUSU_COMMIT_LOG: postgres.url,
      TOUSU_PEER_URL: own,
      TOUSU_FILES: `file://${join(folder, 'files')}`,
    }
  }
  const one = await settingsOf('one')
  const two = { ...(await settingsOf('two')), TOUSU_SECRETS: one.TOUSU_SECRETS }
  const [urlOne, urlTwo] = [one.BASE_URL, two.BASE_URL]
  const start = async (settings: typeof one) => {
    // What buyers see is one address; a test asks each server by its own.
    const child = await startServer({ ...settings, BASE_URL: 'https://t.example.cn' })
    onTestFinished(() => endServer(child, 'SIGKILL'))
    await untilReady(settings)
    return child
  }
  const first = await start(one)
  const second = await start(two)
  /** A slow machine may be without a leader for a moment; the key makes of what is sent again one act. */
  const post = async (url: string, body: object): Promise<{ status: number; body: unknown }> => {
    const headers = {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
      ...(url.includes('/api/') && { Authorization: `Bearer ${PLATFORM_KEY}` }),
    }
    for (;;) {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
      if (response.status !== 503) return { status: response.status, body: await response.json() }
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  const filed = await post(`${urlTwo}/api/v1/complaints`, {
    ...{ orderId: 'ORDER-1', merchantId: 'm1', merchantName: '小店', category: 'quality', statement: '裙子坏了' },
    buyer: { name: '王小明', phone: '13800001234' },
  })
  expect(filed.status).toBe(201)
  const link = new URL(v.parse(Filed, filed.body).trackingUrl).pathname
  const kindsAt = async (url: string) => {
    const response = await fetch(url + link, { headers: { Accept: 'application/json' } })
    return v.parse(View, await response.json()).steps.map(({ kind }) => kind)
  }
  for (const [i, url] of [urlOne, urlTwo, urlTwo, urlOne].entries()) {
    expect((await post(`${url}${link}/messages`, { text: `第${i}条` })).status).toBe(201)
    for (const seen of [urlOne, urlTwo])
      expect((await kindsAt(seen)).filter(kind => kind === 'message_added')).toHaveLength(i + 1)
  }
  const page = await (await fetch(urlTwo + link, { headers: { Accept: 'text/html' } })).text()
  expect(page).toContain('第3条')
  expect((await fetch(`${urlOne}/peer`, { method: 'POST', body: 'x' })).status).toBe(404)
  expect(await (await fetch(`${urlOne}/readyz`)).json()).toMatchObject({ status: 'ready' })

  // One monitor, with its memory, looks at either.
  const trust = join(folder, 'trust.txt')
  writeFileSync(trust, await (await fetch(`${urlOne}/log/0/policy`)).text())
  const monitored = (url: string) => {
    const io = { out: () => undefined, err: () => undefined, tty: false, now: Date.now, fetch }
    return main(['monitor', `${url}/log/0`, '--policy', trust, '--state', join(folder, 'state')], io)
  }
  expect([await monitored(urlOne), await monitored(urlTwo), await monitored(urlOne)]).toEqual([0, 0, 0])

  await endServer(first, 'SIGKILL')
  // Until the lease has ended nobody can act.
  expect((await post(`${urlTwo}${link}/messages`, { text: '还在吗' })).status).toBe(201)
  expect((await kindsAt(urlTwo)).filter(kind => kind === 'message_added')).toHaveLength(5)
  expect(await monitored(urlTwo)).toBe(0)
  await endServer(second, 'SIGTERM')
}, 60_000)
