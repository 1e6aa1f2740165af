// Durable commands: whole lives, and single steps on random complaints of a large house. Each has an idempotency key, as forms and
// programs send it.

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { Commit } from '../src/hosts/node/commit-log/recorder.ts'
import { inParallel } from './fill.ts'
import { liveAll, onceOnly, submits } from './lives.ts'
import { type Cost, compare, type Row, timed } from './measure.ts'
import { inFolder, openBaseline, openFloor, openLedger, openRecorded } from './place.ts'

const CALLERS = 64
const LIVES = 300
const STEPS = 2000
/** Responses in a round: a complaint takes one, and the small house has a thousand. */
const RESPONSES = 150
const INSERTS = 1000

type Opened = Awaited<ReturnType<typeof openLedger>>
interface Answerable {
  id: number
  merchant: string
}

const respondTo = ({ ledger }: Opened, complaints: readonly Answerable[]): Promise<Cost> => {
  const body = { answer: 'reject', ground: 'as_described', statement: '与页面描述一致，不支持退款。' } as const
  return timed(complaints.length, () =>
    inParallel(complaints.length, CALLERS, async i => {
      const { id, merchant } = complaints[i] ?? { id: 0, merchant: '' }
      const by = { role: 'merchant', automated: false, person: '01', merchant } as const
      const done = await ledger.execute({ act: 'responses', complaint: id, by, body, idempotency: onceOnly() })
      if ('refused' in done) throw new Error(`a response was refused: ${done.refused}`)
    }),
  )
}

/** Merchants' responses to complaints chosen at random, each once: a step that moves every index. */
const responses = (opened: Opened) => {
  const rows = opened.sqlite
    .prepare<[], Answerable>(
      "select id, merchant from complaints where status = 'awaiting_merchant' and length(chain) = 60 order by random()",
    )
    .all()
  return () => respondTo(opened, rows.splice(0, RESPONSES))
}

/** The same to complaints that were filed a moment ago. */
const hotResponses = (opened: Opened, orders: () => number) => {
  const newest = opened.sqlite.prepare<[], Answerable>(
    `select id, merchant from complaints order by first desc limit ${RESPONSES}`,
  )
  return async () => {
    await inParallel(RESPONSES, CALLERS, () => submits(opened.ledger, orders()))
    return respondTo(opened, newest.all())
  }
}

/** Buyers' messages on complaints chosen at random: a step that moves no index. */
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
        const [body, idempotency] = [{ text: '请尽快处理，谢谢。' }, onceOnly()]
        const done = await ledger.execute({ act: 'messages', complaint, by, body, idempotency })
        if ('refused' in done) throw new Error(`a message was refused: ${done.refused}`)
      }),
    )
}

/** What so many rounds of lives wrote in this folder, each with the number of its commands. */
const record = async (folder: string, rounds: number, orders: () => number) => {
  const { ledger, recorder } = await openRecorded(folder)
  const written: { commands: number; commits: Commit[] }[] = []
  for (let i = 0; i < rounds; i++) {
    const commits: Commit[] = []
    recorder.start(commit => commits.push(commit))
    written.push({ commands: await liveAll(ledger, orders(), LIVES, CALLERS), commits })
    recorder.stop()
  }
  await ledger.close()
  return written
}

export const executeRows = (large: string, small: string, quick: boolean): Promise<Row[]> =>
  inFolder(async folder => {
    const copyOf = (from: string, name: string): string => {
      cpSync(from, join(folder, name), { recursive: true })
      return join(folder, name)
    }
    const rounds = quick ? 3 : 9
    const baseline = openBaseline(folder)
    const inserts = () => timed(INSERTS, () => baseline.insertAll(INSERTS))
    // Old complaints of another run have other numbers.
    let from = Date.now() * 1000
    const orders = (count: number) => {
      from += count
      return from - count
    }
    const place = copyOf(large, 'large')
    const same = openFloor(copyOf(large, 'floor'))
    // Before anything else is written there: the floor's copy does not have it.
    const written = await record(place, rounds + 1, () => orders(LIVES))
    const big = await openLedger(place)
    const little = await openLedger(copyOf(small, 'small'))
    const lives = async (): Promise<Cost> => {
      let commands = 0
      const whole = await timed(1, async () => {
        commands = await liveAll(big.ledger, orders(LIVES), LIVES, CALLERS)
      })
      return { wall: whole.wall / commands, cpu: whole.cpu / commands }
    }
    const floor = async (): Promise<Cost> => {
      const { commands, commits } = written.shift() ?? { commands: 0, commits: [] }
      return timed(commands, () => same.replay(commits))
    }
    const [respond, respondLittle, respondHot] = [
      responses(big),
      responses(little),
      hotResponses(little, () => orders(1)),
    ]
    for (const warm of [inserts, floor, lives, respond, respondLittle, respondHot]) await warm()
    const open = big.sqlite.prepare('select count(*) from complaints where due is not null').pluck().get()
    const name = `${CALLERS} in flight, beside ${open} open`
    const rows = [
      await compare(
        { what: `execute, whole lives, ${name}: times one insert`, aim: 'at least 3.0', rounds, as: 'speed' },
        inserts,
        lives,
      ),
      await compare(
        {
          what: `execute, whole lives, ${name}: part of the speed of the same statements alone`,
          aim: 'at least 0.45',
          rounds,
          as: 'speed',
        },
        floor,
        lives,
      ),
      await compare(
        {
          what: `execute, a response on a random one, ${name}: beside new ones of a small house`,
          aim: 'at most 1.4',
          rounds: Math.min(rounds, 5),
          as: 'cost',
        },
        respondHot,
        respond,
      ),
      await compare(
        { what: 'execute, a message, beside a house of 1,000 complaints', aim: 'at most 1.2', rounds, as: 'cost' },
        messages(little),
        messages(big),
      ),
      await compare(
        {
          what: 'execute, a response, beside a house of 1,000 complaints',
          aim: 'at most 1.2',
          rounds: Math.min(rounds, 5),
          as: 'cost',
        },
        respondLittle,
        respond,
      ),
    ]
    await Promise.all([big.ledger.close(), little.ledger.close(), same.close()])
    baseline.close()
    return rows
  })
