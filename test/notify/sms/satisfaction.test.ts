import { expect, test } from 'vitest'
import { accepted, DAY, openMessageFixture, Provider } from './support.ts'

const buyer = { role: 'buyer', automated: false } as const

/** What is asked after an end, by the day on which the phone got it. */
const ended = async (end: 'confirmation' | 'withdraws' | 'rules') => {
  const asked: { text: string; at: number }[] = []
  const town = await openMessageFixture(
    new Provider(({ text }) => {
      asked.push({ text, at: town.clock.now() })
      return accepted
    }),
  )
  await town.passes(DAY / 24)
  const act = (act: 'confirmation' | 'rating' | 'follow-up' | 'reopening', body: object) =>
    town.ledger.execute({ act, complaint: town.id, by: buyer, body } as Parameters<typeof town.ledger.execute>[0])
  if (end === 'confirmation') await act('confirmation', {})
  else if (end === 'withdraws') await town.withdraws()
  else {
    await town.rejects()
    await town.escalates()
    await town.rules()
  }
  const at = (await town.complaint())?.closedAt ?? Number.NaN
  const questions = () =>
    asked.flatMap(({ text, at: sent }) => {
      const question = ['打分', '真的解决了吗'].find(words => text.includes(words))
      return question === undefined ? [] : [`${question} ${Math.floor((sent - at) / DAY)}`]
    })
  return { town, act, questions }
}

test('a ruling is followed by the question for stars, one reminder, and a week later the other question', async () => {
  const { town, questions } = await ended('rules')
  await town.passes(30 * DAY)
  expect(questions()).toEqual(['打分 1', '打分 4', '真的解决了吗 7'])
})

test('who confirms was asked on the page: one reminder, and the question of a week later', async () => {
  const { town, questions } = await ended('confirmation')
  await town.passes(30 * DAY)
  expect(questions()).toEqual(['打分 4', '真的解决了吗 7'])
})

test('a withdrawal is not asked whether it is solved', async () => {
  const { town, questions } = await ended('withdraws')
  await town.passes(30 * DAY)
  expect(questions()).toEqual(['打分 1', '打分 4'])
})

test('who has rated is asked no more for stars, and who has answered for nothing', async () => {
  const { town, act, questions } = await ended('rules')
  await town.passes(2 * DAY)
  await act('rating', { score: 2 })
  await town.passes(4 * DAY)
  expect(questions()).toEqual(['打分 1'])
  await town.passes(1.5 * DAY)
  expect(questions()).toEqual(['打分 1', '真的解决了吗 7'])
})

test('an end that was undone is asked about no more', async () => {
  const { town, act, questions } = await ended('confirmation')
  await town.passes(DAY)
  await act('reopening', { reason: '没有到账' })
  await town.passes(5 * DAY)
  expect(questions()).toEqual([])
})
