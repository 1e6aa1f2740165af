import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openNodeHost } from '../../../src/hosts/node/sqlite.ts'

const open = () => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-wal-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const host = openNodeHost(folder)
  host.sqlite.exec('create table scratch (bytes blob)')
  const insert = host.sqlite.prepare('insert into scratch values (randomblob(3000000))')
  /** 48 MB in sixteen commits: the last of them sends the thread, which alone copies so much. */
  const fillLog = () => {
    for (let i = 0; i < 16; i++) host.transaction(() => insert.run())
  }
  const waiting = (): number => {
    const [row] = host.sqlite.pragma('wal_checkpoint(NOOP)') as [{ log: number; checkpointed: number }]
    return row.log - row.checkpointed
  }
  return { folder, host, fillLog, waiting, wal: join(folder, 'ledger.db-wal') }
}

test('a long write-ahead log is copied beside the commits, not within one', async () => {
  const { host, folder, fillLog, waiting } = open()
  fillLog()
  await expect.poll(waiting).toBe(0)
  expect(statSync(join(folder, 'ledger.db')).size).toBeGreaterThan(48_000_000)
  await host.close()
})

test('erasure while the log is copied: it is emptied as soon as that is done', async () => {
  const { host, fillLog, wal } = open()
  fillLog()
  host.afterErasure()
  await expect.poll(() => statSync(wal).size).toBe(0)
  await host.close()
})

test('erasure while a backup reads: the log is emptied once it ended', async () => {
  const { host, folder, wal } = open()
  const insert = host.sqlite.prepare('insert into scratch values (randomblob(3000))')
  insert.run()
  const other = new (await import('better-sqlite3')).default(join(folder, 'ledger.db'), { readonly: true })
  const rows = other.prepare('select * from scratch').iterate()
  rows.next()
  insert.run()
  host.afterErasure()
  expect(statSync(wal).size).toBeGreaterThan(0)
  rows.return?.()
  other.close()
  for (let i = 0; i < 16; i++) host.transaction(() => undefined)
  expect(statSync(wal).size).toBe(0)
  await host.close()
})

test('closing waits for the thread, and leaves no log', async () => {
  const { host, folder, fillLog, wal } = open()
  fillLog()
  await host.close()
  expect(existsSync(wal)).toBe(false)
  const again = openNodeHost(folder)
  expect(again.sqlite.prepare('select count(*) from scratch').pluck().get()).toBe(16)
  await again.close()
})
