import { chineseDates } from '../sms.ts'

/** With signature and link each but the first is one message of 70 (docs/sms-lengths.md). */
const texts = {
  // The buyer's phone witnesses the first leaf: the platform can't edit it there.
  submitted: '投诉已提交，商家须在{by}前答复。取件码{code}，存证指纹{fingerprint}，请保留本短信',
  'merchant_responded.agreed': '商家同意您的要求，请查看办理时限',
  'merchant_responded.offer': '商家提出方案，请在{due}前决定',
  'merchant_responded.offer_past': '商家提出方案，请查看进度',
  'merchant_responded.rejection': '商家没有同意，请在{due}前决定',
  'merchant_responded.rejection_past': '商家没有同意，请查看进度',
  offer_accepted: '已接受方案；非本人操作，请点链接留言',
  'ruled.return': '平台已裁定，{due}前请寄回商品',
  'ruled.enforced': '平台给裁定定了新的期限，请查看',
  'ruled.appealable': '平台已裁定，{days}天内可申请复核',
  'ruled.final': '平台已裁定，请查看理由',
  'appeal_ruled.granted': '复核认为应当受理，已交商家答复',
  'appeal_ruled.refused': '复核维持不予受理，这是最终结果',
  'appeal_ruled.return': '复核已裁定，{due}前请寄回商品',
  'appeal_ruled.final': '复核裁定已作出，这是最终结果',
  appealed: '商家申请复核，请等待复核裁定',
  return_received: '商家已收到退货，请查看办理时限',
  return_disputed: '商家对退货有异议，已转平台审理',
  deadline_extended: '处理期限延长到{by}',
  'fulfilled.merchant': '商家称已兑现，请在{due}前核对',
  'fulfilled.merchant_past': '商家称已兑现，请查看进度',
  'fulfilled.platform': '平台称已兑现，请在{due}前核对',
  'fulfilled.platform_past': '平台称已兑现，请查看进度',
  'confirmed.reopenable': '已确认解决；未解决{days}天内可重新打开',
  'confirmed.final': '已确认解决，请查看进度',
  'withdrawn.reopenable': '已撤回投诉，{days}天内可重新打开',
  'withdrawn.final': '已撤回投诉，请查看进度',
  'lapsed.reopenable': '未经您确认而关闭，{days}天内可重新打开',
  'lapsed.final': '未经您确认而关闭，请查看进度',
  'refused.appealable': '平台不予受理，{days}天内可申请复核',
  'refused.final': '平台不予受理，请查看理由',
  link_rotated: '进度链接已更换，旧链接不再有效',
  interim_reported: '总期限延长到{by}',
  total_missed: '处理时间超过总期限，请查看进度',
  redaction_refused: '没有同意删除内容，请查看理由',
  'deadline_missed.merchant': '商家逾期未处理，已转平台审理',
  'deadline_missed.platform': '平台逾期未处理，由主管接着处理',
  'deadline_missed.supervisor': '平台再次逾期，外部途径见链接',
  evidence_requested: '平台请您在{due}前补充证据',
  'evidence_requested.past': '平台请您补充证据，请查看进度',
  'reminder.answer': '请在{by}前答复商家',
  'reminder.return': '请在{by}前寄回商品',
  'reminder.check': '请在{by}前核对兑现',
  'reminder.evidence': '请在{by}前补充证据',
  link: '查看投诉进度，取件码{code}',
  // No complaint is named, so there is nothing in them to hide.
  'digest.merchant': '您有{count}件投诉待处理，最早须在{by}前处理',
  'digest.platform': '平台有{count}件投诉待处理，最早须在{by}前处理',
  'digest.supervisor': '主管有{count}件投诉待处理，最早须在{by}前处理',
  contact_code: '验证码{code}，15分钟内填入即可收到期提醒',
}

/** What a message says, in one form each: what a vendor registers once for each language and link mode. */
export type Variant = keyof typeof texts

export const zhCN = {
  signature: '透诉',
  texts,
  code: '，取件码{code}',
  vendors: ['aliyun', 'tencent', 'twilio', 'gateway', 'demo-phone'],
  ...chineseDates,
} as const
