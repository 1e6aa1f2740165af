import { beforeAll, describe, expect, test } from 'vitest'
import { SPECIMENS } from '../../src/demo/gallery/specimens.ts'
import { MESSAGES } from '../../src/i18n/languages.ts'
import { languages } from '../../src/views/context.ts'
import { type Signed, signIn } from '../support/people.ts'
import { type Filed, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'

// What people met who used the consoles in earnest, each mended.
const house = useServer()
const pages = languages(MESSAGES, { verifyUrl: '/verify' })
const room = ({ id }: { id: string }) => `/merchant/complaints/${id}`
const desk = ({ id }: { id: string }) => `/desk/complaints/${id}`
const seenIn = (text: string): string => /name="seen" value="([\w-]{43})"/.exec(text)?.[1] ?? ''
const OFFER = {
  answer: 'offer',
  'offer.kind': 'partial_refund',
  'offer.amount.value': '40.00',
  'offer.amount.currency': 'CNY',
  statement: '退一半，衣服您留着',
}

let clerk: Signed
let officer: Signed
beforeAll(async () => {
  clerk = await signIn(house, 'merchant')
  officer = await signIn(house, 'platform')
})

describe('a clerk', () => {
  test('who previews from a stale page is told what changed, as who sends is', async () => {
    const filed = await scenes.submitted(house)
    const seen = seenIn((await clerk.get(room(filed))).text)
    await house.asBuyer(filed, 'messages', { text: '另外，拉链也坏了' })
    const fresh = await clerk.post(`${room(filed)}/responses`, { ...OFFER, seen, preview: 'yes' })
    expect(fresh.status).toBe(200)
    expect(fresh.text).toContain('您打开这一页之后，投诉有了新的进展')
    const again = await clerk.post(`${room(filed)}/responses`, { ...OFFER, seen: seenIn(fresh.text), preview: 'yes' })
    expect(again.text).not.toContain('您打开这一页之后，投诉有了新的进展')
  })

  test('learns why a date or an offer is refused, in the language of the page', async () => {
    const filed = await scenes.submitted(house)
    const said = async (it: Filed, act: string, fields: Record<string, string>, lang: string) => {
      const reply = await clerk.post(`${room(it)}/${act}`, fields, { Cookie: `${clerk.cookie}; lang=${lang}` })
      expect(reply.status).toBe(409)
      return reply.text
    }
    const spent = await scenes.submitted(house)
    for (const value of ['40.00', '41', '42', '43']) {
      const sent = await clerk.post(`${room(spent)}/responses`, { ...OFFER, 'offer.amount.value': value })
      expect(sent.status).toBe(303)
    }
    for (const [lang, beyond, limit] of [
      ['zh-CN', '超过了规则允许的最晚日期', '改进次数已经用完'],
      ['zh-TW', '超過了規則允許的最晚日期', '改善次數已經用完'],
      ['en', 'later than the rules allow', 'as often as the rules allow'],
    ] as const) {
      expect(await said(filed, 'responses', { ...OFFER, 'offer.by': '2027-01-01T10:00' }, lang)).toContain(beyond)
      expect(await said(filed, 'extensions', { due: '2027-01-01T10:00', reason: '缺货' }, lang)).toContain(beyond)
      expect(await said(spent, 'responses', OFFER, lang)).toContain(limit)
    }
  })

  test('finds the complaint at the address of a form, and the settings at theirs', async () => {
    const filed = await scenes.submitted(house)
    for (const [path, page] of [
      [`${room(filed)}/responses`, room(filed)],
      [`${room(filed)}/messages?lang=en`, `${room(filed)}?lang=en`],
      ['/merchant/settings/keys?lang=en', '/merchant/settings?lang=en'],
      ['/merchant/webhooks', '/merchant/settings'],
    ] as const) {
      const reply = await clerk.get(path)
      expect([path, reply.status, reply.headers.get('location')]).toEqual([path, 303, page])
    }
    expect((await clerk.get(`${room(filed)}/nothing`)).status).toBe(404)
  })

  test('meets an error of the console and not of a buyer’s link, with the way back', async () => {
    const lost = await clerk.get('/merchant/complaints/0000000000')
    expect(lost.status).toBe(404)
    expect(lost.text).not.toContain('取件码')
    expect(lost.text).toContain('href="/signin"')
    const filed = await scenes.submitted(house)
    const large = await clerk.post(`${room(filed)}/messages`, { text: '长'.repeat(200_000) })
    expect(large.status).toBe(413)
    expect(large.text).toContain(`href="${room(filed)}"`)
  })

  test('never reads that no hour is left while there are minutes', async () => {
    // 23:40 in Shanghai, of which 30 minutes are left after 48 hours: due at 00:10, tomorrow.
    const toMidnight = (24 * 60 + 10 - ((house.door.now() / 60_000 + 8 * 60) % (24 * 60))) % (24 * 60)
    await house.advance(toMidnight / 60)
    const filed = await scenes.submitted(house)
    await house.advance(47.5)
    const late = await signIn(house, 'merchant')
    const list = (await late.get('/merchant')).text
    const row = list.slice(list.lastIndexOf('<tr>', list.indexOf(filed.id)), list.indexOf(filed.id))
    expect(row).toContain('不到 1 小时')
    expect(row).not.toContain('0 小时')
    clerk = late
    officer = await signIn(house, 'platform')
  })

  test('goes on to the next complaint from the notice that the last is answered', async () => {
    const [one, two] = [await scenes.submitted(house), await scenes.submitted(house)]
    const sent = await clerk.post(`${room(one)}/responses`, OFFER)
    const page = (await clerk.get(sent.headers.get('location') ?? '')).text
    const notice = page.slice(page.indexOf('class="notice good"'), page.indexOf('<div class="case">'))
    expect(notice).toContain('href="/merchant/complaints/')
    expect(notice).not.toContain(one.id)
    expect(two.id).not.toBe(one.id)
  })
})

describe('an officer', () => {
  const RULING = { outcome: 'for_merchant', facts: '照片清楚', rule: '第四条', reasons: '没有相反的证据' }

  test('who rules for the merchant and gives something is told which of the two cannot be', async () => {
    const filed = await scenes.escalated(house)
    const remedy = { 'remedy.kind': 'refund', 'remedy.owedBy': 'merchant' }
    const one = await officer.post(`${desk(filed)}/rulings`, { ...RULING, ...remedy })
    expect(one.status).toBe(422)
    expect(one.text).toContain('支持商家时')
    const own = Object.entries({ include: 'yes', outcome: 'for_merchant', facts: 'x', ...remedy })
    const fields = Object.fromEntries(own.map(([name, value]) => [`c${filed.id}.${name}`, value]))
    const many = await officer.post('/desk/batch', { rule: '第四条', reasons: '没有证据', ...fields })
    expect(many.status).toBe(422)
    expect(many.text).toContain('支持商家时')
  })

  test('who changes the language of a batch that came back keeps its complaints', async () => {
    const [one, two] = [await scenes.escalated(house), await scenes.escalated(house)]
    const fields = { [`c${one.id}.include`]: 'yes', [`c${two.id}.include`]: 'yes' }
    const reply = await officer.post('/desk/batch', fields)
    expect(reply.status).toBe(422)
    const [, way = ''] = /href="(\/desk\/batch[^"]*lang=en)"/.exec(reply.text) ?? []
    const page = await officer.get(way.replaceAll('&amp;', '&'))
    expect([page.text.includes(one.id), page.text.includes(two.id)]).toEqual([true, true])
  })

  test('is offered no ruling on an appeal against a ruling of their own', async () => {
    const filed: Filed = await scenes.escalated(house)
    const done = await officer.post(`${desk(filed)}/rulings`, { ...RULING, 'remedy.kind': 'none', confirm: 'yes' })
    expect(done.status).toBe(303)
    await house.asBuyer(filed, 'appeal', { reason: '照片看错了' })
    expect((await officer.get(desk(filed))).text).not.toContain('id="rulings"')
    const other = await signIn(house, 'platform', { subject: 'idp b02', name: 'B02' })
    expect((await other.get(desk(filed))).text).toContain('id="rulings"')
  })

  test('is told of a step only if it is one of the platform’s', async () => {
    const filed = await scenes.escalated(house)
    const took = await officer.post(`${desk(filed)}/assignment`, { take: 'yes' })
    expect((await officer.get(took.headers.get('location') ?? '')).text).toContain('class="notice good"')
    for (const did of ['1', '99', '-1', 'x']) {
      expect((await officer.get(`${desk(filed)}?did=${did}`)).text).not.toContain('class="notice good"')
    }
  })

  test('finds the complaint at the address of a form', async () => {
    const filed = await scenes.escalated(house)
    const reply = await officer.get(`${desk(filed)}/rulings?lang=en`)
    expect([reply.status, reply.headers.get('location')]).toEqual([303, `${desk(filed)}?lang=en`])
    expect((await officer.get('/desk/alerts/settlements')).headers.get('location')).toBe('/desk/alerts')
  })
})

test('the rules name the basis of a figure as the tracking page does', async () => {
  const filed = await scenes.submitted(house)
  const [, rules = ''] =
    /href="(\/rules\/[\w-]{43})"/.exec((await house.get(filed.room, { Accept: 'text/html' })).text) ?? []
  for (const [lang, basis] of [
    ['zh-CN', '本平台的惯例'],
    ['zh-TW', '本平台的慣例'],
    ['en', 'usual practice here'],
  ] as const) {
    expect((await house.get(rules, { Accept: 'text/html', Cookie: `lang=${lang}` })).text).toContain(basis)
  }
})

describe('an officer', () => {
  test('who sends an empty ruling learns all that is missing, in the order of its form, and keeps the notes in sight', async () => {
    const filed = await scenes.escalated(house)
    await officer.post(`${desk(filed)}/notes`, { text: '仓库已确认' })
    const seen = seenIn((await officer.get(desk(filed))).text)
    const back = await officer.post(`${desk(filed)}/rulings`, { seen, 'remedy.kind': 'return_refund', preview: 'yes' })
    expect(back.status).toBe(422)
    const [, list = ''] = /<ul>(.*?)<\/ul>/s.exec(back.text.split('role="alert"')[1] ?? '') ?? []
    const fields = [...list.matchAll(/href="#rulings-([\w-]+)"/g)].map(([, name]) => name)
    expect(fields).toEqual([
      'facts',
      'rule',
      'reasons',
      'outcome',
      'remedy-owedBy',
      'remedy-returnTo',
      'remedy-freightPaidBy',
    ])
    expect(list).toContain('结果：请选一项')
    expect(list).toContain('认定的事实：请填写')
    expect(back.text).toContain('仓库已确认')
  })

  test('who sends an empty batch reads first what all share, then each case, as the page has them', async () => {
    const [one, other] = [await scenes.escalated(house), await scenes.escalated(house)]
    const page = (await officer.get(`/desk/batch?case=${one.id}&case=${other.id}`)).text
    const hidden = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
    const heads = Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value]))
    const back = await officer.post('/desk/batch', heads)
    expect(back.status).toBe(422)
    const [, list = ''] = /<ul>(.*?)<\/ul>/s.exec(back.text.split('role="alert"')[1] ?? '') ?? []
    const said = [...list.matchAll(/<a[^>]*>(.*?)<\/a>/g)].map(([, text = '']) => text)
    expect(said.slice(0, 2)).toEqual(['依据的规则：请填写', expect.stringContaining('理由')])
    expect(said.filter(text => text.includes('结果：请选一项'))).toHaveLength(2)
  })

  test('is not offered an erasure that takes two supervisors; once its author asks for it, it is', async () => {
    const filed = await scenes.escalated(house)
    const supervisor = await signIn(house, 'supervisor')
    const isOffered = async (who: Signed) => (await who.get(desk(filed))).text.includes('id="redactions"')
    expect([await isOffered(officer), await isOffered(supervisor)]).toEqual([false, true])
    await house.asBuyer(filed, 'redaction-request', { seq: 0, field: 'statement', reason: '写错了' })
    expect(await isOffered(officer)).toBe(true)
  })

  test('sees how many of the same merchant wait, and what may be told on the phone', async () => {
    const filed = await scenes.escalated(house)
    await scenes.escalated(house)
    const page = (await officer.get(desk(filed))).text
    const [, count = ''] = /href="\/desk\?merchant=m1">这个商家共 (\d+) 件/.exec(page) ?? []
    const list = (await officer.get('/desk?merchant=m1')).text
    expect(Number(count)).toBeGreaterThan(1)
    expect(list).toContain(`共 ${count} 件`)
    expect(page).toContain('<b>来电时</b> 先请对方报投诉编号和手机后四位')
    expect((await clerk.get(room(filed))).text).toContain('内部备注不要说')
  })
})

describe('an address of a console', () => {
  const WRONG = [
    ['/desk?merchnt=m1', 'merchnt'],
    ['/desk?turn=platfrom', 'turn'],
    ['/desk?days=abc', 'days'],
    ['/desk?amount=abc', 'amount'],
    ['/desk?category=nothing', 'category'],
    ['/desk?after=zzz', 'after'],
    ['/desk/rules?colour=red', 'colour'],
    ['/merchant?stat=awaiting_merchant', 'stat'],
    ['/merchant?state=closed', 'state'],
    ['/merchant?turn=xx', 'turn'],
    ['/merchant/settings?x=1', 'x'],
  ] as const

  test('that says what is not known shows no list that only looks filtered: 422, and its name', async () => {
    for (const [path, name] of WRONG) {
      const reply = await (path.startsWith('/desk') ? officer : clerk).get(path)
      expect([path, reply.status]).toEqual([path, 422])
      expect(reply.text).toContain(`这个地址里的条件看不懂：${name}。`)
    }
    const empty = '/desk?turn=&view=&kind=&category=&desk=&officer=&days=&amount='
    expect((await officer.get(empty)).status).toBe(200)
    expect((await officer.get('/desk?%3Cb%3E=1')).text).not.toContain('&lt;b&gt;')
  })

  test('is never one that a page of ours leads to', async () => {
    const names = { desk: new Set<string>(), merchant: new Set<string>() }
    for (const { draw } of SPECIMENS) {
      const drawn = draw(pages('zh-CN'), '/gallery/x')
      for (const [, console = '', query = ''] of drawn.matchAll(
        /(?:href|action)="\/(desk|merchant)(?:\/[^"?#]*)?\?([^"#]*)/g,
      ))
        for (const name of new URLSearchParams(query.replaceAll('&amp;', '&')).keys())
          if (console === 'desk' || console === 'merchant') names[console].add(name)
      for (const [, console = '', form = ''] of drawn.matchAll(
        /<form[^>]*method="get" action="\/(desk|merchant)[^>]*>(.*?)<\/form>/gs,
      ))
        for (const [, name = ''] of form.matchAll(/ name="([^"]+)"/g))
          if (console === 'desk' || console === 'merchant') names[console].add(name)
    }
    expect([...names.desk]).toEqual(expect.arrayContaining(['turn', 'merchant', 'case', 'act']))
    expect([...names.merchant]).toEqual(expect.arrayContaining(['turn', 'case']))
    for (const [console, found] of Object.entries(names)) {
      const reply = await (console === 'desk' ? officer : clerk).get(
        `/${console}/bulk?${[...found].map(name => `${name}=`).join('&')}`,
      )
      expect([...found, reply.text.includes('看不懂')]).toEqual([...found, false])
    }
  })
})
