import { DAY, isSameDay, shanghaiParts } from '../complaint/time.ts'
import type { Locale } from '../complaint/words.ts'

/** How one language writes its messages. `{name}` stands where a value goes. */
export interface SmsLanguage {
  /** What stands in 【】; registered with the vendor. */
  signature: string
  texts: Record<Variant, string>
  /** Follows a text that brings no code, where links may not vary. */
  code: string
  /** A date and time in Shanghai. */
  instant(at: number): string
  /** The same, short, as said at `now`; never later than the deadline itself. */
  day(at: number, now: number): string
}

const chineseDate = (at: number): string => {
  const { month, date } = shanghaiParts(at)
  return `${month}月${date}日`
}

/** Both ways of writing Chinese. A date alone reads as "before that day begins", so the day itself needs the hour. */
const chineseDates = {
  instant: (at: number): string => `${chineseDate(at)} ${shanghaiParts(at).clock}`,
  day: (at: number, now: number): string => (isSameDay(at, now) ? `今天${shanghaiParts(at).clock}` : chineseDate(at)),
}

/** With signature and link each but the first is one message of 70 (docs/sms-lengths.md). */
const textsZhCN = {
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
  key_bound: '又绑定一台设备；不是您，请点链接处理',
  key_retired: '有设备将停用签名；不是您，请点链接取消',
  'unsigned.reopenable': '已关闭但无您设备签名，不是您可重新打开',
  'unsigned.final': '以您名义的操作没有签名，不是您请留言',
  interim_reported: '总期限延长到{by}',
  total_missed: '处理时间超过总期限，请查看进度',
  statement: '第三方的说明有进展，请查看进度',
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
  rating: '投诉已结束，请给处理打分',
  follow_up: '投诉结束一周了，真的解决了吗',
  link: '查看投诉进度，取件码{code}',
  // No complaint is named, so there is nothing in them to hide.
  'digest.merchant': '您有{count}件投诉待处理，最早须在{by}前处理',
  'digest.platform': '平台有{count}件投诉待处理，最早须在{by}前处理',
  'digest.supervisor': '主管有{count}件投诉待处理，最早须在{by}前处理',
  contact_code: '验证码{code}，15分钟内填入即可收到期提醒',
}

/** What a message says, in one form each: what a vendor registers once for each language and link mode. */
export type Variant = keyof typeof textsZhCN

const zhCN: SmsLanguage = {
  signature: '透诉',
  texts: textsZhCN,
  code: '，取件码{code}',
  ...chineseDates,
}

const zhTW: SmsLanguage = {
  signature: '透訴',
  texts: {
    submitted: '投訴已送出，賣家須在{by}前回覆。取件碼{code}，存證指紋{fingerprint}，請保留本簡訊',
    'merchant_responded.agreed': '賣家同意您的要求，請查看辦理期限',
    'merchant_responded.offer': '賣家提出方案，請在{due}前決定',
    'merchant_responded.offer_past': '賣家提出方案，請查看進度',
    'merchant_responded.rejection': '賣家沒有同意，請在{due}前決定',
    'merchant_responded.rejection_past': '賣家沒有同意，請查看進度',
    offer_accepted: '已接受方案；非本人操作，請點連結留言',
    'ruled.return': '平台已裁定，{due}前請寄回商品',
    'ruled.enforced': '平台已為裁定訂出新期限，請查看',
    'ruled.appealable': '平台已裁定，{days}天內可申請複核',
    'ruled.final': '平台已裁定，請查看理由',
    'appeal_ruled.granted': '複核認為應當受理，已交賣家回覆',
    'appeal_ruled.refused': '複核維持不予受理，這是最終結果',
    'appeal_ruled.return': '複核已裁定，{due}前請寄回商品',
    'appeal_ruled.final': '複核裁定已作出，這是最終結果',
    appealed: '賣家申請複核，請等候複核裁定',
    return_received: '賣家已收到退貨，請查看處理期限',
    return_disputed: '賣家對退貨有異議，已轉平台審理',
    deadline_extended: '處理期限延長到{by}',
    'fulfilled.merchant': '賣家稱已履行，請在{due}前確認',
    'fulfilled.merchant_past': '賣家稱已履行，請查看進度',
    'fulfilled.platform': '平台稱已履行，請在{due}前確認',
    'fulfilled.platform_past': '平台稱已履行，請查看進度',
    'confirmed.reopenable': '已確認解決；未解決{days}天內可重新開啟',
    'confirmed.final': '已確認解決，請查看進度',
    'withdrawn.reopenable': '已撤回投訴，{days}天內可重新開啟',
    'withdrawn.final': '已撤回投訴，請查看進度',
    'lapsed.reopenable': '未經您確認而結案，{days}天內可重新開啟',
    'lapsed.final': '未經您確認而結案，請查看進度',
    'refused.appealable': '平台不予受理，{days}天內可申請複核',
    'refused.final': '平台不予受理，請查看理由',
    link_rotated: '進度連結已更換，舊連結不再有效',
    key_bound: '又綁定一台裝置；不是您，請點連結處理',
    key_retired: '有裝置將停用簽章；不是您，請點連結取消',
    'unsigned.reopenable': '已關閉但無您裝置簽章，不是您可重新開啟',
    'unsigned.final': '以您名義的操作沒有簽章，不是您請留言',
    interim_reported: '總期限延長到{by}',
    total_missed: '處理時間超過總期限，請查看進度',
    statement: '第三方的說明有進展，請查看進度',
    redaction_refused: '沒有同意刪除內容，請查看理由',
    'deadline_missed.merchant': '賣家逾期未處理，已轉平台審理',
    'deadline_missed.platform': '平台逾期未處理，由主管接手處理',
    'deadline_missed.supervisor': '平台再次逾期，外部管道見連結',
    evidence_requested: '平台請您在{due}前補充證據',
    'evidence_requested.past': '平台請您補充證據，請查看進度',
    'reminder.answer': '請在{by}前回覆賣家',
    'reminder.return': '請在{by}前寄回商品',
    'reminder.check': '請在{by}前確認履行',
    'reminder.evidence': '請在{by}前補充證據',
    rating: '投訴已結束，請給處理評分',
    follow_up: '投訴結束一週了，真的解決了嗎',
    link: '查看投訴進度，取件碼{code}',
    'digest.merchant': '您有{count}件投訴待處理，最早須在{by}前處理',
    'digest.platform': '平台有{count}件投訴待處理，最早須在{by}前處理',
    'digest.supervisor': '主管有{count}件投訴待處理，最早須在{by}前處理',
    contact_code: '驗證碼{code}，15分鐘內填入即可收到期提醒',
  },
  code: '，取件碼{code}',
  ...chineseDates,
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const englishDate = (at: number): string => {
  const { month, date } = shanghaiParts(at)
  return `${MONTHS[month - 1]} ${date}`
}

/** With link and signature nineteen characters are left, since carriers count 70 whatever the alphabet. */
const en: SmsLanguage = {
  signature: '透诉',
  texts: {
    submitted: 'Filed. Reply due {by}. Code {code}, keep proof {fingerprint}',
    'merchant_responded.agreed': 'Shop agreed',
    'merchant_responded.offer': 'Offer till {due}',
    'merchant_responded.offer_past': 'Shop made an offer',
    'merchant_responded.rejection': 'No; act by {due}',
    'merchant_responded.rejection_past': 'Shop said no',
    offer_accepted: 'Offer accepted',
    'ruled.return': 'Return by {due}',
    'ruled.enforced': 'New date ruled',
    'ruled.appealable': 'Ruled; may appeal',
    'ruled.final': 'Ruled; see why',
    'appeal_ruled.granted': 'Appeal granted',
    'appeal_ruled.refused': 'Appeal refused',
    'appeal_ruled.return': 'Return by {due}',
    'appeal_ruled.final': 'Appeal: final',
    appealed: 'Shop appealed',
    return_received: 'Shop has the return',
    return_disputed: 'Return disputed',
    deadline_extended: 'Now by {by}',
    'fulfilled.merchant': 'Done? Say by {due}',
    'fulfilled.merchant_past': 'Shop says done',
    'fulfilled.platform': 'Done? Say by {due}',
    'fulfilled.platform_past': 'Platform says done',
    'confirmed.reopenable': 'Solved; can reopen',
    'confirmed.final': 'Closed as solved',
    'withdrawn.reopenable': 'Withdrawn; can undo',
    'withdrawn.final': 'Withdrawn',
    'lapsed.reopenable': 'Closed; can reopen',
    'lapsed.final': 'Closed unconfirmed',
    'refused.appealable': 'Refused; may appeal',
    'refused.final': 'Refused; see why',
    link_rotated: 'New link; old ended',
    key_bound: 'New device: yours?',
    key_retired: 'Device retired: ok?',
    'unsigned.reopenable': 'Not you? Reopen it',
    'unsigned.final': 'Unsigned: not you?',
    interim_reported: 'End by {by}',
    total_missed: 'Past its total time',
    statement: 'Third party: see',
    redaction_refused: 'Erasure refused',
    'deadline_missed.merchant': 'Shop silent; review',
    'deadline_missed.platform': 'Late; to supervisor',
    'deadline_missed.supervisor': 'Late: outside help',
    evidence_requested: 'Evidence by {due}',
    'evidence_requested.past': 'Evidence requested',
    'reminder.answer': 'Act by {by}',
    'reminder.return': 'Act by {by}',
    'reminder.check': 'Act by {by}',
    'reminder.evidence': 'Act by {by}',
    rating: 'Please rate it',
    follow_up: 'Really solved?',
    link: 'Code {code}',
    'digest.merchant': '{count} cases, first due {by}',
    'digest.platform': '{count} cases, first due {by}',
    'digest.supervisor': '{count} cases, first due {by}',
    contact_code: 'Code {code}, valid 15 min',
  },
  code: ', code {code}',
  instant: at => `${englishDate(at)} ${shanghaiParts(at).clock}`,
  // "By Dec 30" means all of that day: the last one that is whole.
  day: (at, now) => (isSameDay(at, now) ? shanghaiParts(at).clock : englishDate(at - DAY)),
}

export const SMS_WORDS: Record<Locale, SmsLanguage> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }
