// Recorder, part 3: random lives of complaints, told by HTTP alone: what is allowed, what is refused, and nonsense.
import { seeded } from './chance.ts'
import { KEYS, type RecordedServer } from './server.ts'
import type { Tape } from './tape.ts'

const yuan = (value: string) => ({ value, currency: 'CNY' })
const TEXTS = [
  '袖子短了一截',
  '客服三次都说以实物为准',
  'The zip is broken.',
  '退一半可以吗',
  'a<b>&"c"\n第二行',
  '我再等等',
]
const BACK = { returnTo: '杭州市余杭区 8 号仓', freightPaidBy: 'merchant' }

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

type Pick = ReturnType<typeof picker>
export const picker = (seed: number) => {
  const random = seeded(seed)
  const below = (n: number) => Math.floor(random() * n)
  return { below, of: <T>(list: readonly T[]): T => list[below(list.length)] as T, chance: (p: number) => random() < p }
}

const remedy = (pick: Pick, extra: object = {}) => {
  const kind = pick.of([
    'refund',
    'partial_refund',
    'return_refund',
    'exchange',
    'reship',
    'repair',
    'apology',
    'compensation',
  ])
  const money = ['refund', 'partial_refund', 'return_refund', 'compensation'].includes(kind)
  const back = ['return_refund', 'exchange', 'repair'].includes(kind)
  return { kind, ...(money && { amount: yuan(pick.of(['89.00', '40.00', '12.5'])) }), ...(back && BACK), ...extra }
}
const later = (now: number, hours: number) => new Date(now + hours * 3_600_000).toISOString()

export type Body = (pick: Pick, now: number, steps: number) => Record<string, unknown>
const text: Body = pick => ({ text: pick.of(TEXTS) })
const reason: Body = pick => ({ reason: pick.of(TEXTS) })
const by = (pick: Pick, names: readonly string[]) =>
  pick.chance(0.8) ? { operator: pick.of(names) } : pick.chance(0.5) ? { automated: true } : {}
const CLERKS = ['李娜', '小陈']
const OFFICERS = ['A17', 'B2', 'C3']

const BUYER: Record<string, Body> = {
  'offer-acceptance': pick => (pick.chance(0.5) ? {} : { offer: pick.below(4) }),
  'offer-refusal': pick => ({
    reason: pick.of(TEXTS),
    ...(pick.chance(0.5) && { counter: { kind: 'refund', amount: yuan('89.00') } }),
  }),
  escalation: reason,
  dispute: reason,
  appeal: reason,
  reopening: reason,
  evidence: text,
  messages: text,
  'return-shipment': () => ({ carrier: '中通', trackingNo: 'ZT123456' }),
  confirmation: () => ({}),
  'human-request': () => ({}),
  withdrawal: pick => ({ reason: pick.of(['changed_mind', 'asked_by_merchant', 'other', '自己处理']), confirm: 'yes' }),
  rating: pick => ({ score: 1 + pick.below(5), ...(pick.chance(0.5) && { text: pick.of(TEXTS) }) }),
  'conduct-report': (pick, _, steps) => ({ seq: pick.below(steps), text: pick.of(TEXTS) }),
  'redaction-request': (pick, _, steps) => ({
    seq: pick.below(steps),
    field: pick.of(['statement', 'text', 'reason']),
    reason: '写错了',
  }),
  'share-links': pick => ({ ...(pick.chance(0.5) && { texts: 'yes' }), ...(pick.chance(0.5) && { files: 'yes' }) }),
}
const MERCHANT: Record<string, Body> = {
  responses: pick =>
    pick.chance(0.5)
      ? {
          answer: 'reject',
          ground: pick.of(['as_described', 'misuse', 'out_of_time', 'courier', 'already_settled', 'other']),
          statement: pick.of(TEXTS),
          ...by(pick, CLERKS),
        }
      : { answer: 'offer', statement: pick.of(TEXTS), offer: remedy(pick), ...by(pick, CLERKS) },
  fulfilment: pick => ({ statement: pick.of(TEXTS), proof: '流水 RF1', ...by(pick, CLERKS) }),
  'return-receipt': pick => ({ ...(pick.chance(0.5) && { text: '收到了' }), ...by(pick, CLERKS) }),
  'return-disputes': pick => ({ reason: '空包裹', ...by(pick, CLERKS) }),
  appeals: pick => ({ reason: pick.of(TEXTS), ...by(pick, CLERKS) }),
  extensions: (pick, now) => ({ due: later(now, 10 + pick.below(90)), reason: '仓库盘点', ...by(pick, CLERKS) }),
  evidence: pick => ({ text: pick.of(TEXTS), ...by(pick, CLERKS) }),
  messages: pick => ({ text: pick.of(TEXTS), ...by(pick, CLERKS) }),
}
const PLATFORM: Record<string, Body> = {
  fulfilment: pick => ({ statement: '平台先行赔付', proof: 'PF1', ...by(pick, OFFICERS) }),
  extensions: (pick, now) => ({ due: later(now, 10 + pick.below(90)), reason: '等检测', ...by(pick, OFFICERS) }),
  evidence: pick => ({ text: pick.of(TEXTS), ...by(pick, OFFICERS) }),
  messages: pick => ({ text: pick.of(TEXTS), ...by(pick, OFFICERS) }),
  assignment: pick => ({ officer: pick.of(OFFICERS), ...(pick.chance(0.5) && { desk: '服饰组' }), reason: '轮班' }),
  handoffs: pick => ({ toDesk: pick.of(['物流组', '支付组']), reason: '破损', ...by(pick, OFFICERS) }),
  'handoff-acceptance': pick => ({ officer: pick.of(OFFICERS) }),
  'evidence-requests': pick => ({
    from: pick.of(['buyer', 'merchant', 'both']),
    request: '请拍水洗标',
    ...by(pick, OFFICERS),
  }),
  rulings: (pick, now) => {
    const outcome = pick.of(['for_buyer', 'partly', 'for_merchant'])
    return {
      outcome,
      facts: pick.of(TEXTS),
      rule: '规则第四条',
      reasons: '没有相反的证据',
      ...(pick.chance(0.8) && { officer: pick.of(OFFICERS) }),
      ...(outcome !== 'for_merchant' && { remedy: remedy(pick, { owedBy: pick.of(['merchant', 'platform']) }) }),
      ...(pick.chance(0.3) && { due: later(now, 20 + pick.below(60)) }),
    }
  },
  refusal: pick => ({
    ground: pick.of(['not_our_order', 'duplicate', 'already_ruled', 'out_of_time', 'not_consumer']),
    facts: '不是本店',
    rule: '第二条',
    ...by(pick, OFFICERS),
  }),
  redactions: (pick, _, steps) => ({
    seq: pick.below(steps),
    field: pick.of(['statement', 'text', 'reason']),
    reason: '含隐私',
    operator: pick.of(OFFICERS),
  }),
  'link-rotation': pick => ({ reason: pick.of(['换号', '换号', 'theft']), ...by(pick, OFFICERS) }),
}
export const ROLES = { buyer: BUYER, merchant: MERCHANT, platform: PLATFORM, supervisor: PLATFORM, other: MERCHANT }
export type Role = keyof typeof ROLES

const spoil = (pick: Pick, body: Record<string, unknown>): unknown => {
  const names = Object.keys(body)
  const name = names.length > 0 ? pick.of(names) : 'text'
  return pick.of([
    { ...body, [name]: undefined },
    { ...body, [name]: '' },
    { ...body, [name]: 'x'.repeat(6000) },
    { ...body, [name]: { deep: 1 } },
    { ...body, [name]: '\u0000' },
    [],
    'nonsense',
    {},
  ])
}

/** Acts that move nothing, and acts after which little happens any more: chosen less often. */
const QUIET = ['messages', 'share-links', 'conduct-report', 'redaction-request', 'evidence', 'human-request', 'rating']
export const ENDING = ['confirmation', 'withdrawal', 'refusal', 'link-rotation', 'redactions', 'assignment', 'handoffs']

/** What a browser that is not known as the buyer's proves itself for. */
export const PROVEN = ['offer-acceptance', 'confirmation', 'withdrawal']

const LANGUAGES = ['zh-CN', 'zh-TW', 'en']

/** One life on `server`, on tape. */
export const live = async (server: RecordedServer, tape: Tape, n: number): Promise<void> => {
  const pick = picker(7000 + n)
  const key = { platform: KEYS.platform, supervisor: KEYS.supervisor, merchant: KEYS.merchant, other: KEYS.other }
  const bearer = (role: keyof typeof key) => ({ Authorization: `Bearer ${key[role]}`, Accept: 'application/json' })
  const submission = {
    orderId: `ORDER-${n}`,
    ...(pick.chance(0.7) && { item: '连衣裙' }),
    merchantId: pick.chance(0.9) ? 'm1' : 'm2',
    merchantName: '花间集',
    buyer: { name: pick.of(['欧阳暮雪', '王小明', 'Ann Lee']), phone: `139${String(10_000_000 + n)}` },
    category: pick.of(['quality', 'not_as_described', 'logistics']),
    statement: pick.of(TEXTS),
    ...(pick.chance(0.8) && { remedySought: { kind: 'refund', amount: yuan('89.00') } }),
    ...(pick.chance(0.3) && { locale: pick.of(LANGUAGES) }),
  }
  if (pick.chance(0.2)) await tape.post('/api/v1/complaints', spoil(pick, submission), bearer('platform'))
  const filed = await tape.post('/api/v1/complaints', submission, { ...bearer('platform'), 'Idempotency-Key': `k${n}` })
  if (pick.chance(0.3))
    await tape.post('/api/v1/complaints', submission, { ...bearer('platform'), 'Idempotency-Key': `k${n}` })
  if (filed.status !== 201) return
  const { id, trackingUrl } = JSON.parse(filed.text)
  let act = new URL(trackingUrl).pathname
  let share: string | null = null
  let steps = 1
  for (let i = 0; i < 6 + pick.below(12); i++) {
    if (pick.chance(0.35)) await tape.advance([1, 5, 20, 49, 73, 100, 170][pick.below(7)] ?? 1)
    const view = await tape.get(act, { Accept: 'application/json' })
    if (view.status === 200) steps = JSON.parse(view.text).steps.length
    const role: Role = pick.of([
      'buyer',
      'buyer',
      'buyer',
      'merchant',
      'merchant',
      'platform',
      'platform',
      'supervisor',
      ...(pick.chance(0.1) ? ['other' as const] : []),
    ])
    const table: Record<string, Body> = ROLES[role]
    const offered = role === 'buyer' ? view : await tape.get(`/api/v1/complaints/${id}`, bearer(role))
    const actions: string[] =
      offered.status === 200 ? JSON.parse(offered.text).actions.filter((name: string) => name in table) : []
    const moving = actions.filter(name => !QUIET.includes(name))
    const usual = moving.filter(name => !ENDING.includes(name))
    const likely = usual.length > 0 && pick.chance(0.85) ? usual : moving
    const name = pick.chance(0.8) && likely.length > 0 ? pick.of(likely) : pick.of(Object.keys(table))
    const proof = role === 'buyer' && PROVEN.includes(name) && { last4: submission.buyer.phone.slice(-4) }
    const good = { ...table[name]?.(pick, server.now(), steps), ...proof }
    const body = pick.chance(0.15) ? spoil(pick, good) : good
    if (role === 'buyer' && pick.chance(0.4)) {
      const seen = pick.chance(0.7) ? JSON.parse(view.text || '{}').steps?.at(-1)?.leaf : undefined
      const flat: Record<string, string> = { ...(seen && { seen }) }
      if (typeof body === 'object' && body !== null)
        for (const [field, value] of Object.entries(body)) if (value !== undefined) flat[field] = String(value)
      await tape.form(`${act}/${name}`, flat, { 'Accept-Language': pick.of(LANGUAGES) })
    } else if (role === 'buyer') {
      const made = await tape.post(`${act}/${name}`, body, {
        Accept: 'application/json',
        ...(pick.chance(0.2) && { 'Idempotency-Key': `b${n}-${i}` }),
      })
      if (made.status === 201 && name === 'share-links') share = new URL(JSON.parse(made.text).shareUrl).pathname
    } else {
      await tape.post(`/api/v1/complaints/${id}/${name}`, body, {
        ...bearer(role),
        ...(pick.chance(0.2) && { 'Idempotency-Key': `a${n}-${i}` }),
      })
    }
    if (pick.chance(0.1))
      await tape.upload(`${act}/evidence`, pick.of(TEXTS), pick.chance(0.8) ? PIXEL : 'not a picture')
    if (pick.chance(0.25)) await tape.get(act, { Accept: 'text/html', 'Accept-Language': pick.of(LANGUAGES) })
    const sms = server.sms().findLast(line => line.includes(`139${String(10_000_000 + n)}`) && line.includes('/t/'))
    const link = sms && /\/t\/[A-Za-z0-9_-]{25}/.exec(sms)?.[0]
    if (link) act = link
  }
  for (const language of LANGUAGES) {
    await tape.get(act, { Accept: 'text/html', 'Accept-Language': language })
    if (share) await tape.get(share, { Accept: 'text/html', 'Accept-Language': language })
  }
  await tape.get(act, { Accept: 'application/json' })
  if (share) await tape.get(share, { Accept: 'application/json' })
  await tape.get(`/api/v1/complaints/${id}`, bearer('merchant'))
  await tape.get(`/api/v1/complaints/${id}`, bearer('platform'))
  await tape.settled()
  await tape.get(`${act}/receipt.json`)
  if (share) await tape.get(`${share}/receipt.json`)
  await tape.get(`/api/v1/complaints/${id}/receipt.json`, bearer('merchant'))
  for (const [who, cookie] of await tape.sessions()) {
    const room = who === 'merchant' ? '/merchant' : '/desk'
    const language = pick.of(LANGUAGES)
    await tape.get(`${room}/complaints/${id}`, { Accept: 'text/html', Cookie: cookie, 'Accept-Language': language })
  }
}
