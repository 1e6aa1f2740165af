import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { DeadlinePolicyError } from '../../src/complaint/deadlines/policy.ts'
import { DAY } from '../../src/complaint/time.ts'
import { policyDocument } from '../../src/config/schema.ts'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { WrongLog } from '../../src/ledger/log/key-ring.ts'
import type { Secrets } from '../../src/ledger/log/secrets.ts'
import { checkLog } from './check-log.ts'
import { people } from './fixture.ts'
import { newFolder, newSecrets, ORIGIN, openFolder } from './node-host.ts'

/** The date in Shanghai, so many days from now. */
const inDays = (days: number) => new Date(Date.now() + days * DAY + 8 * 3_600_000).toISOString().slice(0, 10)

const surging = (from: number, until: number) => ({
  ...document,
  name: 'cn-surge',
  surges: [
    {
      name: '双十二',
      announced: inDays(from - 8),
      from: inDays(from),
      until: inDays(until),
      hours: 24,
      basis: 'platform_rule',
      source: '平台公告',
    },
  ],
})

/** What a server says that does not start; its folder is free afterwards. */
const refusal = (folder: string, secrets: Secrets, policy: unknown): unknown => {
  const host = openNodeHost(folder)
  try {
    new LocalLedger({ host, secrets, policy, origin: ORIGIN })
    return null
  } catch (error) {
    return error
  } finally {
    host.close()
  }
}

describe('a server with a policy that it may not adopt does not start, and its log is as it was', () => {
  test.each([
    [
      'begins tomorrow',
      surging(1, 3),
      /^deadline policy cn-surge: surges: the surge 双十二 begins on \S+, less than 7 days/,
    ],
    ['has begun', surging(-2, 3), /the surge 双十二 begins on/],
    ['is longer than a day', { ...document, surges: [{ ...surging(9, 12).surges[0], hours: 25 }] }, /surges\.0\.hours/],
    [
      'lacks a state',
      { ...document, times: { ...document.times, awaiting_buyer: undefined } },
      /times\.awaiting_buyer/,
    ],
  ])('one that %s', async (_what, policy, said) => {
    const folder = newFolder()
    const secrets = await newSecrets()
    const first = await openFolder(folder, { secrets })
    await people(first.ledger).submit()
    await first.ledger.close()
    const error = refusal(folder, secrets, policy)
    expect(error).toBeInstanceOf(DeadlinePolicyError)
    expect(error).toHaveProperty('message', expect.stringMatching(said))
    const { ledger } = await openFolder(folder, { secrets })
    expect((await checkLog(ledger, Date.now())).filter(({ leaf }) => leaf.kind === 'policy_adopted')).toHaveLength(1)
    await ledger.close()
  })
})

test('told of eight days before it is adopted, and stays in force when it has begun', async () => {
  const folder = newFolder()
  const secrets = await newSecrets()
  const policy = surging(8, 12)
  for (let start = 0; start < 2; start++) {
    const { ledger } = await openFolder(folder, { secrets, policy })
    await people(ledger).submit()
    await checkLog(ledger, Date.now())
    await ledger.close()
  }
})

test('a document that is not the one its leaf adopted: the server does not start, and names it', async () => {
  const folder = newFolder()
  const secrets = await newSecrets()
  const first = await openFolder(folder, { secrets })
  await people(first.ledger).submit()
  await first.ledger.close()
  const db = new Database(join(folder, 'ledger.db'))
  const [row] = db.prepare<[], { hash: string; document: string }>('select hash, document from policies').all()
  const put = db.prepare('update policies set document = ?')
  for (const { name } of db
    .prepare<[], { name: string }>("select name from sqlite_master where type = 'trigger'")
    .all())
    db.exec(`drop trigger ${name}`)
  put.run(row!.document.replace('"hours":72', '"hours":720'))
  expect(refusal(folder, secrets, document)).toEqual(
    new WrongLog(`the deadline policy ${row!.hash} in the database is another document than the log adopted`),
  )
  db.exec('create table kept as select * from policies; delete from policies')
  expect(String(refusal(folder, secrets, document))).toContain(`lacks the deadline policy ${row!.hash}`)
  db.exec('insert into policies select * from kept')
  put.run(row!.document)
  expect(refusal(folder, secrets, document)).toBeNull()
  db.close()
})

describe('the setting TOUSU_POLICY', () => {
  test('is a name, a document, or what a host finds under it', () => {
    expect(policyDocument()).toMatchObject({ name: 'cn-2026-3' })
    expect(policyDocument('cn-2026-1')).toEqual(document)
    const other = JSON.stringify({ ...document, name: 'ours' })
    expect(policyDocument(other)).toHaveProperty('name', 'ours')
    expect(policyDocument('/etc/ours.json', () => other)).toHaveProperty('name', 'ours')
  })
  test.each([
    ['cn-1999-1', 'no policy of this name; there are cn-2026-1, cn-2026-2, cn-2026-3'],
    ['constructor', 'no policy of this name'],
    ['{"v":1', 'the document is not JSON'],
    ['{}', 'deadline policy: v: '],
  ])('%s is refused: %s', (setting, said) => {
    expect(() => policyDocument(setting)).toThrow(DeadlinePolicyError)
    expect(() => policyDocument(setting)).toThrow(said)
  })
})
