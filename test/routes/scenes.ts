import { type Filed, made, type TestServer } from '../support/server.ts'

/** Where stories begin: a complaint brought to some state through the public API. */
export type Scene = (house: TestServer) => Promise<Filed>

export const cny = (value: string) => ({ value, currency: 'CNY' })
export const REJECTION = { answer: 'reject', ground: 'misuse', statement: '使用不当', operator: '李娜' }
/** Not what was sought, so the buyer decides. */
export const OFFER = {
  answer: 'offer',
  statement: '退一半',
  offer: { kind: 'partial_refund', amount: cny('40.00') },
  operator: '李娜',
}
export const RULING = {
  outcome: 'for_buyer',
  facts: '照片清楚',
  rule: '规则第四条',
  reasons: '商家没有相反的证据',
  officer: 'A17',
  remedy: { kind: 'refund', amount: cny('89.00'), owedBy: 'merchant' },
}
export const BACK = { returnTo: '杭州市余杭区 8 号仓', freightPaidBy: 'merchant' }
export const PROOF = { statement: '已退款', proof: '流水 RF1', operator: '李娜' }

export const submitted: Scene = house => house.submit()

const after =
  (before: Scene, act: (house: TestServer, filed: Filed) => Promise<Parameters<typeof made>[0]>): Scene =>
  async house => {
    const filed = await before(house)
    made(await act(house, filed))
    return filed
  }

export const rejected = after(submitted, (house, it) => house.asMerchant(it, 'responses', REJECTION))
export const offered = after(submitted, (house, it) => house.asMerchant(it, 'responses', OFFER))
export const escalated = after(rejected, (house, it) => house.asBuyer(it, 'escalation', { reason: '不是我的错' }))
export const ruled = after(escalated, (house, it) => house.asPlatform(it, 'rulings', RULING))
export const dismissed = after(escalated, (house, it) =>
  house.asPlatform(it, 'rulings', { ...RULING, outcome: 'for_merchant', remedy: undefined }),
)
export const awaitingReturn = after(escalated, (house, it) =>
  house.asPlatform(it, 'rulings', { ...RULING, remedy: { kind: 'return_refund', owedBy: 'merchant', ...BACK } }),
)
export const shipped = after(awaitingReturn, (house, it) =>
  house.asBuyer(it, 'return-shipment', { carrier: '中通', trackingNo: 'ZT123456' }),
)
export const fulfilled = after(submitted, (house, it) => house.asMerchant(it, 'fulfilment', PROOF))
export const confirmed = after(submitted, (house, it) => house.asBuyer(it, 'confirmation'))
export const handedOff = after(escalated, (house, it) =>
  house.asPlatform(it, 'handoffs', { toDesk: '物流组', reason: '破损', operator: 'A17' }),
)
export const asked = after(escalated, (house, it) =>
  house.asPlatform(it, 'evidence-requests', { from: 'buyer', request: '请拍水洗标', operator: 'A17' }),
)
export const erasureAsked = after(submitted, (house, it) =>
  house.asBuyer(it, 'redaction-request', { seq: 0, field: 'statement', reason: '写错了' }),
)
