import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { merchantNames } from '../../../db/schema.ts'
import type { CountedLeaf } from '../../../src/complaint/figures/reckon.ts'
import { HOUR } from '../../../src/complaint/time.ts'
import { type NodeHost, openNodeHost } from '../../../src/hosts/node/sqlite.ts'
import { GroupCommit } from '../../../src/ledger/commands/group-commit.ts'
import { FigureBook, merchantScope, PLATFORM, rowsOf } from '../../../src/ledger/figures/figure-book.ts'
import { START } from '../fixture.ts'

const EVER = { from: 0, until: 100_000 }
let folder: string
let host: NodeHost
let book: FigureBook
let commit: GroupCommit

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tousu-book-'))
  host = openNodeHost(folder)
  book = new FigureBook(host)
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
