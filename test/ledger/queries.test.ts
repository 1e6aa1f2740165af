import { expect, test } from 'vitest'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import type { InboxQuery } from '../../src/ledger/contract/ledger.ts'
import type { Session } from '../../src/ledger/contract/registry.ts'
import type { Db } from '../../src/ledger/host.ts'
import { openAlerts } from '../../src/ledger/storage/alerts.ts'
import { openStore } from '../../src/ledger/storage/queries.ts'
import { newFolder, openFolder } from './node-host.ts'

/** How SQLite means to answer the query that `ask` returns, or else the last that it makes, of those like this. */
const planOf = (ask: (db: Db) => unknown, like = /^/): string[] => {
  const { db, sqlite, close } = openNodeHost(newFolder())
  const prepare = sqlite.prepare.bind(sqlite)
  const asked: string[] = []
  Object.assign(sqlite, { prepare: (sql: string) => prepare(asked.push(sql) ? sql : '') })
  const answer = ask(db)
  const sql = typeof answer === 'string' ? answer : (asked.findLast(each => like.test(each)) ?? '')
  const values = [...sql.matchAll(/\?/g)].map(() => 1)
  const plan = prepare<number[], { detail: string }>(`explain query plan ${sql}`).all(...values)
  close()
  return plan.map(({ detail }) => detail)
}
const after = { due: 1, id: 1 }

test.each<[Partial<InboxQuery>, string]>([
  [{}, 'complaints_due (due>?)'],
  [{ merchant: 'm1' }, 'complaints_merchant_due (merchant=? AND due>?)'],
  [{ merchant: 'm1', after }, 'complaints_merchant_due (merchant=? AND (due,id)>(?,?))'],
  [{ merchant: 'm1', state: 'fulfilment', category: 'quality' }, 'complaints_merchant_due (merchant=? AND due>?)'],
  [{ merchant: 'm1', holders: ['merchant', 'both'] }, 'complaints_merchant_due (merchant=? AND due>?)'],
  [{ merchant: 'm1', overdue: true }, 'complaints_merchant_due (merchant=? AND due>? AND due<?)'],
  [{ merchant: 'm1', state: 'refused' }, 'complaints_merchant_closed (merchant=? AND closed_at>?)'],
  [{ state: 'closed_ruled', after }, 'complaints_closed (closed_at>? AND (closed_at,id)<(?,?))'],
  [{ holders: ['platform', 'supervisor'], after }, 'complaints_due ((due,id)>(?,?))'],
])('an inbox of %j is read in the order of an index', (query, index) => {
  const plan = planOf(db => openStore(db).inbox({ now: 0, limit: 50, ...query }))
  expect(plan).toEqual([`SEARCH complaints USING INDEX ${index}`])
})

test.each([
  ['messagesDue', 'outbox_buyers (next_at>? AND next_at<?)'],
  ['recipientsDue', 'outbox_others (next_at>? AND next_at<?)'],
  ['digestDue', 'outbox_recipient (recipient=? AND next_at>? AND next_at<?)'],
  ['digestAtOnce', 'outbox_recipient (recipient=? AND next_at=? AND rowid>?)'],
] as const)('%s is read in the order of an index, without a sort', (query, index) => {
  expect(planOf(db => openStore(db)[query].getQuery().sql)).toEqual([`SEARCH outbox USING INDEX ${index}`])
})

test('whether an alert is open is asked of an index: every step that alerts asks it inside its transaction', () => {
  expect(planOf(db => openAlerts(db).isOpen(1, 'conduct_reported'))).toEqual([
    'SEARCH alerts USING INDEX alerts_of (complaint=? AND kind=?)',
  ])
})

test('what a monitor counts is counted by indices that hold nothing else, up to a bound', () => {
  const plans = [
    /count\(\*\) from \(.*"next_at" <= \?.*= 'buyer'/,
    /count\(\*\) from \(.*"next_at" <= \?.*<> 'buyer'/,
    /count\(\*\) from \(.*"failing_since"/,
    /^select "failing_since"/,
  ]
  expect(plans.map(like => planOf(openStore, like).filter(line => line.includes('outbox')))).toEqual([
    ['SEARCH outbox USING COVERING INDEX outbox_buyers (next_at>? AND next_at<?)'],
    // Not covering: of "another party" SQLite reads the row.
    ['SEARCH outbox USING INDEX outbox_others (next_at>? AND next_at<?)'],
    ['SEARCH outbox USING COVERING INDEX outbox_failing (failing_since>?)'],
    ['SEARCH outbox USING COVERING INDEX outbox_failing (failing_since>?)'],
  ])
})

test('a cookie opens one session alone', async () => {
  const { registry } = (await openFolder(newFolder())).ledger
  const session: Session = { subject: 's', role: 'platform', name: 'A17', createdAt: 0, expiresAt: 2 }
  await registry.openSession('cookie', session)
  await expect(registry.openSession('cookie', { ...session, name: 'B2' })).rejects.toThrow('UNIQUE')
  expect(await registry.session('cookie', 1)).toMatchObject({ name: 'A17' })
})
