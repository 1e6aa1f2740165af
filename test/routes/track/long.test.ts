import { brotliCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { signIn } from '../../support/people.ts'
import { expectProblem, made, useServer } from '../../support/server.ts'
import type { View } from '../../support/shapes.ts'
import * as scenes from '../scenes.ts'

// A flooded complaint: its page stays small, every step can still be reached, and the quota says when more is taken.

const server = useServer()
const html = { Accept: 'text/html' }
const text = (i: number) =>
  `${i}·${String.fromCharCode(...Array.from({ length: 4900 }, (_, k) => 0x4e00 + ((k * 7919 + i) % 20000)))}`

const get = async (path: string) => (await server.get(path, html)).text

describe('a merchant who floods', () => {
  test('leaves a page of at most 60 KB, on which the newest and the way to each older step stand', async () => {
    const filed = await scenes.submitted(server)
    for (let day = 0; day < 4; day++) {
      let replies = 0
      for (; replies < 60; replies++) {
        const reply = await server.asMerchant(filed, 'messages', { text: text(replies), operator: '客服' })
        if (reply.status === 201) continue
        expectProblem(reply, 429, 'too_many')
        expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(23 * 3600)
        break
      }
      expect(replies).toBeGreaterThan(5)
      expect(replies).toBeLessThan(60)
      await server.advance(24)
    }
    const whole = await server.view(filed)
    const seen = new Set<number>()
    let path: string | undefined = filed.room
    for (let pages = 0; path !== undefined && pages < 40; pages++) {
      const page: string = await get(path)
      expect(Buffer.byteLength(page)).toBeLessThan(60_000)
      for (const [, no] of page.matchAll(/id="step-(\d+)"/g)) seen.add(Number(no))
      const before: string | undefined = /\?before=(\d+)#timeline/.exec(page)?.[1]
      path = before === undefined ? undefined : `${filed.room}?before=${before}`
    }
    expect(seen.size).toBe(whole.steps.length)
    // A cut text leads to the whole of it.
    const cut = /\?step=(\d+)#timeline/.exec(await get(filed.room))?.[1]
    const one = await get(`${filed.room}?step=${cut}`)
    expect(one).toContain(String(whole.steps[Number(cut) - 1]?.fields.text))
    expect(brotliCompressSync(await get(filed.room)).length).toBeLessThan(30_000)
    const clerk = await signIn(server, 'merchant')
    const console = `/merchant/complaints/${filed.id}`
    for (const query of ['', '?before=20', `?step=${cut}`]) {
      const page = await clerk.get(console + query)
      expect([page.status, page.text.includes('id="step-')]).toEqual([200, true])
      expect(Buffer.byteLength(page.text)).toBeLessThan(80_000)
    }
    const officer = await signIn(server, 'platform')
    expect(Buffer.byteLength((await officer.get(`/desk/complaints/${filed.id}`)).text)).toBeLessThan(100_000)
  })

  test('a program pages through the steps', async () => {
    const filed = await scenes.submitted(server)
    for (let i = 0; i < 6; i++) made(await server.post(`${filed.room}/messages`, { text: `${i}` }))
    const page = async (query: string) => {
      const reply = await server.get(`/api/v1/complaints/${filed.id}${query}`, server.bearer('platform'))
      return (JSON.parse(reply.text) as View).steps.map(({ fields }) => fields.text ?? 'submitted')
    }
    expect(await page('')).toEqual(['submitted', '0', '1', '2', '3', '4', '5'])
    expect(await page('?limit=2')).toEqual(['4', '5'])
    expect(await page('?before=5&limit=3')).toEqual(['1', '2', '3'])
    expect(await page('?before=0')).toEqual([])
    for (const query of ['?before=x', '?limit=0', '?before=-1'])
      expectProblem(
        await server.get(`/api/v1/complaints/${filed.id}${query}`, server.bearer('platform')),
        422,
        'invalid',
      )
  })

  test('a link holder is told on the page, and what was typed stands in the form', async () => {
    const filed = await scenes.submitted(server)
    for (let i = 0; i < 50; i++) made(await server.post(`${filed.room}/messages`, { text: `${i}` }))
    const reply = await server.send(`${filed.room}/messages`, 'text=%E8%BF%98%E6%9C%89', {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Site': 'same-origin',
      ...html,
    })
    expect(reply.status).toBe(429)
    expect(reply.text).toContain('短时间内发得太多了')
    expect(reply.text).toContain('还有')
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('numbers that name no step show the newest', async () => {
    const filed = await scenes.submitted(server)
    for (const query of ['?before=0', '?before=x', '?step=99999', '?before=99999', '?step=-1']) {
      const page = await server.get(filed.room + query, html)
      expect([page.status, page.text.includes('id="step-1"')]).toEqual([200, true])
    }
    // The first step has none before it.
    expect((await server.get(`${filed.room}?before=1`, html)).status).toBe(200)
  })
})
