import { type Complaint, isStuck } from '../complaint/complaint.ts'
import { zhCN } from '../complaint/i18n/zh-cn.ts'
import type { Step } from '../complaint/step.ts'

/** What a text may draw on. No name, order number, amount or word that anybody wrote: a phone shows it when locked. */
export interface SmsContext {
  /** The step that the message tells of, and the complaint just after it. */
  step: Step
  after: Complaint
  /** The complaint as it is now, and what its buyer may do (the acts' names). */
  current: Complaint
  actions: readonly string[]
  /** By when the buyer must act, UTC ms; null where the matter has moved on or waits on somebody else. */
  due: number | null
  link: string
  pickupCode: string
  /** Of the submission's leaf, 26 Crockford characters. */
  fingerprint: string
}

const instant = (at: number): string => zhCN.when(new Date(at).toISOString())
/** A date alone reads as "before that day begins": nobody is late who goes by it. */
const day = (at: number): string => instant(at).replace(/ .*/, '')
const days = ({ hours }: { hours: number }): string => `${Math.round(hours / 24)}天内`

const asks = (due: number | null, duty: string): string => (due === null ? '请查看进度' : `请在${day(due)}前${duty}`)

/** The buyer's phone witnesses the first leaf: the platform can't edit it there. */
const submitted = ({ after, pickupCode, fingerprint }: SmsContext): string => {
  const due = after.due === null ? '' : `，商家须在${instant(after.due)}前答复`
  return `投诉已提交${due}。取件码${pickupCode}，存证指纹${fingerprint}，请保留本短信`
}

const responded = ({ after, due }: SmsContext): string => {
  if (after.state === 'fulfilment') return '商家同意您的要求，请查看办理时限'
  return `${after.answer === 'offer' ? '商家提出方案' : '商家没有同意'}，${asks(due, '决定')}`
}

/** How it is undone, while it can be. */
const reopen = ({ actions, current }: SmsContext, done: string, how: string): string =>
  actions.includes('reopening')
    ? `${done}${how}${days(current.policy.windows.reopening)}可重新打开`
    : `${done}，请查看进度`

const appealable = ({ actions, current }: SmsContext): string =>
  actions.includes('appeal') ? `${days(current.policy.windows.appeal)}可申请复核` : '请查看理由'

const isReturn = ({ due, current }: SmsContext): boolean => due !== null && current.state === 'awaiting_return'

const ruled = (context: SmsContext): string => {
  const { step, due } = context
  if (isReturn(context)) return `平台已裁定，${asks(due, '寄回商品')}`
  if (step.kind === 'ruled' && step.p.enforcement && step.p.remedy) return '平台给裁定定了新的期限，请查看'
  return `平台已裁定，${appealable(context)}`
}

const appealRuled = (context: SmsContext): string => {
  const { step, due } = context
  if (step.kind === 'appeal_ruled' && step.p.granted === true) return '复核认为应当受理，已交商家答复'
  if (step.kind === 'appeal_ruled' && step.p.granted === false) return '复核维持不予受理，这是最终结果'
  return isReturn(context) ? `复核已裁定，${asks(due, '寄回商品')}` : '复核裁定已作出，这是最终结果'
}

const missed = ({ step, after }: SmsContext): string => {
  if (step.kind === 'deadline_missed' && step.p.party === 'merchant') return '商家逾期未处理，已转平台审理'
  return isStuck(after) ? '平台再次逾期，外部途径见链接' : '平台逾期未处理，由主管接着处理'
}

/** What the buyer owes in each state in which the buyer is waited for. */
const duty = ({ state }: Complaint): string => {
  switch (state) {
    case 'awaiting_return':
      return '寄回商品'
    case 'awaiting_confirmation':
      return '核对兑现'
    case 'evidence_requested':
      return '补充证据'
    default:
      return '答复商家'
  }
}

// With signature and link, `https://t.tousu.cn` and the widest date each but the first is one message of 70.
const TEXTS = {
  submitted,
  merchant_responded: responded,
  offer_accepted: () => '已接受方案；非本人操作，请点链接留言',
  ruled,
  appeal_ruled: appealRuled,
  fulfilled: ({ step, due }) => `${step.by === 'merchant' ? '商家' : '平台'}称已兑现，${asks(due, '核对')}`,
  confirmed: context => reopen(context, '已确认解决', '；未解决'),
  withdrawn: context => reopen(context, '已撤回投诉', '，'),
  lapsed: context => reopen(context, '未经您确认而关闭', '，'),
  refused: context => `平台不予受理，${appealable(context)}`,
  link_rotated: () => '进度链接已更换，旧链接不再有效',
  deadline_missed: missed,
  evidence_requested: ({ due }) => (due === null ? '平台请您补充证据，请查看进度' : `平台请您在${day(due)}前补充证据`),
  reminder: ({ due, current }) => (due === null ? '请查看进度' : `请在${instant(due)}前${duty(current)}`),
  link: ({ pickupCode }) => `投诉进度链接，取件码${pickupCode}`,
} satisfies Record<string, (context: SmsContext) => string>

export type Template = keyof typeof TEXTS
export const TEMPLATES = Object.keys(TEXTS).filter(isTemplate)

export function isTemplate(name: string): name is Template {
  return Object.hasOwn(TEXTS, name)
}

/** The whole SMS. The link stands last, after a space, so that phones find where it begins and ends. */
export const smsText = (template: Template, context: SmsContext): string =>
  `【透诉】${TEXTS[template](context)} ${context.link}`

/** A message of its own holds 70 UCS-2 units; each part of a longer one 67, the rest joins the parts (3GPP TS 23.040). */
const ALONE = 70
const PART = 67

/** UCS-2 units of a text that is not in the GSM alphabet, and the messages that are paid for. */
export const smsLength = (text: string): { units: number; segments: number } => {
  const units = text.length
  return { units, segments: units <= ALONE ? 1 : Math.ceil(units / PART) }
}
