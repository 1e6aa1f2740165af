import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openTestHost, START, TestServer } from '../../support/server.ts'

test('a complaint that no checkpoint can cover is answered with its link and without a receipt', async ({
  onTestFinished,
}) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tousu-unsigned-'))
  const host = await openTestHost(START, { dataDir })
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  onTestFinished(async () => {
    logged.mockRestore()
    await host.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const server = new TestServer(host)
  await server.submit()
  // Where the next checkpoint would be written there is a folder.
  mkdirSync(join(dataDir, 'last-checkpoint.new'))
  const reply = await server.post('/api/v1/complaints', server.intake(), server.bearer('platform'))
  expect(reply.status).toBe(201)
  const { receipt, trackingUrl } = JSON.parse(reply.text)
  const ready = await server.get('/readyz')
  expect([ready.status, JSON.parse(ready.text)]).toMatchObject([
    503,
    { reason: 'signer_failing', detail: 'the last checkpoint could not be published: EISDIR' },
  ])
  expect(receipt).toBeNull()
  const { components } = JSON.parse((await server.get('/api/v1/openapi.json')).text)
  expect(JSON.stringify(components.schemas.Submitted.properties.receipt)).toContain('"type":"null"')
  expect((await server.get(new URL(trackingUrl).pathname, { Accept: 'text/html' })).status).toBe(200)
})
