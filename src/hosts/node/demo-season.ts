// `npm run demo:season`: the demo with a year of complaints behind it, in a data folder of its own (DATA_DIR, else `data-season`).

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Act } from '../../complaint/command.ts'
import { DAY, HOUR, shanghaiDate } from '../../complaint/time.ts'
import type { RemedyKind } from '../../complaint/words.ts'
import { policyDocument } from '../../config/schema.ts'
import { storiesBegin } from '../../demo/replay.ts'
import { DemoClock } from '../../ledger/clock.ts'
import type { BodyOf, Caller, Ledger, Order } from '../../ledger/contract/ledger.ts'
import { LocalLedger } from '../../ledger/local-ledger.ts'
import { demoPhone } from '../../notify/sms/demo-phone.ts'
import { createDeliveries } from '../deliveries.ts'
import { DEMO_ORIGIN, demoSecrets } from './demo.ts'
import { Scheduler } from './scheduler.ts'
import { openNodeHost } from './sqlite.ts'
import { nodeWebhookClient } from './webhook-client.ts'

/**
 * Writes the year into a folder that is not there yet; the stories of the demo follow at its first start. Answers how many
 * complaints it had. Half a year is never taken for a whole one: the folder gets its name when the year is whole.
 */
export const seedSeasonIn = async (dataDir: string, now: number, days = YEAR): Promise<number> => {
  const part = `${dataDir}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  const count = await write(part, storiesBegin(now) - 60_000, days)
  renameSync(part, dataDir)
  return count
}

const write = async (folder: string, until: number, days: number): Promise<number> => {
  const clock = new DemoClock(until - (days + 1) * DAY)
  const secrets = await demoSecrets(folder)
  // No caller is answered while a year is written, so no commit waits for the disk; closing writes all of it.
  const host = openNodeHost(folder, 'NORMAL')
  const ledger = new LocalLedger({
    host,
    secrets,
    policy: policyDocument(),
    origin: DEMO_ORIGIN,
    clock,
    signEveryMs: 1000,
  })
  const provider = demoPhone({ append: () => undefined, lines: () => [] }, clock)
  const channels = { provider, poster: nodeWebhookClient(), clock }
  const { sms } = createDeliveries(channels, { baseUrl: 'http://localhost', secrets })
  const scheduler = new Scheduler({ ledgers: [ledger], deliveries: [sms], clock })
  try {
    return await seedSeason({ ledger, clock, send: () => scheduler.runOnce() }, until, days)
  } finally {
    await scheduler.stop()
    await ledger.close()
  }
}

// A year of complaints for the demo (`npm run demo:season`): a few thousand lives of fourteen shops, the sales of June and November
// included, so that the figures show something true. Every step goes through the ledger, which refuses what the rules forbid.

/** How a shop answers: hours until it does, how often not at all, how often it rejects. `learns`: half as bad by the end. */
interface Shop {
  merchantId: string
  merchantName: string
  share: number
  hours: number
  silent: number
  rejects: number
  learns?: boolean
}
const shop = (
  id: number,
  merchantName: string,
  share: number,
  hours: number,
  silent: number,
  rejects: number,
  learns = false,
): Shop => ({
  merchantId: `m-${2000 + id}`,
  merchantName,
  share,
  hours,
  silent,
  rejects,
  learns,
})
const DEMO_SHOP: Shop = {
  merchantId: 'm-1001',
  merchantName: '花间集女装旗舰店',
  share: 16,
  hours: 9,
  silent: 0.1,
  rejects: 0.45,
  learns: true,
}
const SHOPS: readonly Shop[] = [
  DEMO_SHOP,
  shop(1, '山野户外专营店', 12, 4, 0.02, 0.15),
  shop(2, '小满母婴生活馆', 11, 6, 0.04, 0.2),
  shop(3, '极光数码旗舰店', 14, 20, 0.22, 0.5, true),
  shop(4, '老灶台厨具店', 7, 12, 0.1, 0.3),
  shop(5, '云朵家纺', 8, 10, 0.07, 0.25),
  shop(6, '一叶茶庄', 4, 5, 0.03, 0.2),
  shop(7, '快羽运动鞋服', 10, 26, 0.32, 0.55),
  shop(8, '童画文具', 3, 8, 0.06, 0.2),
  shop(9, '汉方美妆集合店', 7, 14, 0.12, 0.4),
  shop(10, '鲜到家果蔬', 5, 3, 0.05, 0.1),
  shop(11, '旧时光钟表', 1, 30, 0.2, 0.6),
  shop(12, '木作手工坊', 1, 18, 0.1, 0.3),
  shop(13, '星河宠物用品', 1, 7, 0.05, 0.2),
]
const CATEGORIES = [
  'not_as_described',
  'quality',
  'not_received',
  'wrong_or_missing',
  'damaged',
  'refund_delayed',
  'service',
]
const ITEMS = ['外套', '保温杯', '蓝牙耳机', '跑鞋', '四件套', '炒锅', '绘本', '茶饼', '面霜', '水果礼盒']
/** Days of a season, if no other number is asked for. */
const YEAR = 365
const SLOT = 3 * HOUR
const A_DAY = 6.5

/** mulberry32: the same season for the same seed. */
const chance = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Double eleven and 618, with the parcels of the two weeks after them; a quiet spring festival. */
const busy = (day: number): number => {
  const date = shanghaiDate(day).slice(5)
  if (date >= '11-11' && date <= '11-27') return 4
  if (date >= '06-18' && date <= '06-30') return 2.5
  return date >= '02-10' && date <= '02-20' ? 0.4 : 1
}

/** One slot a day, after the quiet hours of SMS: what they hold back would pile up, and without notices no silence lapses. */
const isMorning = (at: number): boolean => {
  const hour = ((at + 8 * HOUR) % DAY) / HOUR
  return hour >= 9 && hour < 12
}

interface SeasonHost {
  ledger: Pick<Ledger, 'execute' | 'tick'>
  clock: { now(): number; moveTo(instant: number): void }
  /** Sends what waits: without three notices no silence lapses. */
  send(): Promise<unknown>
}

/** Tells the days that end at `until`, a year by default. Answers how many complaints they had. */
const seedSeason = async ({ ledger, clock, send }: SeasonHost, until: number, days: number): Promise<number> => {
  const random = chance(20_251_111)
  const waiting = new Map<number, (() => Promise<void>)[]>()
  const begin = until - days * DAY
  const plan = (at: number, run: () => Promise<void>) => {
    const slot = Math.ceil((at - begin) / SLOT)
    waiting.set(slot, [...(waiting.get(slot) ?? []), run])
  }
  /** What the rules refuse did not happen: the complaint went another way meanwhile. */
  const act = async <A extends Act>(
    act: A,
    by: Caller,
    complaint: number | null,
    body: BodyOf<A>,
  ): Promise<number | null> => {
    // The parts belong to one act; TypeScript cannot follow that into the union.
    const done = await ledger.execute({ act, complaint, by, body } as unknown as Order)
    return 'refused' in done ? null : done.id
  }
  let count = 0
  for (let day = 0; day < days; day++) {
    const morning = begin + day * DAY
    const today = Math.floor(A_DAY * busy(morning) + random())
    for (let i = 0; i < today; i++) {
      const number = count++
      const at = morning + random() * DAY
      plan(at, () => live({ number, progress: day / days, random, act, plan, now: () => clock.now() }))
    }
  }
  for (let slot = 0; slot * SLOT <= until - begin; slot++) {
    clock.moveTo(begin + slot * SLOT)
    await ledger.tick()
    await Promise.all((waiting.get(slot) ?? []).map(run => run()))
    waiting.delete(slot)
    if (isMorning(clock.now())) await send()
  }
  return count
}

interface Life {
  number: number
  /** 0 at the beginning of the year, 1 at its end. */
  progress: number
  random(): number
  act<A extends Act>(act: A, by: Caller, complaint: number | null, body: BodyOf<A>): Promise<number | null>
  plan(at: number, run: () => Promise<void>): void
  now(): number
}

const BUYER: Caller = { role: 'buyer', automated: false }
const SYSTEM: Caller = { role: 'platform', automated: true }
const OFFICERS = ['2067', '2031', '2044']
const DESKS = ['服饰组', '数码组', '生活组']

const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T

const shopFor = (random: () => number): Shop => {
  let left = random() * SHOPS.reduce((sum, { share }) => sum + share, 0)
  for (const each of SHOPS) {
    left -= each.share
    if (left < 0) return each
  }
  return DEMO_SHOP
}

const live = async (life: Life): Promise<void> => {
  const { random, act, plan, now, number } = life
  const store = shopFor(random)
  const better = store.learns ? 1 - life.progress / 2 : 1
  const amount = { value: (20 + Math.floor(random() * 400)).toFixed(2), currency: 'CNY' }
  const kind: RemedyKind = random() < 0.7 ? 'refund' : 'partial_refund'
  const { merchantId, merchantName } = store
  const id = await act('submit', SYSTEM, null, {
    orderId: `S-${number}`,
    item: pick(ITEMS, random),
    merchantId,
    merchantName,
    buyer: { name: '买家', phone: `120${String(10_000_000 + number)}` },
    category: pick(CATEGORIES, random),
    statement: '收到的和说的不一样，联系店家没有结果。',
    remedySought: { kind, amount },
    locale: 'zh-CN',
  })
  if (id === null) return
  if (random() < 0.04)
    return plan(
      now() + random() * DAY,
      async () => void (await act('withdrawal', BUYER, id, { ground: 'solved_elsewhere', reason: '店家私下处理了' })),
    )
  const clerk: Caller = { role: 'merchant', automated: false, person: '客服', merchant: merchantId }
  const ends = { id, clerk, ...life }
  if (random() < store.silent * better)
    return plan(now() + (50 + random() * 40) * HOUR, () => ruled(ends, kind, amount))
  plan(now() + store.hours * better * (0.3 + random() * 1.6) * HOUR, async () => {
    if (random() < store.rejects * better) {
      await act('responses', clerk, id, { answer: 'reject', ground: 'as_described', statement: '与描述一致。' })
      if (random() < 0.25) return
      return plan(now() + random() * 2 * DAY, async () => {
        await act('escalation', BUYER, id, { reason: '不认可，请平台判断。' })
        plan(now() + (4 + random() * 60) * HOUR, () => ruled(ends, kind, amount))
      })
    }
    await act('responses', clerk, id, { answer: 'offer', statement: '同意。', offer: { kind, amount } })
    if (!pays(ends, random() * 2 * DAY)) plan(now() + (52 + random() * 60) * HOUR, () => ruled(ends, kind, amount))
  })
}

type Ends = Life & { id: number; clerk: Caller }

/** The refund that was agreed or ruled. Now and then it never comes: false. */
const pays = (ends: Ends, after: number): boolean => {
  const { act, plan, now, random, id, clerk } = ends
  if (random() < 0.05) return false
  plan(now() + after, async () => {
    await act('fulfilment', clerk, id, { statement: '已退款。', proof: `R${id}` })
    if (random() < 0.12) return
    plan(now() + random() * 3 * DAY, async () => {
      await act('confirmation', BUYER, id, {})
      if (random() < 0.45) await act('rating', BUYER, id, { score: 3 + Math.floor(random() * 3) })
      looksBack(ends, 0.9)
    })
  })
  return true
}

/** The question of a week later: was it really solved? */
const looksBack = ({ act, plan, now, random, id }: Ends, solved: number): void => {
  if (random() < 0.35)
    plan(
      now() + (7 + random() * 5) * DAY,
      async () => void (await act('follow-up', BUYER, id, { solved: random() < solved })),
    )
}

const ruled = async (ends: Ends, kind: RemedyKind, amount: { value: string; currency: string }): Promise<void> => {
  const { act, plan, now, random, id } = ends
  const place = Math.floor(random() * OFFICERS.length)
  const officer: Caller = { role: 'platform', automated: false, person: OFFICERS[place] }
  await act('assignment', officer, id, { officer: OFFICERS[place] ?? '', desk: DESKS[place] })
  const forBuyer = random() < 0.65
  plan(now() + random() * 20 * HOUR, async () => {
    await act('rulings', officer, id, {
      outcome: forBuyer ? 'for_buyer' : 'for_merchant',
      facts: '照片与页面描述不同。',
      rule: '平台规则 5.2',
      reasons: forBuyer ? '商品与描述不符。' : '没有看出不同。',
      ...(forBuyer && { remedy: { kind, amount } }),
    })
    if (forBuyer) return void pays(ends, random() * 3 * DAY)
    if (random() < 0.3) await act('rating', BUYER, id, { score: 1 + Math.floor(random() * 3) })
    looksBack(ends, 0.3)
  })
}

if (import.meta.main) {
  process.umask(0o077)
  process.env.DATA_DIR ??= 'data-season'
  const dataDir = process.env.DATA_DIR
  if (!existsSync(join(dataDir, 'ledger.db'))) {
    const began = performance.now()
    const count = await seedSeasonIn(dataDir, Date.now())
    process.stdout.write(
      `a year of ${count} complaints in ${Math.round((performance.now() - began) / 1000)} s; see /index\n`,
    )
  }
  await import('./main.ts')
}
