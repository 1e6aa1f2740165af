import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { complaints, merchantNames } from '../../../db/schema.ts'
import { blank, type Complaint } from '../../../src/complaint/complaint.ts'
import {
  addCounts,
  type CountedLeaf,
  type Counts,
  dayOf,
  type Standing,
} from '../../../src/complaint/figures/reckon.ts'
import { DAY, HOUR } from '../../../src/complaint/time.ts'
import { type NodeHost, openNodeHost } from '../../../src/hosts/node/sqlite.ts'
import { GroupCommit } from '../../../src/ledger/commands/group-commit.ts'
import { FigureBook } from '../../../src/ledger/figures/figure-book.ts'
import {
  type Counted,
  decodeCounted,
  encodeCounted,
  merchantScope,
  PLATFORM,
  pendingIn,
  rowsOf,
} from '../../../src/ledger/figures/figure-rows.ts'
import { PeriodTotals } from '../../../src/ledger/figures/period-totals.ts'
import { tagger } from '../../../src/ledger/log/secrets.ts'
import { START } from '../fixture.ts'

const EVER = { from: 0, until: 100_000 }
let folder: string
let host: NodeHost
let book: FigureBook
let commit: GroupCommit

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tousu-book-'))
  host = openNodeHost(folder)
  book = new FigureBook(host, tagger(new Uint8Array(32)))
  commit = new GroupCommit(host, book)
})
afterEach(async () => {
  await host.close()
  rmSync(folder, { recursive: true })
})

const submission: CountedLeaf = {
  kind: 'submitted',
  by: 'platform',
  on: START,
  state: 'awaiting_merchant',
  holder: 'merchant',
  due: START + 48 * HOUR,
  rule: 'times.merchant_response',
  p: { m: 'tag', category: 'quality' },
}
const ended: CountedLeaf = {
  ...submission,
  ...{ kind: 'confirmed', by: 'buyer', on: START + HOUR, state: 'closed_confirmed' },
  ...{ holder: null, due: null, rule: null, p: {} },
}
const place = { id: 1, merchant: 'm1', category: 'quality' }
/** A whole life, since the rows have what ended. */
const live = (name: string) => () => {
  book.name('m1', name)
  return book.count(book.count(null, submission, place), ended, place)
}
const fails = (name: string) => () => {
  live(name)()
  throw new Error('a bug of this command')
}
const opened = (scope: string) => rowsOf(host.db, scope, EVER).map(({ counts }) => counts.opened)
const names = () => host.db.select().from(merchantNames).all()
const totals = () => new PeriodTotals(host.db, merchant => book.tagOf(merchant))

test('what was rolled back is neither counted nor remembered: the others of the batch count once', async () => {
  await commit.run(live('old'))
  const batch = await Promise.allSettled([commit.run(live('new')), commit.run(fails('wrong')), commit.run(live('new'))])
  expect(batch.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect([opened(PLATFORM), opened(merchantScope(book.tagOf('m1')))]).toEqual([[3], [3]])
  expect(names()).toMatchObject([{ name: 'new' }])
})

test('a commit that fails leaves the rows as they were, and the next one counts on', async () => {
  const heard: number[] = []
  book.listen(({ added }) => heard.push(added.length))
  await commit.run(live('old'))
  host.sqlite.exec("create trigger broken before insert on figure_changes begin select raise(abort, 'no'); end")
  await expect(commit.run(live('new'))).rejects.toThrow('no')
  expect([opened(PLATFORM), names()]).toMatchObject([[1], [{ name: 'old' }]])
  host.sqlite.exec('drop trigger broken')
  await commit.run(live('new'))
  expect([opened(PLATFORM), names()]).toMatchObject([[2], [{ name: 'new' }]])
  expect(heard).toEqual([1, 1])
})

/** As if so many changes waited already. */
const fillJournal = () => host.sqlite.exec('update figure_changes set n = n + 1024')
const inJournal = () => Number(host.sqlite.prepare('select count(*) from figure_changes').pluck().get())

test('changes wait in a journal until they are many; merged or not, the rows are the same', async () => {
  const merged: number[] = []
  book.listen(commit => merged.push(commit.merged.length))
  for (const name of ['a', 'b', 'c']) await commit.run(live(name))
  await commit.run(() => book.count(book.count(null, submission, place), ended, { ...place, officer: 'A17' }))
  const scopes = [PLATFORM, merchantScope(book.tagOf('m1'))]
  const read = () => scopes.map(scope => rowsOf(host.db, scope, EVER))
  const before = read()
  expect([inJournal(), host.sqlite.prepare('select count(*) from figures').pluck().get()]).toEqual([4, 0])
  fillJournal()
  host.sqlite.exec("create trigger broken before insert on figures begin select raise(abort, 'no'); end")
  await expect(commit.run(live('d'))).rejects.toThrow('no')
  expect([inJournal(), read()]).toEqual([4, before])
  host.sqlite.exec('drop trigger broken')
  // Twice, so that rows of the table grow as well.
  for (const _ of [1, 2]) {
    await commit.run(live('d'))
    expect(inJournal()).toBe(0)
    await commit.run(live('e'))
    fillJournal()
  }
  expect(opened(PLATFORM)).toEqual([8])
  expect(read().map(([row, ...others]) => [row?.counts.closed_confirmed, others])).toEqual([
    [8, []],
    [8, []],
  ])
  expect(merged).toEqual([0, 0, 0, 0, 2, 0, 2, 0])
})

test('one day’s row of two categories and merchants is that of each', async () => {
  await commit.run(live('old'))
  const other = { ...place, merchant: 'm2' }
  await commit.run(() => book.count(book.count(null, submission, other), ended, other))
  const service = { ...place, category: 'service' }
  await commit.run(() => book.count(book.count(null, submission, service), ended, service))
  const rows = rowsOf(host.db, merchantScope(book.tagOf('m1')), EVER)
  const counts = { opened: 1, closed_confirmed: 1, endings: 1, 'handling.1': 1, kept: 1, 'seconds.merchant': 3600 }
  expect(rows.map(({ category, counts }) => [category, counts])).toEqual([
    ['quality', counts],
    ['service', counts],
  ])
  expect(opened(PLATFORM)).toEqual([2, 1])
})

test('while its clock runs a complaint keeps its counts; they join the rows in the step that ends it, and after it at once', async () => {
  const all: Counts = {}
  book.listen(({ added, pending }) => {
    for (const { counts } of [...added, ...pending]) addCounts(all, counts)
  })
  const begun = await commit.run(() => book.count(null, submission, place))
  expect(begun.pending).toEqual({ opened: 1, open: 1 })
  const turn = { 'turns.merchant': 1, 'since.merchant': START / 1000 }
  expect([opened(PLATFORM), all]).toEqual([[], { opened: 1, open: 1, ...turn }])
  const said = { ...submission, kind: 'message', by: 'buyer', on: START + 1000, p: {} }
  expect(await commit.run(() => book.count(begun, said, place))).toBe(begun)
  const over = await commit.run(() => book.count(begun, ended, place))
  expect([opened(PLATFORM), over.pending]).toEqual([[1], {}])
  const rated = { ...ended, kind: 'rated', on: START + 2 * HOUR, p: { score: 5 } }
  const after = await commit.run(() => book.count(over, rated, place))
  const [row] = rowsOf(host.db, PLATFORM, EVER)
  expect(row?.counts).toMatchObject({ opened: 1, closed_confirmed: 1, 'score.own.5': 1 })
  expect(row?.counts.open).toBeUndefined()
  expect(all).toEqual(row?.counts)
  const again = { ...submission, kind: 'reopened', by: 'buyer', on: START + 3 * HOUR, p: {} }
  const reopened = await commit.run(() => book.count(after, again, place))
  expect(reopened.pending).toMatchObject({ reopened: 1, open: 1, closed_confirmed: -1, 'handling.1': -1 })
  expect(rowsOf(host.db, PLATFORM, EVER)).toEqual([row])
})

test('what a row keeps of a complaint is read as it was written', () => {
  const complaint = { ...blank, ...submission, desk: '售后组', openedAt: START } as unknown as Complaint
  let counted = book.count(null, submission, place)
  const steps: Partial<CountedLeaf>[] = [
    { kind: 'merchant_responded', by: 'merchant', on: START + HOUR, state: 'rejected', holder: 'buyer' },
    { kind: 'escalated', by: 'buyer', on: START + 2 * HOUR, state: 'platform_review', holder: 'platform' },
    { kind: 'officer_assigned', by: 'platform', on: START + 3 * HOUR, state: 'platform_review', holder: 'platform' },
    { kind: 'ruled', by: 'platform', on: START + 4 * HOUR, state: 'closed_ruled', holder: null, due: null, rule: null },
  ]
  for (const step of steps) {
    const leaf = { ...submission, ...step, p: { desk: '质检', outcome: 'partly' } }
    counted = book.count(counted, leaf, place)
    const fold = { ...complaint, ...leaf } as unknown as Complaint
    for (const desk of ['质检', '售后组', null]) {
      const text = encodeCounted(counted, { desk })
      expect(decodeCounted(text, { ...fold, desk })).toEqual(counted)
      const { pending, standing } = counted
      const { party, since } = standing
      expect(pendingIn(text)).toEqual({ opened: START, listed: true, party, since, pending })
    }
  }
})

/** Puts what a complaint keeps into its row, as the repository does. */
const keep = (id: number, merchant: string, category: string, { standing, pending }: Counted, due: number | null) => {
  const row = {
    ...{ status: standing.state, stuck: 0, item: `item${id}`, policy: '', head: '' },
    chain: new Uint8Array(6),
  }
  const kept = { due, standing: encodeCounted({ standing, pending }, { desk: null }) }
  host.db
    .insert(complaints)
    .values({ first: id, id, tag: `t${id}`, merchant, ...row, ...kept, folded: JSON.stringify({ category }) })
    .onConflictDoUpdate({ target: complaints.first, set: kept })
    .run()
}

test('figures in memory are those of rows and complaints after every commit, also of those while they are read', async () => {
  const known = new Map<number, Counted>()
  const step = (i: number): void => {
    const id = (i * 7) % 1201
    const on = START - ((id * 7) % 30) * DAY
    const own = { id, merchant: `m${id % 4}`, category: id % 3 ? 'quality' : 'service' }
    const leaf = { ...submission, on, p: id % 5 ? submission.p : {} }
    const before = known.get(id)
    const late = { kind: 'deadline_missed', state: 'supervised', holder: 'supervisor', due: on + HOUR, p: {} }
    const next =
      before === undefined
        ? leaf
        : { ...leaf, on: on + 2 * HOUR, ...(before.standing.ended !== null || i % 2 ? late : { ...ended, on: on + i }) }
    const counted = book.count(before ?? null, next, own)
    known.set(id, counted)
    keep(id, own.merchant, own.category, counted, next.due)
  }
  // Rows for three portions, each of a merchant of its own: commits come in between.
  const liveAtShop = (i: number): void => {
    const own = { ...place, id: 10_000 + i, merchant: `shop${i % 5000}` }
    book.count(book.count(null, submission, own), ended, own)
  }
  const today = dayOf({ opened: START } as Standing)
  const days = { from: today - 10, until: today }
  const kept = totals()
  book.listen(changes => kept.changed(changes))
  const steps = (from: number, until: number) =>
    commit.run(() => {
      for (let i = from; i < until; i++) {
        step(i)
        for (let shop = 0; shop < 3; shop++) liveAtShop(i * 37 + shop * 811)
      }
    })
  await steps(0, 1200)
  await commit.run(() => {
    for (let i = 0; i < 5000; i++) liveAtShop(i)
  })
  await steps(1200, 1201)
  // Complaints and rows are read in portions: commits come in between.
  const reading = kept.of(days)
  for (let i = 1201; i < 1401; i += 5) {
    // The journal is merged into rows that were read and rows that were not.
    if (i % 3 === 1) fillJournal()
    await steps(i, i + 5)
    await new Promise(resolve => setTimeout(resolve))
  }
  const { byMerchant, byDay } = await reading
  const sorted = <T extends readonly [string, unknown]>(rows: Iterable<T>) =>
    [...rows].sort(([a], [b]) => (a < b ? -1 : 1))
  const same = async () => {
    const [now, fresh] = [await kept.of(days), await totals().of(days)]
    expect(sorted(now.byMerchant)).toEqual(sorted(fresh.byMerchant))
    expect(sorted(now.byDay)).toEqual(sorted(fresh.byDay))
    expect(now.before).toEqual(fresh.before)
    return now
  }
  await same()
  const read = [...byMerchant, ...byDay]
  const copy = structuredClone(read)
  // More commits than wait for a reader.
  for (let i = 1401; i < 1600; i++) await steps(i, i + 1)
  expect(read).toEqual(copy)
  const now = await same()
  expect(now.before.overdue).toBeGreaterThan(0)
  expect([...now.byMerchant, ...now.byDay]).not.toEqual(copy)
})
