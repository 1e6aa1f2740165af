import type { Complaint } from '../complaint.ts'
import { isStuck } from '../complaint.ts'
import { needsReturn } from '../words.ts'

interface Next {
  ifActs: string
  ifSilent: string
}
const next = (ifActs: string, ifSilent: string): Next => ({ ifActs, ifSilent })
const LAPSE = '到期前会发三次短信提醒；仍无答复，投诉会以“未经买家确认”关闭，不算已解决，30 天内可以重新打开。'
const SUPERVISOR = '记一次平台逾期，改由平台主管在 24 小时内处理。'
const OUTSIDE = '平台主管也已逾期。您可以拨打 12315，或在全国 12315 平台投诉，本页可作为凭据。'

const review = (c: Complaint, acts: string): Next =>
  next(acts, isStuck(c) ? OUTSIDE : c.missed > 0 ? '再记一次逾期，本页会给出 12315 等外部投诉途径。' : SUPERVISOR)

const fulfilment = (c: Complaint): Next => {
  const who = c.remedy?.owedBy === 'platform' ? '平台' : '商家'
  return next(
    `${who}提交兑现凭证后，由您核对并确认是否解决。`,
    c.remedy?.owedBy === 'platform' ? SUPERVISOR : '记一次商家逾期，自动转平台处理。',
  )
}

/** What comes next in each open state; an empty pair when nobody has to act. */
export const nextOf = (c: Complaint): Next => {
  switch (c.state) {
    case 'awaiting_merchant':
      return next(
        '商家答应您的要求，就直接办理；提出别的方案或拒绝，由您决定是否接受。',
        '记一次商家逾期，自动转平台审理，您不用再做什么。',
      )
    case 'awaiting_buyer':
      return next(
        c.offer
          ? needsReturn(c.offer.kind)
            ? '接受方案后，请把商品寄回；不接受，可以申请平台介入。'
            : '接受方案后，商家限时兑现；不接受，可以申请平台介入。'
          : '不同意商家的答复，可以申请平台介入。',
        LAPSE,
      )
    case 'platform_review':
      return review(
        c,
        c.review?.enforcement
          ? '平台监督兑现：给一个新的日期，再不兑现就由平台先行赔付。'
          : '平台作出裁定，写明事实、依据、理由和处理结果；您不服可以申请复核。',
      )
    case 'evidence_requested':
      return next('收到证据后，平台接着审理，剩余时间继续计算。', '记录“未提交证据”，平台按已有证据继续审理。')
    case 'awaiting_return':
      return next('寄回并填写快递单号后，商家最迟在您寄出后 15 天内兑现。', LAPSE)
    case 'fulfilment':
      return fulfilment(c)
    case 'awaiting_confirmation':
      return next('确认解决，投诉就此结束；没有兑现，请提出异议，平台会审理。', LAPSE)
    case 'appeal_review':
      return review(c, '由没有参与原裁定的承办人作出最终裁定。')
    default:
      return next('', '')
  }
}
