import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import connect from 'postgres'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { liveAll } from '../../../../bench/lives.ts'
import { beginning, CommitLog, CommitLogBroken } from '../../../../src/hosts/node/commit-log/commit-log.ts'
import { ForeignFolder } from '../../../../src/hosts/node/commit-log/local-copy.ts'
import { newestMigration, openDatabase } from '../../../../src/hosts/node/sqlite.ts'
import { Problem } from '../../../../src/routes/problem.ts'
import { checkLog } from '../../../ledger/check-log.ts'
import { buyer, done, officer, people } from '../../../ledger/fixture.ts'
import { newFolder, openFolder } from '../../../ledger/node-host.ts'
import { type Postgres, startPostgres } from '../../../support/postgres.ts'
import { following, leading, newHouse, newKeys, openProcess } from './fixture.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

const newLog = async () => ({ url: postgres.url, house: newHouse(), secrets: await newKeys() })
const unavailable = expect.objectContaining({ constructor: Problem, code: 'unavailable' })

/** Every row of every table, but for what is of one copy. */
const contents = (sqlite: ReturnType<ReturnType<typeof openProcess>['sqlite']>) => {
  const tables = sqlite
    .prepare(
      "select name from sqlite_master where type = 'table' and name not in ('commit_log_position', '__drizzle_migrations')",
    )
    .pluck()
    .all()
  const rows = (name: unknown): unknown[] => sqlite.prepare(`select * from "${name}"`).all()
  return Object.fromEntries(tables.map(name => [String(name), rows(name)]))
}

describe('two processes', () => {
  test('one leads, the other follows and leads at once when the first ends; both have the same rows', async () => {
    const log = await newLog()
    const first = openProcess(log)
    await leading(first)
    const second = openProcess(log)
    await liveAll(first.replica.ledger, 0, 40, 16)
    await following(second)
    expect(second.replica.leads).toBe(false)
    // The first has no address: acts can't be passed on.
    expect(await second.replica.ledger.health()).toMatchObject({ reason: 'catching_up' })
    await expect(people(second.replica.ledger).submit()).rejects.toEqual(unavailable)
    const before = contents(first.sqlite())
    expect(Object.values(before).flat().length).toBeGreaterThan(1000)
    const last = first.sqlite()
    await first.replica.close()
    expect(last.open).toBe(false)
    await leading(second)
    const after = contents(second.sqlite())
    // What the second wrote since it leads, if anything: its checkpoint.
    for (const [name, rows] of Object.entries(before)) expect(after[name]?.slice(0, rows.length), name).toEqual(rows)
    await liveAll(second.replica.ledger, 40, 5, 4)
    await checkLog(second.replica.ledger, Date.now())
  })

  test('a folder that ended in order goes on from where it was; one that did not is made anew', async () => {
    const log = await newLog()
    const folder = newFolder()
    const first = openProcess({ ...log, folder })
    await leading(first)
    const { id } = done(await people(first.replica.ledger).submit())
    // Marks this copy: the commit log knows nothing of it.
    first.sqlite().exec('create table mark (x)')
    await first.replica.close()
    const second = openProcess({ ...log, folder })
    await leading(second)
    expect(contents(second.sqlite())).toHaveProperty('mark')
    await postgres.sql`update tousu_lease set epoch = epoch + 1 where house = ${log.house}`
    await expect.poll(() => second.replica.ledger.health()).toMatchObject({ reason: 'commit_log_unreachable' })
    await leading(second)
    expect(contents(second.sqlite())).not.toHaveProperty('mark')
    expect(await second.replica.ledger.head(id)).not.toBeNull()
  })
})

describe('fencing', () => {
  test('who lost the lease inserts nothing, answers nothing, and leads again from the rows alone', async () => {
    const log = await newLog()
    const { replica } = openProcess(log)
    await leading({ replica })
    const { submit, say } = people(replica.ledger)
    const { id } = done(await submit())
    await postgres.sql`update tousu_lease set epoch = epoch + 1 where house = ${log.house}`
    await expect(say(id, '没有人听见')).rejects.toEqual(unavailable)
    await leading({ replica })
    expect((await replica.ledger.read(id))?.entries).toHaveLength(1)
    done(await say(id, '有人听见'))
    await checkLog(replica.ledger, Date.now())
  })
})

test('a lease that was given back stays so, whatever renewal is still under way', async () => {
  const { url, house } = await newLog()
  const [one, two] = ['one', 'two'].map(holder => new CommitLog(url, house, holder))
  await one!.open()
  const epoch = (await one!.acquire('')) ?? 0
  expect(await two!.acquire('')).toBeNull()
  await one!.release(epoch)
  expect((await one!.renew(epoch)).held).toBe(false)
  expect(await two!.acquire('')).toBeGreaterThan(epoch)
  await Promise.all([one!.end(), two!.end()])
})

describe('output gate', () => {
  test('while a row is under way nothing tells of it: no answer, page, list, message, webhook or checkpoint', async () => {
    const log = await newLog()
    const { replica } = openProcess(log)
    await leading({ replica })
    const { ledger } = replica
    const { submit, say } = people(ledger)
    const { id } = done(await submit())
    await ledger.statement(id)
    const told: string[] = []
    const ask = (name: string, work: Promise<unknown>) =>
      work.then(
        () => void told.push(name),
        () => void told.push(`${name} failed`),
      )
    const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holding = postgres.sql.begin(async sql => {
      await sql`select 1 from tousu_lease where house = ${log.house} for update`
      held.resolve()
      await release.promise
    })
    await held.promise
    const asked = [ask('execute', say(id, '还没有定'))]
    // Committed here, and waiting for PostgreSQL.
    await expect.poll(async () => (await ledger.metrics()).replicationLag).toBeGreaterThan(0)
    asked.push(
      ask('read', ledger.read(id)),
      ask('head', ledger.head(id)),
      ask('inbox', ledger.inbox({ now: Date.now(), limit: 10 })),
      ask('messages', ledger.outbox.dueMessages(10)),
      ask('webhooks', ledger.webhooks.due(10)),
      ask('checkpoint', ledger.log.checkpoint()),
      ask('statement', ledger.statement(id)),
    )
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(told).toEqual([])
    release.resolve()
    await holding
    await Promise.all(asked)
    await leading({ replica })
    const failed = told.filter(name => name.endsWith('failed'))
    // A machine so slow that the lease ended meanwhile fails them all, and none was told of what is lost.
    if (failed.length === 0) expect((await ledger.read(id))?.entries).toHaveLength(2)
    await checkLog(ledger, Date.now())
  })
})

describe('PostgreSQL', () => {
  test('that has no standby is warned of, and serves', async () => {
    const { replica } = openProcess(await newLog())
    await leading({ replica })
    await expect.poll(() => replica.ledger.health()).toMatchObject({ reason: 'commit_log_alone', isWarning: true })
    done(await people(replica.ledger).submit())
  })

  test('that is not there is waited for', async () => {
    const { replica } = openProcess({ ...(await newLog()), url: 'postgres://postgres@127.0.0.1:9/postgres' })
    await expect
      .poll(() => replica.ledger.health())
      .toEqual({ reason: 'commit_log_unreachable', detail: 'ECONNREFUSED' })
    await expect(people(replica.ledger).submit()).rejects.toEqual(unavailable)
    expect(await replica.ledger.tick()).toBeNull()
  })

  test('that becomes read-only takes no step, loses none, and is used again once it is not', async () => {
    const log = await newLog()
    const { replica } = openProcess(log)
    await leading({ replica })
    const { submit, say } = people(replica.ledger)
    const { id } = done(await submit())
    const readOnly = async (on: boolean) => {
      await postgres.sql.unsafe(`alter system set default_transaction_read_only = ${on ? 'on' : 'off'}`)
      await postgres.sql`select pg_reload_conf()`
    }
    onTestFinished(() => readOnly(false))
    await readOnly(true)
    let steps = 1
    // Its sessions hear of it one after another.
    const refused = async (): Promise<unknown> => {
      try {
        done(await say(id, `第${steps}条`))
        steps++
      } catch (error) {
        return error
      }
    }
    await expect.poll(refused).toEqual(unavailable)
    await expect
      .poll(() => replica.ledger.health())
      .toEqual({ reason: 'commit_log_unreachable', detail: '25006: PostgreSQL is read-only' })
    await readOnly(false)
    await leading({ replica })
    expect((await replica.ledger.read(id))?.entries).toHaveLength(steps)
    done(await say(id, '写得了'))
    await checkLog(replica.ledger, Date.now())
  })

  test('whose tables have another shape is not written to', async () => {
    await postgres.sql`create database elsewhere`
    const url = postgres.url.replace(/postgres$/, 'elsewhere')
    const { replica } = openProcess({ ...(await newLog()), url: await withForeignTable(url) })
    await expect
      .poll(() => replica.ledger.health())
      .toMatchObject({ reason: 'commit_log_unreachable', detail: expect.stringContaining('another shape') })
  })
})

const withForeignTable = async (url: string): Promise<string> => {
  const sql = connect(url, { max: 1, fetch_types: false })
  await sql`create table tousu_lease (x int)`
  await sql.end()
  return url
}

describe('a commit log that is not what it was', () => {
  const written = async () => {
    const log = await newLog()
    const folder = newFolder()
    const { replica } = openProcess({ ...log, folder })
    await leading({ replica })
    for (let i = 0; i < 4; i++) done(await people(replica.ledger).submit())
    await replica.close()
    return { ...log, folder }
  }
  const fails = async (log: Parameters<typeof openProcess>[0], kind: unknown, message: RegExp) => {
    const error: unknown = await openProcess(log).replica.failed.catch(error => error)
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ message: expect.stringMatching(message) })
  }

  test('a missing row stops whoever reads it', async () => {
    const { folder: _, ...log } = await written()
    await postgres.sql`delete from tousu_commits where house = ${log.house} and n = 3`
    await fails(log, CommitLogBroken, /rows 3 to 3 are missing/)
  })

  test('an altered row stops whoever reads it', async () => {
    const { folder: _, ...log } = await written()
    await postgres.sql`update tousu_commits set changes = changes || '\\x00'::bytea where house = ${log.house} and n = 2`
    await fails(log, CommitLogBroken, /row 3 does not follow/)
  })

  test('lost rows at its end are missed by a folder that had them', async () => {
    const log = await written()
    const [{ n }] = await postgres.sql<
      [{ n: string }]
    >`select max(n) as n from tousu_commits where house = ${log.house}`
    await postgres.sql`delete from tousu_commits where house = ${log.house} and n = ${n}`
    await fails(log, CommitLogBroken, new RegExp(`ends at row ${Number(n) - 1}, and row ${n} was kept`))
  })

  test('an empty one is not filled from a folder that followed another', async () => {
    const log = await written()
    for (const table of ['tousu_commits', 'tousu_snapshots'])
      await postgres.sql`delete from ${postgres.sql(table)} where house = ${log.house}`
    await fails(log, CommitLogBroken, /is empty, and this folder followed it/)
    await fails({ ...log, house: newHouse() }, ForeignFolder, /follows the commit log of/)
  })

  test('a ledger of its own is no copy of it', async () => {
    const { folder: _, ...log } = await written()
    const folder = newFolder()
    const { ledger } = await openFolder(folder, { secrets: log.secrets })
    await ledger.close()
    await fails({ ...log, folder }, ForeignFolder, /never followed this commit log/)
  })

  test('rows that vanish while it leads end that, before anything is answered', async () => {
    const log = await newLog()
    const { replica } = openProcess(log)
    await leading({ replica })
    const { id } = done(await people(replica.ledger).submit())
    // With it the checkpoint is stored: nothing is under way any more.
    await replica.ledger.statement(id)
    await postgres.sql`delete from tousu_commits where house = ${log.house}`
    await expect(people(replica.ledger).say(id, '没有了')).rejects.toEqual(unavailable)
    await expect(replica.failed).rejects.toThrow(CommitLogBroken)
  })
})

test('a house that had its disk alone begins a commit log with what it has', async () => {
  const log = await newLog()
  const folder = newFolder()
  const { ledger } = await openFolder(folder, { secrets: log.secrets })
  const { id } = done(await people(ledger).submit())
  await ledger.close()
  const first = openProcess({ ...log, folder })
  await leading(first)
  await first.replica.close()
  const second = openProcess(log)
  await leading(second)
  done(await people(second.replica.ledger).say(id, '搬过来了'))
  await checkLog(second.replica.ledger, Date.now())
})

test('two houses share a database', async () => {
  const [one, two] = [openProcess(await newLog()), openProcess(await newLog())]
  await Promise.all([leading(one), leading(two)])
  done(await people(one.replica.ledger).submit())
  expect(await two.replica.ledger.inbox({ now: Date.now(), limit: 10 })).toEqual([])
})

test('a snapshot follows an erasure: no row keeps the text', async () => {
  const log = await newLog()
  const process = openProcess(log)
  await leading(process)
  const { ledger } = process.replica
  // Has followed so far, and is not there when the rows go.
  const folder = newFolder()
  const away = openProcess({ ...log, folder })
  await following(away)
  const { id } = done(await people(ledger).submit())
  await expect.poll(() => away.replica.ledger.head(id)).not.toBeNull()
  await away.replica.close()
  const texts = String(process.sqlite().prepare('select texts from disclosures order by idx desc').pluck().get())
  const inRows = async () => {
    const rows = await postgres.sql`
      select changes as bytes from tousu_commits where house = ${log.house}
      union all select bytes from tousu_snapshots where house = ${log.house}`
    return rows.some(({ bytes }) => bytes.includes(texts))
  }
  expect(await inRows()).toBe(true)
  const body = { seq: 0, field: 'statement', reason: '应本人要求' }
  done(await ledger.execute({ act: 'redaction-request', complaint: id, by: buyer, body }))
  done(await ledger.execute({ act: 'redactions', complaint: id, by: officer(), body }))
  await expect.poll(inRows).toBe(false)
  await process.replica.close()
  for (const options of [log, { ...log, folder }]) {
    const next = openProcess(options)
    await leading(next)
    expect((await next.replica.ledger.read(id))?.entries[0]?.erased).toEqual(['statement'])
    await checkLog(next.replica.ledger, Date.now())
    await next.replica.close()
  }
})

test('rows of before a migration are replayed as they were, and a snapshot stands for it', async () => {
  const log = await newLog()
  const older = migratedButForOne()
  const past = new CommitLog(log.url, log.house, 'a process of an older version')
  await past.open()
  const epoch = await past.acquire('')
  await past.saveSnapshot(epoch ?? 0, { ...beginning(log.house), schema: older.schema }, older.database)
  await past.release(epoch ?? 0)
  await past.end()
  const process = openProcess(log)
  await leading(process)
  done(await people(process.replica.ledger).submit())
  const schemas = await postgres.sql`
    select schema from tousu_snapshots where house = ${log.house} union select schema from tousu_commits where house = ${log.house}`
  expect(schemas.map(({ schema }) => schema)).toEqual([String(newestMigration())])
  await process.replica.close()
  const next = openProcess(log)
  await leading(next)
  await checkLog(next.replica.ledger, Date.now())
})

/** A database without the newest migration. */
const migratedButForOne = () => {
  const migrations = newFolder()
  cpSync(new URL('../../../../db/migrations', import.meta.url), migrations, { recursive: true })
  const file = join(migrations, 'meta/_journal.json')
  const journal: { entries: { when: number }[] } = JSON.parse(readFileSync(file, 'utf8'))
  journal.entries.pop()
  writeFileSync(file, JSON.stringify(journal))
  const sqlite = openDatabase(newFolder())
  migrate(drizzle(sqlite), { migrationsFolder: migrations })
  const database = sqlite.serialize()
  sqlite.close()
  return { database, schema: String(journal.entries.at(-1)?.when) }
}
