import { describe, expect, test } from 'vitest'
import { expectProblem, HOUR, made, useHouse } from '../support/house.ts'
import * as scenes from './scenes.ts'

const house = useHouse()
type Who = 'merchant' | 'platform' | 'supervisor'
const reason = { reason: '包裹是空的', operator: '李娜' }

const hence = (hours: number) => new Date(house.door.now() + hours * HOUR).toISOString()

/** Every act of merchant and platform. */
const ACTS: readonly (readonly [
  who: Who,
  act: string,
  scene: scenes.Scene,
  body: object,
  kind: string,
  state: string,
])[] = [
  ['merchant', 'responses', scenes.submitted, scenes.REJECTION, 'merchant_responded', 'awaiting_buyer'],
  ['merchant', 'responses', scenes.submitted, scenes.OFFER, 'merchant_responded', 'awaiting_buyer'],
  ['merchant', 'fulfilment', scenes.submitted, scenes.PROOF, 'fulfilled', 'awaiting_confirmation'],
  ['platform', 'fulfilment', scenes.ruled, scenes.PROOF, 'fulfilled', 'awaiting_confirmation'],
  ['merchant', 'return-receipt', scenes.shipped, { operator: '李娜' }, 'return_received', 'fulfilment'],
  ['merchant', 'return-disputes', scenes.shipped, reason, 'return_disputed', 'platform_review'],
  ['merchant', 'appeals', scenes.ruled, reason, 'appealed', 'appeal_review'],
  [
    'merchant',
    'evidence',
    scenes.submitted,
    { text: '进货单', operator: '李娜' },
    'evidence_supplied',
    'awaiting_merchant',
  ],
  [
    'platform',
    'evidence',
    scenes.submitted,
    { text: '调取的记录', operator: 'A17' },
    'evidence_supplied',
    'awaiting_merchant',
  ],
  ['merchant', 'messages', scenes.submitted, { text: '您好', operator: '李娜' }, 'message_added', 'awaiting_merchant'],
  ['platform', 'messages', scenes.submitted, { text: '您好', operator: 'A17' }, 'message_added', 'awaiting_merchant'],
  [
    'platform',
    'assignment',
    scenes.escalated,
    { officer: 'A17', desk: '服饰组' },
    'officer_assigned',
    'platform_review',
  ],
  [
    'platform',
    'handoffs',
    scenes.escalated,
    { toDesk: '物流组', reason: '破损', operator: 'A17' },
    'handoff_offered',
    'platform_review',
  ],
  ['platform', 'handoff-acceptance', scenes.handedOff, { officer: 'B2' }, 'handoff_accepted', 'platform_review'],
  [
    'platform',
    'evidence-requests',
    scenes.escalated,
    { from: 'both', request: '请提供', operator: 'A17' },
    'evidence_requested',
    'evidence_requested',
  ],
  ['platform', 'rulings', scenes.escalated, scenes.RULING, 'ruled', 'fulfilment'],
  ['supervisor', 'rulings', scenes.escalated, scenes.RULING, 'ruled', 'fulfilment'],
  [
    'platform',
    'refusal',
    scenes.submitted,
    { ground: 'duplicate', facts: '同一订单', rule: '第二条', operator: 'A17' },
    'refused',
    'refused',
  ],
  [
    'platform',
    'redactions',
    scenes.erasureAsked,
    { seq: 0, field: 'statement', reason: '按本人要求', operator: 'A17' },
    'redacted',
    'awaiting_merchant',
  ],
  [
    'platform',
    'link-rotation',
    scenes.submitted,
    { reason: '换手机', operator: 'A17' },
    'link_rotated',
    'awaiting_merchant',
  ],
]

test.each(ACTS)('%s: %s', async (who, act, scene, body, kind, state) => {
  const filed = await scene(house)
  expect((await house.viewAs(who, filed)).actions).toContain(act)
  const answer = made(await house.as(who, filed, act, body))
  expect(answer).toMatchObject({ state, step: { kind, by: { role: who, automated: false } } })
  const { complaint, steps } = await house.viewAs(who, filed)
  const { holder, due } = complaint
  expect({ step: steps.at(-1), state: complaint.state, holder, due }).toEqual(answer)
})

const OPTIONAL = ['desk', 'operator', 'automated']
const REQUIRED = ACTS.flatMap(([who, act, scene, body]) =>
  Object.keys(body)
    .filter(name => !OPTIONAL.includes(name) && !(act === 'rulings' && (name === 'officer' || name === 'remedy')))
    .map(name => [who, act, name, scene, body] as const),
)
test.each(REQUIRED)('%s: %s needs its %s', async (who, act, name, scene, body) => {
  const filed = await scene(house)
  const { steps } = await house.viewAs(who, filed)
  for (const wrong of [undefined, null, '', [], {}, 7e300]) {
    const reply = await house.as(who, filed, act, { ...body, [name]: wrong })
    expect(expectProblem(reply, 422, 'invalid').errors?.[0]?.field.split('.')[0]).toBe(name)
  }
  expect((await house.viewAs(who, filed)).steps).toEqual(steps)
})

describe('an extension', () => {
  test('comes from the holder, ahead of the due, once', async () => {
    const filed = await scenes.submitted(house)
    const body = { due: hence(60), reason: '仓库盘点', operator: '李娜' }
    expectProblem(await house.asPlatform(filed, 'extensions', body), 409, 'not_holder')
    const answer = made(await house.asMerchant(filed, 'extensions', body))
    expect(answer).toMatchObject({ due: body.due, step: { fields: { due: body.due, firstDue: filed.due } } })
    expectProblem(await house.asMerchant(filed, 'extensions', { ...body, due: hence(70) }), 409, 'already_extended')
    expect((await house.view(filed)).complaint).toMatchObject({ due: body.due, firstDue: filed.due })
  })

  test.each([
    ['9999-12-31T23:59:59Z', 409, 'date_beyond_cap'],
    ['1970-01-01T00:00:00Z', 409, 'date_not_later'],
    ['2026-02-31T00:00:00Z', 422, 'invalid'],
    ['2026-03-04', 422, 'invalid'],
    ['tomorrow', 422, 'invalid'],
    ['+275760-09-13T00:00:00.001Z', 422, 'invalid'],
    ['2026-03-05T00:00:00Z\n', 422, 'invalid'],
    [1772600000000, 422, 'invalid'],
  ])('to %s is refused', async (due, status, code) => {
    const filed = await scenes.submitted(house)
    const reply = await house.asMerchant(filed, 'extensions', { due, reason: '盘点', operator: '李娜' })
    expectProblem(reply, status, code)
  })
})

describe('what a machine wrote says so', () => {
  test.each([
    [{}, true],
    [{ operator: '李娜' }, false],
    [{ operator: '李娜', automated: true }, true],
    [{ automated: false }, false],
    [{ officer: 'A17' }, true],
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

  test('an unknown, misspelt or lower-case id is not found', async () => {
    const { id } = await scenes.submitted(house)
    for (const wrong of [
      '0000000000',
      'ZZZZZZZZZZ',
      '000000000O',
      id.toLowerCase(),
      `${id}0`,
      '%00',
      '..%2f',
      '１２',
    ]) {
      if (wrong === id) continue
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
