import { generateKeyPair, SignJWT } from 'jose'
import { expect, test, vi } from 'vitest'
import { openTestHost, TestServer } from '../../support/server.ts'

test('while the platform’s keys can’t be asked for, nobody is told that their ticket is foreign', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const tickets = { issuer: 'https://shop.example', jwksUri: 'http://127.0.0.1:1/jwks' }
  const house = new TestServer(await openTestHost(undefined, { demo: false, tickets }))
  const { privateKey } = await generateKeyPair('ES256')
  const ticket = await new SignJWT({ jti: '1' }).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(privateKey)

  const shown = await house.get(`/new?ticket=${ticket}`, { Accept: 'text/html' })
  expect([shown.status, shown.headers.get('retry-after')]).toEqual([503, '30'])
  expect(shown.text).toContain('现在打不开投诉表单')
  expect(shown.text).not.toContain(ticket)
  const sent = await house.post('/new', { ticket, category: 'quality', statement: 'x' })
  expect([sent.status, sent.text]).toEqual([503, expect.stringContaining('"code":"unavailable"')])
  expect(said.mock.calls.flat().join()).not.toContain('eyJ')
  vi.restoreAllMocks()
  await house.door.close()
})
