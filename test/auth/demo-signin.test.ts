import { expect, test } from 'vitest'
import { DEMO_PEOPLE, DEMO_SHOP } from '../../src/demo/stories.ts'
import { demoRoutes } from '../../src/routes/demo/routes.ts'
import { openTestHost } from '../support/server.ts'
import { choosing } from './choosing.ts'

/** A demo on Node without its stories. */
const openDemo = async () => {
  const house = await openTestHost()
  const none = { apiKeys: { platform: '', merchant: '' }, merchantId: 'm-1001', stories: [] }
  const desk = {
    deps: house.deps,
    people: DEMO_PEOPLE,
    shop: DEMO_SHOP,
    advance: house.advance,
    facts: () => none,
    messages: () => [],
  }
  house.app.route('/demo', demoRoutes(desk))
  return house
}

test('a demo offers a choice of roles', async () => {
  const house = await openDemo()
  await choosing(house.fetch)
  const headers = { Origin: 'https://t.tousu.example', 'Content-Type': 'application/x-www-form-urlencoded' }
  const chosen = await house.fetch('/demo/signin', { method: 'POST', body: 'role=platform', headers })
  const cookie = chosen.headers.getSetCookie().at(-1)?.split(';')[0] ?? ''
  const moved = { method: 'POST', body: '{"advanceHours":72}', headers: { 'Content-Type': 'application/json' } }
  expect((await house.fetch('/demo/clock', moved)).status).toBe(200)
  expect((await house.fetch('/desk', { headers: { Cookie: cookie } })).status).toBe(200)
  await house.close()
})

test('live mode has no role chooser', async () => {
  const house = await openTestHost(undefined, { demo: false })
  const headers = { Origin: 'https://t.tousu.example', 'Content-Type': 'application/x-www-form-urlencoded' }
  const reply = await house.fetch('/demo/signin', { method: 'POST', body: 'role=supervisor', headers })
  expect([reply.status, reply.headers.get('set-cookie')]).toEqual([404, null])
  const page = await house.fetch('/signin', { headers: { Accept: 'text/html' } })
  expect([page.status, (await page.text()).includes('/demo/')]).toEqual([503, false])
  await house.close()
})
