import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { merchantNames } from '../../../db/schema.ts'
import { type CountedLeaf, dayOf, type Standing } from '../../../src/complaint/figures/reckon.ts'
import { DAY, HOUR } from '../../../src/complaint/time.ts'
import { type NodeHost, openNodeHost } from '../../../src/hosts/node/sqlite.ts'
import { GroupCommit } from '../../../src/ledger/commands/group-commit.ts'
import { FigureBook, merchantScope, PLATFORM, rowsOf } from '../../../src/ledger/figures/figure-book.ts'
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
const place = { merchant: 'm1', category: 'quality' }
const submit = (name: string) => () => {
  book.name('m1', name)
  return book.count(null, submission, place)
}
const fails = (name: string) => () => {
  submit(name)()
  throw new Error('a bug of this command')
}
const opened = (scope: string) => rowsOf(host.db, scope, EVER).map(({ counts }) => counts.opened)
const names = () => host.db.select().from(merchantNames).all()

test('what was rolled back is neither counted nor remembered: the others of the batch count once', async () => {
  await commit.run(submit('old'))
  const batch = await Promise.allSettled([
    commit.run(submit('new')),
    commit.run(fails('wrong')),
    commit.run(submit('new')),
  ])
  expect(batch.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect([opened(PLATFORM), opened(merchantScope(book.tagOf('m1')))]).toEqual([[3], [3]])
  expect(names()).toMatchObject([{ name: 'new' }])
})

test('a commit that fails leaves the rows as they were, and the next one counts on', async () => {
  const heard: number[] = []
  book.listen(rows => heard.push([...rows].length))
  await commit.run(submit('old'))
  host.sqlite.exec("create trigger broken before update on figures begin select raise(abort, 'no'); end")
  await expect(commit.run(submit('new'))).rejects.toThrow('no')
  expect([opened(PLATFORM), names()]).toMatchObject([[1], [{ name: 'old' }]])
  host.sqlite.exec('drop trigger broken')
  await commit.run(submit('new'))
  expect([opened(PLATFORM), names()]).toMatchObject([[2], [{ name: 'new' }]])
  expect(heard).toEqual([2, 2])
})

test('one day’s row of two categories and merchants is that of each', async () => {
  await commit.run(submit('old'))
  await commit.run(() => book.count(null, submission, { merchant: 'm2', category: 'quality' }))
  const standing = await commit.run(() => book.count(null, submission, { merchant: 'm1', category: 'service' }))
  const answer = { ...submission, kind: 'merchant_responded', by: 'merchant', on: START + HOUR, holder: 'buyer' }
  await commit.run(() => book.count(standing, answer, { merchant: 'm1', category: 'service' }))
  const rows = rowsOf(host.db, merchantScope(book.tagOf('m1')), EVER)
  expect(rows.map(({ category, counts }) => [category, counts])).toEqual([
    ['quality', { opened: 1, open: 1 }],
    ['service', { opened: 1, open: 1, 'answer.1': 1, 'seconds.merchant': 3600 }],
  ])
  expect(opened(PLATFORM)).toEqual([2, 1])
})

test('figures in memory are those of the rows after every commit, and what a reader got does not change', async () => {
  const counted = (i: number): Standing => {
    const on = START - ((i * 7) % 30) * DAY
    const own = { merchant: `m${i % 4}`, category: i % 3 ? 'quality' : 'service' }
    const leaf = { ...submission, on, p: i % 5 ? submission.p : {} }
    const standing = book.count(null, leaf, own)
    if (i % 2) return standing
    const [state, holder, due] = i % 4 ? ['closed_confirmed', null, null] : ['supervised', 'supervisor', on + HOUR]
    return book.count(standing, { ...leaf, kind: 'deadline_missed', on: on + 2 * HOUR, state, holder, due }, own)
  }
  const today = dayOf(counted(0))
  const days = { from: today - 10, until: today }
  const kept = new PeriodTotals(host.db)
  book.listen(rows => kept.changed(rows))
  for (let i = 1; i < 40; i++) await commit.run(() => counted(i))
  const { byMerchant, byDay } = await kept.of(days)
  const read = [...byMerchant, ...byDay]
  const copy = structuredClone(read)
  for (let i = 40; i < 90; i++) await commit.run(() => counted(i))
  expect(read).toEqual(copy)
  const [now, fresh] = [await kept.of(days), await new PeriodTotals(host.db).of(days)]
  expect(now.byMerchant).toEqual(fresh.byMerchant)
  expect(now.byDay).toEqual(fresh.byDay)
  expect(now.before).toEqual(fresh.before)
  expect(fresh.before.overdue).toBeGreaterThan(0)
  expect([...now.byMerchant, ...now.byDay]).not.toEqual(copy)
})
