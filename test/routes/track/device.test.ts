import { describe, expect, test } from 'vitest'
import { expectProblem, type Filed, made, type Reply, SECRET, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
const LAST4 = SECRET.phone.slice(-4)
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' }
/** As a browser that has nothing but the link posts a form. */
const sent = ({ room }: Filed, act: string, fields: Record<string, string>, headers = {}): Promise<Reply> =>
  house.send(`${room}/${act}`, new URLSearchParams(fields).toString(), { ...FORM, ...headers })
const cookieOf = ({ headers }: Reply) => (headers.get('set-cookie') ?? '').split(';')[0] ?? ''
const stateOf = async ({ room }: Filed) =>
  JSON.parse((await house.get(room, { Accept: 'application/json' })).text).complaint.state

describe('a forwarded link', () => {
  test.each([
    ['confirmation', scenes.fulfilled, {}],
    ['withdrawal', scenes.submitted, { reason: 'changed_mind', confirm: 'yes' }],
    ['offer-acceptance', scenes.offered, { offer: '1' }],
  ] as const)('%s asks a new device for the phone’s last four digits', async (act, scene, fields) => {
    const filed = await scene(house)
    const before = await stateOf(filed)
    const page = await sent(filed, act, fields)
    expect(page.status).toBe(422)
    expect(page.text).toContain(`id="${act}-last4-problem"`)
    expect(page.text).toContain(`href="${filed.room}?act=share-links#share-links"`)
    expectProblem(await house.post(`${filed.room}/${act}`, { ...fields, last4: '0000' }, {}), 422, 'invalid')
    expect(await stateOf(filed)).toBe(before)
    const done = await sent(filed, act, { ...fields, last4: LAST4 })
    expect(done.status).toBe(303)
    expect(done.headers.get('set-cookie')).toMatch(/^device=[\w-]{22}; Max-Age=15552000; Path=\/t\/.*HttpOnly/)
  })

  test('a device that gave them once is asked no more, and its mark is of use with this link alone', async () => {
    const [one, other] = [await scenes.fulfilled(house), await scenes.fulfilled(house)]
    const mark = cookieOf(await sent(one, 'mine', { last4: LAST4 }))
    expect((await house.get(one.room, { Accept: 'text/html' })).text).toContain('confirmation-last4')
    expect((await house.get(one.room, { Accept: 'text/html', Cookie: mark })).text).not.toContain('confirmation-last4')
    expect((await sent(other, 'confirmation', {}, { Cookie: mark })).status).toBe(422)
    expect((await sent(one, 'confirmation', {}, { Cookie: mark })).status).toBe(303)
  })

  test('five wrong guesses lock it, and what can be taken back is not asked for', async () => {
    const filed = await scenes.fulfilled(house)
    for (let i = 0; i < 5; i++) expect((await sent(filed, 'confirmation', { last4: `000${i}` })).status).toBe(422)
    expectProblem(await house.post(`${filed.room}/confirmation`, { last4: LAST4 }), 429, 'too_many_attempts')
    made(await house.asBuyer(filed, 'messages', { text: '钱还没有到' }))
  })

  test('the digits stand in no leaf and no answer', async () => {
    const filed = await scenes.fulfilled(house)
    const done = await house.post(`${filed.room}/confirmation`, { last4: LAST4 })
    expect(done.status).toBe(201)
    expect(done.text).not.toContain(LAST4)
  })

  test('a pickup code makes the device known', async () => {
    const filed = await scenes.fulfilled(house)
    const body = new URLSearchParams({ code: filed.pickupCode, last4: LAST4 }).toString()
    const picked = await house.send('/pickup', body, FORM)
    expect(picked.status).toBe(303)
    expect((await sent(filed, 'confirmation', {}, { Cookie: cookieOf(picked) })).status).toBe(303)
  })
})

describe('my other complaints', () => {
  test('the open ones of the same phone, after its last four digits', async () => {
    const phone = '13655550123'
    const buyer = { name: '林晓雨', phone }
    const [one, two, done] = [
      await house.submit({ buyer }),
      await house.submit({ buyer }),
      await house.submit({ buyer }),
    ]
    await house.submit()
    made(await house.post(`${done.room}/withdrawal`, { reason: 'changed_mind', confirm: 'yes', last4: '0123' }))
    const asked = await house.get(`${one.room}/mine`, { Accept: 'text/html' })
    expect(asked.text).toContain('name="last4"')
    expect(asked.text).not.toContain(two.id)
    expect((await sent(one, 'mine', { last4: '9999' })).status).toBe(422)
    const listed = await sent(one, 'mine', { last4: '0123' })
    expect([...listed.text.matchAll(/href="[^"]*(\/t\/[\w-]+)"><bdi>/g)].map(([, room]) => room)).toEqual([two.room])
    // The device is known there too.
    const marks = listed.headers
      .getSetCookie()
      .map(each => each.split(';')[0])
      .join('; ')
    expect(marks.split('device=')).toHaveLength(3)
  })

  test('a share link has no such page', async () => {
    const filed = await scenes.submitted(house)
    const { shareUrl } = JSON.parse((await house.asBuyer(filed, 'share-links')).text)
    expect((await house.get(`${new URL(shareUrl).pathname}/mine`)).status).toBe(404)
  })
})
