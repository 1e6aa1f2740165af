import type { Bodies, Context } from '../../complaint/command.ts'
import { HOUR } from '../../complaint/time.ts'
import { by, photo, policyWith, RULES, START, Story } from './story.ts'

const { buyer, shop, robot, officer, boss } = by
const yuan = (value: string) => ({ value, currency: 'CNY' })
const SOUGHT: Context = { sought: yuan('189.00') }

/** The officer of the complaint, and another one for the appeal. */
export const OFFICER = '赵承宇 P0217'
const DESK = officer(OFFICER)
const OTHER = officer('钱立 P0344')

export const RULING = {
  outcome: 'partly',
  facts: '买家照片与商品详情页对比，实物为直筒版型，详情页标注“收腰”。颜色差异在正常范围内。',
  rule: '《消费者权益保护法》第二十条；平台规则 4.2“版型描述不符”',
  reasons: '版型与描述不符成立，颜色不符不成立。商品未使用，支持部分退款，商品由买家保留。',
  remedy: { kind: 'partial_refund', amount: yuan('95.00'), owedBy: 'merchant' },
} satisfies Bodies['rulings']
const REJECTION: Bodies['responses'] = {
  answer: 'reject',
  ground: 'as_described',
  statement: '亲，显示器不同会有色差，版型与详情页一致，不支持退款。',
}
const OFFER: Bodies['responses'] = {
  answer: 'offer',
  statement: '版型确实有出入，给您补偿 60 元，裙子您留着。',
  offer: { kind: 'partial_refund', amount: yuan('60.00') },
}
const RETURN: Bodies['responses'] = {
  answer: 'offer',
  statement: '请寄回，收到后退款。',
  offer: {
    kind: 'return_refund',
    amount: yuan('189.00'),
    returnTo: '浙江省杭州市余杭区仓前街道 8 号 3 库',
    freightPaidBy: 'merchant',
  },
}
/** Declared as the stories begin. */
export const SURGE = {
  name: '双十一返场',
  announced: '2026-11-01',
  from: '2026-11-20',
  until: '2026-11-24',
  hours: 24,
  basis: 'platform_rule' as const,
  source: '平台公告 2026-11',
}

/** Hostile input: text without a line break, right-to-left words, bidi control characters, and markup. */
const UNBROKEN = 'A1'.repeat(90)
const HOSTILE = {
  item: `\u202e蓝色 M 码 <b>&amp; "裙子" ${UNBROKEN}`,
  merchantName: `متجر الملابس \u202eحذاء\u2066 & Söhne <GmbH>`,
  statement: `${UNBROKEN}\n\nاللون مختلف تماما عن الصورة. לא כמו בתמונה.\n\u202e这一行想把后面的字都倒过来\n<script>alert(1)</script> 👗👗👗\nhttps://example.com/${UNBROKEN}`,
  buyer: { name: '阿卜杜热合曼·买买提明·艾力江古丽', phone: '13812345678' },
}

const citing: Context = {
  cited: RULES.slice(1)
    .map(({ digest }) => digest)
    .join(' '),
}
const target = (role: 'buyer' | 'merchant', field: string): Context => ({ target: { by: role, fields: [field] } })
const rejected = () => new Story().after(30).act('responses', shop, REJECTION).after(2)
const inReview = (reason = '不同意') => rejected().act('escalation', buyer, { reason })
const taken = () => inReview().after(8).act('assignment', DESK, { officer: OFFICER })

/** Complaints at every point of their lives; between them every state and every kind of step. */
/** What the ledger knows of the phone. */
const byDigits = { tail: '5678' }

export const stories = {
  fresh: (): Story =>
    new Story().act('evidence', buyer, { text: '实物和图片的对比', files: [photo('对比图.jpg')] }).after(0.4),

  robot: (): Story =>
    new Story()
      .after(0.1)
      .act('responses', robot, { answer: 'reject', statement: '亲亲，您的反馈已收到，请耐心等待哦～' })
      .act('human-request', buyer, {})
      .after(20.3),

  offer: (): Story => new Story().after(5.5).act('responses', shop, OFFER, SOUGHT),

  returnOffer: (): Story => new Story().after(5.5).act('responses', shop, RETURN, SOUGHT),

  returning: (): Story => stories.returnOffer().after(2).act('offer-acceptance', buyer, {}).after(30),

  onItsWay: (): Story =>
    stories.returning().act('return-shipment', buyer, { carrier: '中通快递', trackingNo: '78390011223344' }).after(70),

  shipped: (): Story => stories.onItsWay().act('return-receipt', shop, { text: '已收到，正在验货' }).after(3),

  returnDisputed: (): Story =>
    stories.shipped().act('return-disputes', shop, { reason: '吊牌已经剪掉，领口有粉底印。' }).after(4),

  rejected,

  review: inReview,

  ruled: (): Story =>
    inReview('不是色差，是版型不对，照片里能看出来。')
      .after(6)
      .act('assignment', DESK, { officer: OFFICER })
      .after(20)
      .act('rulings', DESK, { ...RULING, cites: ['misdescribed@2', 'colour@1'] }, citing)
      .after(9.2),

  proven: (): Story =>
    stories
      .ruled()
      .act('fulfilment', shop, {
        statement: '已原路退款 95 元',
        proof: '支付流水 4200002871202611',
        files: [photo('退款凭证.png', 88_120)],
      })
      .reminded(1, 20, 26)
      .after(3.5),

  confirmed: (): Story =>
    stories.proven().act('confirmation', buyer, {}).act('rating', buyer, { score: 4, text: '平台比较公道' }),

  solved: (): Story => stories.proven().act('confirmation', buyer, {}).after(1),

  askedAgain: (): Story => stories.confirmed().after(8 * 24),

  notSolved: (): Story => stories.askedAgain().act('follow-up', buyer, { solved: false }).after(1),

  disputed: (): Story => stories.proven().act('dispute', buyer, { reason: '没有到账' }).after(5),

  appealed: (): Story => stories.ruled().act('appeal', buyer, { reason: '退款太少，裙子根本不能穿。' }).after(31),

  appealRuled: (): Story =>
    stories
      .appealed()
      .act('assignment', OTHER, { officer: '钱立 P0344', reason: '复核' })
      .after(12)
      .act('rulings', OTHER, {
        ...RULING,
        outcome: 'for_buyer',
        reasons: '版型差异影响穿着，原裁定的金额过低，改为全额退款。',
        remedy: { kind: 'refund', amount: yuan('189.00'), owedBy: 'merchant' },
      })
      .after(2),

  counter: (): Story =>
    stories
      .offer()
      .after(3)
      .act('offer-refusal', buyer, { reason: '差得太多', counter: { kind: 'partial_refund', amount: yuan('120.00') } })
      .after(1),

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

  offered: (): Story => taken().act('handoffs', DESK, { toDesk: '质检组', reason: '需要质检' }).after(3),

  /** Merchant, platform and supervisor silent: only bodies outside the platform are left. */
  stuck: (): Story => new Story('5Q2H8FZK1T').after(48 + 72 + 24 + 9),

  evidence: (): Story =>
    taken().act('evidence-requests', DESK, { from: 'buyer', request: '请提供吊牌和平铺的照片。' }).after(20),

  merchantAsked: (): Story =>
    taken().act('evidence-requests', DESK, { from: 'merchant', request: '请提供发货前的验货记录。' }).after(20),

  bothAsked: (): Story =>
    inReview().act('evidence-requests', DESK, { from: 'both', request: '请双方提供聊天记录。' }).after(1),

  absent: (): Story => stories.evidence().after(60),

  lapsed: (): Story => stories.offer().reminded(24, 72, 60).after(40),

  reopened: (): Story => stories.lapsed().act('reopening', buyer, { reason: '那几天住院，没有看到短信。' }).after(4),

  withdrawn: (): Story =>
    stories.fresh().act('withdrawal', buyer, { ground: 'asked_by_merchant', reason: '客服说撤回才给退款' }).after(2),

  refused: (): Story =>
    stories
      .fresh()
      .act('refusal', DESK, { ground: 'duplicate', facts: '同一订单已有投诉。', rule: '平台规则 2.3' })
      .after(2),

  closedRuled: (): Story =>
    inReview()
      .act('rulings', DESK, { outcome: 'for_merchant', facts: '描述一致', rule: '平台规则 4.2', reasons: '证据不足' })
      .after(2),

  extended: (): Story =>
    new Story()
      .after(40)
      .act('extensions', shop, { due: START + 72 * HOUR, reason: '仓库盘点，需要多一天核对' })
      .after(2),

  surging: (): Story => new Story('8D4N6PXE3R', { policy: policyWith([SURGE]) }).after(6),

  talking: (): Story =>
    stories
      .offer()
      .act('messages', buyer, { text: '补偿 60 元太少了，能再商量吗？', files: [photo('聊天截图.png', 51_200)] })
      .after(2)
      .act('messages', robot, { text: '亲，已为您记录～' })
      .after(1)
      .act('conduct-report', buyer, { seq: 1, text: '客服打电话来，说不撤诉就曝光我的地址。' })
      .act('messages', DESK, { text: '我们已经联系商家，请不要理会此类电话。' })
      .act('link-rotation', DESK, { reason: 'theft' })
      .after(1),

  files: (): Story =>
    stories.fresh().act('evidence', buyer, {
      text: '全部照片',
      files: Array.from({ length: 10 }, (_, i) =>
        photo(`细节 ${i + 1}（吊牌、领口、腰线、下摆）.jpg`, 90_000 * (i + 1)),
      ),
    }),

  hostile: (): Story =>
    new Story('1ZR7C0VMJ9', HOSTILE)
      .act('evidence', buyer, { text: UNBROKEN, files: [photo(`${UNBROKEN}\u202egpj.exe`)] })
      .after(3)
      .act('messages', { ...shop, name: `\u202e客服 ${UNBROKEN}` }, { text: 'لا نقبل الإرجاع' }),

  erased: (): Story => stories.fresh().erased(1, 'file1', DESK).after(1),

  asksErasure: (): Story =>
    stories
      .fresh()
      .act('redaction-request', buyer, { seq: 1, field: 'file1', reason: '照片里有我的脸' }, target('buyer', 'file1')),

  asksHuman: (): Story => new Story('4B9S2WGY7K').after(1).act('human-request', buyer, {}).after(2),

  /** Sixty days passed, the buyer nudged, and an erasure was refused. */
  overlong: (): Story =>
    inReview()
      .act('nudges', buyer, {})
      .after(200)
      .act('redaction-request', buyer, { seq: 0, field: 'statement', reason: '写错了' }, target('buyer', 'statement'))
      .act('redaction-refusals', boss('吴敏 S0008'), {
        seq: 0,
        field: 'statement',
        reason: '审理没有结束，要作为证据。',
      })
      .act('nudges', buyer, {})
      .after(1300),

  /** Ruled on day 40: the merchant may not make it within sixty days. */
  reported: (): Story =>
    inReview()
      .after(900)
      .act('rulings', boss('吴敏 S0008'), RULING)
      .act('interim-reports', shop, { due: START + 66 * 24 * HOUR, reason: '供应商停产，正在调货。' })
      .after(3),

  bound: (): Story =>
    stories
      .fresh()
      .act('device-keys', buyer, { key: 'k'.repeat(43), x: 'x'.repeat(43), y: 'y'.repeat(43) })
      .after(1),

  /** The first phone is lost: a second one is bound, and in a day the first signs no more. */
  lost: (): Story =>
    stories
      .bound()
      .act('device-keys', buyer, { key: 's'.repeat(43), x: 'x'.repeat(43), y: 'y'.repeat(43), tail: '5678' }, byDigits)
      .act('device-key-retirements', buyer, { key: 'k'.repeat(43), tail: '5678' }, byDigits)
      .after(1),

  forged: (): Story => stories.bound().act('confirmation', buyer, {}).after(1),

  held: (): Story =>
    inReview().act('legal-holds', boss('吴敏 S0008'), {
      reason: '法院来函，（2026）浙0106民初1号',
      until: START + 400 * 24 * HOUR,
    }),

  /** Released, its time over, and erased by itself. */
  expired: (): Story =>
    stories
      .held()
      .act('legal-hold-releases', boss('吴敏 S0008'), { reason: '已撤诉' })
      .act('withdrawal', buyer, { ground: 'solved_elsewhere', reason: '' })
      .after(1097 * 24)
      .expired(),

  /** The buyer asked for all of it, was refused while it was open, and a supervisor erased it. */
  allErased: (): Story =>
    inReview()
      .act('redaction-request', buyer, { seq: 2, field: '*', reason: '不想留在这里' })
      .act('redaction-refusals', boss('吴敏 S0008'), { seq: 2, field: '*', reason: '还在处理，结束以后可以再申请' })
      .act('withdrawal', buyer, { ground: 'solved_elsewhere', reason: '' })
      .after(8 * 24)
      .expired(boss('吴敏 S0008')),

  /** A courier answered, a supplier was silent, an authority is awaited. */
  outside: (): Story =>
    inReview()
      .act('statements-requests', shop, { party: 'courier', request: '包裹 3 月 1 日由谁签收？请附签收单。' })
      .act('statements-requests', shop, { party: 'supplier', request: '这一批次的版型是否改过？' })
      .after(20)
      .act('statements', by.third, { of: 3, text: '由小区门卫代收，签收单见附件。', files: [photo('签收单.jpg')] })
      .after(104)
      .act('statements-requests', boss('吴敏 S0008'), { party: 'regulator', request: '该型号是否在召回范围内？' })
      .after(2),

  supervised: (): Story =>
    stories.passedAround().act('assignment', boss('吴敏 S0008'), { officer: '吴敏 S0008', reason: '第三次转交' }),

  shared: (): Story =>
    stories
      .ruled()
      // Coordinates of no real device.
      .act('device-keys', buyer, { key: 'k'.padEnd(43, 'A'), x: 'x'.padEnd(43, 'A'), y: 'A'.repeat(43) })
      .act('share-links', buyer, { texts: false, files: false }),

  sharedOpenly: (): Story => stories.proven().act('share-links', buyer, { texts: true, files: true }),
} satisfies Record<string, (...none: never[]) => Story>

export type StoryName = keyof typeof stories
