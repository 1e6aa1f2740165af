import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NewerSchema, openNodeHost } from '../../../src/hosts/node/sqlite.ts'
import { DAY, done, merchant, people, rejection } from '../../ledger/fixture.ts'
import { newFolder, openFolder } from '../../ledger/node-host.ts'

test('downgrade: a database that a newer version wrote is refused, and left as it is', () => {
  const folder = newFolder()
  const first = openNodeHost(folder)
  first.sqlite
    .prepare("insert into __drizzle_migrations (hash, created_at) values ('of tomorrow', 99999999999999)")
    .run()
  first.close()
  expect(() => openNodeHost(folder)).toThrow(NewerSchema)
  // The lock was given back: the newer version can open it.
  expect(() => openNodeHost(folder)).toThrow('newer version of Tousu')
})

test('migration 0026: idempotency keys of the last eight days, each under its own day, are known afterwards', async () => {
  const { ledger, sqlite } = await openFolder(newFolder())
  const { submit, say } = people(ledger)
  const { id } = done(await submit())
  const today = Math.floor(Date.now() / DAY)
  const add = sqlite.prepare("insert into idempotency (day, key, body, complaint, seq) values (?, ?, 'b', ?, 0)")
  for (let i = 0; i < 8; i++) add.run(today - i, `k${i}`, id)
  // Twice in one period, which only an expired one can be: the newer record counts.
  const first = today - (today % 7)
  add.run(first + 1, 'k8', 1)
  add.run(first + 2, 'k8', id)
  const path = new URL('../../../db/migrations/0026_idempotency_periods.sql', import.meta.url)
  sqlite.exec(readFileSync(path, 'utf8'))
  for (let i = 0; i <= 8; i++)
    expect(await say(id, '在吗', { key: `k${i}`, body: 'b' })).toEqual({ id, seq: 0, replayed: true })
})

test('migration 0027: how many open complaints each holder has is counted once', async () => {
  const { ledger, sqlite } = await openFolder(newFolder())
  const { submit } = people(ledger)
  const { id } = done(await submit())
  done(await submit())
  done(await ledger.execute({ act: 'responses', complaint: id, by: merchant(), body: rejection }))
  const counts = () => sqlite.prepare('select holder, n from open_counts order by holder').all()
  expect(counts()).toEqual([
    { holder: 'buyer', n: 1 },
    { holder: 'merchant', n: 1 },
  ])
  const kept = counts()
  sqlite.exec('drop table open_counts')
  sqlite.exec(readFileSync(new URL('../../../db/migrations/0027_open_counts.sql', import.meta.url), 'utf8'))
  expect(counts()).toEqual(kept)
})
