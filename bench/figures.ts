// What figures cost (docs/figures.md): whole lives, responses and messages with them, against the same without, in turns on one ledger.

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { blank, type Complaint } from '../src/complaint/complaint.ts'
import { FigureBook } from '../src/ledger/figures/figure-book.ts'
import { type Counted, decodeCounted } from '../src/ledger/figures/figure-rows.ts'
import { inParallel } from './fill.ts'
import { liveAll } from './lives.ts'
import { type Cost, compare, type Row, timed } from './measure.ts'
import { inFolder, openLedger } from './place.ts'

const CALLERS = 64
const LIVES = 300
const RESPONSES = 200
const MESSAGES = 2000

/** What every complaint keeps where nothing is counted. */
const UNCOUNTED: Counted = decodeCounted('[0,0,0]', blank as unknown as Complaint)

const { count, name, flush } = FigureBook.prototype
const without = (work: () => Promise<Cost>) => async (): Promise<Cost> => {
  const nothing = () => undefined
  Object.assign(FigureBook.prototype, {
    count: (before: Counted | null) => before ?? UNCOUNTED,
    name: nothing,
    flush: nothing,
  })
  try {
    return await work()
  } finally {
    Object.assign(FigureBook.prototype, { count, name, flush })
  }
}

const buyer = { role: 'buyer', automated: false } as const
const REJECTION = { answer: 'reject', ground: 'as_described', statement: '与页面描述一致，不支持退款。' } as const

/** `large` is copied: what is written without figures would be missing in its figures. */
export const figureRows = (large: string, quick: boolean): Promise<Row[]> =>
  inFolder(async folder => {
    const copy = join(folder, 'large')
    cpSync(large, copy, { recursive: true })
    const { ledger, sqlite } = await openLedger(copy)
    // Old complaints of another run have other numbers.
    let from = Date.now() * 1000
    const lives = async (): Promise<Cost> => {
      let commands = 0
      const whole = await timed(1, async () => {
        commands = await liveAll(ledger, from, LIVES, CALLERS)
      })
      from += LIVES
      return { wall: whole.wall / commands, cpu: whole.cpu / commands }
    }
    const waiting = sqlite
      .prepare<[], { id: number; merchant: string }>(
        "select id, merchant from complaints where status = 'awaiting_merchant' order by random()",
      )
      .all()
    let said = 0
    const messages = () =>
      timed(MESSAGES, () =>
        inParallel(MESSAGES, CALLERS, async () => {
          const complaint = waiting[said++ % waiting.length]?.id ?? 0
          await ledger.execute({ act: 'messages', complaint, by: buyer, body: { text: '请尽快处理，谢谢。' } })
        }),
      )
    const unanswered = waiting.values()
    const responses = () =>
      timed(RESPONSES, () =>
        inParallel(RESPONSES, CALLERS, async () => {
          const { id: complaint, merchant } = unanswered.next().value ?? { id: 0, merchant: '' }
          const by = { role: 'merchant', automated: false, person: '01', merchant } as const
          const done = await ledger.execute({ act: 'responses', complaint, by, body: REJECTION })
          if ('refused' in done) throw new Error(`a response was refused: ${done.refused}`)
        }),
      )
    /** Each round begins with an empty write-ahead log: else one would pay for what another wrote. */
    const alone = (work: () => Promise<Cost>) => () => {
      sqlite.pragma('wal_checkpoint(TRUNCATE)')
      return work()
    }
    const rows: Row[] = []
    for (const [what, work, rounds] of [
      ['whole lives', lives, quick ? 9 : 31],
      ['messages', messages, quick ? 5 : 9],
      ['responses', responses, quick ? 9 : 21],
    ] as const) {
      const [counted, uncounted] = [alone(work), alone(without(work))]
      for (const warm of [counted, uncounted]) await warm()
      const row = { what: `figures, ${what}: times the same without`, aim: 'at most 1.05', rounds, as: 'cost' } as const
      rows.push(await compare(row, uncounted, counted))
    }
    await ledger.close()
    return rows
  })
