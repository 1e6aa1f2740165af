// Who is the same officer: by issuer and subject where they signed in, by name where a program names them.

import { expect, test } from 'vitest'
import { type Signed, signIn } from '../../support/people.ts'
import { expectProblem, type Filed, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const server = useServer()

const DISMISSAL = { outcome: 'for_merchant', facts: '照片清楚', rule: '规则第四条', reasons: '没有证据' }
const FORM = { ...DISMISSAL, 'remedy.kind': 'none', confirm: 'yes' }
const room = ({ id }: { id: string }) => `/desk/complaints/${id}`
const ruleInConsole = (officer: Signed, filed: Filed) => officer.post(`${room(filed)}/rulings`, FORM)
const ruleByApi = (filed: Filed, officer: string) => server.asPlatform(filed, 'rulings', { ...DISMISSAL, officer })
const appeal = async (filed: Filed) => void made(await server.asBuyer(filed, 'appeal', { reason: '不服' }))

const A17 = { subject: 'idp a17', name: 'A17' }
const officer = (over: { subject: string; name: string }) => signIn(server, 'platform', over)

/** A complaint that this officer dismissed in the console, and whose buyer appealed. */
const appealedFrom = async (over: { subject: string; name: string }): Promise<Filed> => {
  const filed = await scenes.escalated(server)
  expect((await ruleInConsole(await officer(over), filed)).status).toBe(303)
  await appeal(filed)
  return filed
}

test('a renamed account is the officer who ruled, and neither takes nor decides the appeal', async () => {
  const filed = await appealedFrom(A17)
  const renamed = await officer({ ...A17, name: 'A18' })
  const refused = await ruleInConsole(renamed, filed)
  expect(refused.status).toBe(409)
  expect((await renamed.post(`${room(filed)}/assignment`, { take: 'yes' })).status).toBe(409)
  const page = await renamed.get(room(filed))
  expect(page.text).not.toContain(`${room(filed)}/rulings`)
  expect((await server.view(filed)).complaint.state).toBe('appeal_review')
})

test('another account with the same display name is another officer, on the page and in the log', async () => {
  const filed = await appealedFrom(A17)
  const namesake = await officer({ subject: 'idp b2', name: 'A17' })
  expect((await namesake.get(room(filed))).text).toContain(`${room(filed)}/rulings`)
  expect((await ruleInConsole(namesake, filed)).status).toBe(303)
})

test.each(['A17', 'Ａ17', ' A17\u200b'])('who ruled in the console decides no appeal by the API, as %j', async name => {
  const filed = await appealedFrom(A17)
  expectProblem(await ruleByApi(filed, name), 409, 'same_officer')
  expectProblem(await server.asPlatform(filed, 'assignment', { officer: name }), 409, 'same_officer')
  made(await ruleByApi(filed, 'B2'))
})

test('whom a program named as the officer decides no appeal in the console', async () => {
  const filed = await scenes.escalated(server)
  made(await ruleByApi(filed, 'Ａ17'))
  await appeal(filed)
  expect((await ruleInConsole(await officer(A17), filed)).status).toBe(409)
  expect((await ruleInConsole(await officer({ subject: 'idp b2', name: 'B2' }), filed)).status).toBe(303)
})

test('a supervisor can’t assign an appeal to the officer who ruled', async () => {
  const filed = await appealedFrom(A17)
  const supervisor = await signIn(server, 'supervisor')
  expect((await supervisor.post(`${room(filed)}/assignment`, { officer: 'A17' })).status).toBe(409)
  expect((await supervisor.post(`${room(filed)}/assignment`, { officer: 'B2' })).status).toBe(303)
})

test('four eyes on an erasure: a renamed supervisor is no second one, a namesake is', async () => {
  const filed = await server.submit()
  const S01 = { subject: 'idp s01', name: 'S01' }
  const erase = async (over: { subject: string; name: string }) => {
    const supervisor = await signIn(server, 'supervisor', over)
    return (await supervisor.post(`${room(filed)}/redactions`, { target: '0.statement', reason: '隐私' })).status
  }
  expect(await erase(S01)).toBe(303)
  expect(await erase({ ...S01, name: 'S02' })).toBe(409)
  expect(await erase({ subject: 'idp s03', name: 'S01' })).toBe(303)
  const kinds = (await server.viewAs('platform', filed)).steps.map(({ kind }) => kind)
  expect(kinds.filter(kind => kind.startsWith('redact'))).toEqual(['redaction_requested', 'redacted'])
})

test('a case that a program assigned by name is the case of that name in the console', async () => {
  const filed = await scenes.escalated(server)
  made(await server.asPlatform(filed, 'assignment', { officer: 'A17' }))
  const mine = async (over: { subject: string; name: string }) =>
    (await (await officer(over)).get('/desk?view=mine')).text.includes(filed.id)
  expect([await mine(A17), await mine({ subject: 'idp b2', name: 'B2' })]).toEqual([true, false])
})
