import { expect, test } from 'vitest'
import { expectProblem, SECRET, useServer } from '../../support/server.ts'

// Six hundred requests: on Node alone, since the guard is the registry's, which the ledger's contract holds on both hosts.
const house = useServer()
const phone = '13866667777'

test('a merchant cannot try the digits of a phone one by one; an officer’s look-ups are not counted', async () => {
  const ask = (body: object, who: 'other' | 'platform') =>
    house.post('/api/v1/complaints/search', body, house.bearer(who))
  const guess = (i: number, who: 'other' | 'platform') =>
    ask({ phone: `139${String(i).padStart(4, '0')}${SECRET.phone.slice(-4)}` }, who)
  await house.submit({ merchantId: 'm2', orderId: 'P26-100000', buyer: { name: '测试', phone } })
  let refused = 0
  for (let i = 0; i < 620 && refused === 0; i++) if ((await guess(i, 'other')).status === 429) refused = i
  expect(refused).toBeGreaterThan(500)
  // A hit and a miss are refused alike.
  for (const body of [{ phone }, { phone: '13866667778' }])
    expectProblem(await ask(body, 'other'), 429, 'too_many_attempts')
  expect((await guess(0, 'platform')).status).toBe(200)
  expect((await ask({ orderId: 'P26-100000' }, 'other')).text).toContain('"total":1')
  await house.advance(1)
  expect((await ask({ phone }, 'other')).text).toContain('"total":1')
})
