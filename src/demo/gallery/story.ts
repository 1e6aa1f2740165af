import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { DEFAULT_POLICY, shippedPolicy } from '../../../db/policies/index.ts'
import type { Act, Actor, Bodies, Context } from '../../complaint/command.ts'
import type { Complaint } from '../../complaint/complaint.ts'
import { dueSteps } from '../../complaint/deadlines/due-steps.ts'
import { type Policy, parsePolicy, type Surge } from '../../complaint/deadlines/policy.ts'
import { decide } from '../../complaint/decide.ts'
import { evolve } from '../../complaint/evolve.ts'
import { type AdoptedRule, citedIn, ruleDocument } from '../../complaint/platform-rule.ts'
import type { FieldValue, NewStep } from '../../complaint/step.ts'
import { DAY, HOUR, iso } from '../../complaint/time.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { Entry } from '../../complaint/view/timeline.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import { zhCN, zhCNForBuyer } from '../../i18n/zh-CN/complaint.ts'
import { consoleZhCN } from '../../i18n/zh-CN/index.ts'
import { zhCNPage } from '../../i18n/zh-CN/track.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'
import { inWords } from '../../routes/fields.ts'
import type { FieldProblem } from '../../routes/problem.ts'
import type { FormState, PageContext, TrackContext } from '../../views/context.ts'
import type { AwaitedStatement } from '../../views/third-party/page.ts'

export type Room = 'track' | 'merchant' | 'desk' | 'intake' | 'front'

/** One page in one state, rendered by its own view. `base` is its path: forms post there, files are fetched there. */
export interface Specimen {
  room: Room
  name: string
  draw(page: PageContext, base: string): string
}

/** Links of no real complaint, for the statements that are awaited. */
export const awaitedIn = ({ statements }: Complaint): AwaitedStatement[] =>
  statements.map(({ party, due }) => ({
    party,
    due: iso(due),
    url: 'https://t.tousu.example/s/q83vASNFZ4mrze8BI0VniavN7q830',
  }))

export const kebab = (name: string): string => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** A refused form with its problems, in the page's language, as a route renders it. */
export const refused = (
  page: PageContext,
  values: FormState['values'],
  ...problems: FieldProblem[]
): { values: FormState['values']; problems: FormState['problems'] } => ({
  values,
  problems: problems.map(each => inWords(each, page.words)),
})

export { START }

const BUYER: Actor = { role: 'buyer', auto: false, who: null }
const SHOP: Actor = { role: 'merchant', auto: false, who: 'shop-7', name: '客服小陈' }
const ROBOT: Actor = { role: 'merchant', auto: true, who: null }
const THIRD: Actor = { role: 'third_party', auto: false, who: null }
const SYSTEM: Actor = { role: 'system', auto: true, who: null }
const officer = (name: string): Actor => ({ role: 'platform', auto: false, who: `officer-${name}`, name })
const boss = (name: string): Actor => ({ ...officer(name), role: 'supervisor' })
/** The actors of the stories. */
export const by = { buyer: BUYER, shop: SHOP, robot: ROBOT, officer, boss, third: THIRD, system: SYSTEM }

const hash = (text: string): Uint8Array => sha256(utf8(text))

/** The shipped policy, with surges where a story needs them. */
export const policyWith = (surges?: Surge[]): Policy => {
  const document = parsePolicy(shippedPolicy(DEFAULT_POLICY))
  const surging = surges ? { ...document, surges } : document
  return { ...surging, hash: toBase64url(hash(JSON.stringify(surging))) }
}

const sampleSubmission = (id: string): Bodies['submit'] => ({
  id,
  orderId: '2026111900451187',
  item: '法式碎花连衣裙 蓝色 M 码',
  merchantId: 'm-1001',
  merchantName: '鹿角服饰旗舰店',
  buyer: { name: '王小芳', phone: '13812345678' },
  category: 'not_as_described',
  statement: '收到的裙子颜色发灰，腰线也和图片不一样。图片是收腰的，实物是直筒的。我没有穿过，吊牌还在。',
  remedySought: { kind: 'refund', amount: { value: '189.00', currency: 'CNY' } },
  locale: 'zh-CN',
  policy: policyWith(),
})

export const photo = (name: string, size = 384_512) => ({
  sha256: bytesToHex(hash(name)),
  name,
  type: 'image/jpeg',
  size,
})

/** What a device signs for: of no real complaint. */
export const SIGNING = { c: 'q83vEjRWeJCrze8S'.padEnd(22, 'A'), origin: 't.tousu.example/log/0' }

/** Test data builder: a complaint, hour by hour, decided by the real core. Steps that fall due in between are added. */
export class Story {
  readonly id: string
  readonly entries: Entry[] = []
  now = START
  /** A loss that the log declared since it began. */
  loss: { at: number; leaves: number } | null = null
  #complaint: Complaint | null = null

  constructor(id = '7K3M9QXA2P', submission: Partial<Bodies['submit']> = {}) {
    this.id = id
    this.act('submit', BUYER, { ...sampleSubmission(id), ...submission })
  }

  get complaint(): Complaint {
    if (!this.#complaint) throw new RangeError('nothing was submitted')
    return this.#complaint
  }

  after(hours: number): this {
    const end = this.now + hours * HOUR
    for (let steps = dueSteps(this.complaint, end); steps.length > 0; steps = dueSteps(this.complaint, end)) {
      for (const step of steps) this.#append(step)
    }
    this.now = end
    return this
  }

  act<A extends Act>(act: A, by: Actor, body: Bodies[A], context?: Context): this {
    const steps = decide({ act, by, body, context }, this.#complaint, this.now)
    if ('refused' in steps) throw new RangeError(`${act}: ${steps.refused}`)
    for (const step of steps) this.#append(step)
    return this
  }

  /** Reminders to the buyer on several days: without them no silence lapses. */
  reminded(...hours: number[]): this {
    for (const each of hours)
      this.after(each).act('notice', SYSTEM, {
        to: 'buyer',
        stay: this.complaint.enteredSeq,
        proof: { vendor: 'gateway', id: 'G-7', digest: toBase64url(hash('G-7')) },
      })
    return this
  }

  /** Erasure: the buyer asks, an officer erases, and the text goes as it would in the ledger. */
  erased(seq: number, field: string, by: Actor): this {
    const target = { target: { by: 'buyer', fields: [field] } } as const
    this.act('redaction-request', BUYER, { seq, field, reason: '照片里有我的脸' }, target)
    this.after(1).act('redactions', by, { seq, field, reason: '应买家申请' }, target)
    return this.#erase(seq, field)
  }

  /** All is erased, as in the ledger: by the sweep of retention, or by a supervisor whom the buyer asked. */
  expired(by?: Actor): this {
    if (by) this.act('redactions', by, { seq: this.complaint.seq, field: '*', reason: '应本人要求，已核实身份' })
    else this.act('retention', SYSTEM, {})
    for (const { seq, fields } of this.entries.slice(0, -1))
      for (const field of Object.keys(fields))
        if (!['id', 'merchantId', 'merchantName'].includes(field)) this.#erase(seq, field)
    return this
  }

  #erase(seq: number, field: string): this {
    const entry = this.entries[seq]
    if (!entry) throw new RangeError(`no step ${seq}`)
    const { [field]: _gone, ...fields } = entry.fields
    this.entries[seq] = { ...entry, fields, erased: [...entry.erased, field] }
    return this
  }

  #append({ content, ...step }: NewStep): void {
    const fields = Object.entries(content).filter((pair): pair is [string, FieldValue] => pair[1] !== undefined)
    const seq = this.entries.length
    const leaf = toBase64url(hash(`${this.id} ${seq}`))
    // Cast: the rest of a NewStep without `content` is a step, which TypeScript can't see of a union.
    const cites = citedIn(step.p).flatMap(digest => RULES.find(rule => rule.digest === digest) ?? [])
    const said = { fields: Object.fromEntries(fields), erased: [], ...(cites.length > 0 && { cites }) }
    const entry = { seq, leaf, index: 40 + seq * 3, step, ...said } as Entry
    this.entries.push(entry)
    this.#complaint = evolve(this.#complaint, entry.step)
  }

  view(scope: 'act' | 'view' = 'act', dictionary = scope === 'act' ? zhCNForBuyer : zhCN): ComplaintView {
    const reader = scope === 'act' ? 'buyer' : 'share'
    const role = scope === 'act' ? 'buyer' : null
    const { id, entries, now, loss } = this
    return toComplaintView({ id, entries, reader, role, now, dictionary, loss })
  }

  /** The context of its tracking page; simplified Chinese by default. */
  page(more: Partial<TrackContext> = {}): TrackContext {
    const dictionary = more.scope === 'view' ? zhCN : zhCNForBuyer
    const said = { words: zhCNPage, dictionary, forBuyer: zhCNForBuyer, console: consoleZhCN }
    const words: PageContext = { locale: 'zh-CN', ...said }
    return {
      base: '/t/q83vASNFZ4mrze8BI0VniavN7',
      scope: 'act',
      now: this.now,
      news: '"news"',
      site: 'https://t.tousu.example',
      checked: { witnesses: 2 },
      ...(more.scope !== 'view' && { signing: SIGNING }),
      verifyUrl: '/verify',
      ...words,
      ...more,
    }
  }
}

/** Saturday, 21 November 2026, 18:05 in Shanghai, when the stories begin. */
const START = Date.parse('2026-11-21T10:05:00Z')

const rule = (code: string, version: number, title: string, text: string, days: number): AdoptedRule => {
  const said = { code, version, title, text, locale: 'zh-CN' } as const
  return { ...said, digest: toBase64url(sha256(utf8(ruleDocument(said)))), at: START + days * DAY }
}

/** A library as a supervisor would have it: a rule with two versions, and one that came after the complaints. */
export const RULES: readonly AdoptedRule[] = [
  rule('misdescribed', 1, '描述不符的处理', '商品与详情页描述不符的，支持退货退款，运费由商家承担。', -90),
  rule(
    'misdescribed',
    2,
    '描述不符的处理',
    '一、商品的材质、版型、规格与详情页不符，且商家不能证明相符的，认定为描述不符。\n二、未使用的，支持退货退款，往返运费由商家承担；买家愿意保留的，支持部分退款。',
    -20,
  ),
  rule('colour', 1, '色差的认定', '同一光线下肉眼可辨、并影响通常使用的，认定为描述不符；显示器造成的差异除外。', 1),
]
