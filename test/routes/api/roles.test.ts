import { describe, expect, test } from 'vitest'
import { expectProblem, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()

describe('what a machine wrote says so', () => {
  test.each([
    [{}, true],
    [{ operator: '李娜' }, false],
    [{ operator: '李娜', automated: true }, true],
    [{ automated: false }, false],
  ])('%j', async (author, automated) => {
    const filed = await scenes.submitted(house)
    const { step } = made(await house.asMerchant(filed, 'messages', { text: '您好', ...author }))
    expect(step.by.automated).toBe(automated)
  })

  test('a rejection without an operator is an automated reply and stops no clock', async () => {
    const filed = await scenes.submitted(house)
    const answer = made(await house.asMerchant(filed, 'responses', { ...scenes.REJECTION, operator: undefined }))
    expect(answer).toMatchObject({ state: 'awaiting_merchant', due: filed.due, step: { kind: 'automated_reply' } })
  })

  test('no machine refuses a complaint, nor rules once a human was asked for', async () => {
    const filed = await scenes.escalated(house)
    const refusal = { ground: 'duplicate', facts: '同一订单', rule: '第二条' }
    expectProblem(await house.asPlatform(filed, 'refusal', refusal), 422, 'human_required')
    made(await house.asBuyer(filed, 'human-request'))
    const reply = await house.asPlatform(filed, 'rulings', { ...scenes.RULING, automated: true })
    expectProblem(reply, 422, 'human_required')
  })

  test('an operator is a name, not a text', async () => {
    const filed = await scenes.submitted(house)
    for (const operator of ['x'.repeat(100_000), '李\u202e娜', '李娜\n平台官方', '', 7]) {
      expectProblem(await house.asMerchant(filed, 'messages', { text: '您好', operator }), 422, 'invalid')
    }
  })
})

describe('roles', () => {
  test('a merchant does nothing of the platform’s, nor the platform of the merchant’s', async () => {
    const filed = await scenes.escalated(house)
    expectProblem(await house.asMerchant(filed, 'rulings', scenes.RULING), 403, 'not_yours')
    expectProblem(await house.asPlatform(filed, 'responses', scenes.OFFER), 403, 'not_yours')
  })

  test('another merchant’s complaint is not there, whatever is sent', async () => {
    const filed = await scenes.submitted(house)
    const steps = (await house.view(filed)).steps
    for (const body of [scenes.REJECTION, {}, [], 'nonsense']) {
      expectProblem(await house.as('other', filed, 'responses', body), 404, 'not_found')
    }
    for (const path of ['', '/receipt.json', `/files/${'0'.repeat(64)}`]) {
      expectProblem(await house.get(`/api/v1/complaints/${filed.id}${path}`, house.bearer('other')), 404, 'not_found')
    }
    expect((await house.view(filed)).steps).toEqual(steps)
  })

  test('an id in an address may be typed in any case, with look-alikes and dashes', async () => {
    const { id } = await scenes.submitted(house)
    const spoken = id.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
    for (const typed of [id.toLowerCase(), spoken, `${id.slice(0, 5)}-${id.slice(5)}`]) {
      const found = await house.get(`/api/v1/complaints/${typed}`, house.bearer('platform'))
      expect([found.status, found.text]).toEqual([200, expect.stringContaining(`"id":"${id}"`)])
      expect((await house.asPlatform({ id: typed }, 'messages', { text: 'x', operator: 'A17' })).status).toBe(201)
    }
  })

  test('an unknown or misspelt id is not found', async () => {
    const { id } = await scenes.submitted(house)
    for (const wrong of ['0000000000', 'ZZZZZZZZZZ', '000000000O', `${id}0`, '%00', '..%2f', '１２']) {
      expectProblem(await house.get(`/api/v1/complaints/${wrong}`, house.bearer('platform')), 404, 'not_found')
      expectProblem(await house.asPlatform({ id: wrong }, 'messages', { text: 'x' }), 404, 'not_found')
    }
  })
})

test('of two rulings at once one is recorded', async () => {
  const filed = await scenes.escalated(house)
  const replies = await Promise.all([1, 2].map(() => house.asPlatform(filed, 'rulings', scenes.RULING)))
  expect(replies.map(({ status }) => status).sort()).toEqual([201, 409])
  expect((await house.view(filed)).steps.filter(({ kind }) => kind === 'ruled')).toHaveLength(1)
})
