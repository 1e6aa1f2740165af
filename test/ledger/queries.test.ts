import { expect, test } from 'vitest'
import type { Complaint } from '../../src/complaint/complaint.ts'
import { HOLDERS } from '../../src/complaint/words.ts'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import type { Session } from '../../src/ledger/contract/registry.ts'
import type { Db } from '../../src/ledger/host.ts'
import { openAlerts } from '../../src/ledger/storage/alerts.ts'
import { inboxCount, inboxRows, loadsOf, searchRows, tallyOf } from '../../src/ledger/storage/inbox-queries.ts'
import { openStore } from '../../src/ledger/storage/queries.ts'
import { entriesOf } from '../../src/ledger/storage/timeline-reader.ts'
import { toBase64url, utf8 } from '../../src/log/encoding.ts'
import { leafHash } from '../../src/log/tree.ts'
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

/** The searches of a list, and of its count; the rows that are shown are then read by number. */
const listPlans = (query: Partial<Parameters<typeof inboxRows>[1]>) => {
  const searches = (ask: (db: Db) => unknown) => plansOf(ask)[0]?.filter(line => /complaints|TEMP/.test(line))
  const { after: _, ...counted } = query
  return {
    list: [...new Set(searches(db => inboxRows(db, { now: 0, limit: 50, ...query })))],
    count: [...new Set(searches(db => inboxCount(db, { now: 0, ...counted })))],
  }
}
const afterLeaf = new Uint8Array(6)
const assignee = { team: 'desk', person: 'A17' }

test.each<[Parameters<typeof listPlans>[0], string, (string | null)?]>([
  [{}, 'complaints_holder_due (holder=? AND due>?)', null],
  [{ state: 'appeal_review' }, 'complaints_holder_due (holder=? AND due>?)'],
  [{ holders: ['platform'] }, 'complaints_holder_due (holder=? AND due>?)', null],
  [{ holders: ['platform'], category: 'quality', openedBefore: 1 }, 'complaints_holder_due (holder=? AND due>?)'],
  [{ holders: ['platform'], assignee: { team: 'desk', person: null } }, 'complaints_holder_due (holder=? AND due>?)'],
  [{ holders: ['platform'], assignee }, 'complaints_officer_due (officer=? AND holder=? AND due>?)'],
  [{ holders: ['platform'], desk: '服饰' }, 'complaints_desk_due (desk=? AND holder=? AND due>?)'],
  [{ merchant: 'm1' }, 'complaints_merchant_holder_due (merchant=? AND holder=? AND due>?)'],
  [
    { merchant: 'm1', state: 'fulfilment', category: 'quality' },
    'complaints_merchant_holder_due (merchant=? AND holder=? AND due>?)',
  ],
  [{ merchant: 'm1', overdue: false }, 'complaints_merchant_holder_due (merchant=? AND holder=? AND due>?)'],
  [{ holders: ['platform', 'supervisor'], after }, 'complaints_holder_due (holder=? AND (due,id)>(?,?))', null],
  [
    { merchant: 'm1', after },
    'complaints_merchant_holder_due (merchant=? AND holder=? AND (due,id)>(?,?))',
    'complaints_merchant_holder_due (merchant=? AND holder=? AND due>?)',
  ],
  [{ merchant: 'm1', afterLeaf, state: 'refused' }, 'complaints_merchant_updated (merchant=? AND <expr>>?)'],
  [{ afterLeaf, state: 'refused', overdue: false }, 'complaints_updated (<expr>>?)'],
])('an inbox of %j is listed and counted from an index that holds its filters', (query, index, counted = index) => {
  const { list, count } = listPlans(query)
  expect(list).toEqual([`SEARCH complaints USING COVERING INDEX ${index}`])
  // Null: its number is kept.
  expect(count).toEqual(counted === null ? [] : [`SEARCH complaints USING COVERING INDEX ${counted}`])
})

test.each<[Parameters<typeof listPlans>[0], string]>([
  [{ closed: true }, 'complaints_closed (closed_at>?)'],
  [{ state: 'closed_ruled', after }, 'complaints_closed (closed_at>? AND (closed_at,id)<(?,?))'],
  [
    { state: 'refused', merchant: 'm1', category: 'quality' },
    'complaints_merchant_closed (merchant=? AND closed_at>?)',
  ],
])('closed ones of %j are listed from an index and counted nowhere: their number is kept', (query, index) => {
  const { list, count } = listPlans(query)
  expect(list).toEqual([`SEARCH complaints USING COVERING INDEX ${index}`])
  expect(count).toEqual([])
})

test('what falls due is read in the order of an index, merged from the holders’ lists', () => {
  const searches = (query: 'fallenDue' | 'nextDue') =>
    planOf(db => openStore(db)[query].getQuery().sql).filter(line => /complaints|TEMP/.test(line))
  const search = 'SEARCH complaints USING COVERING INDEX complaints_holder_due (holder=? AND due>?'
  expect(searches('fallenDue')).toEqual(HOLDERS.map(() => `${search} AND due<?)`))
  expect(searches('nextDue')).toEqual(HOLDERS.map(() => `${search})`))
})

test('closed ones by a filter of which no number is kept: an index up to a bound', () => {
  for (const plan of Object.values(listPlans({ closed: true, assignee, openedBefore: 1 })))
    expect(plan).toEqual([
      'CO-ROUTINE complaints',
      'SEARCH complaints USING COVERING INDEX complaints_closed (closed_at>?)',
      'SCAN complaints',
    ])
})

test('whom a clerk looks after is asked of a list, not of each row', () => {
  const { list } = listPlans({ merchant: 'm1', assignee: { team: 'merchant:m1', person: 'A' } })
  expect(list).toEqual([
    'SEARCH complaints USING COVERING INDEX complaints_merchant_holder_due (merchant=? AND holder=? AND due>?)',
  ])
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

test('a tally of a merchant reads one index and what is kept of the closed ones', () => {
  const [closed, open = []] = plansOf(db => tallyOf(db, { now: 0, until: 0, merchant: 'm1' }))
  expect(open.filter(line => line.includes('complaints'))).toEqual(
    ['holder>?', 'holder=? AND due<?', 'holder=? AND due>? AND due<?'].map(
      search => `SEARCH complaints USING COVERING INDEX complaints_merchant_holder_due (merchant=? AND ${search})`,
    ),
  )
  expect(closed).toEqual(['SEARCH closed_counts USING PRIMARY KEY (merchant=?)'])
})

test.each([[undefined], [['platform'] as const]])(
  'all open ones, or those of %j, are counted nowhere: their numbers are kept',
  holders => {
    const plans = [
      ...plansOf(db => tallyOf(db, { now: 0, until: 0 })),
      ...plansOf(db => inboxCount(db, { now: 0, holders })),
    ].flat()
    expect(plans.filter(line => line.includes('complaints'))).toEqual([])
  },
)

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
  expect(
    plans.map(like => planOf(db => void Object.values(openStore(db)), like).filter(line => line.includes('outbox'))),
  ).toEqual([
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

test('leaves of a timeline: each found by its number, in the order in which they are asked for, and none in place of a missing one', () => {
  const { db, sqlite, close } = openNodeHost(newFolder())
  const leaf = (idx: number) =>
    sqlite.prepare('insert into leaves values (?, ?)').run(idx, Buffer.from(`{"seq":${idx}}`))
  for (let idx = 0; idx < 5; idx++) leaf(idx)
  sqlite.prepare("insert into disclosures values (1, 'text=abc')").run()
  const { leafLines, stepLines } = openStore(db)
  expect(leafLines.get({ list: '[4,1,3]' })).toEqual({ lines: '{"seq":4}\n{"seq":1}\n{"seq":3}' })
  expect(leafLines.get({ list: '[1,7]' })).toEqual({ lines: '{"seq":1}' })
  expect(leafLines.get({ list: '[]' })).toEqual({ lines: null })
  expect(stepLines.get({ list: '[4,1,7,3]' })).toEqual({ lines: '{"seq":4}\n\n{"seq":1}\ntext=abc\n{"seq":3}\n' })
  close()
  expect(planOf(open => openStore(open).leafLines.get({ list: '[]' }), /json_each.*leaves/)).toContain(
    'SEARCH leaves USING INTEGER PRIMARY KEY (rowid=?)',
  )
  expect(planOf(open => openStore(open).stepLines.get({ list: '[]' }), /json_each.*leaves/)).toEqual(
    expect.arrayContaining([
      'SEARCH leaves USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH disclosures USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
    ]),
  )
})

test('a timeline longer than one value of SQLite holds is whole, and a leaf that is gone is an error', async () => {
  const folder = newFolder()
  const { db, sqlite, close } = openNodeHost(folder)
  const leaf = (seq: number) =>
    JSON.stringify({ seq, kind: 'message_added', by: 'buyer', at: seq, on: seq, p: {}, d: {} })
  const chain = Array.from({ length: 600 }, (_, seq) => seq)
  for (const seq of chain) sqlite.prepare('insert into leaves values (?, ?)').run(seq, Buffer.from(leaf(seq)))
  // Cast: of a fold the timeline reads the policy alone, and that for a submission.
  const read = () => entriesOf(openStore(db), { chain, complaint: {} as Complaint })
  expect(read().map(({ step }) => step.at)).toEqual(chain)
  const hash = toBase64url(leafHash(utf8(leaf(300))))
  expect(read()[300]).toMatchObject({ index: 300, seq: 300, leaf: hash })
  sqlite.exec('drop trigger leaves_no_delete; delete from leaves where idx = 300')
  expect(read).toThrow('leaf 300 is missing')
  close()
})
