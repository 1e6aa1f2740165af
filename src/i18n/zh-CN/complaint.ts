import { type Complaint, isOwed, isStuck } from '../../complaint/complaint.ts'
import type { Fields, FieldValue } from '../../complaint/step.ts'
import { shanghaiDate } from '../../complaint/time.ts'
import type { Dictionary, StepView } from '../../complaint/view/types.ts'
import { needsReturn } from '../../complaint/words.ts'
import { inShanghai, lookUp, part, shownBy, spanIn, sumOf, toSecondPerson } from '../values.ts'

interface Next {
  ifActs: string
  ifSilent: string
}
const next = (ifActs: string, ifSilent: string): Next => ({ ifActs, ifSilent })

// Every reader sees these sentences, so they say 买家 and never 您; `zhCNForBuyer` is for the buyer's own page.

const days = (figure: { hours: number }): string => `${Math.round(figure.hours / 24)} 天`

const lapse = ({ policy, reopened }: Complaint): string =>
  `到期前至少给买家发 ${policy.lapse.notices.count} 次短信提醒。一直没有答复，投诉按“未经买家确认”关闭，不算已解决${
    reopened.lapse ? '' : `，${days(policy.windows.reopening)}内可以重新打开`
  }。`

const supervisor = ({ policy }: Complaint): string =>
  `记一次平台逾期，由平台主管在 ${policy.times.supervisor.hours} 小时内处理。`

const OUTSIDE = '平台主管也已逾期。买家可以拨打 12315，或在全国 12315 平台投诉，本页可以作为凭据。'

const reviewSilent = (c: Complaint): string => {
  if (isStuck(c)) return OUTSIDE
  return c.missed > 0 ? '再记一次逾期，本页会列出 12315 等外部投诉途径。' : supervisor(c)
}

const reviewActs = (c: Complaint): string => {
  if (isOwed(c)) return '裁定的处理结果由平台兑现，兑现后请买家核对。'
  return c.review?.enforcement
    ? '平台核实兑现情况：没有兑现的，定一个新的期限；再次逾期，由平台先行赔付。'
    : '平台作出裁定，写明事实、依据、理由和处理结果；不服裁定的一方可以申请复核。'
}

const offered = (c: Complaint): string => {
  if (!c.offer) return '买家不同意商家的答复，可以申请平台介入。'
  const accepted = needsReturn(c.offer.kind) ? '买家接受方案，就寄回商品' : '买家接受方案，商家就限时兑现'
  return `${accepted}；不接受，可以申请平台介入。`
}

const owing = (c: Complaint): string => (c.remedy?.owedBy === 'platform' ? '平台' : '商家')

const confirmation = (c: Complaint): string =>
  c.disputed
    ? '买家确认解决，投诉就此结束；这次兑现的异议已经提过。'
    : '买家确认解决，投诉就此结束；没有兑现，可以提出异议，由平台审理。'

const goesBack = ({ sought }: Complaint): boolean => sought !== null && needsReturn(sought.kind)

/** What comes next in each open state; an empty pair when no party has to act. */
const nextOf = (c: Complaint): Next => {
  switch (c.state) {
    case 'awaiting_merchant':
      return next(
        goesBack(c)
          ? '商家答应退货，买家看过地址和运费就能接受；提出别的方案或者拒绝，也由买家决定下一步。'
          : '商家答应买家的要求，就直接办理；提出别的方案或者拒绝，由买家决定下一步。',
        '记一次商家逾期，自动转平台审理，买家不用再做什么。',
      )
    case 'awaiting_buyer':
      return next(offered(c), lapse(c))
    case 'platform_review':
      return next(reviewActs(c), reviewSilent(c))
    case 'evidence_requested':
      return next('收到证据后平台继续审理，时间从暂停处接着算。', '记录“没有提交证据”，平台按已有的证据继续审理。')
    case 'awaiting_return':
      return next(
        `买家寄回商品并填写快递单号后，${owing(c)}最迟在寄出后 ${days(c.policy.times.fulfilment_after_shipment)}内兑现。`,
        lapse(c),
      )
    case 'fulfilment':
      return next(
        `${owing(c)}提交兑现凭证后，请买家核对是否解决。`,
        c.remedy?.owedBy === 'platform' ? supervisor(c) : '记一次商家逾期，自动转平台处理。',
      )
    case 'awaiting_confirmation':
      return next(confirmation(c), lapse(c))
    case 'appeal_review':
      return next('由没有参与原裁定的承办人作出最终裁定。', reviewSilent(c))
    default:
      return next('', '')
  }
}

type Words = Omit<Dictionary, 'locale' | 'when' | 'lasting' | 'amount' | 'describe' | 'next'>

export const words: Words = {
  roles: {
    buyer: '买家',
    merchant: '商家',
    platform: '平台',
    supervisor: '平台主管',
    system: '系统',
    both: '买家和商家',
    courier: '快递公司',
    supplier: '供货商',
    regulator: '主管部门',
    third_party: '第三方',
  },
  states: {
    awaiting_merchant: '等商家答复',
    awaiting_buyer: '等买家决定',
    platform_review: '平台审理中',
    evidence_requested: '等补充证据',
    awaiting_return: '等买家寄回',
    fulfilment: '等兑现处理方案',
    awaiting_confirmation: '等买家确认',
    appeal_review: '复核审理中',
    closed_confirmed: '已解决（买家确认）',
    closed_ruled: '平台裁定后结束',
    closed_lapsed: '未经买家确认而关闭',
    closed_withdrawn: '买家已撤回',
    refused: '不予受理',
  },
  kinds: {
    submitted: '提交投诉',
    merchant_responded: '商家答复',
    automated_reply: '机器回复',
    offer_accepted: '接受方案',
    offer_refused: '拒绝方案',
    escalated: '申请平台介入',
    officer_assigned: '指定承办人',
    handoff_offered: '转交（待接收）',
    handoff_accepted: '接收转交',
    evidence_requested: '要求补充证据',
    evidence_supplied: '提交证据',
    evidence_absent: '未提交证据',
    ruled: '平台裁定',
    appealed: '申请复核',
    appeal_ruled: '复核裁定',
    return_shipped: '已寄回',
    return_received: '商家收到退货',
    return_disputed: '商家对退货有异议',
    fulfilled: '报告已兑现',
    confirmed: '买家确认解决',
    disputed: '买家提出异议',
    deadline_missed: '逾期',
    deadline_extended: '延期',
    notice_sent: '短信已送出',
    lapsed: '超时未确认',
    withdrawn: '撤回投诉',
    refused: '不予受理',
    reopened: '重新打开',
    human_requested: '要求人工处理',
    conduct_reported: '举报不当言行',
    message_added: '留言',
    rated: '评价',
    followed_up: '一周回访',
    link_rotated: '更换进度链接',
    link_shared: '设置分享链接',
    redaction_requested: '申请删除内容',
    redacted: '内容已删除',
    redaction_refused: '没有同意删除',
    legal_hold_set: '依法保留',
    legal_hold_released: '解除保留',
    nudged: '催办',
    interim_reported: '中期答复',
    total_missed: '超过总期限',
    key_bound: '绑定设备',
    key_retired: '停用设备',
    statement_requested: '请第三方说明',
    statement_given: '第三方的说明',
    statement_absent: '第三方没有说明',
  },
  remedies: {
    refund: '仅退款',
    partial_refund: '部分退款',
    return_refund: '退货退款',
    exchange: '换货',
    reship: '补发',
    repair: '维修',
    apology: '道歉',
    compensation: '赔偿',
  },
  outcomes: { for_buyer: '支持买家', partly: '部分支持买家', for_merchant: '支持商家' },
  rejectionGrounds: {
    as_described: '商品与描述相符',
    misuse: '使用不当',
    out_of_time: '超过时限',
    courier: '快递责任',
    already_settled: '此前已处理',
    other: '其他',
  },
  refusalGrounds: {
    not_our_order: '不是本平台的订单',
    duplicate: '重复投诉',
    already_ruled: '此前已裁定',
    out_of_time: '超过时限',
    not_consumer: '不属于消费争议',
  },
  withdrawalGrounds: {
    asked_by_merchant: '商家要求撤回',
    solved_elsewhere: '已通过其他途径解决',
    changed_mind: '不想继续了',
    other: '其他',
  },
  lapses: {
    offer: '商家提出方案后，买家没有答复',
    rejection: '商家拒绝后，买家没有答复',
    return: '买家没有寄回商品',
    proof: '对方报告已兑现后，买家没有确认',
  },
  categories: {
    not_as_described: '与描述不符',
    quality: '质量问题',
    counterfeit: '疑似假货',
    not_received: '未收到货',
    wrong_or_missing: '发错或少件',
    damaged: '运输破损',
    refund_delayed: '退款迟迟不到',
    return_refused: '拒绝退换',
    service: '服务态度',
    other: '其他',
  },
}

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
/** The day alone, with its year: years lie between. */
const dayField = (value: FieldValue | undefined): string =>
  typeof value === 'string' ? shanghaiDate(Date.parse(value)) : ''

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
    case 'followed_up':
      return f.solved === true ? '买家回访：真的解决了' : '买家回访：其实没有解决'
    case 'link_rotated':
      return '进度链接已更换'
    case 'key_bound':
      return `${role(step.by.role)}绑定了一台设备，此后在这台设备上的操作都有签名`
    case 'key_retired':
      return `${role(step.by.role)}停用了一台设备：${whenField(f.until)}起，它的签名不再算数`
    case 'link_shared':
      return shared(f)
    case 'redaction_requested':
      if (f.field === '*') return `${role(step.by.role)}申请删除这件投诉的全部内容`
      return `${role(step.by.role)}申请删除第 ${Number(f.seq) + 1} 步的一项内容`
    case 'redacted':
      if (f.basis === 'retention') return `保存期已满，第 1 至 ${Number(f.seq) + 1} 步的内容已按规则删除`
      if (f.field === '*')
        return `第 1 至 ${Number(f.seq) + 1} 步的内容已全部删除（${lookUp(REDACTION_BASIS, f.basis)}）`
      return `第 ${Number(f.seq) + 1} 步的一项内容已删除（${lookUp(REDACTION_BASIS, f.basis)}）`
    case 'redaction_refused':
      if (f.field === '*') return `${role(step.by.role)}没有同意删除这件投诉的全部内容`
      return `${role(step.by.role)}没有同意删除第 ${Number(f.seq) + 1} 步的一项内容`
    case 'legal_hold_set':
      return f.until === undefined
        ? `${role(step.by.role)}依法保留这件投诉的全部内容，解除之前不删除`
        : `${role(step.by.role)}依法保留这件投诉的全部内容，${dayField(f.until)}之前不删除`
    case 'legal_hold_released':
      return `${role(step.by.role)}解除了依法保留`
    case 'nudged':
      return `买家催办${Number(f.count) > 1 ? `（本环节第 ${f.count} 次）` : ''}`
    case 'interim_reported':
      return `${role(step.by.role)}说明未能按期办结：总期限原为 ${whenField(f.firstDue)}，改为 ${whenField(f.due)}`
    case 'total_missed':
      return `到 ${whenField(f.due)} 还没有办结，超过总期限。${role(f.party)}应当说明理由和新的期限`
    case 'statement_requested':
      return `${role(step.by.role)}请${role(f.party)}在 ${whenField(f.due)} 前说明情况。处理的一方和时限不变`
    case 'statement_given':
      return `${role(f.party)}作了说明（答第 ${Number(f.of) + 1} 步）${Number(f.files) > 0 ? `，附 ${f.files} 个文件` : ''}`
    case 'statement_absent':
      return `${role(f.party)}没有在 ${whenField(f.due)} 前说明情况（第 ${Number(f.of) + 1} 步），记录在此`
    default:
      return step.kind satisfies never
  }
}

export const zhCN: Dictionary = { locale: 'zh-CN', ...words, when, lasting, amount, describe, next: nextOf }

export const zhCNForBuyer = toSecondPerson(zhCN, text => text.replaceAll('买家', '您'))
