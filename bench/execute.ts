// Durable commands: whole lives, and single steps on random complaints of a large house.

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { inParallel } from './fill.ts'
import { liveAll } from './lives.ts'
import { type Cost, compare, type Row, timed } from './measure.ts'
import { inFolder, openBaseline, openLedger } from './place.ts'

const CALLERS = 64
const LIVES = 300
const STEPS = 2000
const INSERTS = 1000

type Opened = Awaited<ReturnType<typeof openLedger>>

/** Merchants' responses to complaints chosen at random, each once: a step that moves every index. */
const responses = ({ ledger, sqlite }: Opened) => {
  const rows = sqlite
    .prepare<[], { id: number; merchant: string }>(
      "select id, merchant from complaints where status = 'awaiting_merchant' and length(chain) = 60 order by random()",
    )
    .all()
    .values()
  const body = { answer: 'reject', ground: 'as_described', statement: '与页面描述一致，不支持退款。' } as const
  return (): Promise<Cost> =>
    timed(STEPS / 4, () =>
      inParallel(STEPS / 4, CALLERS, async () => {
        const { id, merchant } = rows.next().value ?? { id: 0, merchant: '' }
        const by = { role: 'merchant', automated: false, person: '01', merchant } as const
        const done = await ledger.execute({ act: 'responses', complaint: id, by, body })
        if ('refused' in done) throw new Error(`a response was refused: ${done.refused}`)
      }),
    )
}

/** Buyers' messages on complaints chosen at random: a step that moves none. */
const messages = ({ ledger, sqlite }: Opened) => {
  const ids = sqlite
    .prepare('select id from complaints where closed_at is null and length(chain) >= 60 order by random() limit 50000')
    .pluck()
    .all()
  let i = 0
  const by = { role: 'buyer', automated: false } as const
  return (): Promise<Cost> =>
    timed(STEPS, () =>
      inParallel(STEPS, CALLERS, async () => {
        const complaint = Number(ids[i++ % ids.length])
        const done = await ledger.execute({ act: 'messages', complaint, by, body: { text: '请尽快处理，谢谢。' } })
        if ('refused' in done) throw new Error(`a message was refused: ${done.refused}`)
      }),
    )
}

/** A few steps more on each of few complaints would be other complaints; of many it is not seen. */
const copyOf = (small: string, folder: string): string => {
  const copy = join(folder, 'small')
  cpSync(small, copy, { recursive: true })
  return copy
}

const AIM = 'at least 3.0'

export const executeRows = (large: string, small: string, quick: boolean): Promise<Row[]> =>
  inFolder(async folder => {
    const baseline = openBaseline(folder)
    const inserts = () => timed(INSERTS, () => baseline.insertAll(INSERTS))
    const [big, little] = [await openLedger(large), await openLedger(copyOf(small, folder))]
    // Old complaints of another run have other numbers.
    let from = Date.now() * 1000
    const lives = async (): Promise<Cost> => {
      let commands = 0
      const whole = await timed(1, async () => {
        commands = await liveAll(big.ledger, from, LIVES, CALLERS)
      })
      from += LIVES
      return { wall: whole.wall / commands, cpu: whole.cpu / commands }
    }
    const [rounds, name] = [quick ? 3 : 9, `${CALLERS} in flight, beside 100,000 open`]
    const respond = responses(big)
    for (const warm of [inserts, lives, respond]) await warm()
    const beside = { aim: AIM, rounds, as: 'speed' } as const
    const less = { aim: 'at most 1.2', rounds: Math.min(rounds, 5), as: 'cost' } as const
    const rows = [
      await compare({ ...beside, what: `execute, whole lives, ${name}: times one insert` }, inserts, lives),
      await compare(
        { ...beside, what: `execute, a response on a random one, ${name}: times one insert` },
        inserts,
        respond,
      ),
      await compare(
        { ...less, what: 'execute, a message, beside 100 times fewer leaves' },
        messages(little),
        messages(big),
      ),
    ]
    await Promise.all([big.ledger.close(), little.ledger.close()])
    baseline.close()
    return rows
  })
