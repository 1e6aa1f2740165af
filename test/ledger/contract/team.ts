import { expect } from 'vitest'
import { MOST_NOTES, MOST_TEXTS, PRESENT_MS } from '../../../src/ledger/contract/team.ts'
import type { Story } from '../fixture.ts'
import { buyer, DAY } from '../fixture.ts'

export const team = (story: Story): void => {
  story('saved texts: each team has its own, a name is there once, and there is a bound', async world => {
    const { team } = world.ledger
    const reply = { kind: 'reply', name: '道歉', text: '抱歉' } as const
    expect(await team.saveText('merchant:m1', reply)).toBe(true)
    expect(await team.saveText('merchant:m1', { ...reply, text: '很抱歉' })).toBe(true)
    expect(await team.saveText('merchant:m1', { kind: 'address', name: '仓', text: '余杭 8 号' })).toBe(true)
    const texts = await team.texts('merchant:m1')
    expect(texts.map(({ kind, text }) => [kind, text])).toEqual([
      ['address', '余杭 8 号'],
      ['reply', '很抱歉'],
    ])
    expect(await team.texts('merchant:m2')).toEqual([])
    const id = texts[0]?.id ?? 0
    expect([await team.removeText('merchant:m2', id), await team.removeText('merchant:m1', id)]).toEqual([false, true])
    for (let i = 1; i < MOST_TEXTS; i++)
      expect(await team.saveText('merchant:m1', { ...reply, name: `${i}` })).toBe(true)
    expect(await team.saveText('merchant:m1', { ...reply, name: 'one more' })).toBe(false)
    expect(await team.saveText('merchant:m1', { ...reply, name: '1', text: 'known' })).toBe(true)
  })

  story('notes and assignments: of one team, over a restart, gone long after the complaint was closed', async world => {
    const id = await world.submit()
    const { team } = world.ledger
    await team.assign('merchant:m1', id, '李娜')
    await team.assign('merchant:m1', id, '王姐')
    expect(await team.addNote('merchant:m1', id, { author: '李娜', text: '等仓库' })).toBe(true)
    await world.restart()
    expect(await world.ledger.team.work('merchant:m1', id)).toMatchObject({
      assignee: '王姐',
      notes: [{ author: '李娜', text: '等仓库', at: world.now }],
    })
    expect(await world.ledger.team.work('desk', id)).toEqual({ assignee: null, notes: [] })
    expect(await world.ledger.team.assignees('merchant:m1', [id, id + 1])).toEqual([{ complaint: id, person: '王姐' }])
    const list = async (person: string | null) =>
      (await world.ledger.inbox({ now: world.now, limit: 9, assignee: { team: 'merchant:m1', person } })).map(
        item => item.id,
      )
    expect([await list('王姐'), await list('李娜'), await list(null)]).toEqual([[id], [], []])
    const [note] = (await world.ledger.team.work('merchant:m1', id)).notes
    expect(await world.ledger.team.removeNote('desk', id, note?.id ?? 0)).toBe(false)
    await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    await world.later(89 * DAY)
    await world.ledger.tick()
    expect((await world.ledger.team.work('merchant:m1', id)).notes).toHaveLength(1)
    await world.later(2 * DAY)
    await world.ledger.tick()
    expect(await world.ledger.team.work('merchant:m1', id)).toEqual({ assignee: null, notes: [] })
  })

  story('notes have a bound, and one that is removed makes room', async world => {
    const id = await world.submit()
    const { team } = world.ledger
    const note = { author: 'A17', text: 'x' }
    for (let i = 0; i < MOST_NOTES; i++) expect(await team.addNote('desk', id, note)).toBe(true)
    expect(await team.addNote('desk', id, note)).toBe(false)
    const [first] = (await team.work('desk', id)).notes
    expect(await team.removeNote('desk', id, first?.id ?? 0)).toBe(true)
    expect(await team.addNote('desk', id, note)).toBe(true)
  })

  story(
    'presence: a colleague who has the complaint open is named for a while, to the same team alone',
    async world => {
      const id = await world.submit()
      const { team } = world.ledger
      expect(await team.look('merchant:m1', id, '李娜')).toEqual([])
      expect(await team.look('merchant:m1', id, '王姐')).toEqual(['李娜'])
      expect(await team.look('desk', id, 'A17')).toEqual([])
      await world.later(PRESENT_MS)
      expect(await team.look('merchant:m1', id, '李娜')).toEqual([])
    },
  )

  story('people who are signed in now', async world => {
    const { registry } = world.ledger
    const session = {
      subject: 's',
      role: 'merchant',
      name: '李娜',
      createdAt: world.now,
      expiresAt: world.now + DAY,
    } as const
    await registry.openSession('a', { ...session, merchant: 'm1' })
    await registry.openSession('b', { ...session, merchant: 'm1', name: '王姐' })
    await registry.openSession('c', { ...session, role: 'platform', name: 'A17' })
    expect([await registry.people('m1'), await registry.people('m2'), await registry.people(null)]).toEqual([
      ['李娜', '王姐'],
      [],
      ['A17'],
    ])
    await world.later(DAY)
    expect(await registry.people('m1')).toEqual([])
  })
}
