import { describe, expect, test } from 'vitest'
import { DemoClock } from '../../src/ledger/clock.ts'
import { openTestHost, START, TestServer } from '../support/server.ts'
import { BUYER, NUMBERS, playSilence } from '../support/silent-merchant.ts'

const opened = async () => {
  const door = await openTestHost()
  for (const [party, phone] of Object.entries(NUMBERS)) await door.ledger.outbox.setContact(party, phone)
  return { door, house: new TestServer(door) }
}

describe('a silent merchant, on Node', () => {
  test('the whole story runs by itself, and each phone shows its messages', async () => {
    const { door, house } = await opened()
    const filed = await house.submit({ buyer: { name: '欧阳暮雪', phone: BUYER } })
    door.scheduler.start()
    await playSilence(
      {
        moveTo: async instant => (door.deps.clock instanceof DemoClock ? door.deps.clock.moveTo(instant) : undefined),
        messages: async () => door.messages(),
        steps: async () =>
          (await house.view(filed)).steps.map(({ kind, on, at }) => ({ kind, on: Date.parse(on), at: Date.parse(at) })),
      },
      Date.parse((await house.view(filed)).complaint.openedAt),
    )
    const page = await house.get(filed.room)
    expect(page.text).toContain('12315')
    const view = await house.view(filed)
    expect(view.complaint).toMatchObject({ state: 'platform_review', holder: { role: 'supervisor' }, overdue: true })
    await door.close()
  }, 90_000)

  test('after days without a server all is appended in order, once, and only what still matters is sent', async () => {
    const { door, house } = await opened()
    const filed = await house.submit({ buyer: { name: '欧阳暮雪', phone: BUYER } })
    await door.scheduler.runOnce()
    if (door.deps.clock instanceof DemoClock) door.deps.clock.moveTo(START + 9 * 24 * 3_600_000)
    for (let i = 0; i < 3; i++) await door.scheduler.runOnce()
    const { steps } = await house.view(filed)
    expect(steps.map(({ kind, on }) => [kind, (Date.parse(on) - Date.parse(steps[0]?.on ?? '')) / 3_600_000])).toEqual([
      ['submitted', 0],
      ['deadline_missed', 48],
      ['deadline_missed', 120],
      ['deadline_missed', 144],
    ])
    expect(door.messages().map(({ template }) => template)).toEqual(['submitted', 'deadline_missed.supervisor'])
    await door.close()
  })
})
