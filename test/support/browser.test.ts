import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, phone } from './browser.ts'

let server: Server
let browser: Browser

beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end('<!doctype html><title>透诉</title><meta name="viewport" content="width=device-width"><p>进度</p>')
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  server.close()
})

test('a browser opens a page of this machine as wide as a cheap phone', async () => {
  const page = await browser.newPage({ viewport: phone })
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)

  expect(await page.title()).toBe('透诉')
  expect(await page.evaluate(() => [innerWidth, innerHeight])).toEqual([360, 740])
  const text = await page.locator('p').boundingBox()
  expect(text?.height).toBeGreaterThan(0)
})
