import { describe, expect, test } from 'vitest'
import { expectProblem, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
const reason = { reason: '事情没有解决' }

/** Every act of the buyer: where it may be done, what is posted, and what comes of it. */
const ACTS: readonly (readonly [
  act: string,
  scene: scenes.Scene,
  body: Record<string, string>,
  kind: string,
  state: string,
])[] = [
  ['offer-acceptance', scenes.offered, { offer: '1' }, 'offer_accepted', 'fulfilment'],
  ['offer-refusal', scenes.offered, reason, 'offer_refused', 'platform_review'],
  ['escalation', scenes.rejected, reason, 'escalated', 'platform_review'],
  ['dispute', scenes.fulfilled, reason, 'disputed', 'platform_review'],
  ['appeal', scenes.dismissed, reason, 'appealed', 'appeal_review'],
  ['reopening', scenes.confirmed, reason, 'reopened', 'platform_review'],
  ['evidence', scenes.asked, { text: '水洗标' }, 'evidence_supplied', 'platform_review'],
  ['messages', scenes.submitted, { text: '在吗' }, 'message_added', 'awaiting_merchant'],
  ['return-shipment', scenes.awaitingReturn, { carrier: '中通', trackingNo: 'ZT-123' }, 'return_shipped', 'fulfilment'],
  ['confirmation', scenes.fulfilled, {}, 'confirmed', 'closed_confirmed'],
  ['human-request', scenes.submitted, {}, 'human_requested', 'awaiting_merchant'],
  ['withdrawal', scenes.submitted, { reason: 'asked_by_merchant', confirm: 'yes' }, 'withdrawn', 'closed_withdrawn'],
  ['rating', scenes.confirmed, { score: '5', text: '很快' }, 'rated', 'closed_confirmed'],
  ['conduct-report', scenes.rejected, { seq: '1', text: '骂人' }, 'conduct_reported', 'awaiting_buyer'],
  [
    'redaction-request',
    scenes.submitted,
    { seq: '0', field: 'statement', reason: '写错' },
    'redaction_requested',
    'awaiting_merchant',
  ],
  ['share-links', scenes.submitted, { texts: 'yes' }, 'link_shared', 'awaiting_merchant'],
]

describe.each(ACTS)('%s', (act, scene, body, kind, state) => {
  test('a program gets the step and where it leads', async () => {
    const filed = await scene(house)
    expect((await house.view(filed)).actions).toContain(act)
    const answer = made(await house.asBuyer(filed, act, body))
    expect(answer).toMatchObject({ state, step: { kind, by: { role: 'buyer', automated: false } } })
    const { complaint, steps } = await house.view(filed)
    const { holder, due } = complaint
    expect({ step: steps.at(-1), state: complaint.state, holder, due }).toMatchObject({
      state: answer.state,
      holder: answer.holder,
      due: answer.due,
      step: answer.step,
    })
  })

  test('a form leads back to the tracking page', async () => {
    const filed = await scene(house)
    const reply = await house.form(filed, act, body)
    const [path, fragment = ''] = reply.headers.get('location')?.split('#') ?? []
    expect([reply.status, path]).toEqual([303, filed.room])
    const { steps } = await house.view(filed)
    expect(steps.at(-1)?.kind).toBe(kind)
    // What changes nothing at the top is shown where it stands.
    const isShown = ['messages', 'evidence', 'conduct-report', 'nudges'].includes(act)
    expect(fragment).toBe(isShown ? `step-${steps.length}` : '')
    expect((await house.get(path ?? '', { Accept: 'text/html' })).text).toContain(`id="step-${steps.length}"`)
  })

  test('no share link may do it, nor may the merchant or the platform in the buyer’s name', async () => {
    const filed = await scene(house)
    const { shareUrl = '' } = made(await house.asBuyer(filed, 'share-links'))
    const before = (await house.view(filed)).steps.length
    const share = new URL(shareUrl).pathname
    expectProblem(await house.post(`${share}/${act}`, body), 403, 'not_yours')
    if (act !== 'evidence' && act !== 'messages') {
      expectProblem(await house.asMerchant(filed, act, body), 403, 'not_yours')
      expectProblem(await house.asPlatform(filed, act, body), 403, 'not_yours')
    }
    expect((await house.view(filed)).steps.length).toBe(before)
  })
})

const REQUIRED = ACTS.flatMap(([act, scene, body]) =>
  Object.keys(body)
    .filter(name => !(act === 'offer-acceptance' || act === 'share-links' || (act === 'rating' && name === 'text')))
    .map(name => [act, name, scene, body] as const),
)
test.each(REQUIRED)('%s without its %s comes back with what was typed', async (act, name, scene, body) => {
  const filed = await scene(house)
  const before = (await house.view(filed)).steps.length
  const typed = { ...body, [name]: '', ...(name !== 'text' && 'text' in body && { text: '<b>刚写的</b>' }) }
  const problem = expectProblem(await house.asBuyer(filed, act, { ...body, [name]: undefined }), 422, 'invalid')
  expect(problem.errors).toContainEqual({ field: name, code: 'required' })
  const page = await house.form(filed, act, typed)
  expect([page.status, page.headers.get('content-type')]).toEqual([422, expect.stringMatching(/^text\/html/)])
  expect(page.text).toContain(`href="#${act}-${name}"`)
  if (typed.text) expect(page.text).toContain('&lt;b&gt;刚写的&lt;/b&gt;</textarea>')
  expect((await house.view(filed)).steps.length).toBe(before)
})

test('a refused act is 409 for a program, and a page with a sentence for a form', async () => {
  const filed = await scenes.submitted(house)
  expectProblem(await house.asBuyer(filed, 'escalation', reason), 409, 'wrong_state')
  const page = await house.form(filed, 'escalation', reason)
  expect(page.status).toBe(409)
  expect(page.text).toContain('进度已经变了')
  expect(page.text).toContain('role="alert"')
})

test('acceptance of an offer that was changed meanwhile is refused', async () => {
  const filed = await scenes.offered(house)
  made(await house.asMerchant(filed, 'responses', { ...scenes.OFFER, statement: '退八十' }))
  expectProblem(await house.asBuyer(filed, 'offer-acceptance', { offer: 1 }), 409, 'offer_changed')
  expect(made(await house.asBuyer(filed, 'offer-acceptance', { offer: 2 })).state).toBe('fulfilment')
})

test('a counter-offer is part of the refusal; an empty one in the form is none', async () => {
  const empty = { reason: '太少', 'counter.kind': '', 'counter.amount.value': '', 'counter.amount.currency': 'CNY' }
  const first = await scenes.offered(house)
  expect((await house.form(first, 'offer-refusal', empty)).status).toBe(303)
  expect((await house.view(first)).steps.at(-1)?.fields.counter).toBeUndefined()
  const second = await scenes.offered(house)
  const full = { ...empty, 'counter.kind': 'refund', 'counter.amount.value': '60' }
  expect((await house.form(second, 'offer-refusal', full)).status).toBe(303)
  expect((await house.view(second)).steps.at(-1)?.fields.counter).toEqual({
    kind: 'refund',
    amount: { value: '60', currency: 'CNY' },
  })
})

test('a program that names no answer it accepts is answered as it asked: in JSON', async () => {
  const filed = await scenes.submitted(house)
  const reply = await house.asBuyer(filed, 'messages', { text: '在吗' }, { Accept: '*/*' })
  expect(made(reply).step.kind).toBe('message_added')
  expectProblem(await house.asBuyer(filed, 'messages', {}, { Accept: '*/*' }), 422, 'invalid')
})

test.each(['constructor', '__proto__', 'toString', 'nothing', 'Evidence', 'submit', 'notice'])(
  '%s is no act',
  async act => {
    const filed = await scenes.submitted(house)
    expectProblem(await house.asBuyer(filed, act), 404, 'not_found')
    expectProblem(await house.asMerchant(filed, act), 404, 'not_found')
  },
)
