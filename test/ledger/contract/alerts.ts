import { expect } from 'vitest'
import type { Story } from '../fixture.ts'
import { buyer, HOUR, type LedgerFixture, merchant, officer, rejection, START, supervisor } from '../fixture.ts'

const told = async ({ ledger }: LedgerFixture, limit = 10) =>
  (await ledger.alerts(limit)).map(({ complaint, seq, kind, at }) => ({ complaint, seq, kind, at: at - START }))

export const alerts = (story: Story): void => {
  story('what asks for an officer’s eye is told of, oldest first', async world => {
    const [a, b] = [await world.submit(), await world.submit()]
    await world.does('responses', merchant(), a, rejection)
    await world.does('conduct-report', buyer, a, { seq: 1, text: '骂人' })
    await world.later(HOUR)
    await world.does('withdrawal', buyer, b, { ground: 'asked_by_merchant', reason: '商家要求' })
    await world.does('redaction-request', buyer, a, { seq: 0, field: 'statement', reason: '写了地址' })
    await world.later(HOUR)
    await world.does('human-request', buyer, a, {})
    await world.restart()
    expect(await told(world)).toEqual([
      { complaint: a, seq: 2, kind: 'conduct_reported', at: 0 },
      { complaint: b, seq: 1, kind: 'asked_by_merchant', at: HOUR },
      { complaint: a, seq: 3, kind: 'redaction_requested', at: HOUR },
      { complaint: a, seq: 4, kind: 'human_requested', at: 2 * HOUR },
    ])
    expect(await told(world, 1)).toHaveLength(1)
  })

  story('nothing else is', async world => {
    const id = await world.submit()
    await world.does('messages', buyer, id, { text: '在吗' })
    await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    const refused = await world.order('conduct-report', buyer, id, { seq: 99, text: '' })
    expect(refused).toHaveProperty('refused')
    expect(await told(world)).toEqual([])
  })

  story('an alert is settled by the step that it asked for', async world => {
    const id = await world.submit()
    await world.does('responses', merchant(), id, rejection)
    await world.does('escalation', buyer, id, { reason: '不同意' })
    await world.does('human-request', buyer, id, {})
    await world.does('redaction-request', buyer, id, { seq: 0, field: 'statement', reason: '写了地址' })
    await world.does('conduct-report', buyer, id, { seq: 1, text: '骂人' })
    const kinds = async () => (await told(world)).map(({ kind }) => kind)
    expect(await kinds()).toEqual(['human_requested', 'redaction_requested', 'conduct_reported'])
    await world.does('assignment', { role: 'platform', automated: true, person: 'A17' }, id, { officer: 'A17' })
    expect(await kinds()).toContain('human_requested')
    await world.does('messages', officer('A17'), id, { text: '我来处理' })
    expect(await kinds()).toEqual(['redaction_requested', 'conduct_reported'])
    await world.does('redactions', supervisor(), id, { seq: 0, field: 'statement', reason: '写了地址' })
    expect(await kinds()).toEqual(['conduct_reported'])
  })

  story('the desk’s list can be asked for one officer’s, also after a handoff', async world => {
    const id = await world.submit()
    await world.does('responses', merchant(), id, rejection)
    await world.does('escalation', buyer, id, { reason: '不同意' })
    const of = async (person: string) =>
      (await world.ledger.inbox({ now: world.now, limit: 9, assignee: { team: 'desk', person } })).length
    await world.does('assignment', officer('A17'), id, { officer: 'A17' })
    expect([await of('A17'), await of('B2')]).toEqual([1, 0])
    await world.does('handoffs', officer('A17'), id, { toDesk: '家电组', reason: '家电' })
    await world.does('handoff-acceptance', officer('B2'), id, { officer: 'B2' })
    expect([await of('A17'), await of('B2')]).toEqual([0, 1])
    const desk = async (name: string) => (await world.ledger.inbox({ now: world.now, limit: 9, desk: name })).length
    expect([await desk('家电组'), await desk('物流组')]).toEqual([1, 0])
    const opened = (before: number) => world.ledger.inbox({ now: world.now, limit: 9, openedBefore: before })
    expect([(await opened(world.now)).length, (await opened(START - 1)).length]).toEqual([1, 0])
  })

  story(
    'an officer who took a complaint before names were kept is named from the step that disclosed it',
    async world => {
      const id = await world.submit()
      await world.does('responses', merchant(), id, rejection)
      await world.does('escalation', buyer, id, { reason: '不同意' })
      await world.does('assignment', officer('A17'), id, { officer: 'A17' })
      const other = await world.submit({ orderId: 'without-officer' })
      // As the migration leaves a row of before.
      await world.sql("update team_assignees set person = '' where team = 'desk'")
      const of = async (person: string | null) =>
        (await world.ledger.inbox({ now: world.now, limit: 9, assignee: { team: 'desk', person } })).map(({ id }) => id)
      expect(await of('A17')).toEqual([])
      await world.ledger.tick()
      expect([await of('A17'), await of(null)]).toEqual([[id], [other]])
      const { officers } = await world.ledger.loads(world.now)
      expect(officers.map(({ name, total }) => [name, total])).toEqual([['A17', 1]])
      await world.sql("delete from team_assignees where team = 'desk'")
      expect(await of('A17')).toEqual([])
    },
  )

  story('an alert is settled once, by the first', async world => {
    const id = await world.submit()
    await world.does('human-request', buyer, id, {})
    const [alert] = await world.ledger.alerts(10)
    await world.later(HOUR)
    await world.ledger.resolveAlert(alert!.id, 'A17')
    await world.ledger.resolveAlert(alert!.id, 'B2')
    await world.ledger.resolveAlert(4711, 'B2')
    expect(await told(world)).toEqual([])
    expect(await world.sql('select settled_by as "by", settled_at as at from alerts')).toEqual([
      { by: 'A17', at: START + HOUR },
    ])
  })
}
