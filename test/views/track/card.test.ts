import { describe, expect, test } from 'vitest'
import { LOCALES } from '../../../src/complaint/words.ts'
import { MESSAGES } from '../../../src/i18n/languages.ts'
import { addressed, languages } from '../../../src/views/context.ts'
import { headline, milestones, subject } from '../../../src/views/track/headline.ts'
import { outsideRemedies, trackingPage } from '../../../src/views/track/page.ts'
import { by, type Story, stories } from '../fixtures.ts'

const h1 = (story: Story, scope: 'act' | 'view' = 'act'): string => headline(story.view(scope), story.page({ scope }))

test.each([
  ['fresh', '等商家答复，您要求退款 189.00 元'],
  ['offer', '商家提出退款 60.00 元，您接受吗？'],
  ['returning', '请寄回商品，好退款 189.00 元'],
  ['onItsWay', '等商家退款 189.00 元'],
  ['review', '等平台裁定，您要求退款 189.00 元'],
  ['disputed', '等平台核实，商家应退款 95.00 元'],
  ['appealed', '等平台复核，您要求退款 189.00 元'],
  ['ruled', '等商家退款 95.00 元'],
  ['proven', '商家说已经退款 95.00 元，钱到账了吗？'],
  ['confirmed', '已解决'],
  ['closedRuled', '平台裁定：支持商家'],
  ['refused', '平台不予受理：重复投诉'],
] as const)('%s: the headline says what is awaited, in words of the thing', (name, text) => {
  expect(h1(stories[name]())).toBe(text)
})

test('a share link says the state and the category, and neither item nor shop', () => {
  const story = stories.ruled()
  expect(h1(story, 'view')).toBe('等兑现处理方案')
  const line = String(subject(story.view('view'), story.page({ scope: 'view' })))
  expect(line).toContain('与描述不符')
  expect(line).not.toMatch(/连衣裙|旗舰店/)
  expect(String(subject(story.view(), story.page()))).toContain('法式碎花连衣裙 蓝色 M 码 · 鹿角服饰旗舰店')
})

test('milestones: one is now, and the way through the platform is named as such', () => {
  const way = (story: Story) => String(milestones(story.view(), story.page()) ?? '')
  expect(way(stories.fresh())).toContain('aria-current="step">商家答复')
  expect(way(stories.fresh())).toContain('您决定')
  expect(way(stories.review())).toContain('aria-current="step">平台裁定')
  expect(way(stories.proven())).toContain('aria-current="step">确认')
  expect(way(stories.confirmed())).not.toContain('aria-current')
  for (const name of ['withdrawn', 'lapsed'] as const) expect(way(stories[name]())).toBe('')
})

test('a card says where goods go back to, who pays for the way, and what was asked beside what is offered', () => {
  const [returning, offer] = [stories.returning(), stories.offer()]
  const page = String(trackingPage(returning.view(), returning.page()))
  const [card] = page.split('id="story"')
  expect(card).toContain('浙江省杭州市余杭区仓前街道 8 号 3 库')
  expect(card).toContain('退货运费：由商家承担')
  expect(String(trackingPage(offer.view(), offer.page()))).toContain('您要求 仅退款 189.00 元')
})

test('a card says what evidence the platform wants, cut where it is long, and that the buyer is one of both', () => {
  const [asked, both] = [stories.evidence(), stories.bothAsked()]
  const cardOf = (story: Story) => String(trackingPage(story.view(), story.page())).split('id="acts"')[0]
  expect(cardOf(asked)).toContain('<dt>需要补充</dt><dd><bdi>请提供吊牌和平铺的照片。</bdi>')
  expect(cardOf(both)).toContain('您和商家还有')
  expect(cardOf(both)).not.toContain('买家和商家')
  const long = stories.review().act('evidence-requests', by.officer('X'), { from: 'buyer', request: '请'.repeat(200) })
  expect(cardOf(long)).toContain(`${'请'.repeat(120)}…`)
})

describe.each(LOCALES)('%s', locale => {
  const page = addressed(languages(MESSAGES, { verifyUrl: '/verify' })(locale))
  const third = /买家|買家|\bthe buyer\b/i
  /** A verb that did not follow its subject. */
  const disagreeing = /\byou (has|says|checks|gets|decides|disagrees|accepts|confirms|is|was)\b/i

  test('speaks to the buyer, not about them, and leaves what others wrote as it is', () => {
    for (const make of Object.values(stories)) {
      const story = make()
      const view = story.view('act', page.dictionary)
      const said = [
        ...view.steps.map(step => page.dictionary.describe(step)),
        view.next?.ifActs ?? '',
        view.next?.ifSilent ?? '',
        headline(view, story.page(page)),
      ]
      for (const text of said) expect(text).not.toMatch(third)
      for (const text of said) expect(text).not.toMatch(disagreeing)
    }
    const [step] = stories.fresh().view().steps
    const fields = { desk: '买家服务組 the buyer', handoff: false }
    const handoff = page.dictionary.describe({ ...step!, kind: 'handoff_offered', fields })
    expect(handoff).toContain('买家服务組 the buyer')
    expect(MESSAGES[locale].complaint.describe(step!)).toMatch(third)
  })
})

describe('remedies outside', () => {
  const block = (story: Story, scope: 'act' | 'view' = 'act') =>
    String(outsideRemedies(story.view(scope), story.page({ scope })) ?? '')

  test('stand with a decision that is final, each with its way and its last day', () => {
    const story = stories.closedRuled()
    const open = String(trackingPage(story.view(), story.page()))
    expect(open).toMatch(/不服可以在 \d+月\d+日 \d\d:\d\d 前申请复核/)
    expect(block(story)).toBe('')
    story.after(8 * 24)
    expect(String(trackingPage(story.view(), story.page()))).toContain('这是最终结果')
    expect(block(story)).toMatch(/href="tel:12315".*href="https:\/\/www\.12315\.cn\/"/s)
    // Years ahead, so with its year.
    expect(block(story)).toContain('一般在 2029-11-20 之前')
  })

  test('are folded after a missed deadline, plain once the supervisor is late, and absent before', () => {
    expect(block(stories.fresh())).toBe('')
    expect(block(stories.fresh().after(50))).toMatch(/^<details/)
    expect(block(stories.stuck())).toMatch(/^<section/)
  })
})
