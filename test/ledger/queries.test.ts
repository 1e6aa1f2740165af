import { expect, test } from 'vitest'
import { HOLDERS } from '../../src/complaint/words.ts'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import type { Session } from '../../src/ledger/contract/registry.ts'
import type { Db } from '../../src/ledger/host.ts'
import { openAlerts } from '../../src/ledger/storage/alerts.ts'
import { inboxRows, loadsOf, searchRows, tallyOf } from '../../src/ledger/storage/inbox-queries.ts'
import { openStore } from '../../src/ledger/storage/queries.ts'
import { newFolder, openFolder } from './node-host.ts'

interface Asked {
  sql: string
  plan: string[]
}

/** How SQLite means to answer each query that `ask` makes, or the one that it returns. */
const asked = (ask: (db: Db) => unknown): Asked[] => {
  const { db, sqlite, close } = openNodeHost(newFolder())
  const prepare = sqlite.prepare.bind(sqlite)
  const made: string[] = []
  Object.assign(sqlite, { prepare: (sql: string) => prepare(made.push(sql) ? sql : '') })
  const answer = ask(db)
  const all = (typeof answer === 'string' ? [answer] : made).map(sql => {
    const values = [...sql.matchAll(/\?/g)].map(() => 1)
    const plan = prepare<number[], { detail: string }>(`explain query plan ${sql}`).all(...values)
    return { sql, plan: plan.map(({ detail }) => detail) }
  })
  close()
  return all
}
const plansOf = (ask: (db: Db) => unknown): string[][] => asked(ask).map(({ plan }) => plan)
/** The last of those like this. */
const planOf = (ask: (db: Db) => unknown, like = /^/): string[] =>
  asked(ask).findLast(({ sql }) => like.test(sql))?.plan ?? []
const after = { due: 1, id: 1 }

test.each<[Partial<Parameters<typeof inboxRows>[1]>, string]>([
  [{}, 'complaints_due (due>?)'],
  [{ merchant: 'm1' }, 'complaints_merchant_holder_due (merchant=? AND <expr>=? AND due>?)'],
  [{ merchant: 'm1', after }, 'complaints_merchant_holder_due (merchant=? AND <expr>=? AND (due,id)>(?,?))'],
  [
    { merchant: 'm1', state: 'fulfilment', category: 'quality' },
    'complaints_merchant_holder_due (merchant=? AND <expr>=? AND due>?)',
  ],
  [
    { merchant: 'm1', holders: ['merchant', 'both'] },
    'complaints_merchant_holder_due (merchant=? AND <expr>=? AND due>?)',
  ],
  [{ merchant: 'm1', overdue: true }, 'complaints_merchant_holder_due (merchant=? AND <expr>=? AND due>? AND due<?)'],
  [{ merchant: 'm1', state: 'refused' }, 'complaints_merchant_closed (merchant=? AND closed_at>?)'],
  [{ state: 'closed_ruled', after }, 'complaints_closed (closed_at>? AND (closed_at,id)<(?,?))'],
  [{ holders: ['platform'] }, 'complaints_holder_due (<expr>=? AND due>?)'],
  [{ holders: ['platform', 'supervisor'], after }, 'complaints_holder_due (<expr>=? AND (due,id)>(?,?))'],
  [{ closed: true, merchant: 'm1' }, 'complaints_merchant_closed (merchant=? AND closed_at>?)'],
  [{ merchant: 'm1', afterLeaf: new Uint8Array(6) }, 'complaints_merchant_updated (merchant=? AND <expr>>?)'],
  [{ afterLeaf: new Uint8Array(6), state: 'refused' }, 'complaints_updated (<expr>>?)'],
])('an inbox of %j is read in the order of an index', (query, index) => {
  const plan = planOf(db => inboxRows(db, { now: 0, limit: 50, ...query }))
  expect(plan).toEqual([`SEARCH complaints USING INDEX ${index}`])
})

const SEARCH = { now: 0, limit: 50, first: ['platform'] } as const
test.each<[Parameters<typeof searchRows>[1], string]>([
  [{ id: 1 }, 'complaints_id (id=?)'],
  [{ order: 'x' }, 'complaints_item (item>? AND item<?)'],
  [{ phone: 'x' }, 'complaints_phone (phone=?)'],
  [{ phone: 'x', afterLeaf: new Uint8Array(6) }, 'complaints_phone (phone=?)'],
])('a search by %j reads the rows of its tag alone', (tags, index) => {
  for (const merchant of [undefined, 'm1']) {
    for (const plan of plansOf(db => searchRows(db, tags, { ...SEARCH, merchant }))) {
      expect(plan[0]?.replace('COVERING ', '')).toBe(`SEARCH complaints USING INDEX ${index}`)
    }
  }
})

test.each([
  [{}, 'complaints_holder_due (<expr>=? AND due>?)', 'complaints_closed (closed_at>?)'],
  [
    { merchant: 'm1' },
    'complaints_merchant_holder_due (merchant=? AND <expr>=? AND due>?)',
    'complaints_merchant_closed (merchant=? AND closed_at>?)',
  ],
])('a tally of %j reads indices alone', (of, open, closed) => {
  const plans = plansOf(db => tallyOf(db, { now: 0, until: 0, ...of }))
  const indices = [...HOLDERS.map(() => open), closed]
  expect(plans).toEqual(indices.map(index => [`SEARCH complaints USING COVERING INDEX ${index}`]))
})

test.each([
  ['messagesDue', 'outbox_buyers (next_at>? AND next_at<?)'],
  ['recipientsDue', 'outbox_others (next_at>? AND next_at<?)'],
  ['digestDue', 'outbox_recipient (recipient=? AND next_at>? AND next_at<?)'],
  ['digestAtOnce', 'outbox_recipient (recipient=? AND next_at=? AND rowid>?)'],
] as const)('%s is read in the order of an index, without a sort', (query, index) => {
  expect(planOf(db => openStore(db)[query].getQuery().sql)).toEqual([`SEARCH outbox USING INDEX ${index}`])
})

test('the present load is counted from covering indices alone', () => {
  const plans = plansOf(db => loadsOf(db, 0)).map(plan => plan.filter(line => !line.startsWith('USE TEMP')))
  expect(
    plans.flat().every(line => /COVERING INDEX|complaints_desk_due/.test(line)),
    plans.join(),
  ).toBe(true)
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
