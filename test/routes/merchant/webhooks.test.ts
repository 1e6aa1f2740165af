import { expect, test } from 'vitest'
import { signIn } from '../../support/people.ts'
import { useServer } from '../../support/server.ts'

const house = useServer()
const SETTINGS = '/merchant/settings'

const idIn = (text: string): string => /\/merchant\/webhooks\/([\w-]+)"/.exec(text)?.[1] ?? ''

test('a merchant’s people add an address, see what was sent there and send it again', async () => {
  const merchant = await signIn(house, 'merchant')
  const added = await merchant.post('/merchant/webhooks', { url: 'https://erp.example.com/tousu' })
  expect([added.status, added.headers.get('location')]).toEqual([303, `${SETTINGS}?done=added`])
  const settings = await merchant.get(`${SETTINGS}?done=added`)
  expect(settings.text).toContain('https://erp.example.com/tousu')
  expect(settings.text).toMatch(/whsec_[\w+/=&#;]+/)
  const room = `/merchant/webhooks/${idIn(settings.text)}`

  const filed = await house.submit()
  const sent = await merchant.get(room)
  expect(sent.status).toBe(200)
  expect(sent.text).toContain(filed.id)
  const delivery = /name="delivery" value="(\d+)"/.exec(sent.text)?.[1] ?? ''
  const again = await merchant.post(`${room}/resends`, { delivery })
  expect([again.status, again.headers.get('location')]).toEqual([303, `${room}?done=resent`])

  for (const act of ['secret-rotations', 'activation', 'removal']) {
    expect((await merchant.post(`${room}/${act}`, {})).status).toBe(303)
  }
  expect((await merchant.get(SETTINGS)).text).not.toContain('whsec_')
})

test('an address that can’t be used comes back as it was typed', async () => {
  const merchant = await signIn(house, 'merchant')
  const reply = await merchant.post('/merchant/webhooks', { url: 'http://10.0.0.8/hooks' })
  expect(reply.status).toBe(422)
  expect(reply.text).toContain('http://10.0.0.8/hooks')
})

test('another merchant’s address is not there, and an officer has no such room', async () => {
  const [merchant, other] = [await signIn(house, 'merchant'), await signIn(house, 'other')]
  await merchant.post('/merchant/webhooks', { url: 'https://erp.example.com/mine' })
  const room = `/merchant/webhooks/${idIn((await merchant.get(SETTINGS)).text)}`
  expect((await merchant.get(room)).status).toBe(200)
  expect((await other.get(room)).status).toBe(404)
  for (const act of ['secret-rotations', 'activation', 'removal', 'nonsense']) {
    expect((await other.post(`${room}/${act}`, {})).status).toBe(404)
  }
  expect((await other.post(`${room}/resends`, { delivery: '1' })).status).toBe(404)
  expect((await (await signIn(house, 'platform')).get(room)).status).toBe(403)
  await merchant.post(`${room}/removal`, {})
})
