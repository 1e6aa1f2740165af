import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Act, Actor, Bodies, Command, Context } from '../../src/complaint/command.ts'
import type { Complaint } from '../../src/complaint/complaint.ts'
import { decide } from '../../src/complaint/decide.ts'
import { evolve } from '../../src/complaint/evolve.ts'
import { fallsDue } from '../../src/complaint/falls-due.ts'
import { zhCN } from '../../src/complaint/i18n/zh-cn.ts'
import type { Policy, PolicyDocument } from '../../src/complaint/policy.ts'
import { type ComplaintView, present } from '../../src/complaint/present.ts'
import type { FieldValue, NewStep } from '../../src/complaint/step.ts'
import type { Entry } from '../../src/complaint/timeline.ts'
import type { TrackContext } from '../../src/views/context.ts'
import { zhCNPage } from '../../src/views/i18n/zh-cn.ts'
import type { Demo, Sms } from '../../src/views/pages.ts'

const document = readFileSync(new URL('../../db/policies/cn-2026-1.json', import.meta.url), 'utf8')
const policy: Policy = {
  ...(JSON.parse(document) as PolicyDocument),
  hash: 'UNTOsIJYPOHlpCsX6r3ch5zTxwsbNvB8iHMGq9ftVcQ',
}

export const HOUR = 3_600_000
/** Saturday, 21 November 2026, 18:05 in Shanghai. */
export const START = Date.parse('2026-11-21T10:05:00Z')

const BUYER: Actor = { role: 'buyer', auto: false, who: null }
const SHOP: Actor = { role: 'merchant', auto: false, who: 'shop-7', name: '客服小陈' }
const ROBOT: Actor = { role: 'merchant', auto: true, who: null }
const officer = (name: string): Actor => ({ role: 'platform', auto: false, who: `officer-${name}`, name })
const SYSTEM: Actor = { role: 'system', auto: true, who: null }
export const by = { buyer: BUYER, shop: SHOP, robot: ROBOT, officer, system: SYSTEM }

const hash = (text: string) => createHash('sha256').update(text).digest()

/** A complaint told hour by hour with the real core; what falls due in between happens by itself. */
export class Story {
  readonly id: string
  readonly entries: Entry[] = []
  complaint: Complaint | null = null
  now = START

  constructor(id = '7K3M9QXA2P', submission: Partial<Bodies['submit']> = {}) {
    this.id = id
    this.act('submit', BUYER, { ...usual(id), ...submission })
  }

  after(hours: number): this {
    const end = this.now + hours * HOUR
    for (let steps = fallsDue(this.complaint!, end); steps.length > 0; steps = fallsDue(this.complaint!, end)) {
      for (const step of steps) this.append(step)
    }
    this.now = end
    return this
  }

  act<A extends Act>(act: A, by: Actor, body: Bodies[A], context?: Context): this {
    const made = decide({ act, by, body, context } as Command, this.complaint, this.now)
    if ('refused' in made) throw new Error(`${act}: ${made.refused}`)
    for (const step of made) this.append(step)
    return this
  }

  /** Reminders on three days, as a lapse needs them. */
  reminded(...hours: number[]): this {
    for (const each of hours) {
      this.after(each).act('notice', SYSTEM, { to: 'buyer', stay: this.complaint!.stay })
    }
    return this
  }

  erase(seq: number, field: string): this {
    const entry = this.entries[seq]!
    const { [field]: _gone, ...fields } = entry.fields
    this.entries[seq] = { ...entry, fields, erased: [...entry.erased, field] }
    return this
  }

  private append({ says, ...step }: NewStep): void {
    const fields = Object.entries(says).filter((pair): pair is [string, FieldValue] => pair[1] !== undefined)
    const seq = this.entries.length
    const leaf = hash(`${this.id} ${seq}`).toString('base64url')
    // A rest of a union is no member of it any more.
    const entry = { seq, leaf, index: 40 + seq * 3, step, fields: Object.fromEntries(fields), erased: [] } as Entry
    this.entries.push(entry)
    this.complaint = evolve(this.complaint, entry.step)
  }

  view(scope: 'act' | 'view' = 'act'): ComplaintView {
    const reader = scope === 'act' ? 'buyer' : 'share'
    const role = scope === 'act' ? 'buyer' : null
    return present({ id: this.id, entries: this.entries, reader, role, now: this.now, dictionary: zhCN })
  }

  page(more: Partial<TrackContext> = {}): TrackContext {
    const base = '/t/q83vASNFZ4mrze8BI0VniavN7'
    const words = { locale: 'zh-CN' as const, words: zhCNPage, dictionary: zhCN }
    return {
      base,
      scope: 'act',
      now: this.now,
      news: '"news"',
      site: 'https://t.tousu.example',
      checked: { witnesses: 2 },
      verifyUrl: '/verify',
      ...words,
      ...more,
    }
  }
}

const usual = (id: string): Bodies['submit'] => ({
  id,
  orderId: '2026111900451187',
  item: '法式碎花连衣裙 蓝色 M 码',
  merchantId: 'm-1001',
  merchantName: '鹿角服饰旗舰店',
  buyer: { name: '王小芳', phone: '13812345678' },
  category: 'not_as_described',
  statement: '收到的裙子颜色发灰，腰线也和图片不一样。图片是收腰的，实物是直筒的。我没有穿过，吊牌还在。',
  remedySought: { kind: 'refund', amount: { value: '189.00', currency: 'CNY' } },
  locale: 'zh-CN',
  policy,
})

const SOUGHT: Context = { sought: { value: '189.00', currency: 'CNY' } }
export const photo = (name: string, size = 384_512) => ({
  sha256: hash(name).toString('hex'),
  name,
  type: 'image/jpeg',
  size,
})

const DESK = officer('赵承宇 P0217')
const RULING: Bodies['rulings'] = {
  outcome: 'partly',
  facts: '买家照片与商品详情页对比，实物为直筒版型，详情页标注“收腰”。颜色差异在正常范围内。',
  rule: '《消费者权益保护法》第二十条；平台规则 4.2“版型描述不符”',
  reasons: '版型与描述不符成立，颜色不符不成立。商品未使用，支持部分退款，商品由买家保留。',
  remedy: { kind: 'partial_refund', amount: { value: '95.00', currency: 'CNY' }, owedBy: 'merchant' },
}
const REJECTION: Bodies['responses'] = {
  answer: 'reject',
  ground: 'as_described',
  statement: '亲，显示器不同会有色差，版型与详情页一致，不支持退款。',
}

export const stories = {
  fresh: (): Story =>
    new Story().act('evidence', BUYER, { text: '实物和图片的对比', files: [photo('对比图.jpg')] }).after(0.4),

  robot: (): Story =>
    new Story()
      .after(0.1)
      .act('responses', ROBOT, { answer: 'reject', statement: '亲亲，您的反馈已收到，请耐心等待哦～' })
      .act('human-request', BUYER, {})
      .after(20.3),

  offer: (): Story =>
    new Story().after(5.5).act(
      'responses',
      SHOP,
      {
        answer: 'offer',
        statement: '版型确实有出入，给您补偿 60 元，裙子您留着。',
        offer: { kind: 'partial_refund', amount: { value: '60.00', currency: 'CNY' } },
      },
      SOUGHT,
    ),

  returnOffer: (): Story =>
    new Story().after(5.5).act(
      'responses',
      SHOP,
      {
        answer: 'offer',
        statement: '请寄回，收到后退款。',
        offer: {
          kind: 'return_refund',
          amount: { value: '189.00', currency: 'CNY' },
          returnTo: '浙江省杭州市余杭区仓前街道 8 号 3 库',
          freightPaidBy: 'merchant',
        },
      },
      SOUGHT,
    ),

  returning: (): Story => stories.returnOffer().after(2).act('offer-acceptance', BUYER, {}).after(30),

  shipped: (): Story =>
    stories
      .returning()
      .act('return-shipment', BUYER, { carrier: '中通快递', trackingNo: '78390011223344' })
      .after(70)
      .act('return-receipt', SHOP, { text: '已收到，正在验货' })
      .after(3),

  rejected: (): Story => new Story().after(30).act('responses', SHOP, REJECTION).after(2),

  ruled: (): Story =>
    stories
      .rejected()
      .act('escalation', BUYER, { reason: '不是色差，是版型不对，照片里能看出来。' })
      .after(6)
      .act('assignment', DESK, { officer: '赵承宇 P0217' })
      .after(20)
      .act('rulings', DESK, RULING)
      .after(9.2),

  proven: (): Story =>
    stories
      .ruled()
      .act('fulfilment', SHOP, {
        statement: '已原路退款 95 元',
        proof: '支付流水 4200002871202611',
        files: [photo('退款凭证.png', 88_120)],
      })
      .reminded(1, 20, 26)
      .after(3.5),

  confirmed: (): Story =>
    stories.proven().act('confirmation', BUYER, {}).act('rating', BUYER, { score: 4, text: '平台比较公道' }),

  disputed: (): Story => stories.proven().act('dispute', BUYER, { reason: '没有到账' }).after(5),

  appealed: (): Story => stories.ruled().act('appeal', BUYER, { reason: '退款太少，裙子根本不能穿。' }).after(31),

  passedAround: (): Story =>
    new Story('3WNB5TRC8D')
      .after(60)
      .act('assignment', officer('李静 P0101'), { officer: '李静 P0101', desk: '服饰组' })
      .after(5)
      .act('handoffs', officer('李静 P0101'), { toDesk: '质检组', reason: '需要质检' })
      .after(9)
      .act('handoff-acceptance', officer('周明 P0330'), { officer: '周明 P0330' })
      .after(10)
      .act('handoffs', officer('周明 P0330'), { toDesk: '品牌组', reason: '需要品牌方意见' })
      .after(4)
      .act('assignment', officer('孙悦 P0412'), { officer: '孙悦 P0412', reason: '原承办人休假' })
      .after(120),

  evidence: (): Story =>
    stories
      .rejected()
      .act('escalation', BUYER, { reason: '不同意' })
      .after(8)
      .act('assignment', DESK, { officer: '赵承宇 P0217' })
      .act('evidence-requests', DESK, { from: 'buyer', request: '请提供吊牌和平铺的照片。' })
      .after(20),

  bothAsked: (): Story =>
    stories
      .rejected()
      .act('escalation', BUYER, { reason: '不同意' })
      .act('evidence-requests', DESK, { from: 'both', request: '请双方提供聊天记录。' })
      .after(1),

  lapsed: (): Story => stories.offer().reminded(24, 72, 60).after(40),

  withdrawn: (): Story =>
    stories.fresh().act('withdrawal', BUYER, { ground: 'asked_by_merchant', reason: '客服说撤回才给退款' }).after(2),

  refused: (): Story =>
    stories
      .fresh()
      .act('refusal', DESK, { ground: 'duplicate', facts: '同一订单已有投诉。', rule: '平台规则 2.3' })
      .after(2),

  closedRuled: (): Story =>
    stories
      .rejected()
      .act('escalation', BUYER, { reason: '不同意' })
      .act('rulings', DESK, { outcome: 'for_merchant', facts: '描述一致', rule: '平台规则 4.2', reasons: '证据不足' })
      .after(2),

  extended: (): Story =>
    new Story()
      .after(40)
      .act('extensions', SHOP, { due: START + 72 * HOUR, reason: '仓库盘点，需要多一天核对' })
      .after(2),

  erased: (): Story =>
    stories
      .fresh()
      .act('redaction-request', BUYER, { seq: 1, field: 'file1', reason: '照片里有我的脸' }, target('buyer', 'file1'))
      .after(1)
      .act('redactions', DESK, { seq: 1, field: 'file1', reason: '应买家申请' }, target('buyer', 'file1'))
      .erase(1, 'file1')
      .after(1),

  shared: (): Story => stories.ruled().act('share-links', BUYER, { texts: false, files: false }),
} satisfies Record<string, () => Story>

function target(role: 'buyer' | 'merchant', field: string): Context {
  return { target: { by: role, fields: [field] } }
}

export const demo: Demo = {
  apiKeys: { platform: 'plat_9x0f0c2b1a', merchant: 'shop_3f7a9d21e8' },
  merchantId: 'm-1001',
  stories: ['dress', 'silent', 'passed-around', 'robot', 'refund', 'pressed'].map((name, i) => ({
    name,
    id: `7K3M9QXA2${i}`,
    trackingUrl: `/t/q83vASNFZ4mrze8BI0VniavN${i}`,
    shareUrl: `/t/q83vASNFZ4mrze8BI0VniavM${i}`,
  })),
  now: START,
  phoneUrl: '/demo/phone',
}

export const messages: Sms[] = [
  {
    to: '138****5678',
    text: '【透诉】商家已提出方案：部分退款。请在11月28日前决定 http://localhost:8787/t/q83vASNFZ4mrze8BI0VniavN7',
    at: START + 5 * HOUR,
    template: 'merchant_responded.offer',
    locale: 'zh-CN',
  },
  {
    to: '12000000001',
    text: '【透诉】您有3件投诉待处理，最早须在11月22日 14:00前处理 http://localhost:8787/merchant',
    at: START + 4 * HOUR,
    template: 'digest.merchant',
    locale: 'zh-CN',
  },
  { to: '138****5678', text: '【透訴】申訴已送出，取件碼7K3M9QXA', at: START, template: 'submitted', locale: 'zh-TW' },
]
