import { readBrand } from '../config/brand.ts'
import type { Scene } from './photos.ts'

/** The named demo cases, from real kinds of complaints: data alone, replayed through the public API on the demo clock. */

interface StoryAct {
  /** Hours after the story began. */
  at: number
  as: 'buyer' | 'merchant' | 'platform' | 'supervisor'
  act: string
  body: Record<string, unknown>
  /** Handed in with it. */
  photos?: readonly (readonly [name: string, scene: Scene])[]
}
export interface Story {
  name: string
  title: string
  /** Hours before now at which it begins. */
  ago: number
  submit: {
    item: string
    buyer: { name: string; phone: string }
    category: string
    statement: string
    remedySought: { kind: string; amount?: { value: string; currency: string } }
  }
  acts: StoryAct[]
  /** Where the replay must end; checked by the tests. */
  ends: { state: string; holder: string | null; overdue?: boolean }
}

export const DEMO_MERCHANT = { merchantId: 'm-1001', merchantName: '花间集女装旗舰店' }

/** The rule that one of the rulings cites. */
export const DEMO_RULE = {
  code: 'misdescribed',
  version: 1,
  title: '描述不符的处理',
  text: '一、商品的材质、版型、规格与商品页不符，商家不能证明相符的，认定为描述不符。\n二、商品未使用的，支持退货退款，往返运费由商家承担；买家愿意保留的，支持部分退款。',
  locale: 'zh-CN',
  repealed: false,
} as const

const cny = (value: string) => ({ value, currency: 'CNY' })
const share = (at: number): StoryAct => ({ at, as: 'buyer', act: 'share-links', body: { texts: 'yes', files: 'yes' } })

export const STORIES: Story[] = [
  {
    name: 'dress-unlike-picture',
    title: '裙子和图片不一样，商家说没问题',
    ago: 100,
    submit: {
      item: '碎花连衣裙 M 码',
      buyer: { name: '林晓雨', phone: '13800010001' },
      category: 'not_as_described',
      statement: '图片是真丝碎花，收到的是化纤，颜色发暗，袖子还短一截。联系客服三次都说“以实物为准”。',
      remedySought: { kind: 'return_refund', amount: cny('129.00') },
    },
    acts: [
      share(0.1),
      {
        at: 0.2,
        as: 'buyer',
        act: 'evidence',
        body: { text: '左边是商品页的截图，右边是我收到的，同一个窗户下拍的。还有水洗标。' },
        photos: [
          ['对比.png', 'dresses'],
          ['水洗标.png', 'label'],
        ],
      },
      {
        at: 5,
        as: 'merchant',
        act: 'responses',
        body: {
          answer: 'reject',
          ground: 'as_described',
          statement: '亲，商品与描述一致，灯光会造成色差，不支持退货。',
          operator: '客服 阿雅',
        },
      },
      {
        at: 6,
        as: 'buyer',
        act: 'escalation',
        body: { reason: '不是色差，是面料不一样。水洗标上写的是聚酯纤维，商品页写的是桑蚕丝。' },
      },
      { at: 7, as: 'platform', act: 'assignment', body: { officer: '承办人 2067', desk: '服饰组' } },
      {
        at: 8,
        as: 'platform',
        act: 'evidence-requests',
        body: {
          from: 'merchant',
          request: '请提供该批次面料的检测报告，以及商品页发布时的材质说明。',
          operator: '承办人 2067',
        },
      },
      {
        at: 30,
        as: 'merchant',
        act: 'evidence',
        body: { text: '这是进货单，供货商说是真丝。', operator: '客服 阿雅' },
      },
      {
        at: 52,
        as: 'platform',
        act: 'rulings',
        body: {
          officer: '承办人 2067',
          outcome: 'for_buyer',
          facts: '商品页标注材质为桑蚕丝；买家提交的水洗标照片显示为聚酯纤维 100%；商家只提供了进货单，没有检测报告。',
          rule: '消费者权益保护法第二十三条',
          cites: ['misdescribed@1'],
          reasons: '水洗标是商品自带的标识，与商品页不符。商家没有提出相反的证据。',
          remedy: {
            kind: 'return_refund',
            amount: cny('129.00'),
            owedBy: 'merchant',
            returnTo: '浙江省杭州市余杭区仓前街道 8 号仓',
            freightPaidBy: 'merchant',
          },
        },
      },
      { at: 60, as: 'buyer', act: 'return-shipment', body: { carrier: '中通快递', trackingNo: 'ZT7788990011' } },
    ],
    ends: { state: 'fulfilment', holder: 'merchant' },
  },
  {
    name: 'silent-merchant',
    title: '商家一直不回复',
    ago: 60,
    submit: {
      item: '儿童保温杯 500ml',
      buyer: { name: '赵国强', phone: '13800010002' },
      category: 'quality',
      statement: '杯盖漏水，书包都湿了。问了商家五次，一句话都不回。',
      remedySought: { kind: 'refund', amount: cny('59.90') },
    },
    acts: [
      share(0.1),
      {
        at: 20,
        as: 'buyer',
        act: 'messages',
        body: { text: '请问有人在吗？孩子每天都要用。' },
        photos: [['漏水.png', 'flask']],
      },
    ],
    ends: { state: 'platform_review', holder: 'platform' },
  },
  {
    name: 'passed-around',
    title: '平台、商家、快递来回推',
    ago: 160,
    submit: {
      item: '空气炸锅 5L',
      buyer: { name: '周敏', phone: '13800010003' },
      category: 'damaged',
      statement: '收到时外壳已经碎了。商家说是快递摔的，快递说包装不合格，平台客服让我再等等，已经换了四个客服。',
      remedySought: { kind: 'refund', amount: cny('239.00') },
    },
    acts: [
      share(0.1),
      {
        at: 0.2,
        as: 'buyer',
        act: 'evidence',
        body: { text: '外壳裂了三道，箱子外面看不出来。' },
        photos: [['外壳.png', 'fryer']],
      },
      {
        at: 3,
        as: 'merchant',
        act: 'responses',
        body: { answer: 'reject', ground: 'courier', statement: '出库时是好的，请找快递理赔。', operator: '售后 小陈' },
      },
      { at: 4, as: 'buyer', act: 'escalation', body: { reason: '我是和商家买的东西，不是和快递买的。' } },
      { at: 5, as: 'platform', act: 'assignment', body: { officer: '承办人 1180', desk: '家电组' } },
      {
        at: 20,
        as: 'platform',
        act: 'handoffs',
        body: { toDesk: '物流组', reason: '涉及运输破损', operator: '承办人 1180' },
      },
      { at: 22, as: 'platform', act: 'handoff-acceptance', body: { officer: '承办人 3021' } },
      {
        at: 40,
        as: 'platform',
        act: 'handoffs',
        body: { toDesk: '商家组', reason: '需要商家先行赔付', operator: '承办人 3021' },
      },
      { at: 44, as: 'platform', act: 'handoff-acceptance', body: { officer: '承办人 4410' } },
      {
        at: 60,
        as: 'platform',
        act: 'handoffs',
        body: { toDesk: '家电组', reason: '属于商品问题', operator: '承办人 4410' },
      },
    ],
    ends: { state: 'platform_review', holder: 'supervisor', overdue: true },
  },
  {
    name: 'robot-replies',
    title: '回复的全是机器人',
    ago: 30,
    submit: {
      item: '蓝牙耳机',
      buyer: { name: '孙丽华', phone: '13800010004' },
      category: 'quality',
      statement: '左耳没有声音。客服一直是机器人，问什么都回“亲亲在的呢”。',
      remedySought: { kind: 'exchange' },
    },
    acts: [
      share(0.1),
      {
        at: 0.2,
        as: 'merchant',
        act: 'responses',
        body: {
          answer: 'reject',
          ground: 'other',
          statement: '亲亲在的呢，您的问题已收到，请耐心等待哦～',
          automated: true,
        },
      },
      {
        at: 6,
        as: 'merchant',
        act: 'responses',
        body: { answer: 'reject', ground: 'misuse', statement: '亲，建议您重启设备再试一下呢～', automated: true },
      },
      { at: 7, as: 'buyer', act: 'human-request', body: {} },
    ],
    ends: { state: 'awaiting_merchant', holder: 'merchant' },
  },
  {
    name: 'two-day-refund',
    title: '两天退款到账',
    ago: 96,
    submit: {
      item: '车厘子 2 斤',
      buyer: { name: '何建国', phone: '13800010005' },
      category: 'quality',
      statement: '一半是坏的，照片已经拍了。',
      remedySought: { kind: 'partial_refund', amount: cny('40.00') },
    },
    acts: [
      share(0.1),
      {
        at: 2,
        as: 'merchant',
        act: 'responses',
        body: {
          answer: 'offer',
          statement: '非常抱歉，冷链出了问题，马上给您退一半。',
          offer: { kind: 'partial_refund', amount: cny('40.00') },
          operator: '店长 老吴',
        },
      },
      {
        at: 40,
        as: 'merchant',
        act: 'fulfilment',
        body: { statement: '已经退款。', proof: '退款流水号 RF20261118004512，原路退回', operator: '店长 老吴' },
      },
      { at: 47, as: 'buyer', act: 'confirmation', body: {} },
      { at: 47.2, as: 'buyer', act: 'rating', body: { score: 5, text: '说退就退，很痛快。' } },
    ],
    ends: { state: 'closed_confirmed', holder: null },
  },
  {
    name: 'closed-without-buyer',
    title: '有人想替买家“解决”',
    ago: 80,
    submit: {
      item: '不锈钢炒锅 32cm',
      buyer: { name: '郑秀英', phone: '13800010006' },
      category: 'refund_delayed',
      statement: '退货签收已经十二天，退款一直没到。客服三次显示“已完结”，钱没有收到。',
      remedySought: { kind: 'refund', amount: cny('168.00') },
    },
    acts: [
      share(0.1),
      {
        at: 1,
        as: 'merchant',
        act: 'responses',
        body: { answer: 'reject', ground: 'already_settled', statement: '您好，此问题已经处理完毕。', automated: true },
      },
      {
        at: 10,
        as: 'merchant',
        act: 'fulfilment',
        body: { statement: '退款已经处理，请您撤销投诉。', proof: '系统显示：已完结', operator: '客服 07' },
      },
      {
        at: 12,
        as: 'buyer',
        act: 'messages',
        body: { text: '银行卡和微信都查了，没有收到这笔钱，请不要再让我撤销投诉。' },
      },
      { at: 13, as: 'buyer', act: 'conduct-report', body: { seq: 3, text: '钱没有退，却要我撤销投诉。' } },
    ],
    ends: { state: 'awaiting_confirmation', holder: 'buyer' },
  },
]

/** The demo's shop and its buyer's orders: each order can become a complaint. */
export const DEMO_SHOP = {
  ...DEMO_MERCHANT,
  buyer: { name: '周小满', phone: '13800020007' },
  orders: [
    { orderId: 'D20261120-4471', item: '羊毛大衣 驼色 M 码', amount: cny('459.00') },
    { orderId: 'D20261118-0392', item: '真丝衬衫 白色 S 码', amount: cny('268.00') },
    { orderId: 'D20261102-7715', item: '针织围巾', amount: cny('79.90') },
  ],
}

/** The people of the demo's consoles; they sign in without a password. An erasure needs two supervisors. */
export const DEMO_PEOPLE = {
  merchant: { subject: 'demo merchant', role: 'merchant', merchant: DEMO_MERCHANT.merchantId, name: '客服 阿雅' },
  merchant2: { subject: 'demo merchant 2', role: 'merchant', merchant: DEMO_MERCHANT.merchantId, name: '客服 小周' },
  platform: { subject: 'demo platform', role: 'platform', name: '承办人 2067' },
  supervisor: { subject: 'demo supervisor', role: 'supervisor', name: '主管 0088' },
  supervisor2: { subject: 'demo supervisor 2', role: 'supervisor', name: '主管 0091' },
} as const

/** A shop of its own name, which the demo shows beside the default: as an operator would set it with TOUSU_BRAND. */
export const DEMO_BRAND = readBrand(
  JSON.stringify({
    names: { 'zh-CN': '小满商城', 'zh-TW': '小滿商城', en: 'Xiaoman Mall' },
    logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="16" fill="#7a2e8e"/><path d="M9 12h14l-2 12H11z" fill="#fff"/><path d="M12 12a4 4 0 0 1 8 0" fill="none" stroke="#fff" stroke-width="2"/></svg>',
    hue: '#7a2e8e',
    hotline: '400-000-0000',
    company: '小满商城（演示）有限公司',
    icp: '演ICP备00000000号',
    links: [{ text: { 'zh-CN': '用户协议', 'zh-TW': '使用者協議', en: 'Terms' }, url: '/privacy' }],
  }),
)
