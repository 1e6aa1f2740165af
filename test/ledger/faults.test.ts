import { describe, expect, test } from 'vitest'
import type { Done, Ledger, Refused } from '../../src/ledger/contract/ledger.ts'
import type { Host } from '../../src/ledger/host.ts'
import { checkLog } from './check-log.ts'
import { done, HOUR, people, unbounded } from './fixture.ts'
import { type NodeOptions, newFolder, openFolder } from './node-host.ts'

type Answers = PromiseSettledResult<Done | Refused>[]

const rejected = (answers: Answers) => answers.filter(answer => answer.status === 'rejected')
const acknowledged = (answers: Answers) =>
  answers.flatMap(answer => (answer.status === 'fulfilled' ? [done(answer.value)] : []))
const fill = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i))

/** Every acknowledged step is there; with `only`, no others. */
const expectSteps = async (ledger: Ledger, steps: readonly Done[], only = true) => {
  for (const [id, own] of Map.groupBy(steps, step => step.id)) {
    const kept = (await ledger.read(id))?.entries.map(entry => entry.seq) ?? []
    const promised = own.map(step => step.seq).toSorted((a, b) => a - b)
    expect(kept).toEqual(only ? promised : expect.arrayContaining(promised))
  }
}

/** Makes the last write of a command with such a key fail: alone, or so that SQLite ends the whole transaction. */
const FAULTS = `
  create trigger fault before insert on idempotency when new.key like 'FAULT%'
    begin select raise(abort, 'a fault'); end;
  create trigger worse before insert on idempotency when new.key like 'WORSE%'
    begin select raise(rollback, 'a worse fault'); end;`

const openFaulty = async (options: NodeOptions = {}) => {
  const opened = await openFolder(newFolder(), { policy: unbounded, ...options })
  opened.sqlite.exec(FAULTS)
  const count = (table: string) => opened.sqlite.prepare(`select count(*) from ${table}`).pluck().get()
  return { ...opened, ...people(opened.ledger), count }
}
const FAULT = { key: 'FAULT', body: '' }
const WORSE = { key: 'WORSE', body: '' }

/** The id of every complaint that was written, whether or not it stayed. */
const tellingIds = () => {
  const ids: number[] = []
  const wrap = (host: Host): Host => ({
    ...host,
    statement: sql => {
      const run = host.statement(sql)
      const column = /^insert into "complaints" \(([^)]*)\)/.exec(sql)?.[1]?.split(', ').indexOf('"id"')
      return values => {
        if (column !== undefined) ids.push(Number(values[column]))
        run(values)
      }
    },
  })
  return { ids, wrap }
}

describe('an exception in one command of a batch', () => {
  test('fails that one alone, and what it did to the memory is undone', async () => {
    const { ledger, submit, say } = await openFaulty()
    const some = (i: number) => (i % 7 === 3 ? FAULT : undefined)
    const opened = await Promise.allSettled(fill(20, i => submit({}, some(i))))
    const ids = acknowledged(opened).map(step => step.id)
    // Enough to fill tiles in the middle of a batch, where the frontier moves most.
    const said = await Promise.allSettled(fill(600, i => say(ids[i % ids.length]!, `第${i}条`, some(i))))
    expect(opened.map(answer => answer.status === 'rejected')).toEqual(fill(20, i => i % 7 === 3))
    expect(said.map(answer => answer.status === 'rejected')).toEqual(fill(600, i => i % 7 === 3))
    for (const answer of rejected([...opened, ...said])) expect(answer.reason).toMatchObject({ message: 'a fault' })
    await expectSteps(ledger, acknowledged([...opened, ...said]))
    await checkLog(ledger, Date.now())
  })

  test('leaves nothing of a submission that failed', async () => {
    const { ledger, submit, count } = await openFaulty()
    const left = () => ['leaves', 'disclosures', 'complaints', 'outbox'].map(count)
    await submit()
    const before = left()
    await expect(submit({ orderId: 'AGAIN' }, FAULT)).rejects.toThrow('a fault')
    expect(left()).toEqual(before)
    expect(await submit({ orderId: 'AGAIN' })).toMatchObject({ seq: 0 })
    await checkLog(ledger, Date.now())
  })

  test('nothing answers to an id that was never told', async () => {
    const { ids, wrap } = tellingIds()
    const { ledger, submit } = await openFaulty({ wrap })
    await expect(submit({}, FAULT)).rejects.toThrow('a fault')
    const told = acknowledged(await Promise.allSettled(fill(6, i => submit({}, i % 2 ? FAULT : undefined))))
    const untold = ids.filter(id => !told.some(step => step.id === id))
    // Those of a batch run again without the one that failed, under other ids.
    expect([told.length, untold.length > 3]).toEqual([3, true])
    for (const id of untold) expect([await ledger.read(id), await ledger.head(id)]).toEqual([null, null])
  })

  test('memory that holds one complaint equals the rows after a batch that ran again', async () => {
    const wrap = (host: Host): Host => ({ ...host, complaintsInMemory: 1 })
    const { ledger, sqlite, submit, say } = await openFaulty({ wrap })
    const ids = acknowledged(await Promise.allSettled(fill(3, () => submit()))).map(step => step.id)
    await Promise.allSettled(ids.flatMap((id, i) => [say(id, '一'), say(id, '二', i === 1 ? FAULT : undefined)]))
    for (const id of ids) {
      const { head } = (await ledger.head(id)) ?? {}
      expect(sqlite.prepare('select head from complaints where id = ?').get(id)).toEqual({ head })
      expect((await ledger.read(id))?.entries.at(-1)?.leaf).toBe(head)
    }
    await checkLog(ledger, Date.now())
  })

  test('a day’s quota counts what stayed, and nothing else', async () => {
    const limits = { ...unbounded.limits, steps_per_day: { ...unbounded.limits.steps_per_day, count: 6 } }
    const { ledger, submit, say } = await openFaulty({ policy: { ...unbounded, name: 'six', limits } })
    const { id } = done(await submit())
    await Promise.allSettled(fill(5, i => say(id, `第${i}条`, i % 2 ? FAULT : undefined)))
    await Promise.allSettled([say(id, '不成', WORSE), say(id, '也不成')])
    const more = []
    for (let i = 0; i < 4; i++) more.push(await say(id, `又${i}`))
    expect(more.map(answer => 'seq' in answer)).toEqual([true, true, true, false])
    expect(more.at(-1)).toHaveProperty('refused', 'too_many')
    await checkLog(ledger, Date.now())
  })

  test('fails the whole batch when SQLite ended the transaction', async () => {
    const { ledger, submit, say } = await openFaulty()
    const { id } = done(await submit())
    const answers = await Promise.allSettled(fill(100, i => say(id, `第${i}条`, i === 50 ? WORSE : undefined)))
    for (const answer of answers) expect(answer).toMatchObject({ reason: { message: 'a worse fault' } })
    expect(await say(id, '之后')).toMatchObject({ seq: 1 })
    await checkLog(ledger, Date.now())
  })
})

describe('a full disk', () => {
  test('acknowledges nothing that is not kept, and the ledger goes on when there is space again', async () => {
    const { ledger, sqlite } = await openFolder(newFolder())
    const { submit, say } = people(ledger)
    const ids = acknowledged(await Promise.allSettled(fill(10, () => submit()))).map(step => step.id)
    const answers: Answers = []
    for (let round = 0; round < 3; round++) {
      const pages = Number(sqlite.pragma('page_count', { simple: true }))
      sqlite.pragma(`max_page_count = ${pages + 15}`)
      for (let wave = 0; wave < 8; wave++) {
        answers.push(...(await Promise.allSettled(fill(64, i => say(ids[i % ids.length]!, '很长的话'.repeat(50))))))
        answers.push(...(await Promise.allSettled(fill(8, () => submit()))))
      }
      expect(await ledger.health()).toMatchObject({ reason: 'storage_full' })
      sqlite.pragma('max_page_count = 1000000')
      answers.push(...(await Promise.allSettled(ids.map(id => say(id, '有地方了')))))
      for (const answer of answers.slice(-ids.length)) expect(answer.status).toBe('fulfilled')
      expect(await ledger.health()).toBeNull()
    }
    expect(rejected(answers).length).toBeGreaterThan(300)
    for (const answer of rejected(answers)) expect(answer.reason).toMatchObject({ code: 'SQLITE_FULL' })
    await expectSteps(ledger, [...ids.map(id => ({ id, seq: 0, replayed: false })), ...acknowledged(answers)])
    await checkLog(ledger, Date.now())
  })
})

/** When armed, breaks a deferred constraint in the transaction, so that it is COMMIT itself that fails. */
const failingCommit = () => {
  const state = { armed: false }
  const wrap = (host: Host & { sqlite: { exec(sql: string): unknown } }): Host => {
    host.sqlite.exec('pragma foreign_keys = on; create table p (id integer primary key)')
    host.sqlite.exec('create table q (p integer references p deferrable initially deferred)')
    const breakIt = () => {
      if (state.armed) host.sqlite.exec('insert into q values (1)')
    }
    return {
      ...host,
      transaction: work => {
        const outermost = !host.inTransaction()
        return host.transaction(() => {
          const result = work()
          if (outermost) breakIt()
          return result
        })
      },
    }
  }
  return { state, wrap }
}

describe('a COMMIT that fails', () => {
  test('fails the whole batch, and the next one is right', async () => {
    const { state, wrap } = failingCommit()
    const { ledger } = await openFolder(newFolder(), { wrap })
    const { submit, say } = people(ledger)
    const ids = acknowledged(await Promise.allSettled(fill(8, () => submit()))).map(step => step.id)
    const before = await Promise.all(ids.map(id => ledger.read(id)))
    state.armed = true
    const failed = await Promise.allSettled([...fill(300, i => say(ids[i % 8]!, '说不成')), ...fill(8, () => submit())])
    state.armed = false
    expect(rejected(failed)).toHaveLength(308)
    expect(await Promise.all(ids.map(id => ledger.read(id)))).toEqual(before)
    const said = await Promise.allSettled(ids.map(id => say(id, '说成了')))
    expect(acknowledged(said).map(step => step.seq)).toEqual(fill(8, () => 1))
    await checkLog(ledger, Date.now())
  })
})

describe('a complaint that cannot be settled', () => {
  test('keeps no other from it, and is told of', async () => {
    const folder = newFolder()
    const { ledger, sqlite, secrets } = await openFolder(folder)
    const ids = acknowledged(await Promise.allSettled(fill(5, () => people(ledger).submit()))).map(step => step.id)
    sqlite.prepare(`update complaints set folded = 'null' where id = ${ids[2]}`).run()
    await ledger.close()
    const again = await openFolder(folder, { secrets, clock: { now: () => Date.now() + 49 * HOUR } })
    await expect(again.ledger.tick()).rejects.toThrow(TypeError)
    const missed = again.sqlite.prepare("select id from complaints where status = 'platform_review' order by id").all()
    expect(missed).toEqual(ids.toSorted((a, b) => a - b).flatMap(id => (id === ids[2] ? [] : [{ id }])))
  })

  test('keeps none from it, also where more of them than one portion come first', async () => {
    const folder = newFolder()
    const { ledger, sqlite, secrets } = await openFolder(folder)
    const ids = acknowledged(await Promise.allSettled(fill(260, () => people(ledger).submit()))).map(step => step.id)
    const broken = ids.slice(0, 60)
    for (const id of broken)
      sqlite.prepare(`update complaints set folded = 'null', due = due - 1000 where id = ${id}`).run()
    await ledger.close()
    const again = await openFolder(folder, { secrets, clock: { now: () => Date.now() + 49 * HOUR } })
    await expect(again.ledger.tick()).rejects.toThrow(TypeError)
    const missed = again.sqlite.prepare("select count(*) from complaints where status = 'platform_review'").pluck()
    expect(missed.get()).toBe(200)
  })

  test('nor does one whose row was made to fall due by hand: its deadline is that of its steps again', async () => {
    const { ledger, sqlite } = await openFolder(newFolder())
    const [id] = acknowledged(await Promise.allSettled([people(ledger).submit()])).map(step => step.id)
    const due = () => sqlite.prepare(`select due from complaints where id = ${id}`).pluck().get()
    const before = due()
    sqlite.prepare(`update complaints set due = 1 where id = ${id}`).run()
    expect(await ledger.tick()).not.toBe(1)
    expect(due()).toBe(before)
    await checkLog(ledger, Date.now())
  })
})
