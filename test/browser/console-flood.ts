// A demo whose desk is flooded: complaints of one merchant among those of nine others (findings, "the flood").

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import * as v from 'valibot'
import { openDemo } from '../../src/hosts/node/demo.ts'
import { launchBrowser } from '../support/browser.ts'
import { serve } from '../support/serve.ts'

const Waiting = v.object({
  items: v.array(v.object({ id: v.string(), holder: v.nullable(v.object({ role: v.string() })) })),
})

export interface Flood {
  browser: Browser
  origin: string
  /** The complaints' order ids begin `P26-`; those of the demo's merchant come first. */
  submit(from: number, count: number, own: boolean): Promise<void>
  advance(hours: number): Promise<unknown>
  /** Ids of what waits for an officer, soonest due first, as the API lists them. */
  waiting(): Promise<string[]>
  /** An act by API. */
  act(role: 'merchant' | 'platform', id: string, act: string, body: object): Promise<number>
  enter(role: 'merchant' | 'platform' | 'supervisor', path: string): Promise<Page>
  close(): Promise<void>
}

export const openFlood = async (): Promise<Flood> => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-flood-'))
  const demo = await openDemo(folder, 'http://localhost')
  const { server, origin } = await serve(demo.app)
  const browser = await launchBrowser()
  const { apiKeys, merchantId } = demo.facts
  const post = async (path: string, key: string, body: object): Promise<number> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    return (await fetch(`${origin}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status
  }
  return {
    browser,
    origin,
    submit: async (from, count, own) => {
      for (let i = from; i < from + count; i++) {
        const status = await post('/complaints', apiKeys.platform, {
          orderId: `P26-${100_000 + i}`,
          item: `保温杯 ${i}`,
          merchantId: own ? merchantId : `m-${2000 + (i % 9)}`,
          merchantName: own ? '花间集女装旗舰店' : `店铺 ${i % 9}`,
          buyer: { name: '测试', phone: `138${10_000_000 + i}` },
          category: 'quality',
          statement: '坏了。',
          remedySought: { kind: 'refund', amount: { value: '59.90', currency: 'CNY' } },
        })
        if (status !== 201) throw new Error(`a complaint of the flood: ${status}`)
      }
    },
    advance: demo.advance,
    waiting: async () => {
      const headers = { authorization: `Bearer ${apiKeys.platform}` }
      const list = await fetch(`${origin}/api/v1/complaints?limit=200`, { headers })
      const { items } = v.parse(Waiting, await list.json())
      return items.filter(({ holder }) => holder?.role === 'platform').map(({ id }) => id)
    },
    act: (role, id, act, body) => post(`/complaints/${id}/${act}`, apiKeys[role], body),
    enter: async (role, path) => {
      const page = await (
        await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } })
      ).newPage()
      await page.request.post(`${origin}/demo/signin`, { form: { role }, headers: { Origin: origin } })
      await page.goto(origin + path)
      return page
    },
    close: async () => {
      await browser.close()
      server.close()
      await demo.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
