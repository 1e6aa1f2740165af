import { expect, test } from 'vitest'
import { shanghaiDateTime } from '../../../src/complaint/time.ts'
import { signIn } from '../../support/people.ts'
import { useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()

test('an officer declares an incident, says more of it and ends it; all consoles show it', async () => {
  const officer = await signIn(house, 'platform')
  const merchant = await signIn(house, 'merchant')
  const filed = await scenes.submitted(house)
  const until = shanghaiDateTime(house.door.now() + 20 * 3_600_000)
  const declared = await officer.post('/desk/incidents', { what: '顺丰停运', until, merchants: 'm1, m2' })
  expect([declared.status, declared.headers.get('location')]).toEqual([303, '/desk/incidents'])
  const { text } = await officer.get('/desk/incidents')
  expect(text).toContain('m1 m2')
  const [, incident = ''] = /name="incident" value="([\w-]+)"/.exec(text) ?? []
  for (const [person, room] of [
    [officer, 'desk'],
    [merchant, 'merchant'],
  ] as const)
    expect((await person.get(`/${room}/complaints/${filed.id}`)).text).toContain('顺丰停运')
  const wrong = await officer.post('/desk/incidents', { incident, what: '' })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain(`id="update-${incident}-what-problem"`)
  expect((await officer.post('/desk/incidents', { incident, what: '已恢复', ended: 'true' })).status).toBe(303)
  expect((await officer.get('/desk/incidents')).text).not.toContain('name="incident"')
})

test('a merchant has no such page', async () => {
  const merchant = await signIn(house, 'merchant')
  expect((await merchant.get('/desk/incidents')).status).toBe(403)
})
