import { type Complaint, isOwed, isStuck } from '../../complaint/complaint.ts'
import type { Fields, FieldValue } from '../../complaint/step.ts'
import { shanghaiDate } from '../../complaint/time.ts'
import type { Dictionary, StepView } from '../../complaint/view/types.ts'
import { needsReturn } from '../../complaint/words.ts'
import { inShanghai, lookUp, part, shownBy, spanIn, sumOf, toSecondPerson } from '../values.ts'
import type { words as shape } from '../zh-CN/complaint.ts'

interface Next {
  ifActs: string
  ifSilent: string
}
const next = (ifActs: string, ifSilent: string): Next => ({ ifActs, ifSilent })

// Every reader sees these sentences, so they say 買家 and never 您; `zhTWForBuyer` is for the buyer's own page.

const days = (figure: { hours: number }): string => `${Math.round(figure.hours / 24)} 天`

const lapse = ({ policy, reopened }: Complaint): string =>
  `到期前至少會傳 ${policy.lapse.notices.count} 次簡訊提醒買家。一直沒有回覆，投訴就以「未經買家確認」結案，不算已解決${
    reopened.lapse ? '' : `，${days(policy.windows.reopening)}內可以重新開啟`
  }。`

const supervisor = ({ policy }: Complaint): string =>
  `記平台逾期一次，由平台主管在 ${policy.times.supervisor.hours} 小時內處理。`

const OUTSIDE =
  '平台主管也逾期了。買家可以撥打 12315（中國大陸的消費者專線），或在「全國 12315 平台」網站投訴，本頁可以當作憑證。'

const reviewSilent = (c: Complaint): string => {
  if (isStuck(c)) return OUTSIDE
  return c.missed > 0 ? '再記逾期一次，本頁會列出 12315（中國大陸的消費者專線）等外部投訴管道。' : supervisor(c)
}

const reviewActs = (c: Complaint): string => {
  if (isOwed(c)) return '裁定的處理方案由平台履行，履行後請買家確認。'
  return c.review?.enforcement
    ? '平台查明有沒有履行：沒有的話，訂出新的期限；再次逾期，就由平台先行賠付。'
    : '平台作出裁定，寫明事實、依據、理由和處理結果；不服的一方可以申請複核。'
}

const offered = (c: Complaint): string => {
  if (!c.offer) return '買家不同意賣家的回覆，可以請平台介入。'
  const accepted = needsReturn(c.offer.kind) ? '買家接受方案，就寄回商品' : '買家接受方案，賣家就要在期限內辦好'
  return `${accepted}；不接受，可以請平台介入。`
}

const owing = (c: Complaint): string => (c.remedy?.owedBy === 'platform' ? '平台' : '賣家')

const confirmation = (c: Complaint): string =>
  c.disputed
    ? '買家確認解決，投訴就此結案；這次履行已經提過異議。'
    : '買家確認解決，投訴就此結案；如果沒有履行，可以提出異議，由平台審理。'

const goesBack = ({ sought }: Complaint): boolean => sought !== null && needsReturn(sought.kind)

/** What comes next in each open state; an empty pair when no party has to act. */
const nextOf = (c: Complaint): Next => {
  switch (c.state) {
    case 'awaiting_merchant':
      return next(
        goesBack(c)
          ? '賣家答應退貨，買家看過地址和運費就能接受；提出別的方案或拒絕，也由買家決定下一步。'
          : '賣家答應買家的要求，就直接辦理；提出別的方案或拒絕，由買家決定下一步。',
        '記賣家逾期一次，自動轉由平台審理，買家不必再做什麼。',
      )
    case 'awaiting_buyer':
      return next(offered(c), lapse(c))
    case 'platform_review':
      return next(reviewActs(c), reviewSilent(c))
    case 'evidence_requested':
      return next(
        '收到證據後平台繼續審理，時間從暫停的地方接著算。',
        '記下「沒有提交證據」，平台依現有的證據繼續審理。',
      )
    case 'awaiting_return':
      return next(
        `買家寄回商品並填寫物流單號後，${owing(c)}最晚在寄出後 ${days(c.policy.times.fulfilment_after_shipment)}內履行。`,
        lapse(c),
      )
    case 'fulfilment':
      return next(
        `${owing(c)}提交履行憑證後，請買家確認是否解決。`,
        c.remedy?.owedBy === 'platform' ? supervisor(c) : '記賣家逾期一次，自動轉由平台處理。',
      )
    case 'awaiting_confirmation':
      return next(confirmation(c), lapse(c))
    case 'appeal_review':
      return next('由沒有參與原裁定的承辦人作出最終裁定。', reviewSilent(c))
    default:
      return next('', '')
  }
}

const words: typeof shape = {
  roles: {
    buyer: '買家',
    merchant: '賣家',
    platform: '平台',
    supervisor: '平台主管',
    system: '系統',
    both: '買家和賣家',
    courier: '物流公司',
    supplier: '供貨商',
    regulator: '主管機關',
    third_party: '第三方',
  },
  states: {
    awaiting_merchant: '等賣家回覆',
    awaiting_buyer: '等買家決定',
    platform_review: '平台審理中',
    evidence_requested: '等補充證據',
    awaiting_return: '等買家寄回',
    fulfilment: '等履行處理方案',
    awaiting_confirmation: '等買家確認',
    appeal_review: '複核審理中',
    closed_confirmed: '已解決（買家確認）',
    closed_ruled: '平台裁定後結案',
    closed_lapsed: '未經買家確認而結案',
    closed_withdrawn: '買家已撤回',
    refused: '不予受理',
  },
  kinds: {
    submitted: '提出投訴',
    merchant_responded: '賣家回覆',
    automated_reply: '機器回覆',
    offer_accepted: '接受方案',
    offer_refused: '不接受方案',
    escalated: '請平台介入',
    officer_assigned: '指定承辦人',
    handoff_offered: '轉交（待接手）',
    handoff_accepted: '接手轉交',
    evidence_requested: '要求補充證據',
    evidence_supplied: '提交證據',
    evidence_absent: '未提交證據',
    ruled: '平台裁定',
    appealed: '申請複核',
    appeal_ruled: '複核裁定',
    return_shipped: '已寄回',
    return_received: '賣家收到退貨',
    return_disputed: '賣家對退貨有異議',
    fulfilled: '回報已履行',
    confirmed: '買家確認解決',
    disputed: '買家提出異議',
    deadline_missed: '逾期',
    deadline_extended: '延期',
    notice_sent: '簡訊已送出',
    lapsed: '逾時未確認',
    withdrawn: '撤回投訴',
    refused: '不予受理',
    reopened: '重新開啟',
    human_requested: '要求專人處理',
    conduct_reported: '檢舉不當言行',
    message_added: '留言',
    rated: '評價',
    followed_up: '一週回訪',
    link_rotated: '更換進度連結',
    link_shared: '設定分享連結',
    redaction_requested: '申請刪除內容',
    redacted: '內容已刪除',
    redaction_refused: '沒有同意刪除',
    legal_hold_set: '依法保留',
    legal_hold_released: '解除保留',
    nudged: '催辦',
    interim_reported: '中期回覆',
    total_missed: '超過總期限',
    key_bound: '綁定裝置',
    key_retired: '停用裝置',
    statement_requested: '請第三方說明',
    statement_given: '第三方的說明',
    statement_absent: '第三方沒有說明',
  },
  remedies: {
    refund: '僅退款',
    partial_refund: '部分退款',
    return_refund: '退貨退款',
    exchange: '換貨',
    reship: '補寄',
    repair: '維修',
    apology: '道歉',
    compensation: '賠償',
  },
  outcomes: { for_buyer: '支持買家', partly: '部分支持買家', for_merchant: '支持賣家' },
  rejectionGrounds: {
    as_described: '商品與描述相符',
    misuse: '使用不當',
    out_of_time: '超過期限',
    courier: '物流的責任',
    already_settled: '先前已處理',
    other: '其他',
  },
  refusalGrounds: {
    not_our_order: '不是本平台的訂單',
    duplicate: '重複投訴',
    already_ruled: '先前已裁定',
    out_of_time: '超過期限',
    not_consumer: '不屬於消費爭議',
  },
  withdrawalGrounds: {
    asked_by_merchant: '賣家要求撤回',
    solved_elsewhere: '已經用其他方式解決',
    changed_mind: '不想繼續了',
    other: '其他',
  },
  lapses: {
    offer: '賣家提出方案後，買家沒有回覆',
    rejection: '賣家拒絕後，買家沒有回覆',
    return: '買家沒有寄回商品',
    proof: '對方回報已履行後，買家沒有確認',
  },
  categories: {
    not_as_described: '與描述不符',
    quality: '品質問題',
    counterfeit: '疑似仿冒品',
    not_received: '沒收到貨',
    wrong_or_missing: '寄錯或少寄',
    damaged: '運送途中損壞',
    refund_delayed: '遲遲不退款',
    return_refused: '拒絕退換貨',
    service: '服務態度',
    other: '其他',
  },
}

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
/** The day alone, with its year: years lie between. */
const dayField = (value: FieldValue | undefined): string =>
  typeof value === 'string' ? shanghaiDate(Date.parse(value)) : ''

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
    case 'followed_up':
      return f.solved === true ? '買家回訪：真的解決了' : '買家回訪：其實沒有解決'
    case 'link_rotated':
      return '進度連結已更換'
    case 'key_bound':
      return `${role(step.by.role)}綁定了一台裝置，此後在這台裝置上的操作都有簽章`
    case 'key_retired':
      return `${role(step.by.role)}停用了一台裝置：${whenField(f.until)}起，它的簽章不再算數`
    case 'link_shared':
      return shared(f)
    case 'redaction_requested':
      if (f.field === '*') return `${role(step.by.role)}申請刪除這件投訴的全部內容`
      return `${role(step.by.role)}申請刪除第 ${Number(f.seq) + 1} 步的一項內容`
    case 'redacted':
      if (f.basis === 'retention') return `保留期限已滿，第 1 至 ${Number(f.seq) + 1} 步的內容已依規則刪除`
      if (f.field === '*')
        return `第 1 至 ${Number(f.seq) + 1} 步的內容已全部刪除（${lookUp(REDACTION_BASIS, f.basis)}）`
      return `第 ${Number(f.seq) + 1} 步的一項內容已刪除（${lookUp(REDACTION_BASIS, f.basis)}）`
    case 'redaction_refused':
      if (f.field === '*') return `${role(step.by.role)}沒有同意刪除這件投訴的全部內容`
      return `${role(step.by.role)}沒有同意刪除第 ${Number(f.seq) + 1} 步的一項內容`
    case 'legal_hold_set':
      return f.until === undefined
        ? `${role(step.by.role)}依法保留這件投訴的全部內容，解除之前不刪除`
        : `${role(step.by.role)}依法保留這件投訴的全部內容，${dayField(f.until)}之前不刪除`
    case 'legal_hold_released':
      return `${role(step.by.role)}解除了依法保留`
    case 'nudged':
      return `買家催辦${Number(f.count) > 1 ? `（本階段第 ${f.count} 次）` : ''}`
    case 'interim_reported':
      return `${role(step.by.role)}說明未能如期結案：總期限原為 ${whenField(f.firstDue)}，改為 ${whenField(f.due)}`
    case 'total_missed':
      return `到 ${whenField(f.due)} 還沒有結案，超過總期限。${role(f.party)}應當說明理由和新的期限`
    case 'statement_requested':
      return `${role(step.by.role)}請${role(f.party)}在 ${whenField(f.due)} 前說明情況。處理的一方和期限不變`
    case 'statement_given':
      return `${role(f.party)}作了說明（答第 ${Number(f.of) + 1} 步）${Number(f.files) > 0 ? `，附 ${f.files} 個檔案` : ''}`
    case 'statement_absent':
      return `${role(f.party)}沒有在 ${whenField(f.due)} 前說明情況（第 ${Number(f.of) + 1} 步），記錄在此`
    default:
      return step.kind satisfies never
  }
}

export const zhTW: Dictionary = { locale: 'zh-TW', ...words, when, lasting, amount, describe, next: nextOf }

export const zhTWForBuyer = toSecondPerson(zhTW, text => text.replaceAll('買家', '您'))
