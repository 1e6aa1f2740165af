import { describe, expect, test } from 'vitest'
import { PartyDevice, tagOf } from '../../support/party.ts'
import { expectProblem, type Filed, made, type Reply, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

// Keys of merchants and of the platform: registered, used, retired and demanded by programs (docs/api.md).

const house = useServer()
type Who = 'merchant' | 'other' | 'platform' | 'supervisor'
const PARTY = { merchant: tagOf('m1'), other: tagOf('m2'), platform: 'platform', supervisor: 'supervisor' }
const REJECT = { answer: 'reject', statement: '以实物为准', ground: 'as_described', operator: '07' }

const keysOf = async (who: Who) => JSON.parse((await house.get('/api/v1/keys', house.bearer(who))).text)
const post = (who: Who, path: string, body: object = {}): Promise<Reply> =>
  house.post(`/api/v1/keys${path}`, body, house.bearer(who))

/** A key of this party that the log has introduced. */
const registered = async (who: Who, alg: 'ES256' | 'EdDSA' = 'EdDSA', voucher?: PartyDevice): Promise<PartyDevice> => {
  const device = new PartyDevice(alg)
  const reply = await post(who, '', device.offer(PARTY[who], voucher))
  expect(reply.status, reply.text).toBe(201)
  return device
}

const signed = async (
  who: Who,
  filed: Filed,
  device: PartyDevice,
  act: string,
  body: object,
  over: Partial<Record<'origin' | 'c' | 'seen' | 'act' | 'text', string>> = {},
) => {
  const { signing } = JSON.parse((await house.get(`/api/v1/complaints/${filed.id}`, house.bearer(who))).text)
  const headers = device.header({ ...signing, act, ...over }, over.text ?? JSON.stringify(body))
  return house.as(who, filed, act, body, headers)
}

describe('a key', () => {
  test.each(['ES256', 'EdDSA'] as const)('of %s is registered by its owner, and signs an answer', async alg => {
    const filed = await house.submit()
    const device = await registered('merchant', alg)
    const { items, required } = await keysOf('merchant')
    expect(required).toBe(false)
    expect(items[0]).toMatchObject({ key: device.key, alg, name: 'ERP', role: 'merchant', own: true, retired: false })
    const { step } = made(await signed('merchant', filed, device, 'responses', REJECT))
    expect(step).toMatchObject({ kind: 'merchant_responded', signed: { key: device.key } })
  })

  test('is registered once, by whoever has it, and a second time changes nothing', async () => {
    const device = await registered('merchant')
    const before = (await keysOf('merchant')).items.length
    expect((await post('merchant', '', device.offer(PARTY.merchant))).status).toBe(201)
    expect((await keysOf('merchant')).items).toHaveLength(before)
    expectProblem(await post('other', '', device.offer(PARTY.other)), 409, 'key_registered')
    // Offered in the name of another merchant, and without the key itself.
    expectProblem(await post('other', '', new PartyDevice().offer(PARTY.merchant)), 409, 'signature_wrong')
    const { sig } = device.offer(PARTY.merchant)
    expectProblem(
      await post('merchant', '', { ...new PartyDevice().offer(PARTY.merchant), sig }),
      409,
      'signature_wrong',
    )
  })

  test('of officers names nobody, and signs a ruling', async () => {
    const device = await registered('platform', 'ES256')
    const filed = await scenes.escalated(house)
    const body = {
      outcome: 'for_buyer',
      facts: '颜色不同',
      rule: '5.2',
      reasons: '不符',
      officer: 'A17',
      remedy: { kind: 'refund', owedBy: 'merchant' },
    }
    expect(made(await signed('platform', filed, device, 'rulings', body)).step).toMatchObject({
      signed: { key: device.key },
    })
    const leaves = await house.get('/log/0/tile/entries/000.p/200')
    expect(leaves.text).not.toContain('ERP')
  })

  test('that is retired signs nothing more, and never comes back', async () => {
    const filed = await house.submit()
    const device = await registered('merchant')
    expectProblem(await post('other', `/${device.key}/retirement`), 404, 'not_found')
    expect((await post('merchant', `/${device.key}/retirement`)).status).toBe(201)
    expectProblem(await signed('merchant', filed, device, 'responses', REJECT), 409, 'signature_key')
    expectProblem(await post('merchant', '', device.offer(PARTY.merchant)), 409, 'key_registered')
  })
})

test('a form with a file is signed by its texts, as JSON without white space', async () => {
  const [filed, device] = [await house.submit(), await registered('merchant')]
  const { signing } = JSON.parse((await house.get(`/api/v1/complaints/${filed.id}`, house.bearer('merchant'))).text)
  const fields = { text: '照片\n见附件', operator: '07' }
  const form = new FormData()
  for (const [name, text] of Object.entries(fields)) form.set(name, text)
  form.set('files', new File([new TextEncoder().encode('%PDF-1.4 x %%EOF')], 'a.pdf', { type: 'application/pdf' }))
  const headers = device.header({ ...signing, act: 'messages' }, JSON.stringify(fields))
  const sent = new Request('http://x.test/', { method: 'POST', body: form })
  const type = sent.headers.get('content-type') ?? ''
  const path = `/api/v1/complaints/${filed.id}/messages`
  const bytes = await sent.arrayBuffer()
  const all = { ...house.bearer('merchant'), ...headers, 'Content-Type': type }
  expect(made(await house.send(path, bytes, all)).step).toMatchObject({ signed: { key: device.key } })
})

test('keys change sixty times a day at most', async () => {
  const offer = new PartyDevice().offer(PARTY.supervisor)
  let last = await post('supervisor', '', offer)
  for (let i = 1; i <= 60; i++) last = await post('supervisor', '', offer)
  expectProblem(last, 429, 'too_many_attempts')
})

describe('a signature is refused', () => {
  const cases: [what: string, over: Parameters<typeof signed>[5], code: string][] = [
    ['of another complaint', { c: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'signature_wrong'],
    ['of another log', { origin: 'elsewhere.test/0' }, 'signature_wrong'],
    ['of another act', { act: 'messages' }, 'signature_wrong'],
    ['over another body', { text: JSON.stringify({ ...REJECT, statement: '别的话' }) }, 'signature_wrong'],
    ['over a head that never was', { seen: 'A'.repeat(43) }, 'stale'],
  ]
  test.each(cases)('%s', async (_what, over, code) => {
    const [filed, device] = [await house.submit(), await registered('merchant')]
    expectProblem(await signed('merchant', filed, device, 'responses', REJECT, over), 409, code)
    expect((await house.view(filed)).steps).toHaveLength(1)
  })

  test('by another merchant, by another role, and one that cannot be read', async () => {
    const [filed, theirs] = [await house.submit(), await registered('other')]
    expectProblem(await signed('merchant', filed, theirs, 'responses', REJECT), 409, 'signature_key')
    const officer = await registered('platform')
    expectProblem(await signed('merchant', filed, officer, 'responses', REJECT), 409, 'signature_key')
    expectProblem(await signed('supervisor', filed, officer, 'messages', { text: '在' }), 409, 'signature_key')
    const headers = { 'Tousu-Signature': 'x' }
    expectProblem(await house.as('merchant', filed, 'responses', REJECT, headers), 409, 'signature_wrong')
  })

  test('a second time', async () => {
    const [filed, device] = [await house.submit(), await registered('merchant')]
    const { signing } = JSON.parse((await house.get(`/api/v1/complaints/${filed.id}`, house.bearer('merchant'))).text)
    const body = { text: '请稍候', operator: '07' }
    const headers = device.header({ ...signing, act: 'messages' }, JSON.stringify(body))
    made(await house.as('merchant', filed, 'messages', body, headers))
    expectProblem(await house.as('merchant', filed, 'messages', body, headers), 409, 'signature_used')
  })
})

describe('a merchant who requires signatures', () => {
  const required = async () => {
    const device = await registered('other')
    const { origin, party, seen, required } = await keysOf('other')
    if (!required) {
      const signed = device.about('signing-demands', { party, origin, seen })
      expect((await post('other', '/requirement', { signed })).status).toBe(201)
    }
    return device
  }
  const released = async (device: PartyDevice) => {
    const { origin, party, seen } = await keysOf('other')
    return post('other', '/release', { signed: device.about('signing-releases', { party, origin, seen }) })
  }

  test('takes nothing unsigned for its own, until it says so by a key', async () => {
    const filed = await house.submit({ merchantId: 'm2' })
    const device = await required()
    expectProblem(await house.as('other', filed, 'responses', REJECT), 409, 'signature_required')
    made(await signed('other', filed, device, 'responses', REJECT))
    // Keys change by keys alone.
    expectProblem(await post('other', '', new PartyDevice().offer(PARTY.other)), 409, 'signature_required')
    expectProblem(await post('other', `/${device.key}/retirement`), 409, 'signature_required')
    const second = await registered('other', 'ES256', device)
    const { origin } = await keysOf('other')
    const retirement = second.about('party-key-retirements', { party: PARTY.other, key: device.key, origin })
    expect((await post('other', `/${device.key}/retirement`, { signed: retirement })).status).toBe(201)
    expectProblem(await released(device), 409, 'signature_key')
    expect((await released(second)).status).toBe(201)
    made(await house.as('other', filed, 'messages', { text: '在', operator: '07' }))
    expectProblem(await post('other', '/release'), 409, 'signing_unchanged')
  })

  test('is not held to an old word: a release that was signed before is not taken again', async () => {
    const device = await required()
    const { origin, party, seen } = await keysOf('other')
    const signedBefore = device.about('signing-releases', { party, origin, seen })
    expect((await post('other', '/release', { signed: signedBefore })).status).toBe(201)
    await required()
    expectProblem(await post('other', '/release', { signed: signedBefore }), 409, 'signature_wrong')
    expect((await released(device)).status).toBe(201)
  })

  test('demands it by a key, and only for itself', async () => {
    expectProblem(await post('merchant', '/requirement'), 409, 'signature_required')
    expectProblem(await post('platform', '/requirement'), 403, 'not_yours')
  })
})
