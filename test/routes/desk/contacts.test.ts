import { expect, test } from 'vitest'
import { registryLedger } from '../../../src/routes/deps.ts'
import { signIn } from '../../support/people.ts'
import { useServer } from '../../support/server.ts'

const house = useServer()
const PAGE = '/desk/supervisor'
const contact = (party: string) => registryLedger(house.door.deps).outbox.contact(party)

test('a supervisor says where the desks’ reminders go, and stops them', async () => {
  const supervisor = await signIn(house, 'supervisor')
  const saved = await supervisor.post('/desk/contacts', { party: 'platform', phone: '+86 139-0000-1234' })
  expect([saved.status, saved.headers.get('location')]).toEqual([303, `${PAGE}?done=saved`])
  expect(await contact('platform')).toBe('+8613900001234')
  const page = (await supervisor.get(`${PAGE}?done=saved`)).text
  expect([page.includes('尾号 1234'), page.includes('13900001234')]).toEqual([true, false])
  expect((await supervisor.post('/desk/contacts', { party: 'platform', phone: '' })).status).toBe(303)
  expect(await contact('platform')).toBeNull()
})

test('a number that is none comes back as it was typed', async () => {
  const supervisor = await signIn(house, 'supervisor')
  const reply = await supervisor.post('/desk/contacts', { party: 'supervisor', phone: '12' })
  expect([reply.status, reply.text.includes('value="12"')]).toEqual([422, true])
  expect(await contact('supervisor')).toBeNull()
  expect((await supervisor.post('/desk/contacts', { party: 'merchant:m1', phone: '13900001234' })).status).toBe(422)
  expect(await contact('merchant:m1')).toBeNull()
})

test('an officer sets no such thing', async () => {
  const officer = await signIn(house, 'platform')
  const reply = await officer.post('/desk/contacts', { party: 'platform', phone: '13900001234' })
  expect([reply.status, await contact('platform')]).toEqual([403, null])
})
