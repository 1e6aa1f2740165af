import { expect } from 'vitest'
import type { Holder } from '../../../src/complaint/words.ts'
import type { Story } from '../fixture.ts'
import { buyer, DAY, fullOffer, HOUR, type LedgerFixture, merchant, rejection, wholeInbox } from '../fixture.ts'

const ids = (items: readonly { id: number }[]) => items.map(item => item.id)

/** Six complaints, an hour apart, of two merchants. */
const shelf = async (world: LedgerFixture): Promise<number[]> => {
  const made: number[] = []
  for (let i = 0; i < 6; i++) {
    made.push(await world.submit({ merchantId: i % 2 ? 'm2' : 'm1' }))
    await world.later(HOUR)
  }
  return made
}

export const inbox = (story: Story): void => {
  story('soonest due first, and each merchant sees its own', async world => {
    const [a, b, c, d, e, f] = await shelf(world)
    const { now } = world
    expect(ids(await world.ledger.inbox({ now, limit: 10 }))).toEqual([a, b, c, d, e, f])
    expect(ids(await world.ledger.inbox({ now, limit: 10, merchant: 'm2' }))).toEqual([b, d, f])
    await world.does('responses', merchant('m1'), a!, rejection)
    expect(ids(await world.ledger.inbox({ now, limit: 10 }))).toEqual([b, c, d, e, f, a])
    expect(await world.ledger.inbox({ now, limit: 1, merchant: 'm3' })).toEqual([])
  })

  story('by state, and by whether the holder is late', async world => {
    const [a, b, c] = await shelf(world)
    await world.does('responses', merchant('m1'), a!, rejection)
    await world.does('responses', merchant('m1'), c!, fullOffer)
    const list = async (filters: Partial<Parameters<typeof world.ledger.inbox>[0]>) =>
      ids(await world.ledger.inbox({ now: world.now, limit: 10, ...filters }))
    expect(await list({ state: 'awaiting_buyer' })).toEqual([a])
    expect(await list({ state: 'fulfilment', merchant: 'm1' })).toEqual([c])
    expect(await list({ state: 'fulfilment', merchant: 'm2' })).toEqual([])
    await world.later(44 * HOUR)
    expect(await list({ overdue: true })).toEqual([b])
    expect(await list({ overdue: false })).not.toContain(b)
  })

  story('by who holds it, one party or two together, still by due', async world => {
    const [a, b, c, d, e, f] = await shelf(world)
    const held = async (holders: Holder[], merchant?: string) =>
      ids(await wholeInbox(world.ledger, { now: world.now, holders, merchant }, 2))
    await world.does('responses', merchant('m1'), a!, rejection)
    expect(await held(['buyer'])).toEqual([a])
    await world.does('escalation', buyer, a!, { reason: '不同意' })
    await world.later(43 * HOUR)
    await world.ledger.tick()
    // b's merchant was silent; the others have an hour and more.
    expect(await held(['platform'])).toEqual([a, b])
    expect(await held(['merchant'])).toEqual([c, d, e, f])
    expect(await held(['merchant', 'platform'])).toEqual([c, d, e, f, a, b])
    await world.later(30 * HOUR)
    await world.ledger.tick()
    expect(await held(['supervisor'])).toEqual([a])
    expect(await held(['platform', 'supervisor'])).toEqual([a, b, c, d, e, f])
    expect(await held(['platform', 'supervisor'], 'm2')).toEqual([b, d, f])
    expect(await held([])).toEqual([])
  })

  story('by category', async world => {
    const quality = await world.submit()
    const lost = await world.submit({ category: 'not_received' })
    const query = { now: world.now, limit: 10 }
    expect(ids(await world.ledger.inbox({ ...query, category: 'not_received' }))).toEqual([lost])
    expect(ids(await world.ledger.inbox({ ...query, category: 'quality', merchant: 'm1' }))).toEqual([quality])
    await world.does('withdrawal', buyer, lost, { ground: 'other', reason: '' })
    expect(await world.ledger.inbox({ ...query, category: 'not_received' })).toEqual([])
    const closed = { ...query, state: 'closed_withdrawn' } as const
    expect(ids(await world.ledger.inbox({ ...closed, category: 'not_received' }))).toEqual([lost])
    expect(await world.ledger.inbox({ ...closed, category: 'quality' })).toEqual([])
  })

  story('closed ones, newest first, are shown when asked for', async world => {
    const [a, b, c] = await shelf(world)
    for (const id of [b, a, c]) {
      await world.does('withdrawal', buyer, id!, { ground: 'other', reason: '' })
      await world.later(HOUR)
    }
    const query = { now: world.now, limit: 10 }
    expect(ids(await world.ledger.inbox({ ...query, state: 'closed_withdrawn' }))).toEqual([c, a, b])
    expect(ids(await world.ledger.inbox({ ...query, state: 'closed_withdrawn', merchant: 'm1' }))).toEqual([c, a])
    expect(await world.ledger.inbox({ ...query, state: 'closed_confirmed' })).toEqual([])
    expect(ids(await world.ledger.inbox(query))).toHaveLength(3)
  })

  story('a cursor neither repeats nor skips, also among equal instants', async world => {
    const made = await Promise.all(Array.from({ length: 23 }, () => world.submit()))
    const filters = { now: world.now }
    const all = ids(await wholeInbox(world.ledger, filters, 5))
    expect(all).toEqual(made.toSorted((a, b) => a - b))
    await Promise.all(made.map(id => world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })))
    const closed = { ...filters, state: 'closed_withdrawn' } as const
    expect(ids(await wholeInbox(world.ledger, closed, 5))).toEqual(made.toSorted((a, b) => b - a))
  })

  story('a cursor holds while complaints come and go', async world => {
    const [a, b, c, d, e, f] = await shelf(world)
    const query = { now: world.now, limit: 2 }
    const first = await world.ledger.inbox(query)
    expect(ids(first)).toEqual([a, b])
    await world.does('withdrawal', buyer, b!, { ground: 'other', reason: '' })
    const fresh = await world.submit()
    const after = { due: first[1]!.due!, id: first[1]!.id }
    expect(ids(await world.ledger.inbox({ ...query, limit: 9, after }))).toEqual([c, d, e, f, fresh])
  })

  story('those past their last deadline come first', async world => {
    const stuck = await world.submit()
    await world.later(10 * DAY)
    await world.ledger.tick()
    const fresh = await shelf(world)
    const all = ids(await wholeInbox(world.ledger, { now: world.now }, 2))
    expect(all).toEqual([stuck, ...fresh])
    expect(ids(await wholeInbox(world.ledger, { now: world.now, merchant: 'm1' }, 2))[0]).toBe(stuck)
  })

  story('the present load of each officer and desk, and of what nobody has taken', async world => {
    const taken: number[] = []
    for (let i = 0; i < 4; i++) {
      const id = await world.submit()
      await world.does('responses', merchant(), id, rejection)
      await world.does('escalation', buyer, id, { reason: '不同意' })
      taken.push(id)
    }
    const assign = (id: number, person: string, desk?: string) =>
      world.does('assignment', { role: 'platform', automated: false, person }, id, { officer: person, desk })
    await assign(taken[0] ?? 0, 'A17', '服饰组')
    await assign(taken[1] ?? 0, 'A17')
    await assign(taken[2] ?? 0, 'B22', '服饰组')
    const due = Math.max(...(await world.ledger.inbox({ now: world.now, limit: 10 })).map(({ due }) => due ?? 0))
    const at = async (now: number) => {
      const { officers, desks } = await world.ledger.loads(now)
      return [...officers, ...desks].map(({ name, ...counts }) => [name, ...Object.values(counts)])
    }
    const none = [0, 0, 0]
    expect((await at(due - 30 * HOUR)).toSorted()).toEqual(
      [
        ['A17', 2, ...none],
        ['B22', 1, ...none],
        [null, 1, ...none],
        ['服饰组', 2, ...none],
      ].toSorted(),
    )
    expect(await at(due - 5 * HOUR)).toContainEqual(['A17', 2, 0, 0, 2])
    expect(await at(due - 2 * HOUR)).toContainEqual(['服饰组', 2, 0, 2, 2])
    expect(await at(due)).toContainEqual(['B22', 1, 1, 0, 0])
    await world.does('rulings', { role: 'platform', automated: false, person: 'A17' }, taken[0] ?? 0, {
      ...{ outcome: 'for_merchant', facts: '相符', rule: '第四条', reasons: '证据充分' },
    })
    expect(await at(due - 30 * HOUR)).toContainEqual(['A17', 1, ...none])
  })
  story(
    'a count is the length of its list, whatever it is filtered by, also once some were closed and reopened',
    async world => {
      const [a, b, c, d] = await shelf(world)
      const officer = { role: 'platform', automated: false, person: 'A17' } as const
      const ruling = { outcome: 'for_merchant', facts: '相符', rule: '第四条', reasons: '证据充分' } as const
      for (const [id, of] of [
        [a!, 'm1'],
        [b!, 'm2'],
      ] as const) {
        await world.does('responses', merchant(of), id, rejection)
        await world.does('escalation', buyer, id, { reason: '不同意' })
        await world.does('assignment', officer, id, { officer: 'A17', desk: '服饰组' })
      }
      await world.does('handoffs', officer, b!, { toDesk: '质检', reason: '需要质检意见' })
      await world.does('rulings', officer, a!, ruling)
      await world.does('withdrawal', buyer, c!, { ground: 'other', reason: '' })
      await world.does('withdrawal', buyer, d!, { ground: 'other', reason: '' })
      const filters: Partial<Parameters<typeof world.ledger.inbox>[0]>[] = [
        {},
        { closed: true },
        ...(['awaiting_merchant', 'platform_review', 'closed_ruled', 'closed_withdrawn', 'refused'] as const).map(
          state => ({ state }),
        ),
        { holders: [] },
        { holders: ['platform', 'supervisor'] },
        { offered: true },
        { desk: '服饰组' },
        { assignee: { team: 'desk', person: 'A17' } },
        { assignee: { team: 'desk', person: null } },
        { overdue: true },
        { category: 'quality' },
        { openedBefore: world.now - 4 * HOUR },
      ]
      const counts = async () => {
        const found: Record<string, number> = {}
        for (const more of filters)
          for (const merchant of [undefined, 'm1'])
            for (const closed of [undefined, true] as const) {
              const query = { now: world.now, closed, merchant, ...more }
              const list = await wholeInbox(world.ledger, query, 2)
              expect(await world.ledger.inboxCount(query), JSON.stringify(query)).toBe(list.length)
              if (!merchant && !closed) found[JSON.stringify(more)] = list.length
            }
        const tally = await world.ledger.tally({ now: world.now, until: world.now })
        expect(tally.closed).toBe(found['{"closed":true}'])
        return found
      }
      expect(Object.values(await counts())).toEqual([3, 3, 2, 1, 1, 2, 0, 0, 1, 1, 1, 1, 2, 0, 3, 1])
      await world.does('appeal', buyer, a!, { reason: '还有证据' })
      expect(Object.values(await counts())).toEqual([4, 2, 2, 1, 0, 2, 0, 0, 2, 1, 1, 1, 3, 0, 4, 2])
    },
  )

  story('an appeal leaves the officer who ruled without it', async world => {
    const id = await world.submit()
    const officer = { role: 'platform', automated: false, person: 'A17' } as const
    await world.does('responses', merchant(), id, rejection)
    await world.does('escalation', buyer, id, { reason: '不同意' })
    await world.does('assignment', officer, id, { officer: 'A17' })
    await world.does('rulings', officer, id, {
      ...{ outcome: 'for_merchant', facts: '相符', rule: '第四条', reasons: '证据充分' },
    })
    await world.does('appeal', buyer, id, { reason: '还有证据' })
    const of = (person: string | null) =>
      world.ledger.inboxCount({ now: world.now, holders: ['platform'], assignee: { team: 'desk', person } })
    expect([await of('A17'), await of(null)]).toEqual([0, 1])
    expect((await world.ledger.loads(world.now)).officers).toMatchObject([{ name: null, total: 1 }])
  })
}
