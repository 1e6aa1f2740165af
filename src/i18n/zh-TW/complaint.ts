import type { Fields, FieldValue } from '../../complaint/step.ts'
import type { Dictionary } from '../../complaint/view/dictionary.ts'
import type { StepView } from '../../complaint/view/types.ts'
import { inShanghai, spanIn } from '../shanghai.ts'
import { lookUp, part, shownBy, sumOf } from '../values.ts'
import { nextOf } from './complaint-next.ts'
import { words } from './complaint-words.ts'

/** 11月21日 18:05, in Asia/Shanghai, which is Taipei's time too. */
const when = (iso: string): string => {
  const { month, date, clock } = inShanghai(iso)
  return `${month}月${date}日 ${clock}`
}

const lasting = (seconds: number): string =>
  spanIn(seconds, {
    days: n => `${n} 天`,
    hours: n => `${n} 小時`,
    minutes: n => `${n} 分鐘`,
    underMinute: '不到 1 分鐘',
  })

/** 元 alone would be read as New Taiwan dollars. */
const amount = (value: unknown): string => {
  const sum = sumOf(value)
  if (sum === null) return ''
  return sum.currency === 'CNY' ? `人民幣 ${sum.value} 元` : `${sum.value} ${sum.currency}`
}

const role = (key: FieldValue | undefined): string => lookUp(words.roles, key)
const whenField = (value: FieldValue | undefined): string => (typeof value === 'string' ? when(value) : '')

const remedy = (value: FieldValue | undefined): string => {
  const sum = amount(part(value, 'amount'))
  return `${lookUp(words.remedies, part(value, 'kind'))}${sum && ` ${sum}`}`
}

/** 承諾 by the one who offers, 限 by the one who rules. */
const until = (word: '承諾' | '限', value: FieldValue | undefined): string => {
  const by = part(value, 'by')
  return by === undefined ? '' : `，${word} ${whenField(by)} 前辦好`
}

const responded = ({ fields, by }: StepView): string => {
  if (fields.answer !== 'offer') return `賣家不同意買家的要求，理由：${lookUp(words.rejectionGrounds, fields.ground)}`
  const met = part(fields.offer, 'meetsSought') === true
  const machine = by.automated ? '（機器回覆）' : ''
  return `賣家${met ? '同意買家的要求' : '提出處理方案'}${machine}：${remedy(fields.offer)}${until('承諾', fields.offer)}`
}

const duty = (value: FieldValue): string => `${role(part(value, 'owedBy'))}須辦理${remedy(value)}${until('限', value)}`

const ruled = (title: string, fields: Fields): string => {
  const result = lookUp(words.outcomes, fields.outcome)
  return fields.remedy ? `${title}：${result}，${duty(fields.remedy)}` : `${title}：${result}`
}

/** What was ruled is given a new date; its merits are not spoken of again. */
const enforced = (fields: Fields): string =>
  fields.remedy ? `平台為原裁定訂出新的期限：${duty(fields.remedy)}` : ruled('平台查明履行情形後裁定', fields)

const appealRuled = (fields: Fields): string => {
  if (fields.granted === true) return '複核認為應當受理，交由賣家回覆'
  return fields.granted === false ? '複核維持「不予受理」，這是最終結果' : ruled('複核裁定（最終）', fields)
}

const REDACTION_BASIS: Record<string, string> = {
  author: '內容作者申請',
  supervisors: '經兩位主管同意',
  window_closed: '複核期已過',
}

const shared = (fields: Fields): string => {
  const shown = shownBy(fields, { texts: '文字', files: '檔案' }).join('和')
  return `買家設定了分享連結，${shown ? `公開${shown}` : '不公開文字和檔案'}`
}

const describe = (step: StepView): string => {
  const f = step.fields
  switch (step.kind) {
    case 'submitted':
      return `買家提出投訴：${lookUp(words.categories, f.category)}${f.remedySought ? `，要求${remedy(f.remedySought)}` : ''}`
    case 'merchant_responded':
      return responded(step)
    case 'automated_reply':
      return '賣家的機器回覆，不算正式回覆，期限照常計算'
    case 'offer_accepted':
      return '買家接受了處理方案'
    case 'offer_refused':
      return f.counter ? `買家沒有接受方案，希望${remedy(f.counter)}` : '買家沒有接受方案'
    case 'escalated':
      return '買家請平台介入'
    case 'officer_assigned':
      return `平台指定承辦人${f.officer ? ` ${f.officer}` : ''}${f.handoff === true ? '（更換承辦人，期限不變）' : ''}`
    case 'handoff_offered':
      return `提出轉交給「${f.desk}」，對方接手才算轉交，期限不變`
    case 'handoff_accepted':
      return `「${f.desk}」接手了投訴${f.officer ? `，承辦人 ${f.officer}` : ''}，期限不變`
    case 'evidence_requested':
      return `平台請${role(f.from)}補充證據${f.pauses === true ? '，審理計時暫停' : '，審理計時不停'}`
    case 'evidence_supplied':
      return `${role(step.by.role)}提交了證據${Number(f.files) > 0 ? `（${f.files} 個檔案）` : ''}`
    case 'evidence_absent':
      return `${role(f.party)}沒有在 ${whenField(f.due)} 前提交證據，平台繼續審理`
    case 'ruled':
      return f.enforcement === true ? enforced(f) : ruled('平台裁定', f)
    case 'appealed':
      return `${role(step.by.role)}${f.joined === true ? '加入複核' : '申請複核，換一位承辦人重新審理'}`
    case 'appeal_ruled':
      return appealRuled(f)
    case 'return_shipped':
      return `買家已寄回商品${f.carrier ? `（${f.carrier}${f.trackingNo ? ` ${f.trackingNo}` : ''}）` : ''}`
    case 'return_received':
      return '賣家收到退回的商品'
    case 'return_disputed':
      return '賣家對退回的商品有異議，轉由平台審理'
    case 'fulfilled':
      return `${role(step.by.role)}回報已經履行，請買家確認`
    case 'confirmed':
      return '買家確認已經解決'
    case 'disputed':
      return '買家對履行提出異議，轉由平台審理'
    case 'deadline_missed':
      return `${role(f.party)}沒有在 ${whenField(f.due)} 前處理，記逾期一次`
    case 'deadline_extended':
      return `${role(step.by.role)}延長期限：原定 ${whenField(f.firstDue)}，改為 ${whenField(f.due)}`
    case 'notice_sent':
      return f.to === 'buyer' ? '已傳簡訊提醒買家' : '已提醒賣家'
    case 'lapsed':
      return `${lookUp(words.lapses, f.after)}，投訴結案，不算已解決`
    case 'withdrawn':
      return `買家撤回投訴，原因：${lookUp(words.withdrawalGrounds, f.ground)}`
    case 'refused':
      return `平台不予受理：${lookUp(words.refusalGrounds, f.ground)}`
    case 'reopened':
      return '買家重新開啟投訴，由平台審理'
    case 'human_requested':
      return '買家要求專人處理，此後平台裁定必須由人作出'
    case 'conduct_reported':
      return `買家檢舉第 ${Number(f.seq) + 1} 步中的不當言行`
    case 'message_added':
      return `${role(step.by.role)}留言`
    case 'rated':
      return `買家評價：${f.score} 分（滿分 5 分）`
    case 'link_rotated':
      return '進度連結已更換'
    case 'link_shared':
      return shared(f)
    case 'redaction_requested':
      return `${role(step.by.role)}申請刪除第 ${Number(f.seq) + 1} 步的一項內容`
    case 'redacted':
      return `第 ${Number(f.seq) + 1} 步的一項內容已刪除（${lookUp(REDACTION_BASIS, f.basis)}）`
    default:
      return step.kind satisfies never
  }
}

export const zhTW: Dictionary = { locale: 'zh-TW', ...words, when, lasting, amount, describe, next: nextOf }
