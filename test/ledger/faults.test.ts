import { describe, expect, test } from 'vitest'
import type { Host } from '../../src/ledger/host.ts'
import type { Done, Ledger, Refused } from '../../src/ledger/port.ts'
import { checkLog } from './check-log.ts'
import { newFolder, openFolder } from './node-host.ts'
import { done, people } from './world.ts'

const FAULT = new Error('a fault that a test mounted')
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

/** Throws within the savepoint of each `every`-th command, after all its work. */
const failingCommands =
  (every: number) =>
  (host: Host): Host => {
    let commands = 0
    return {
      ...host,
      transaction: work =>
        host.transaction(() => {
          const result = work()
          if (host.inTransaction() && isCommand() && ++commands % every === 0) throw FAULT
          return result
        }),
    }
  }
/** The ledger's own transactions are not those of commands. */
const isCommand = () => new Error().stack?.includes('GroupCommit.#attempt') ?? false

describe('an exception in one command of a batch', () => {
  test('fails that one alone, and what it did to the memory is undone', async () => {
    const { ledger } = await openFolder(newFolder(), { wrap: failingCommands(7) })
    const { submit, say } = people(ledger)
    const opened = await Promise.allSettled(fill(20, () => submit()))
    const ids = acknowledged(opened).map(step => step.id)
    // Enough to fill tiles in the middle of a batch, where the frontier moves most.
    const said = await Promise.allSettled(fill(600, i => say(ids[i % ids.length]!, `第${i}条`)))
    expect(rejected(opened).length + rejected(said).length).toBe(Math.floor(620 / 7))
    for (const answer of rejected([...opened, ...said])) expect(answer.reason).toBe(FAULT)
    await expectSteps(ledger, acknowledged([...opened, ...said]))
    await checkLog(ledger, Date.now())
  })

  test('leaves nothing of a submission that failed', async () => {
    const { ledger, sqlite } = await openFolder(newFolder(), { wrap: failingCommands(2) })
    const { submit } = people(ledger)
    await submit()
    await expect(submit({ orderId: 'AGAIN' })).rejects.toBe(FAULT)
    for (const table of ['complaints', 'order_items', 'outbox']) {
      expect(sqlite.prepare(`select count(*) as count from ${table}`).get()).toEqual({ count: 1 })
    }
    expect(await submit({ orderId: 'AGAIN' })).toMatchObject({ seq: 0 })
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
      sqlite.pragma('max_page_count = 1000000')
      answers.push(...(await Promise.allSettled(ids.map(id => say(id, '有地方了')))))
      for (const answer of answers.slice(-ids.length)) expect(answer.status).toBe('fulfilled')
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
    const past = Date.now() - 1000
    for (const id of ids) sqlite.prepare(`update complaints set due = ${past} where id = ${id}`).run()
    sqlite.prepare(`update complaints set folded = json_set(folded, '$.due', ${past})`).run()
    sqlite.prepare(`update complaints set folded = '{' where id = ${ids[2]}`).run()
    await ledger.close()
    const again = await openFolder(folder, { secrets })
    await expect(again.ledger.tick()).rejects.toThrow(SyntaxError)
    const missed = again.sqlite.prepare("select id from complaints where status = 'platform_review' order by id").all()
    expect(missed).toEqual(ids.toSorted((a, b) => a - b).flatMap(id => (id === ids[2] ? [] : [{ id }])))
  })
})
