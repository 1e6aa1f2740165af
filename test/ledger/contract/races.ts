import { expect } from 'vitest'
import type { Act } from '../../../src/complaint/command.ts'
import type { BodyOf, Caller, Done, Refused } from '../../../src/ledger/contract/ledger.ts'
import type { Story } from '../fixture.ts'
import { buyer, intake, type LedgerFixture, merchant, officer, ruling, shop } from '../fixture.ts'
import { escalated } from './steps.ts'

const isDone = (answer: Done | Refused): answer is Done => 'seq' in answer
const fill = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i))

const refusals = (answers: (Done | Refused)[]) =>
  answers.flatMap(answer => ('refused' in answer ? [answer.refused] : []))

export const races = (story: Story): void => {
  story('of two rulings at once exactly one wins', async world => {
    for (let round = 0; round < 5; round++) {
      const id = await escalated(world)
      const answers = await Promise.all(
        fill(2, i => world.order('rulings', officer(`A${i}`), id, ruling({ officer: `A${i}` }))),
      )
      expect(answers.filter(isDone)).toHaveLength(1)
      expect(refusals(answers)).toEqual(['wrong_state'])
    }
  })

  story('a hundred commands race on one complaint, and each sees those before it', async world => {
    const id = await escalated(world)
    const answers = await Promise.all(fill(100, i => contend(world, id, i)))
    const seqs = answers.filter(isDone).map(answer => answer.seq)
    expect(new Set(seqs).size).toBe(seqs.length)
    const kinds = await world.kinds(id)
    expect(kinds).toHaveLength(3 + seqs.length)
    expect(kinds.filter(kind => kind === 'ruled')).toHaveLength(1)
    expect(kinds.filter(kind => kind === 'human_requested')).toHaveLength(1)
  })

  story('of a hundred submissions about one item one is opened', async world => {
    const answers = await Promise.all(fill(100, () => world.order('submit', shop, null, intake({ orderId: 'SAME' }))))
    expect(answers.filter(isDone)).toHaveLength(1)
    expect(new Set(refusals(answers))).toEqual(new Set(['already_open']))
  })

  story('many people act on many complaints at once', async world => {
    const ids = await Promise.all(fill(64, () => world.submit()))
    await Promise.all(ids.flatMap(id => fill(4, i => world.does('messages', buyer, id, { text: `第${i}条` }))))
    await Promise.all(ids.map((id, i) => world.does('withdrawal', buyer, id, { ground: 'other', reason: `${i}` })))
    for (const id of ids) expect(await world.kinds(id)).toHaveLength(6)
  })
}

const contend = (world: LedgerFixture, id: number, i: number): Promise<Done | Refused> => {
  const acts = [
    does('rulings', officer('A1'), ruling({ officer: 'A1' })),
    does('messages', buyer, { text: `第${i}条` }),
    does('human-request', buyer, {}),
    does('evidence', merchant(), { text: `证据${i}` }),
  ]
  return acts[i % acts.length]!(world, id)
}
const does =
  <A extends Act>(act: A, by: Caller, body: BodyOf<A>) =>
  (world: LedgerFixture, id: number) =>
    world.order(act, by, id, body)
