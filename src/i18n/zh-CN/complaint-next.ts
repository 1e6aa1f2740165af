import { type Complaint, isOwed, isStuck } from '../../complaint/complaint.ts'
import { needsReturn } from '../../complaint/words.ts'

interface Next {
  ifActs: string
  ifSilent: string
}
const next = (ifActs: string, ifSilent: string): Next => ({ ifActs, ifSilent })

// Every reader sees these sentences, so they say 买家 and never 您.

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

/** What comes next in each open state; an empty pair when nobody has to act. */
export const nextOf = (c: Complaint): Next => {
  switch (c.state) {
    case 'awaiting_merchant':
      return next(
        '商家答应买家的要求，就直接办理；提出别的方案或者拒绝，由买家决定下一步。',
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
