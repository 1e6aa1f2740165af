import { type Complaint, isOwed, isStuck } from '../../complaint/complaint.ts'
import { needsReturn } from '../../complaint/words.ts'

interface Next {
  ifActs: string
  ifSilent: string
}
const next = (ifActs: string, ifSilent: string): Next => ({ ifActs, ifSilent })

// Every reader sees these sentences, so they say 買家 and never 您.

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

/** What comes next in each open state; an empty pair when nobody has to act. */
export const nextOf = (c: Complaint): Next => {
  switch (c.state) {
    case 'awaiting_merchant':
      return next(
        '賣家答應買家的要求，就直接辦理；提出別的方案或拒絕，由買家決定下一步。',
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
