import type { Fields, FieldValue } from '../../complaint/step.ts'
import type { Dictionary } from '../../complaint/view/dictionary.ts'
import type { StepView } from '../../complaint/view/types.ts'
import { inShanghai, spanIn } from '../shanghai.ts'
import { lookUp, part, shownBy, sumOf } from '../values.ts'
import { nextOf } from './complaint-next.ts'
import { words } from './complaint-words.ts'

/** 11月21日 18:05, in Asia/Shanghai. */
const when = (iso: string): string => {
  const { month, date, clock } = inShanghai(iso)
  return `${month}月${date}日 ${clock}`
}

const lasting = (seconds: number): string =>
  spanIn(seconds, {
    days: n => `${n} 天`,
    hours: n => `${n} 小时`,
    minutes: n => `${n} 分钟`,
    underMinute: '不到 1 分钟',
  })

const amount = (value: unknown): string => {
  const sum = sumOf(value)
  if (sum === null) return ''
  return sum.currency === 'CNY' ? `${sum.value} 元` : `${sum.value} ${sum.currency}`
}

const role = (key: FieldValue | undefined): string => lookUp(words.roles, key)
const whenField = (value: FieldValue | undefined): string => (typeof value === 'string' ? when(value) : '')

const remedy = (value: FieldValue | undefined): string => {
  const sum = amount(part(value, 'amount'))
  return `${lookUp(words.remedies, part(value, 'kind'))}${sum && ` ${sum}`}`
}

/** 承诺 by the one who offers, 限 by the one who rules. */
const until = (word: '承诺' | '限', value: FieldValue | undefined): string => {
  const by = part(value, 'by')
  return by === undefined ? '' : `，${word} ${whenField(by)} 前办完`
}

const responded = ({ fields, by }: StepView): string => {
  if (fields.answer !== 'offer') return `商家不同意买家的要求，理由：${lookUp(words.rejectionGrounds, fields.ground)}`
  const met = part(fields.offer, 'meetsSought') === true
  const machine = by.automated ? '（机器答复）' : ''
  return `商家${met ? '同意买家的要求' : '提出处理方案'}${machine}：${remedy(fields.offer)}${until('承诺', fields.offer)}`
}

const duty = (value: FieldValue): string => `${role(part(value, 'owedBy'))}须办理${remedy(value)}${until('限', value)}`

const ruled = (title: string, fields: Fields): string => {
  const result = lookUp(words.outcomes, fields.outcome)
  return fields.remedy ? `${title}：${result}，${duty(fields.remedy)}` : `${title}：${result}`
}

/** What was ruled is given a new date; its merits are not spoken of again. */
const enforced = (fields: Fields): string =>
  fields.remedy ? `平台为原裁定定下新的期限：${duty(fields.remedy)}` : ruled('平台核实兑现情况后裁定', fields)

const appealRuled = (fields: Fields): string => {
  if (fields.granted === true) return '复核认为应当受理，交商家答复'
  return fields.granted === false ? '复核维持“不予受理”，这是最终结果' : ruled('复核裁定（最终）', fields)
}

const REDACTION_BASIS: Record<string, string> = {
  author: '应内容作者的申请',
  supervisors: '经两名主管同意',
  window_closed: '复核期已过',
}

const shared = (fields: Fields): string => {
  const shown = shownBy(fields, { texts: '文字', files: '文件' }).join('和')
  return `买家设置了分享链接，${shown ? `公开${shown}` : '不公开文字和文件'}`
}

const describe = (step: StepView): string => {
  const f = step.fields
  switch (step.kind) {
    case 'submitted':
      return `买家提交投诉：${lookUp(words.categories, f.category)}${f.remedySought ? `，要求${remedy(f.remedySought)}` : ''}`
    case 'merchant_responded':
      return responded(step)
    case 'automated_reply':
      return '商家的机器回复，不算正式答复，时限照常计算'
    case 'offer_accepted':
      return '买家接受了处理方案'
    case 'offer_refused':
      return f.counter ? `买家没有接受方案，希望${remedy(f.counter)}` : '买家没有接受方案'
    case 'escalated':
      return '买家申请平台介入'
    case 'officer_assigned':
      return `平台指定承办人${f.officer ? ` ${f.officer}` : ''}${f.handoff === true ? '（更换承办人，时限不变）' : ''}`
    case 'handoff_offered':
      return `提出转交给“${f.desk}”，对方接收才算转交，时限不变`
    case 'handoff_accepted':
      return `“${f.desk}”接收了投诉${f.officer ? `，承办人 ${f.officer}` : ''}，时限不变`
    case 'evidence_requested':
      return `平台请${role(f.from)}补充证据${f.pauses === true ? '，审理计时暂停' : '，审理计时不停'}`
    case 'evidence_supplied':
      return `${role(step.by.role)}提交了证据${Number(f.files) > 0 ? `（${f.files} 个文件）` : ''}`
    case 'evidence_absent':
      return `${role(f.party)}没有在 ${whenField(f.due)} 前提交证据，平台继续审理`
    case 'ruled':
      return f.enforcement === true ? enforced(f) : ruled('平台裁定', f)
    case 'appealed':
      return `${role(step.by.role)}${f.joined === true ? '加入复核' : '申请复核，换一位承办人重新审理'}`
    case 'appeal_ruled':
      return appealRuled(f)
    case 'return_shipped':
      return `买家已寄回商品${f.carrier ? `（${f.carrier}${f.trackingNo ? ` ${f.trackingNo}` : ''}）` : ''}`
    case 'return_received':
      return '商家收到退回的商品'
    case 'return_disputed':
      return '商家对退回的商品有异议，转平台审理'
    case 'fulfilled':
      return `${role(step.by.role)}报告已经兑现，请买家核对`
    case 'confirmed':
      return '买家确认已经解决'
    case 'disputed':
      return '买家对兑现提出异议，转平台审理'
    case 'deadline_missed':
      return `${role(f.party)}没有在 ${whenField(f.due)} 前处理，记一次逾期`
    case 'deadline_extended':
      return `${role(step.by.role)}延长时限：原定 ${whenField(f.firstDue)}，改为 ${whenField(f.due)}`
    case 'notice_sent':
      return f.to === 'buyer' ? '已给买家发短信提醒' : '已提醒商家'
    case 'lapsed':
      return `${lookUp(words.lapses, f.after)}，投诉关闭，不算已解决`
    case 'withdrawn':
      return `买家撤回投诉，原因：${lookUp(words.withdrawalGrounds, f.ground)}`
    case 'refused':
      return `平台不予受理：${lookUp(words.refusalGrounds, f.ground)}`
    case 'reopened':
      return '买家重新打开投诉，由平台审理'
    case 'human_requested':
      return '买家要求人工处理，此后平台裁定必须由人作出'
    case 'conduct_reported':
      return `买家举报第 ${Number(f.seq) + 1} 步中的不当言行`
    case 'message_added':
      return `${role(step.by.role)}留言`
    case 'rated':
      return `买家评价：${f.score} 分（满分 5 分）`
    case 'link_rotated':
      return '进度链接已更换'
    case 'link_shared':
      return shared(f)
    case 'redaction_requested':
      return `${role(step.by.role)}申请删除第 ${Number(f.seq) + 1} 步的一项内容`
    case 'redacted':
      return `第 ${Number(f.seq) + 1} 步的一项内容已删除（${lookUp(REDACTION_BASIS, f.basis)}）`
    default:
      return step.kind satisfies never
  }
}

export const zhCN: Dictionary = { locale: 'zh-CN', ...words, when, lasting, amount, describe, next: nextOf }
