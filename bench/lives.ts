import type { Act } from '../src/complaint/command.ts'
import type { BodyOf, Caller, Done, Intake, Ledger, Order, OrderOf } from '../src/ledger/contract/ledger.ts'

const shop: Caller = { role: 'platform', automated: true }
const buyer: Caller = { role: 'buyer', automated: false }
const officer: Caller = { role: 'platform', automated: false, person: 'A17' }
const yuan = (value: string) => ({ value, currency: 'CNY' })

/** As forms and programs send it: each command has an idempotency key, and a record under it. */
export const onceOnly = () => ({ key: crypto.randomUUID(), body: 'cNnkGmTQZ2OTkJbkhOX5vZlJ1Yx7pIH6oTJ5Rv0eYbg' })

/** Some of what happens to complaints, in the proportions of an ordinary week: 7.7 commands a life, on average. */
type Move = (ledger: Ledger, id: number, merchant: Caller) => Promise<unknown>
const does =
  <A extends Act>(by: Caller | 'merchant', act: A, body: BodyOf<A>): Move =>
  async (ledger, complaint, merchant) => {
    const order: OrderOf<A> = { act, complaint, by: by === 'merchant' ? merchant : by, body, idempotency: onceOnly() }
    // The parts belong to one act; TypeScript cannot follow that into the union.
    expectDone(await ledger.execute(order as Order))
  }

const says = (by: Caller | 'merchant', text: string) => does(by, 'messages', { text })
const rejects = does('merchant', 'responses', {
  answer: 'reject',
  ground: 'as_described',
  statement: '商品与页面描述一致，色差属于正常范围，不支持退款。',
})
const offers = (kind: 'refund' | 'partial_refund', value: string) =>
  does('merchant', 'responses', {
    answer: 'offer',
    statement: '可以处理，请看方案。',
    offer: { kind, amount: yuan(value) },
  })
const pays = does('merchant', 'fulfilment', { statement: '已原路退回。', proof: '支付宝流水 2026030299887766' })
const confirms = does(buyer, 'confirmation', {})
const escalates = does(buyer, 'escalation', { reason: '照片里明明是红色，收到的是粉色。' })
const assigns = does(officer, 'assignment', { officer: 'A17', desk: '服饰' })
const asks = does(officer, 'evidence-requests', { from: 'buyer', request: '请在自然光下拍一张照片。' })
const shows = does(buyer, 'evidence', {
  text: '已按要求拍照。',
  files: [{ sha256: 'ab'.repeat(32), name: 'IMG_0231.jpg', type: 'image/jpeg', size: 345_678 }],
})
const rules = (outcome: 'for_buyer' | 'for_merchant') =>
  does(officer, 'rulings', {
    outcome,
    facts: '买家照片显示颜色与商品页面图片明显不同。',
    rule: '平台争议处理规则 第 5.2 条',
    reasons: '商品与描述不符，商家未能举证色差在合理范围内。',
    ...(outcome === 'for_buyer' && { remedy: { kind: 'refund' as const, amount: yuan('89.00') } }),
  })

const LIVES: readonly (readonly Move[])[] = [
  [offers('refund', '89.00'), pays, confirms, does(buyer, 'rating', { score: 5 })],
  [
    says(buyer, '请尽快处理，谢谢。'),
    rejects,
    escalates,
    assigns,
    asks,
    shows,
    says('merchant', '我们的图片是实拍。'),
    rules('for_buyer'),
    pays,
    confirms,
  ],
  [
    does('merchant', 'responses', {
      answer: 'offer',
      statement: '请寄回，收到后退款。',
      offer: {
        kind: 'return_refund',
        amount: yuan('89.00'),
        returnTo: '杭州市余杭区文一西路 969 号',
        freightPaidBy: 'merchant',
      },
    }),
    does(buyer, 'offer-acceptance', {}),
    does(buyer, 'return-shipment', { carrier: '顺丰', trackingNo: 'SF1234567890123' }),
    does('merchant', 'return-receipt', {}),
    pays,
    confirms,
  ],
  [
    says(buyer, '有人在吗？'),
    offers('partial_refund', '20.00'),
    does(buyer, 'offer-refusal', { reason: '太少了。' }),
    assigns,
    does(officer, 'handoffs', { toDesk: '质检', reason: '需要质检意见。' }),
    does(officer, 'handoff-acceptance', { officer: 'A17' }),
    says('merchant', '最多二十。'),
    says(officer, '正在核实。'),
    rules('for_merchant'),
    does(buyer, 'rating', { score: 2, text: '不满意。' }),
  ],
  [
    rejects,
    escalates,
    assigns,
    rules('for_buyer'),
    pays,
    does(buyer, 'dispute', { reason: '没有收到。' }),
    says('merchant', '已重新退款。'),
    confirms,
  ],
  [says(buyer, '已经和店家说好了。'), does(buyer, 'withdrawal', { ground: 'solved_elsewhere', reason: '换货了。' })],
]

const MERCHANTS = 2000

const intake = (i: number, merchantId = `m${i % MERCHANTS}`): Intake => ({
  orderId: `260302-${i}`,
  item: '连衣裙 红色 M',
  merchantId,
  merchantName: '云上衣橱旗舰店',
  buyer: { name: '王小明', phone: `138${String(i % 1e8).padStart(8, '0')}` },
  category: 'quality',
  statement: '裙子和图片不一样，颜色差很多，面料也很薄，要求全额退款。',
  remedySought: { kind: 'refund', amount: yuan('89.00') },
  locale: 'zh-CN',
})

export const submits = async (
  ledger: Ledger,
  i: number,
  { merchantId, idempotency }: { merchantId?: string | undefined; idempotency?: Order['idempotency'] } = {},
): Promise<number> => {
  const body = intake(i, merchantId)
  return expectDone(await ledger.execute({ act: 'submit', complaint: null, by: shop, body, idempotency })).id
}

/** One complaint from its submission to its end. Answers how many commands that were. */
const lives = async (ledger: Ledger, i: number): Promise<number> => {
  const id = await submits(ledger, i, { idempotency: onceOnly() })
  const merchant: Caller = { role: 'merchant', automated: false, person: '客服01', merchant: `m${i % MERCHANTS}` }
  const moves = LIVES[i % LIVES.length]!
  for (const move of moves) await move(ledger, id, merchant)
  return 1 + moves.length
}

/** `count` complaints, `callers` of them at a time. Answers how many commands they were. */
export const liveAll = async (ledger: Ledger, from: number, count: number, callers: number): Promise<number> => {
  const numbers = Array.from({ length: count }, (_, i) => from + i).values()
  let commands = 0
  const caller = async () => {
    for (const i of numbers) {
      const own = await lives(ledger, i)
      commands += own
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return commands
}

const expectDone = (answer: Awaited<ReturnType<Ledger['execute']>>): Done => {
  if ('refused' in answer) throw new Error(`a life took a wrong turn: ${answer.refused}`)
  return answer
}
