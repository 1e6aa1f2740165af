import type { Actor, Bodies, Context } from '../../src/complaint/command.ts'
import { merchantTag } from '../../src/log/leaf.ts'
import { boss, buyer, DAY, desk, type Move, merchant, policy, robot, third } from './support.ts'

// Acts of the stories, with everyday words for bodies; each takes as parameters what its story changes.

type Some<T> = Partial<T>

export const submits =
  (body: Some<Bodies['submit']> = {}): Move =>
  w =>
    w.act('submit', buyer, {
      id: '0K3F8Q2M7Z',
      orderId: '2026030200017',
      merchantId: 'm-88',
      merchantTag: merchantTag('m-88'),
      merchantName: '云裳旗舰店',
      buyer: { name: '王小梅', phone: '13800138000' },
      category: 'not_as_described',
      statement: '裙子的颜色和图片不一样',
      remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
      locale: 'zh-CN',
      policy,
      ...body,
    })
export const submitted = submits()

const yuan = (value: string) => ({ value, currency: 'CNY' })
export const offers =
  (offer: Some<Bodies['responses']['offer']> = {}, by: Actor = merchant): Move =>
  w =>
    w.act('responses', by, {
      answer: 'offer',
      statement: '可以补偿您一部分',
      offer: { kind: 'partial_refund', amount: yuan('20.00'), ...offer },
    })
export const offered = offers()
export const offersAll = (by: Actor = merchant) => offers({ kind: 'refund', amount: yuan('89.00') }, by)
export const offersReturn = offers({
  kind: 'return_refund',
  amount: yuan('89.00'),
  returnTo: '杭州市西湖区 1 号',
  freightPaidBy: 'merchant',
})
export const rejects =
  (by: Actor = merchant, body: Some<Bodies['responses']> = {}): Move =>
  w =>
    w.act('responses', by, { answer: 'reject', statement: '图片仅供参考', ground: 'as_described', ...body })
export const rejected = rejects()

export const accepts =
  (offer?: number): Move =>
  w =>
    w.act('offer-acceptance', buyer, { offer })
export const refusesOffer =
  (counter?: Bodies['offer-refusal']['counter']): Move =>
  w =>
    w.act('offer-refusal', buyer, { reason: '太少', counter })
export const escalates: Move = w => w.act('escalation', buyer, { reason: '图片完全不同' })
export const disputes: Move = w => w.act('dispute', buyer, { reason: '没有收到退款' })
export const confirms: Move = w => w.act('confirmation', buyer, {})
export const withdraws =
  (ground: Bodies['withdrawal']['ground'] = 'changed_mind'): Move =>
  w =>
    w.act('withdrawal', buyer, { ground, reason: '不想继续了' })
export const reopens: Move = w => w.act('reopening', buyer, { reason: '又坏了' })
export const appeals: Move = w => w.act('appeal', buyer, { reason: '没有看我的照片' })
export const merchantAppeals: Move = w => w.act('appeals', merchant, { reason: '图片是实拍' })
export const asksForHuman: Move = w => w.act('human-request', buyer, {})
export const ships: Move = w => w.act('return-shipment', buyer, { carrier: '顺丰', trackingNo: 'SF1234567890' })

export const receives: Move = w => w.act('return-receipt', merchant, { text: '已签收' })
export const disputesReturn: Move = w => w.act('return-disputes', merchant, { reason: '裙子有污渍' })
export const fulfils =
  (by: Actor = merchant): Move =>
  w =>
    w.act('fulfilment', by, { statement: '已退款', proof: '退款单 7781' })
export const extends_ =
  (length: number, by: Actor = merchant): Move =>
  w =>
    w.act('extensions', by, { due: w.c.due! + length, reason: '仓库盘点' })
export const supplies =
  (by: Actor = buyer): Move =>
  w =>
    w.act('evidence', by, { text: '见照片' })
export const writes =
  (by: Actor = buyer): Move =>
  w =>
    w.act('messages', by, { text: '请看一下' })

export const assigns =
  (by: Actor = desk, body: Some<Bodies['assignment']> = {}): Move =>
  w =>
    w.act('assignment', by, { officer: by.name ?? 'A17', ...body })
export const hands =
  (toDesk: string, by: Actor = desk): Move =>
  w =>
    w.act('handoffs', by, { toDesk, reason: '属于服饰组' })
export const takes =
  (by: Actor): Move =>
  w =>
    w.act('handoff-acceptance', by, { officer: by.name ?? '' })
export const asksEvidence =
  (from: 'buyer' | 'merchant' | 'both' = 'buyer'): Move =>
  w =>
    w.act('evidence-requests', desk, { from, request: '请提供照片' })

type Ruling = Some<Bodies['rulings']>
export const rules =
  (body: Ruling = {}, by: Actor = desk, context?: Context): Move =>
  w =>
    w.act(
      'rulings',
      by,
      {
        outcome: 'for_buyer',
        facts: '图片与实物颜色不同',
        rule: '消费者权益保护法 第二十条',
        reasons: '描述不符',
        ...body,
      },
      context,
    )
export const owes = (owedBy: 'merchant' | 'platform' = 'merchant'): Ruling => ({
  remedy: { kind: 'refund', amount: yuan('89.00'), owedBy },
})
export const rulesRefund = rules(owes())
export const rulesForMerchant = rules({ outcome: 'for_merchant' })
export const turnsAway =
  (by: Actor = desk, context?: Context): Move =>
  w =>
    w.act('refusal', by, { ground: 'not_consumer', facts: '用于转售', rule: '第二条' }, context)
export const rotates =
  (reason = 'lost'): Move =>
  w =>
    w.act('link-rotation', desk, { reason })

export const asksErasure =
  (seq: number, field: string): Move =>
  w =>
    w.act('redaction-request', buyer, { seq, field, reason: '有我的地址' })
export const refusesErasure =
  (seq: number, field: string, by: Actor = desk): Move =>
  w =>
    w.act('redaction-refusals', by, { seq, field, reason: '作为证据须保存三年' })
export const nudges: Move = w => w.act('nudges', buyer, {})
export const asksOutside =
  (party: Bodies['statements-requests']['party'] = 'courier', by: Actor = merchant): Move =>
  w =>
    w.act('statements-requests', by, { party, request: '包裹是何时、由谁签收的？' })
export const states =
  (of?: number): Move =>
  w =>
    w.act('statements', third, { of: of ?? w.c.statements[0]?.of ?? 0, text: '放在门口，没有签收' })
export const reports =
  (due: number, by: Actor = desk): Move =>
  w =>
    w.act('interim-reports', by, { due, reason: '还在等检测报告' })
export const erases =
  (seq: number, field: string, by: Actor = boss): Move =>
  w =>
    w.act('redactions', by, { seq, field, reason: '含个人信息' })

export const holds =
  (until?: number, by: Actor = boss): Move =>
  w =>
    w.act('legal-holds', by, { reason: '（2026）浙0106民初1号', until })
export const releases =
  (by: Actor = boss): Move =>
  w =>
    w.act('legal-hold-releases', by, { reason: '判决已生效' })
/** The scheduler's sweep, at this complaint. */
export const expires: Move = w => w.act('retention', { role: 'system', auto: true, who: null }, {})

/** What the vendor proves. */
export const PROOF = { vendor: 'gateway', id: 'G-7', digest: 'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0' }
/** The outbox: a message that the provider accepted. */
export const notified: Move = w =>
  w.act('notice', { role: 'system', auto: true, who: null }, { to: 'buyer', stay: w.c.enteredSeq, proof: PROOF })
/** The same, of which nothing proves that it was sent. */
export const unproved: Move = w =>
  w.act('notice', { role: 'system', auto: true, who: null }, { to: 'buyer', stay: w.c.enteredSeq })
/** Three accepted notices, a day between each. */
export const notifiedThrice: Move = w => {
  for (let i = 0; i < 3; i++) {
    notified(w)
    w.now += DAY
  }
}

/** Common beginnings of stories. */
export const inReview = [submitted, rejected, escalates]
export const returnRuled = [
  ...inReview,
  rules({ remedy: { kind: 'return_refund', owedBy: 'merchant', returnTo: '杭州', freightPaidBy: 'merchant' } }),
]
export const robotAnswers = rejects(robot)
