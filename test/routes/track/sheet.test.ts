import { expect, test } from 'vitest'
import { openReceipt } from '../../../src/log/receipt.ts'
import { expectDiscreet, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'
import { hashOf, PNG, upload } from '../uploads.ts'

/** 存证说明: what stands on it is what the receipt proves. */
const server = useServer()
const html = { Accept: 'text/html' }

test('the sheet has each step with its place in the log, the checkpoint as it was signed, and how to check', async () => {
  const filed = await scenes.rejected(server)
  const { body, headers } = await upload([['吊牌.png', PNG]], { text: '请看 <b>照片</b>' })
  await server.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' })
  const { text, status } = await server.get(`${filed.room}/sheet`, html)
  expect(status).toBe(200)
  const receipt = await (await server.get(`${filed.room}/receipt.json`)).text
  const { steps, checkpoint } = openReceipt(JSON.parse(receipt))
  const { steps: seen, complaint } = await server.view(filed)
  expect(steps).toHaveLength(seen.length)
  for (const [i, { leaf }] of seen.entries())
    expect(text).toContain(`日志第 ${(steps[i]?.index ?? 0) + 1} 条，指纹 <code>${leaf}</code>`)
  expect(text).toContain(`<pre class="said">${checkpoint.origin}\n`)
  expect(text).toContain(`附件 吊牌.png，SHA-256 <code>${hashOf(PNG)}</code>`)
  expect(text).toContain('请看 &lt;b&gt;照片&lt;/b&gt;')
  expect(text).toContain('还没有独立见证方为这个检查点签名')
  expect(text).toContain('回执里没有时间戳')
  expect(text).toContain('https://t.tousu.example/verify')
  expect(text).toMatch(/<svg class="qr"/)
  expect(text).toContain(complaint.id)
  expect(text).toMatch(/<time[^>]*>2026-\d\d-\d\d \d\d:\d\d:\d\d<\/time>/)
  expect((await server.get(filed.room, html)).text).toContain(`href="${filed.room}/sheet"`)
})

test('in the three languages, with no Chinese sentence in English', async () => {
  const filed = await scenes.submitted(server)
  for (const [lang, title] of [
    ['zh-TW', '存證說明'],
    ['en', 'Evidence sheet'],
  ] as const)
    expect((await server.get(`${filed.room}/sheet?lang=${lang}`, html)).text).toContain(`<h1>${title}</h1>`)
})

test('a share link has the sheet of what it may see, an unknown one none', async () => {
  const filed = await scenes.submitted(server)
  const { shareUrl = '' } = made(await server.asBuyer(filed, 'share-links'))
  const share = await server.get(`${new URL(shareUrl).pathname}/sheet`, html)
  expect(share.status).toBe(200)
  expectDiscreet(share.text)
  expect((await server.get(`${filed.room.slice(0, -3)}abc/sheet`, html)).status).toBe(404)
})
