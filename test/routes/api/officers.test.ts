import { expect, test } from 'vitest'
import { expectProblem, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const server = useServer()

test.each(['A17', 'A17 ', 'A17\u200b', 'Ａ17', 'A\u00ad17', '\u2060A17'])(
  'separation of duties: %j is the officer who ruled, and decides no appeal of it',
  async officer => {
    const filed = await scenes.dismissed(server)
    made(await server.asBuyer(filed, 'appeal', { reason: '不服' }))
    const ruling = { ...scenes.RULING, outcome: 'for_merchant', remedy: undefined, officer }
    expectProblem(await server.asPlatform(filed, 'rulings', ruling), 409, 'same_officer')
    made(await server.asPlatform(filed, 'rulings', { ...ruling, officer: 'B2' }))
  },
)

test.each(['\u200b', '\u3164', '\u2800', '\u00ad', '\u2060\ufe0f', '\u{e0041}', '\u0301', ' ', '…'])(
  'an answer of %j shows nothing, so it is none and stops no clock',
  async text => {
    const filed = await server.submit()
    const answer = { answer: 'reject', ground: 'other', statement: text, operator: '李娜' }
    expectProblem(await server.asMerchant(filed, 'responses', answer), 422, 'invalid')
    const nameless = { ...answer, statement: '不同意', operator: text }
    expectProblem(await server.asMerchant(filed, 'responses', nameless), 422, 'invalid')
    expect((await server.view(filed)).complaint.state).toBe('awaiting_merchant')
  },
)
