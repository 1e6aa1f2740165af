import { describe, expect, test } from 'vitest'
import { iso } from '../../../src/complaint/time.ts'
import { parseId } from '../../../src/link/id.ts'
import { openLink, openStatementLink, signStatementLink } from '../../../src/link/token.ts'
import { signIn } from '../../support/people.ts'
import { expectDiscreet, expectProblem, type Filed, HOUR, made, SECRET, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'
import { PNG, upload } from '../uploads.ts'

const house = useServer()
const html = { Accept: 'text/html' }
const json = { Accept: 'application/json' }
const QUESTION = '包裹是何时、由谁签收的？'

/** Asks as the merchant; the path of the link that the answer brings. */
const ask = async (filed: Filed, who: 'merchant' | 'platform' = 'merchant', party = 'courier') => {
  const body = { party, request: QUESTION, operator: '李娜' }
  const { statementUrl = '', step } = made(await house.as(who, filed, 'statements-requests', body))
  return { path: new URL(statementUrl).pathname, step }
}
const seenIn = (page: string) => /name="seen" value="([^"]+)"/.exec(page)?.[1] ?? ''

describe('a third party', () => {
  test('is shown the category, the question and by when, and nothing of the buyer', async () => {
    const filed = await scenes.submitted(house)
    const { path, step } = await ask(filed)
    for (const headers of [html, json]) {
      const { status, text, headers: got } = await house.get(path, headers)
      expect(status).toBe(200)
      expectDiscreet(text)
      for (const secret of [
        SECRET.name,
        SECRET.phone.slice(-4),
        SECRET.order,
        SECRET.text,
        '连衣裙',
        '89.00',
        filed.trackingUrl,
      ])
        expect(text).not.toContain(secret)
      expect(text).toContain(QUESTION)
      expect(got.get('cache-control')).toContain('private')
    }
    expect(JSON.parse((await house.get(path, json)).text)).toEqual({
      complaint: filed.id,
      party: 'courier',
      asker: 'merchant',
      category: 'quality',
      question: QUESTION,
      due: iso(Date.parse(step.at) + 120 * HOUR),
      state: 'awaited',
      answer: null,
    })
  })

  test('answers once, with a file, by a page without JavaScript; the holder stays', async () => {
    const filed = await scenes.submitted(house)
    const { path, step } = await ask(filed)
    const before = await house.view(filed)
    const seen = seenIn((await house.get(path, html)).text)
    const { body, headers } = await upload([['签收单.png', PNG]], { text: '3 月 1 日由门卫签收', seen })
    for (const _ of ['once', 'the same form again']) {
      const reply = await house.send(path, body, { ...headers, ...html })
      expect([reply.status, reply.headers.get('location')]).toEqual([303, path])
    }
    const { complaint, steps } = await house.view(filed)
    expect(steps.filter(({ kind }) => kind === 'statement_given')).toEqual([steps.at(-1)])
    expect(steps.at(-1)).toMatchObject({
      by: { role: 'third_party', name: '快递公司', automated: false },
      fields: { party: 'courier', of: step.seq, files: 1, text: '3 月 1 日由门卫签收', file1: { name: '签收单.png' } },
    })
    expect([complaint.holder, complaint.due]).toEqual([before.complaint.holder, before.complaint.due])
    const { text } = await house.get(path, html)
    expect(text).toContain('3 月 1 日由门卫签收')
    expect(text).toContain('签收单.png')
    expect(text).not.toContain('<form')
    expectProblem(await house.post(path, { text: '再说一次' }), 409, 'no_statement')
  })

  test('a form without a text comes back with the problem beside it', async () => {
    const { path } = await ask(await scenes.submitted(house))
    const { body, headers } = await upload([], { text: '' })
    const reply = await house.send(path, body, { ...headers, ...html })
    expect(reply.status).toBe(422)
    expect(reply.text).toContain('id="statements-text-problem"')
  })

  test('after its clock the link says so and takes nothing, and the silence is on the record', async () => {
    const filed = await scenes.submitted(house)
    const { path } = await ask(filed)
    await house.advance(120)
    const late = await house.get(path, html)
    expect(late.text).toContain('“没有说明”已经记录')
    expect(late.text).not.toContain('<form')
    const { body, headers } = await upload([['x.png', PNG]], { text: '晚了' })
    const refused = await house.send(path, body, { ...headers, ...html })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('这次没有收下任何内容')
    expectProblem(await house.post(path, { text: '晚了' }), 409, 'no_statement')
    const { steps } = await house.view(filed)
    expect(steps.map(({ kind }) => kind)).toContain('statement_absent')
    expect(JSON.stringify(steps)).not.toContain('晚了')
  })

  test('once the complaint ended nothing is awaited', async () => {
    const filed = await scenes.submitted(house)
    const { path } = await ask(filed)
    made(await house.asBuyer(filed, 'confirmation'))
    expect(JSON.parse((await house.get(path, json)).text)).toMatchObject({ state: 'ended' })
    expectProblem(await house.post(path, { text: '还有用吗' }), 409, 'no_statement')
  })

  test('a link outlives the rotation of the buyer’s, and opens neither page of the other kind', async () => {
    const filed = await scenes.submitted(house)
    const { path } = await ask(filed, 'platform', 'regulator')
    made(await house.asPlatform(filed, 'link-rotation', { reason: 'theft', operator: 'A17' }))
    expect((await house.get(path, html)).status).toBe(200)
    expect((await house.get(path.replace('/s/', '/t/'), html)).status).toBe(404)
    expect((await house.get(filed.room.replace('/t/', '/s/'), html)).status).toBe(404)
    expect((await house.get(`${path}/receipt.json`, json)).status).toBe(404)
    const [token = ''] = path.split('/').slice(-1)
    for (let at = 0; at < token.length; at++) {
      const forged = token.slice(0, at) + (token[at] === '2' ? '3' : '2') + token.slice(at + 1)
      expect((await house.get(`/s/${forged}`, html)).status).toBe(404)
    }
  })

  test('a step that asked nothing has no page', async () => {
    const filed = await scenes.submitted(house)
    const keys = [new Uint8Array(32)]
    expect(openStatementLink(signStatementLink({ id: parseId(filed.id) ?? 0, of: 70_000 }, keys), keys)).toEqual({
      id: parseId(filed.id),
      of: 70_000,
    })
    expect(openLink(signStatementLink({ id: 7, of: 0 }, keys), keys)).toBeNull()
  })
})

test('each side asks in its console and finds there the link of what it asked, not the other’s', async () => {
  const filed = await scenes.submitted(house)
  const [clerk, officer] = [await signIn(house, 'merchant'), await signIn(house, 'platform')]
  const rooms = { shop: `/merchant/complaints/${filed.id}`, desk: `/desk/complaints/${filed.id}` }
  const linksIn = (page: string) => [...page.matchAll(/https:\/\/[^"]*(\/s\/[^"]+)"/g)].map(([, path]) => path ?? '')
  const fields = { party: 'courier', request: QUESTION }
  expect((await clerk.post(`${rooms.shop}/statements-requests`, fields)).status).toBe(303)
  expect((await officer.post(`${rooms.desk}/statements-requests`, { ...fields, party: 'regulator' })).status).toBe(303)
  const [shops, desks] = [linksIn((await clerk.get(rooms.shop)).text), linksIn((await officer.get(rooms.desk)).text)]
  expect([shops.length, desks.length]).toEqual([1, 1])
  expect((await house.get(shops[0] ?? '', html)).text).toContain('快递公司')
  expect((await house.get(desks[0] ?? '', html)).text).toContain('主管部门')
  expect((await house.get(filed.room, html)).text).not.toContain('/s/')
})
