import { toComplaintView } from '../src/complaint/view/complaint-view.ts'
import { zhCN, zhCNForBuyer } from '../src/i18n/zh-CN/complaint.ts'
import { zhCNPage } from '../src/i18n/zh-CN/track.ts'
import type { Ledger } from '../src/ledger/contract/ledger.ts'
import { formatId } from '../src/link/id.ts'
import { trackingPage } from '../src/views/track/page.ts'
import { submits } from './lives.ts'
import { median, type Row, timed } from './measure.ts'
import { inFolder, openLedger } from './place.ts'

const STEPS_EACH = 10
const CALLERS = 64

const inParallel = async (count: number, work: (i: number) => Promise<unknown>): Promise<void> => {
  const numbers = Array.from({ length: count }, (_, i) => i).values()
  const caller = async () => {
    for (const i of numbers) await work(i)
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
}

const pick = (ids: readonly number[]): number => ids[Math.floor(Math.random() * ids.length)] ?? 0

/** A step of a complaint chosen at random, as a day's traffic is: nothing of it is in a cache. */
const append = async (ledger: Ledger, ids: readonly number[]) => {
  const by = { role: 'buyer', automated: false } as const
  const done = await ledger.execute({ act: 'messages', complaint: pick(ids), by, body: { text: '请尽快处理，谢谢。' } })
  if ('refused' in done) throw new Error(`a message was refused: ${done.refused}`)
}

/** A ledger of so many steps, ten a complaint, in random order. */
const grow = async (ledger: Ledger, steps: number): Promise<number[]> => {
  const ids: number[] = []
  await inParallel(steps / STEPS_EACH, async i => ids.push(await submits(ledger, i)))
  await inParallel(steps - ids.length, () => append(ledger, ids))
  return ids
}

const page = async (ledger: Ledger, id: number): Promise<string> => {
  const timeline = await ledger.read(id)
  if (!timeline) throw new Error('a complaint is missing')
  const now = Date.now()
  const asked = {
    id: formatId(id),
    entries: timeline.entries,
    reader: 'buyer',
    role: 'buyer',
    now,
    dictionary: zhCN,
  } as const
  const context = {
    locale: 'zh-CN',
    words: zhCNPage,
    dictionary: zhCNForBuyer,
    forBuyer: zhCNForBuyer,
    base: '/t/x',
    scope: 'act',
    now,
    checked: { witnesses: 0 },
  } as const
  return String(trackingPage(toComplaintView(asked), context))
}

const SMALL = 10_000
const ROUNDS = 7
const COUNT = 2000

interface Grown {
  ledger: Ledger
  ids: number[]
}

/** Both ledgers in turns, so that a noisy neighbour hits both. */
const compare = async (
  what: string,
  small: Grown,
  large: Grown,
  work: (grown: Grown) => Promise<number>,
): Promise<Row> => {
  const pairs: [number, number][] = []
  for (let i = 0; i < ROUNDS; i++) pairs.push([await work(small), await work(large)])
  return {
    what,
    measured: median(pairs.map(([, after]) => after)),
    baseline: median(pairs.map(([before]) => before)),
    ratio: median(pairs.map(([before, after]) => after / before)),
    aim: 'at most 1.2',
  }
}

/** What a step and a page cost in a ledger of `steps` steps, against one of ten thousand. */
export const growthRows = (steps: number): Promise<Row[]> =>
  inFolder(async smallFolder =>
    inFolder(async largeFolder => {
      const [a, b] = [await openLedger(smallFolder), await openLedger(largeFolder)]
      const small = { ledger: a.ledger, ids: await grow(a.ledger, SMALL) }
      const large = { ledger: b.ledger, ids: await grow(b.ledger, steps) }
      const appends = ({ ledger, ids }: Grown) => timed(COUNT, () => inParallel(COUNT, () => append(ledger, ids)))
      const pages = ({ ledger, ids }: Grown) =>
        timed(COUNT / 10, async () => {
          for (let i = 0; i < COUNT / 10; i++) await page(ledger, pick(ids))
        })
      const rows = [
        await compare(`append at ${steps} steps / at ${SMALL}`, small, large, appends),
        await compare(`page, uncached, at ${steps} steps / at ${SMALL}`, small, large, pages),
      ]
      await a.ledger.close()
      await b.ledger.close()
      return rows
    }),
  )
