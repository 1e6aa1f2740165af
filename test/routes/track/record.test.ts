import { expect, test } from 'vitest'
import { expectDiscreet, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'
import { hashOf, PNG, upload } from '../uploads.ts'

const server = useServer()
const html = { Accept: 'text/html' }

test('the record has every step in order of time, whole, with photos, hashes and the way to check it', async () => {
  const filed = await scenes.rejected(server)
  const { body, headers } = await upload([['吊牌.png', PNG]], { text: '长'.repeat(3000) })
  expect((await server.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' })).status).toBe(
    201,
  )
  const { text, status } = await server.get(`${filed.room}/record`, html)
  expect(status).toBe(200)
  const { steps, complaint } = await server.view(filed)
  const places = steps.map(({ leaf }) => text.indexOf(leaf))
  expect(places.every(at => at > 0)).toBe(true)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(text).toContain('长'.repeat(3000))
  expect(text).toContain(`src="${filed.room}/files/${hashOf(PNG)}"`)
  expect(text).toContain(`SHA-256 <code>${hashOf(PNG)}</code>`)
  expect(text).toContain('https://t.tousu.example/verify')
  expect(text).toMatch(/<svg class="qr"/)
  expect(text).toContain(complaint.id)
  // A whole date, and of the buyer in the third person: others read it.
  expect(text).toMatch(/2026-\d\d-\d\d \d\d:\d\d/)
  expect(text).toContain('买家提交')
})

test('a share link has none, nor has an unknown one', async () => {
  const filed = await scenes.submitted(server)
  const { shareUrl = '' } = made(await server.asBuyer(filed, 'share-links'))
  const share = await server.get(`${new URL(shareUrl).pathname}/record`, html)
  expect(share.status).toBe(404)
  expectDiscreet(share.text)
  expect((await server.get(`${filed.room.slice(0, -3)}abc/record`, html)).status).toBe(404)
})

test('the title of a page whose form came back says so first', async () => {
  const filed = await scenes.submitted(server)
  const page = await server.get(filed.room, html)
  expect(page.text).not.toContain('<title>没有办成：')
  const reply = await server.form(filed, 'messages', { text: '' })
  expect([reply.status, reply.text.includes('<title>没有办成：')]).toEqual([422, true])
})

test('what a chat previews of a link is the same for every page, and leaks nothing', async () => {
  const filed = await scenes.submitted(server)
  const previewOf = (page: string) => page.match(/<meta property="og:[^>]*>/g)
  const [own, front] = [await server.get(filed.room, html), await server.get('/', html)]
  expect(previewOf(own.text)).toEqual(previewOf(front.text))
  expect(previewOf(own.text)).toHaveLength(3)
  expect(own.text).toContain('<meta property="og:image" content="https://t.tousu.example/icon-512.png">')
  expect((await server.get('/robots.txt')).text).toContain('Disallow: /')
})
