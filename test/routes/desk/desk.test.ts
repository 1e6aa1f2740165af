import { describe, expect, test } from 'vitest'
import { type Signed, signIn } from '../../support/people.ts'
import { expectProblem, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'
import { PNG } from '../uploads.ts'

const house = useServer()

const RULING = {
  outcome: 'for_buyer',
  facts: '照片清楚',
  rule: '规则第四条',
  reasons: '商家没有相反的证据',
  'remedy.kind': 'refund',
  'remedy.owedBy': 'merchant',
  'remedy.amount.value': '89.00',
  'remedy.amount.currency': 'CNY',
}
const room = ({ id }: { id: string }) => `/desk/complaints/${id}`

/** What a form of this page says that it was drawn from. */
const seen = async (officer: Signed, filed: { id: string }): Promise<string> => {
  const { text } = await officer.get(room(filed))
  const [, hash] = /name="seen" value="([\w-]{43})"/.exec(text) ?? []
  if (hash === undefined) throw new Error('the page has no form')
  return hash
}
const kindsOf = async (filed: { id: string }) =>
  (await house.viewAs('platform', filed)).steps.map(({ kind }) => kind).filter(kind => kind !== 'notice_sent')

describe('who may sit there', () => {
  test('a stranger is asked to sign in, a merchant is told that the room is not theirs', async () => {
    const stranger = await house.get('/desk', { Accept: 'text/html' })
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/signin?to=%2Fdesk'])
    const merchant = await signIn(house, 'merchant')
    const filed = await scenes.escalated(house)
    for (const path of ['/desk', room(filed), '/desk/alerts', '/desk/messages', '/desk/batch', '/desk/supervisor']) {
      expect([path, (await merchant.get(path)).status]).toEqual([path, 403])
    }
    expect((await merchant.post(`${room(filed)}/rulings`, { ...RULING, confirm: 'yes' })).status).toBe(403)
    expect(await kindsOf(filed)).not.toContain('ruled')
  })

  test('the supervisor’s view is a supervisor’s', async () => {
    expect((await (await signIn(house, 'platform')).get('/desk/supervisor')).status).toBe(403)
    expect((await (await signIn(house, 'supervisor')).get('/desk/supervisor')).status).toBe(200)
  })

  test('a form that another site posts is not an officer’s wish', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    expect((await officer.post(`${room(filed)}/assignment`, { take: 'yes' }, foreign)).status).toBe(403)
    expect(await kindsOf(filed)).not.toContain('officer_assigned')
  })

  test('pages of the desk are kept nowhere', async () => {
    const officer = await signIn(house, 'platform')
    expect((await officer.get('/desk')).headers.get('cache-control')).toBe('no-store')
  })
})

describe('the queue', () => {
  test('holds what the platform must do, and says whose it is', async () => {
    const officer = await signIn(house, 'platform', { name: 'Q1', subject: 'idp q1' })
    const [mine, free, waiting] = [
      await scenes.escalated(house),
      await scenes.escalated(house),
      await scenes.submitted(house),
    ]
    expect((await officer.post(`${room(mine)}/assignment`, { take: 'yes' })).status).toBe(303)
    const all = await officer.get('/desk')
    expect(all.text).toContain(mine.id)
    expect(all.text).toContain(free.id)
    expect(all.text).not.toContain(waiting.id)
    const own = await officer.get('/desk?view=mine')
    expect([own.text.includes(mine.id), own.text.includes(free.id)]).toEqual([true, false])
    const unassigned = await officer.get('/desk?view=unassigned')
    expect([unassigned.text.includes(mine.id), unassigned.text.includes(free.id)]).toEqual([false, true])
  })

  test('shows handoffs that wait, appeals and what is late', async () => {
    const officer = await signIn(house, 'platform')
    const offered = await scenes.handedOff(house)
    expect((await officer.get('/desk?view=offered')).text).toContain(offered.id)
    const appealed = await scenes.dismissed(house)
    made(await house.asBuyer(appealed, 'appeal', { reason: '没有看照片' }))
    const appeals = await officer.get('/desk?kind=appeals')
    expect([appeals.text.includes(appealed.id), appeals.text.includes(offered.id)]).toEqual([true, false])
    expect((await officer.get('/desk?kind=overdue')).text).not.toContain(offered.id)
    expect((await officer.get('/desk?view=nonsense&kind=nonsense&after=nonsense')).status).toBe(422)
  })

  test('pages never lose or repeat a complaint', async () => {
    const officer = await signIn(house, 'platform')
    for (let i = 0; i < 45; i++) await scenes.escalated(house)
    const found: string[] = []
    let next: string | undefined = '/desk'
    for (let pages = 0; next !== undefined && pages < 9; pages++) {
      const { text } = await officer.get(next)
      found.push(...[...text.matchAll(/<a href="\/desk\/complaints\/([0-9A-Z]{10})">/g)].map(match => match[1] ?? ''))
      next = /href="(\/desk\?[^"]*after=[\d-]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(found.length).toBeGreaterThan(45)
    expect(new Set(found).size).toBe(found.length)
  })

  test('stays in order of due under a flood of one merchant, and says how many that merchant has', async () => {
    const officer = await signIn(house, 'platform')
    const { text } = await officer.get('/desk')
    expect(text).not.toContain('<details class="fold flood"')
    expect(text).toContain('action="/desk/batch"')
    const [, href = '', count = ''] = /<a href="(\/desk\?merchant=m1)">这个商家共 (\d+) 件/.exec(text) ?? []
    expect(Number(count)).toBeGreaterThan(45)
    expect((await officer.get(href)).text).toContain(`共 ${count} 件`)
    const dues = [...text.matchAll(/<td data-label="时限"><span class="badge \w+">([^<]+)</g)]
    expect(dues).toHaveLength(40)
  })

  test('has tabs by whose turn it is, with true counts', async () => {
    const officer = await signIn(house, 'platform')
    const waiting = await scenes.submitted(house)
    const closed = await scenes.confirmed(house)
    const counts = JSON.parse((await officer.get('/desk/counts')).text)
    const { text } = await officer.get('/desk')
    for (const name of ['platform', 'merchant', 'buyer', 'closed'])
      expect(text).toContain(`data-count="${name}">${counts[name]}</b>`)
    expect(text).toContain(`共 ${counts.platform} 件`)
    expect((await officer.get('/desk?turn=merchant')).text).toContain(waiting.id)
    expect((await officer.get('/desk?turn=closed')).text).toContain(closed.id)
    expect(text).not.toContain(waiting.id)
  })
})

describe('taking and handing over', () => {
  test('whoever takes a complaint is named in its timeline, and no body can name another', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const { due } = (await house.viewAs('platform', filed)).complaint
    const reply = await officer.post(`${room(filed)}/assignment`, { take: 'yes', officer: 'Z99', automated: 'true' })
    expect([reply.status, reply.headers.get('location')]).toEqual([303, expect.stringContaining(`${room(filed)}?did=`)])
    const { complaint, steps } = await house.viewAs('platform', filed)
    expect(steps.at(-1)).toMatchObject({
      kind: 'officer_assigned',
      by: { automated: false },
      fields: { officer: 'A17' },
    })
    expect(complaint).toMatchObject({ due, holder: { name: 'A17' } })
  })

  test('a handoff holds the sender until the other side accepts; no clock moves', async () => {
    const [sender, receiver] = [
      await signIn(house, 'platform'),
      await signIn(house, 'platform', { name: 'B22', subject: 'idp b22' }),
    ]
    const filed = await scenes.escalated(house)
    await sender.post(`${room(filed)}/assignment`, { take: 'yes' })
    const { due } = (await house.viewAs('platform', filed)).complaint
    await sender.post(`${room(filed)}/handoffs`, { toDesk: '物流组', reason: '要查物流' })
    expect((await house.viewAs('platform', filed)).complaint).toMatchObject({ due, holder: { name: 'A17' } })
    const page = await receiver.get(room(filed))
    expect(page.text).toContain('对方接收之前仍由提出的一方负责，时限照常计算，不重新起算')
    expect((await receiver.post(`${room(filed)}/handoff-acceptance`, {})).status).toBe(303)
    expect((await house.viewAs('platform', filed)).complaint).toMatchObject({ due, holder: { name: 'B22' } })
  })

  test('the third handoff leaves the officers’ queue for the supervisor’s, which says how it came there', async () => {
    const [officer, supervisor] = [await signIn(house, 'platform'), await signIn(house, 'supervisor')]
    const filed = await scenes.escalated(house)
    for (const toDesk of ['一组', '二组', '三组']) {
      made(await house.asPlatform(filed, 'handoffs', { toDesk, reason: '不归我们', operator: 'A17' }))
    }
    const taken = await scenes.escalated(house)
    expect((await officer.post(`${room(taken)}/assignment`, { take: 'yes' })).status).toBe(303)
    expect((await officer.get('/desk?view=offered')).text).not.toContain(filed.id)
    const { text } = await supervisor.get('/desk/supervisor')
    expect(text).toContain(filed.id)
    expect(text).toContain('一组 → 二组 → 三组')
    const load = text.split('<tr>').find(each => each.includes('/desk?officer=A17')) ?? ''
    expect(Number(/今天接的">(\d+)</.exec(load)?.[1])).toBeGreaterThan(0)
  })

  test('a supervisor names another officer', async () => {
    const supervisor = await signIn(house, 'supervisor')
    const filed = await scenes.escalated(house)
    await supervisor.post(`${room(filed)}/assignment`, { officer: 'C33' })
    expect((await house.viewAs('platform', filed)).complaint.holder?.name).toBe('C33')
  })
})

describe('a ruling', () => {
  test('is read as its buyer will read it before it is given, and nothing is recorded by that', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const preview = await officer.post(`${room(filed)}/rulings`, { ...RULING, preview: 'yes' })
    expect(preview.status).toBe(200)
    expect(preview.text).toContain('买家会这样读到')
    expect(preview.text).toContain('平台裁定：支持您')
    expect(preview.text).toContain('name="confirm" value="yes"')
    expect(await kindsOf(filed)).not.toContain('ruled')
    const given = await officer.post(`${room(filed)}/rulings`, { ...RULING, confirm: 'yes' })
    expect(given.status).toBe(303)
    const { complaint, steps } = await house.viewAs('platform', filed)
    expect(complaint.state).toBe('fulfilment')
    expect(steps.at(-1)).toMatchObject({
      kind: 'ruled',
      by: { automated: false },
      fields: { officer: 'A17', facts: '照片清楚', remedy: { kind: 'refund', owedBy: 'merchant' } },
    })
  })

  test.each([
    ['facts', 'facts'],
    ['rule', 'rule'],
    ['reasons', 'reasons'],
    ['outcome', 'outcome'],
    ['remedy.kind', 'remedy-kind'],
    ['remedy.owedBy', 'remedy-owedBy'],
  ])('without %s comes back as it was typed, with the problem beside the field', async (field, id) => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const fields = { ...RULING, reasons: '一二三 "引号" <b>', [field]: '' }
    const reply = await officer.post(`${room(filed)}/rulings`, { ...fields, confirm: 'yes' })
    expect(reply.status).toBe(422)
    expect(reply.text).toContain(`id="rulings-${id}-problem"`)
    if (field !== 'reasons') expect(reply.text).toContain('一二三 &quot;引号&quot; &lt;b&gt;')
    expect(await kindsOf(filed)).not.toContain('ruled')
  })

  test('is previewed in the language of its buyer', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await house.submit({ locale: 'en' })
    made(await house.asMerchant(filed, 'responses', scenes.REJECTION))
    made(await house.asBuyer(filed, 'escalation', { reason: 'not my fault' }))
    const { text } = await officer.post(`${room(filed)}/rulings`, { ...RULING, preview: 'yes' })
    expect(text).toContain('<html lang="zh-CN">')
    expect(text).toContain('<ol class="steps" lang="en">')
  })

  test('for the merchant gives nothing, and says so', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const fields = { ...RULING, outcome: 'for_merchant', 'remedy.kind': 'none', confirm: 'yes' }
    expect((await officer.post(`${room(filed)}/rulings`, fields)).status).toBe(303)
    expect((await house.viewAs('platform', filed)).complaint.state).toBe('closed_ruled')
  })

  test('takes its date in Shanghai, up to the cap', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const local = (hours: number) => new Date(house.door.now() + (hours + 8) * 3_600_000).toISOString().slice(0, 16)
    const late = await officer.post(`${room(filed)}/rulings`, { ...RULING, due: local(400) })
    expect(late.status).toBe(409)
    expect(late.text).toContain('日期超过了规则允许的最晚日期')
    const due = local(100)
    expect((await officer.post(`${room(filed)}/rulings`, { ...RULING, due, confirm: 'yes' })).status).toBe(303)
    const { complaint } = await house.viewAs('platform', filed)
    expect(complaint.due).toBe(new Date(`${due}:00+08:00`).toISOString())
  })

  test('of an appeal is another officer’s: the one who ruled is told so, on the page and when trying', async () => {
    const [first, second] = [
      await signIn(house, 'platform'),
      await signIn(house, 'platform', { name: 'D44', subject: 'idp d44' }),
    ]
    const filed = await scenes.escalated(house)
    const against = { ...RULING, outcome: 'for_merchant', 'remedy.kind': 'none', confirm: 'yes' }
    await first.post(`${room(filed)}/rulings`, against)
    made(await house.asBuyer(filed, 'appeal', { reason: '没有看照片' }))
    expect((await first.get(room(filed))).text).toContain('复核要换一位承办人')
    for (const step of [{ preview: 'yes' }, { confirm: 'yes' }]) {
      const reply = await first.post(`${room(filed)}/rulings`, { ...RULING, ...step })
      expect([reply.status, reply.text]).toEqual([409, expect.stringContaining('请换一位承办人')])
    }
    expect((await second.post(`${room(filed)}/rulings`, { ...RULING, confirm: 'yes' })).status).toBe(303)
    expect(await kindsOf(filed)).toContain('appeal_ruled')
  })

  test('after a human was asked for is a human’s: the desk’s are', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    made(await house.asBuyer(filed, 'human-request'))
    expect((await officer.get(room(filed))).text).toContain('裁定必须由人作出')
    expect((await officer.post(`${room(filed)}/rulings`, { ...RULING, confirm: 'yes' })).status).toBe(303)
  })
})

describe('other acts of the desk', () => {
  test('evidence is asked for, a refusal stands on its ground, the link is replaced', async () => {
    const officer = await signIn(house, 'platform')
    const asked = await scenes.escalated(house)
    await officer.post(`${room(asked)}/evidence-requests`, { from: 'both', request: '请拍水洗标' })
    expect((await house.viewAs('platform', asked)).complaint.state).toBe('evidence_requested')
    const turned = await scenes.escalated(house)
    await officer.post(`${room(turned)}/refusal`, { ground: 'duplicate', facts: '同一订单', rule: '第二条' })
    expect((await house.viewAs('platform', turned)).complaint.state).toBe('refused')
    const stolen = await scenes.escalated(house)
    await officer.post(`${room(stolen)}/link-rotation`, { theft: 'theft' })
    expect((await house.get(stolen.room)).status).toBe(404)
  })

  test('what the platform owes it reports itself, with its proof', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    await officer.post(`${room(filed)}/rulings`, { ...RULING, 'remedy.owedBy': 'platform', confirm: 'yes' })
    expect((await officer.get(room(filed))).text).toContain('id="fulfilment"')
    await officer.post(`${room(filed)}/fulfilment`, { statement: '先行赔付', proof: '流水 RF9' })
    expect((await house.viewAs('platform', filed)).complaint.state).toBe('awaiting_confirmation')
  })

  test('a file that is added is there to be looked at, on the desk alone by its officers', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const form = new FormData()
    form.set('text', '物流签收照片')
    form.append('files', new File([PNG], '签收.png', { type: 'image/png' }))
    expect((await officer.post(`${room(filed)}/evidence`, form)).status).toBe(303)
    const [, path = ''] =
      /href="(\/desk\/complaints\/[^"]*\/files\/[0-9a-f]{64})"/.exec((await officer.get(room(filed))).text) ?? []
    expect((await officer.get(path)).headers.get('content-type')).toBe('image/png')
    expect((await house.get(path, { Accept: 'text/html' })).status).toBe(303)
    const receipt = await officer.get(`${room(filed)}/receipt.json`)
    expect([receipt.status, JSON.parse(receipt.text).complaint.id]).toEqual([200, filed.id])
  })

  test('an extension shows its latest date and keeps to it', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const due = Date.parse((await house.viewAs('platform', filed)).complaint.due ?? '')
    const local = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16)
    expect((await officer.get(room(filed))).text).toContain(`max="${local(due + 72 * 3_600_000)}"`)
    const post = (at: number) => officer.post(`${room(filed)}/extensions`, { due: local(at), reason: '等物流记录' })
    expect((await post(due + 80 * 3_600_000)).status).toBe(409)
    expect((await post(due + 24 * 3_600_000)).status).toBe(303)
  })

  test('what its author asked to erase is erased; else two supervisors are needed', async () => {
    const officer = await signIn(house, 'platform')
    const asked = await scenes.erasureAsked(house)
    const prefilled = await officer.get(`${room(asked)}?erase=0.statement`)
    expect(prefilled.text).toMatch(/<option value="0.statement" selected>[^<]*买家申请过/)
    await officer.post(`${room(asked)}/redactions`, { target: '0.statement', reason: '买家申请' })
    expect(await kindsOf(asked)).toContain('redacted')
    const [one, two] = [
      await signIn(house, 'supervisor'),
      await signIn(house, 'supervisor', { name: 'S02', subject: 'idp s02' }),
    ]
    const filed = await scenes.submitted(house)
    const fields = { target: '0.statement', reason: '含有他人住址' }
    expect((await officer.post(`${room(filed)}/redactions`, fields)).text).toContain('只有两位主管可以删除')
    expect((await one.post(`${room(filed)}/redactions`, fields)).status).toBe(303)
    expect((await one.post(`${room(filed)}/redactions`, fields)).status).toBe(409)
    expect((await two.post(`${room(filed)}/redactions`, fields)).status).toBe(303)
    expect((await house.viewAs('platform', filed)).steps[0]?.fields.statement).toBeUndefined()
    expect((await officer.post(`${room(filed)}/redactions`, { reason: '没有选' })).text).toContain(
      'id="redactions-target-problem"',
    )
  })

  test('a complaint or an act that is not there is not found', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    for (const path of [
      '/desk/complaints/0000000000',
      `/desk/complaints/${filed.id.toLowerCase()}x`,
      '/desk/policy/x',
    ]) {
      expect([path, (await officer.get(path)).status]).toEqual([path, 404])
    }
    expect((await officer.post(`${room(filed)}/nonsense`, {})).status).toBe(404)
    expect((await officer.post('/desk/complaints/0000000000/assignment', {})).status).toBe(404)
    expect((await officer.post(`${room(filed)}/confirmation`, {})).status).toBe(403)
    expectProblem(await house.asMerchant(filed, 'rulings', scenes.RULING), 403, 'not_yours')
  })
})

describe('forms that are late or come twice', () => {
  test('a double click is one step', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const fields = { seen: await seen(officer, filed), text: '请稍等' }
    const replies = await Promise.all([1, 2].map(() => officer.post(`${room(filed)}/messages`, fields)))
    expect(replies.map(({ status }) => status)).toEqual([303, 303])
    expect((await kindsOf(filed)).filter(kind => kind === 'message_added')).toHaveLength(1)
  })

  test('a ruling on a page that is no longer true says what changed, and keeps what was written', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const old = await seen(officer, filed)
    made(await house.asMerchant(filed, 'responses', { ...scenes.OFFER, statement: '愿意多退一些' }))
    const reply = await officer.post(`${room(filed)}/rulings`, { ...RULING, seen: old, confirm: 'yes' })
    expect(reply.status).toBe(409)
    expect(reply.text).toContain('您打开页面之后，进度变了')
    expect(reply.text).toContain('这期间发生了')
    expect(reply.text).toContain('商家没有相反的证据')
    expect(await kindsOf(filed)).not.toContain('ruled')
    const [, fresh = ''] = /name="seen" value="([\w-]{43})"/.exec(reply.text) ?? []
    expect(fresh).not.toBe(old)
    const again = await officer.post(`${room(filed)}/rulings`, { ...RULING, seen: fresh, confirm: 'yes' })
    expect(again.status).toBe(303)
  })

  test('what was written stays when its act must wait', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const old = await seen(officer, filed)
    made(await house.asPlatform(filed, 'evidence-requests', { from: 'buyer', request: '水洗标', operator: 'B22' }))
    const { status, text } = await officer.post(`${room(filed)}/rulings`, { ...RULING, seen: old, confirm: 'yes' })
    expect([status, text.includes('商家没有相反的证据')]).toEqual([409, true])
  })
})

test('a ruling begins with what was asked for, and names all that is missing in one round', async () => {
  const officer = await signIn(house, 'platform')
  const filed = await house.submit({
    remedySought: { kind: 'return_refund', amount: { value: '59.90', currency: 'CNY' } },
  })
  made(await house.asMerchant(filed, 'responses', scenes.REJECTION))
  made(await house.asBuyer(filed, 'escalation', { reason: '不是我的错' }))
  const page = (await officer.get(`/desk/complaints/${filed.id}`)).text
  const [, form = ''] = /<details[^>]*id="rulings"(.*?)<\/details>/s.exec(page) ?? []
  expect(form).toMatch(/value="return_refund" selected/)
  expect(form).toMatch(/name="remedy.amount.value"[^>]*value="59.90"/)
  const sent = { 'remedy.kind': 'return_refund', 'remedy.amount.value': 'x', preview: 'yes' }
  const back = await officer.post(`/desk/complaints/${filed.id}/rulings`, sent)
  expect(back.status).toBe(422)
  for (const field of [
    'facts',
    'rule',
    'reasons',
    'outcome',
    'remedy-amount-value',
    'remedy-owedBy',
    'remedy-returnTo',
    'remedy-freightPaidBy',
  ])
    expect(back.text).toContain(`href="#rulings-${field}"`)
})

test('the next case is the one behind this in the list; at its end the first again, and the link says so', async () => {
  const officer = await signIn(house, 'platform')
  const [one, two] = [await scenes.escalated(house), await scenes.escalated(house)]
  const nextOf = async (id: string) => {
    const { text } = await officer.get(`/desk/complaints/${id}`)
    const [, next, label] = /href="\/desk\/complaints\/([0-9A-Z]{10})" data-key="n">([^<]*)</.exec(text) ?? []
    return { next, label }
  }
  const seen = new Map<string, string | undefined>()
  for (let at: string | undefined = one.id; at !== undefined && !seen.has(at); ) {
    const { next, label } = await nextOf(at)
    seen.set(at, label)
    at = next
  }
  expect(seen.has(two.id)).toBe(true)
  expect([...seen.values()].filter(label => label === '列表到头了，回到第一件 →')).toHaveLength(1)
  expect(new Set(seen.values())).toEqual(new Set(['下一件 →', '列表到头了，回到第一件 →']))
})
