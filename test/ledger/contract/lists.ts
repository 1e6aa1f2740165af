import fc from 'fast-check'
import { expect } from 'vitest'
import { HOLDERS, STATES } from '../../../src/complaint/words.ts'
import type { InboxQuery, Order } from '../../../src/ledger/contract/ledger.ts'
import { parseFold } from '../../../src/ledger/storage/complaint-repository.ts'
import { type Choices, choices } from '../../complaint/random-acts.ts'
import type { Story } from '../fixture.ts'
import {
  buyer,
  fullOffer,
  HOUR,
  type LedgerFixture,
  merchant,
  officer,
  rejection,
  ruling,
  smallOffer,
} from '../fixture.ts'

const MERCHANTS = ['m1', 'm2', 'm3']
const CATEGORIES = ['quality', 'not_received'] as const
const DESKS = ['服饰组', '质检']
const PEOPLE = ['A17', 'B22']
const TEAM = 'merchant:m1'

/** What anybody may try: the ledger refuses what is not allowed. */
const somethingHappens = async (world: LedgerFixture, pick: Choices, ids: readonly number[]) => {
  const complaint = pick.of(ids)
  const [row] = await world.sql(`select merchant from complaints where id = ${complaint}`)
  const shop = merchant(String(row?.merchant))
  const person = pick.of(PEOPLE)
  const end = { facts: '相符', rule: '第四条', reasons: '证据充分', outcome: 'for_merchant' } as const
  const orders = [
    { act: 'messages', by: pick.of([buyer, shop]), body: { text: '有人吗？' } },
    { act: 'responses', by: shop, body: pick.of([rejection, rejection, smallOffer, fullOffer]) },
    { act: 'escalation', by: buyer, body: { reason: '不同意' } },
    { act: 'offer-refusal', by: buyer, body: { reason: '太少' } },
    { act: 'assignment', by: officer(person), body: { officer: person, desk: pick.of([...DESKS, undefined]) } },
    { act: 'handoffs', by: officer(person), body: { toDesk: pick.of(DESKS), reason: '需要意见' } },
    { act: 'handoff-acceptance', by: officer(person), body: { officer: person } },
    {
      act: 'evidence-requests',
      by: officer(person),
      body: { from: pick.of(['buyer', 'merchant', 'both']), request: '照片' },
    },
    { act: 'evidence', by: pick.of([buyer, shop]), body: { text: '已拍照' } },
    { act: 'rulings', by: officer(person), body: pick.of([end, ruling()]) },
    { act: 'fulfilment', by: shop, body: { statement: '已退款', proof: '退款单 7781' } },
    { act: 'appeal', by: buyer, body: { reason: '还有证据' } },
    { act: 'reopening', by: buyer, body: { reason: '没有解决' } },
    ...(pick.below(4) > 0 ? [] : [{ act: 'withdrawal', by: buyer, body: { ground: 'other', reason: '' } }]),
  ]
  // The parts of each belong to one act; TypeScript cannot follow that into the union.
  await world.ledger.execute({ complaint, ...pick.of(orders) } as Order)
  if (pick.below(5) === 0) await world.ledger.team.assign(TEAM, complaint, pick.of(['李娜', '王姐', null]))
  if (pick.below(12) > 0) return
  await world.later(pick.of([1, HOUR, 9 * HOUR]))
  if (pick.maybe()) await world.ledger.tick()
}

/** Every complaint by its fold and its leaf: nothing of what lists are searched by. */
const everyComplaint = async (world: LedgerFixture) => {
  const rows = await world.sql('select id, merchant, folded, hex(substr(chain, -6)) as leaf from complaints')
  const people = await world.sql('select complaint, team, person from team_assignees')
  const personOf = (id: number, team: string) =>
    people.find(row => row.complaint === id && row.team === team)?.person ?? null
  return rows.map(({ id: text, merchant, folded, leaf }) => {
    const id = Number(text)
    const { state, category, due, holder, desk, handoff, openedAt, closedAt } = parseFold(String(folded))
    const at = { id, merchant, leaf: Number.parseInt(String(leaf), 16) }
    return {
      ...at,
      state,
      category,
      due,
      holder,
      desk,
      offered: handoff !== null,
      openedAt,
      closedAt,
      of: (team: string) => personOf(id, team),
    }
  })
}
type Known = Awaited<ReturnType<typeof everyComplaint>>[number]

type Query = Omit<InboxQuery, 'limit' | 'after' | 'updatedSince'>

const isOfClosed = ({ closed, state }: Query) => closed || state?.startsWith('closed_') || state === 'refused'

/** The list, by a plain filter. */
const plain = (all: readonly Known[], query: Query): Known[] => {
  const { merchant, state, category, holders, overdue, desk, offered, openedBefore, assignee, afterLeaf, now } = query
  const isMeant = (c: Known) =>
    (merchant === undefined || c.merchant === merchant) &&
    (state === undefined || c.state === state) &&
    (category === undefined || c.category === category) &&
    (holders === undefined || (c.holder !== null && holders.includes(c.holder))) &&
    (overdue === undefined || (c.due !== null && c.due <= now === overdue)) &&
    (desk === undefined || c.desk === encodeURIComponent(desk)) &&
    (!offered || c.offered) &&
    (openedBefore === undefined || c.openedAt <= openedBefore) &&
    (!assignee || c.of(assignee.team) === assignee.person)
  const meant = all.filter(isMeant)
  if (afterLeaf !== undefined) return meant.filter(c => c.leaf > afterLeaf).sort((a, b) => a.leaf - b.leaf)
  if (isOfClosed(query))
    return meant.filter(c => c.closedAt !== null).sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0) || b.id - a.id)
  return meant.filter(c => c.due !== null).sort((a, b) => (a.due ?? 0) - (b.due ?? 0) || a.id - b.id)
}

/** All pages of the ledger's own. */
const listed = async (world: LedgerFixture, query: Query, limit: number) => {
  const items: Awaited<ReturnType<typeof world.ledger.inbox>> = []
  for (let page: Partial<InboxQuery> = {}; ; ) {
    const found = await world.ledger.inbox({ ...query, limit, ...page })
    items.push(...found)
    const last = found.at(-1)
    if (!last || found.length < limit) return items
    page =
      query.afterLeaf === undefined
        ? { after: { due: last.due ?? last.closedAt ?? 0, id: last.id } }
        : { afterLeaf: last.leaf }
  }
}

const asked = (pick: Choices, now: number, lastLeaf: number): Query => {
  const some = <T>(name: string, of: () => T) => (pick.below(4) === 0 ? { [name]: of() } : {})
  const holders = () => HOLDERS.filter(() => pick.maybe())
  const order = pick.below(4)
  return {
    now: now + pick.of([0, 0, 24 * HOUR, -HOUR]),
    ...some('merchant', () => pick.of([...MERCHANTS, 'm9'])),
    ...some('state', () => pick.of(STATES)),
    ...some('holders', holders),
    ...some('category', () => pick.of(CATEGORIES)),
    ...some('overdue', () => pick.maybe()),
    ...some('desk', () => pick.of(DESKS)),
    ...some('offered', () => true),
    ...some('openedBefore', () => now - pick.below(60) * HOUR),
    ...some('assignee', () =>
      pick.of([
        ...PEOPLE.map(person => ({ team: 'desk', person })),
        ...['李娜', null].map(person => ({ team: TEAM, person })),
        { team: 'desk', person: null },
      ]),
    ),
    ...(order === 0 && { closed: true }),
    ...(order === 1 && { afterLeaf: pick.below(lastLeaf) }),
  }
}

const ids = (items: readonly { id: number }[]) => items.map(({ id }) => id)

const holdsOf = async (world: LedgerFixture, pick: Choices): Promise<void> => {
  const all = await everyComplaint(world)
  const last = Math.max(...all.map(({ leaf }) => leaf))
  for (let i = 0; i < 120; i++) {
    const query = asked(pick, world.now, last)
    const expected = plain(all, query)
    expect(ids(await listed(world, query, 1 + pick.below(9))), JSON.stringify(query)).toEqual(ids(expected))
    expect(await world.ledger.inboxCount(query), JSON.stringify(query)).toBe(expected.length)
  }
  for (const merchant of [undefined, ...MERCHANTS]) {
    const [{ now }, until] = [world, world.now + 24 * HOUR]
    const tally = await world.ledger.tally({ now, until, ...(merchant !== undefined && { merchant }) })
    const own = all.filter(c => merchant === undefined || c.merchant === merchant)
    const held = HOLDERS.flatMap(holder => {
      const dues = own.filter(c => c.holder === holder).map(({ due }) => due ?? 0)
      const [late, today] = [dues.filter(due => due <= now), dues.filter(due => due > now && due < until)]
      const urgent = merchant === undefined ? {} : { late: late.length, today: today.length }
      return dues.length === 0 ? [] : [{ holder, total: dues.length, ...urgent }]
    })
    expect(tally.open.toSorted(byHolder)).toEqual(held.toSorted(byHolder))
    expect(tally.closed).toBe(own.filter(c => c.closedAt !== null).length)
  }
}
const byHolder = (a: { holder: string }, b: { holder: string }) => (a.holder < b.holder ? -1 : 1)

/** Every list, count and tally, against a plain filter over all complaints: whatever happened to them, and again after a restart. */
export const lists = (story: Story): void => {
  for (const seed of [1, 2])
    story(`are plain filters of all complaints, random lives ${seed}`, async world => {
      const [pick] = fc.sample(choices(3000), { seed, numRuns: 1 })
      if (!pick) throw new Error('no numbers')
      const made: number[] = []
      for (let i = 0; i < 30; i++) {
        made.push(await world.submit({ merchantId: pick.of(MERCHANTS), category: pick.of(CATEGORIES) }))
        if (pick.maybe()) await world.later(HOUR)
      }
      for (let i = 0; i < 250; i++) await somethingHappens(world, pick, made)
      await holdsOf(world, pick)
      await world.restart()
      for (let i = 0; i < 50; i++) await somethingHappens(world, pick, made)
      await holdsOf(world, pick)
    })
}
