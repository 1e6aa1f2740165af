import { describe, expect, test } from 'vitest'
import { noticesFor } from '../../../src/complaint/deadlines/notices.ts'
import { type Entry, replay } from '../../../src/complaint/view/timeline.ts'
import type { Locale } from '../../../src/complaint/words.ts'
import type { Message } from '../../../src/ledger/contract/outbox.ts'
import { toBase64url } from '../../../src/log/encoding.ts'
import { type LinkMode, VARIANTS, type Vendor } from '../../../src/notify/sms/catalogue.ts'
import { compose, isTemplate, TEMPLATES } from '../../../src/notify/sms/compose.ts'
import { bindsDevice, stories } from '../../complaint/every-kind.ts'
import * as m from '../../complaint/moves.ts'
import { type DomainWorld, desk, entriesOf, given, later, officer, silence } from '../../complaint/support.ts'
import { smsLength } from './length.ts'
import { BASE_URL } from './support.ts'

const KEY = new Uint8Array(32).fill(7)
const HEAD = { links: [KEY], pickupSecret: KEY, baseUrl: BASE_URL }
const LINK = /https:\/\/t\.tousu\.cn\/t\/[A-Za-z0-9_-]{24}[0-9A-V]$/

// The forms of a message that the stories of the core don't tell.
const more: Record<string, () => DomainWorld> = {
  exactOffer: () => given(m.submitted, m.offersAll()).world,
  acceptedReturn: () => given(m.submitted, m.offersReturn, m.accepts(), m.ships, m.receives, m.fulfils()).world,
  paidByPlatform: () => given(...m.inReview, m.rules(m.owes('platform')), m.fulfils(desk)).world,
  paidAndConfirmed: () => given(...m.inReview, m.rules(m.owes('platform')), m.fulfils(desk), m.confirms).world,
  withdrawnTwice: () => given(m.submitted, m.withdraws(), m.reopens, m.withdraws()).world,
  returnAfterAppeal: () => given(...m.inReview, m.rulesRefund, m.appeals, m.rules(goesBack, officer('B2'))).world,
  evidence: () => given(...m.inReview, m.asksEvidence('both')).world,
  confirmedTwice: () => given(m.submitted, m.confirms, m.reopens, m.confirms).world,
  forged: () => given(m.submitted, bindsDevice(0), m.confirms).world,
  forgedTwice: () => given(m.submitted, bindsDevice(0), m.confirms, m.reopens, m.confirms).world,
  nobodyRules: () => given(...m.inReview, silence, silence).world,
  betterOffer: () => given(...m.inReview, later('1h'), m.offered).world,
}
const goesBack = {
  remedy: { kind: 'return_refund', owedBy: 'merchant', returnTo: '杭州', freightPaidBy: 'merchant' },
} as const

/** Every message to the buyer of every story: sent at once, and sent when the story was over. */
const told = (): { template: string; variant: string; text: string }[] =>
  [...Object.values(stories), ...Object.values(more)].flatMap(story => {
    const entries = entriesOf(story()).map((entry): Entry => ({ ...entry, leaf: toBase64url(KEY) }))
    return replay(entries).flatMap(({ entry, before, after }) => {
      const planned = noticesFor(entry.step, before, after).filter(({ party }) => party === 'buyer')
      return [...planned, { template: 'link', at: entry.step.at }].flatMap(({ template, at }) => {
        const message = { ...row, template, seq: entry.seq, stay: after.enteredSeq }
        const soon = { id: ID, entries: entries.slice(0, entry.seq + 1) }
        const letters = [
          compose(message, soon, at, HEAD, 'gateway'),
          compose(message, { id: ID, entries }, entries.at(-1)!.step.at, HEAD, 'gateway'),
        ]
        return letters.flatMap(letter =>
          letter ? [{ template, variant: letter.sms.template, text: letter.sms.text }] : [],
        )
      })
    })
  })

const ID = 2 ** 47 + 12_345
const row: Message = {
  ...{ id: 1, complaint: ID, party: 'buyer', seq: 0, stay: 0 },
  ...{ template: '', attempts: 0, createdAt: 0, nextAt: 0 },
}

const messages = told()

test('they say', () => {
  const texts = messages.map(({ template, text }) => `${template}: ${text.replace(LINK, '…')}`)
  expect([...new Set(texts)].sort().join('\n')).toMatchInlineSnapshot(`
    "appeal_ruled: 【透诉】复核已裁定，3月9日前请寄回商品 …
    appeal_ruled: 【透诉】复核维持不予受理，这是最终结果 …
    appeal_ruled: 【透诉】复核裁定已作出，这是最终结果 …
    appeal_ruled: 【透诉】复核认为应当受理，已交商家答复 …
    appealed: 【透诉】商家申请复核，请等待复核裁定 …
    confirmed: 【透诉】已确认解决，请查看进度 …
    confirmed: 【透诉】已确认解决；未解决30天内可重新打开 …
    deadline_extended: 【透诉】处理期限延长到3月9日 07:00 …
    deadline_missed: 【透诉】商家逾期未处理，已转平台审理 …
    deadline_missed: 【透诉】平台再次逾期，外部途径见链接 …
    deadline_missed: 【透诉】平台逾期未处理，由主管接着处理 …
    evidence_requested: 【透诉】平台请您在3月5日前补充证据 …
    evidence_requested: 【透诉】平台请您在3月6日前补充证据 …
    evidence_requested: 【透诉】平台请您补充证据，请查看进度 …
    follow_up: 【透诉】投诉结束一周了，真的解决了吗 …
    fulfilled: 【透诉】商家称已兑现，请在3月14日前核对 …
    fulfilled: 【透诉】商家称已兑现，请在3月9日前核对 …
    fulfilled: 【透诉】商家称已兑现，请查看进度 …
    fulfilled: 【透诉】平台称已兑现，请在3月9日前核对 …
    fulfilled: 【透诉】平台称已兑现，请查看进度 …
    interim_reported: 【透诉】总期限延长到5月2日 10:00 …
    key_bound: 【透诉】又绑定一台设备；不是您，请点链接处理 …
    key_retired: 【透诉】有设备将停用签名；不是您，请点链接取消 …
    lapsed: 【透诉】未经您确认而关闭，30天内可重新打开 …
    lapsed: 【透诉】未经您确认而关闭，请查看进度 …
    link: 【透诉】查看投诉进度，取件码C27ZA1V0 …
    link_rotated: 【透诉】进度链接已更换，旧链接不再有效 …
    merchant_responded: 【透诉】商家同意您的要求，请查看办理时限 …
    merchant_responded: 【透诉】商家提出方案，请在3月10日前决定 …
    merchant_responded: 【透诉】商家提出方案，请在3月9日前决定 …
    merchant_responded: 【透诉】商家提出方案，请查看进度 …
    merchant_responded: 【透诉】商家没有同意，请在3月10日前决定 …
    merchant_responded: 【透诉】商家没有同意，请在3月9日前决定 …
    merchant_responded: 【透诉】商家没有同意，请查看进度 …
    offer_accepted: 【透诉】已接受方案；非本人操作，请点链接留言 …
    rating: 【透诉】投诉已结束，请给处理打分 …
    redaction_refused: 【透诉】没有同意删除内容，请查看理由 …
    refused: 【透诉】平台不予受理，7天内可申请复核 …
    refused: 【透诉】平台不予受理，请查看理由 …
    reminder: 【透诉】请在3月10日 06:00前答复商家 …
    reminder: 【透诉】请在3月14日 10:00前核对兑现 …
    reminder: 【透诉】请在3月5日 10:00前补充证据 …
    reminder: 【透诉】请在3月6日 06:00前补充证据 …
    reminder: 【透诉】请在3月9日 10:00前寄回商品 …
    reminder: 【透诉】请在3月9日 10:00前核对兑现 …
    reminder: 【透诉】请在3月9日 10:00前答复商家 …
    return_disputed: 【透诉】商家对退货有异议，已转平台审理 …
    return_received: 【透诉】商家已收到退货，请查看办理时限 …
    ruled: 【透诉】平台已裁定，3月9日前请寄回商品 …
    ruled: 【透诉】平台已裁定，7天内可申请复核 …
    ruled: 【透诉】平台已裁定，请查看理由 …
    ruled: 【透诉】平台给裁定定了新的期限，请查看 …
    statement_absent: 【透诉】第三方的说明有进展，请查看进度 …
    statement_given: 【透诉】第三方的说明有进展，请查看进度 …
    submitted: 【透诉】投诉已提交，商家须在3月4日 10:00前答复。取件码C27ZA1V0，存证指纹0W3GE1R70W3GE1R70W3GE1R70W，请保留本短信 …
    total_missed: 【透诉】处理时间超过总期限，请查看进度 …
    unsigned: 【透诉】以您名义的操作没有签名，不是您请留言 …
    unsigned: 【透诉】已关闭但无您设备签名，不是您可重新打开 …
    withdrawn: 【透诉】已撤回投诉，30天内可重新打开 …
    withdrawn: 【透诉】已撤回投诉，请查看进度 …"
  `)
})

test('the link stands last, so that a phone finds its end', () => {
  for (const { text } of messages) expect(text).toMatch(/^【透诉】[^【】]+ https:/)
  for (const { text } of messages) expect(text).toMatch(LINK)
})

test('a locked phone shows no name, order, amount or word of anybody; no vendor stops a word of them', () => {
  for (const { text } of messages) {
    expect(text).not.toMatch(/王|云裳|2026|138|元|杭州|裙/)
    expect(text).not.toMatch(/法律|律师|维权|起诉|诉讼|法院|举报|曝光|12315|赔|退款/)
  }
})

test('a step that a buyer is told of has a text', () => {
  expect(new Set(messages.map(({ template }) => template))).toEqual(new Set(TEMPLATES))
  const untold = VARIANTS.filter(variant => !messages.some(each => each.variant === variant))
  expect(untold.filter(variant => !variant.startsWith('digest.'))).toEqual(['contact_code'])
  expect(isTemplate('toString')).toBe(false)
})

test.each([
  [70, 1],
  [71, 2],
  [134, 2],
  [135, 3],
])('%i characters are %i SMS', (units, segments) => {
  expect(smsLength('诉'.repeat(units))).toEqual({ units, segments })
})

describe('the buyer’s language', () => {
  const filedIn = (locale: Locale) => {
    const [entry] = entriesOf(given(m.submitted).world)
    if (entry?.step.kind !== 'submitted') throw new Error('no story begins otherwise')
    const step = { ...entry.step, p: { ...entry.step.p, locale } }
    return { id: ID, entries: [{ ...entry, leaf: toBase64url(KEY), step }] }
  }
  const written = (locale: Locale, vendor: Vendor, mode: LinkMode = 'link') => {
    const timeline = filedIn(locale)
    const message = { ...row, template: 'submitted' }
    return compose(message, timeline, timeline.entries[0]!.step.at, { ...HEAD, mode }, vendor)?.sms
  }

  test('is that of the message', () => {
    expect(written('zh-TW', 'tencent')).toMatchObject({
      locale: 'zh-TW',
      text: expect.stringMatching(/^【透訴】投訴已送出/),
    })
    expect(written('en', 'aliyun')).toMatchObject({
      locale: 'en',
      text: expect.stringMatching(/Filed\. Reply due Mar 4 10:00/),
    })
  })

  test('gives way where the vendor does not take it', () => {
    expect(written('zh-TW', 'aliyun')).toMatchObject({
      locale: 'zh-CN',
      text: expect.stringMatching(/^【透诉】投诉已提交/),
    })
  })

  test('brings the house’s address and the code where links may not vary', () => {
    const sms = written('zh-CN', 'aliyun', 'code')
    expect(sms?.text).toMatch(/取件码C27ZA1V0，.* https:\/\/t\.tousu\.cn$/)
    expect(sms).toMatchObject({ template: 'submitted', mode: 'code' })
    expect(Object.keys(sms?.params ?? {})).toEqual(['by', 'code', 'fingerprint'])
    expect(Object.keys(written('zh-CN', 'aliyun')?.params ?? {})).toEqual(['by', 'code', 'fingerprint', 'token'])
  })
})
