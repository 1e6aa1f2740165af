import { describe, expect, test } from 'vitest'
import { expectProblem, HOUR, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
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
  ...(['merchant', 'platform'] as const).map(
    who =>
      [
        who,
        'statements-requests',
        scenes.submitted,
        { party: 'courier', request: '何时签收的？', operator: 'A17' },
        'statement_requested',
        'awaiting_merchant',
      ] as const,
  ),
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
  const { statementUrl: _, ...answer } = made(await house.as(who, filed, act, body))
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
