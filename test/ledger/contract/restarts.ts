import { expect } from 'vitest'
import { replay } from '../../../src/complaint/view/timeline.ts'
import { parseFold } from '../../../src/ledger/storage/complaint-repository.ts'
import { checkLog } from '../check-log.ts'
import type { Story } from '../fixture.ts'
import { buyer, DAY, type LedgerFixture, merchant, rejection, unbounded } from '../fixture.ts'
import { escalated } from './steps.ts'

const everything = async (world: LedgerFixture, ids: readonly number[]) => ({
  timelines: await Promise.all(ids.map(id => world.entries(id))),
  heads: await Promise.all(ids.map(id => world.ledger.head(id))),
  inbox: await world.ledger.inbox({ now: world.now, limit: 100 }),
  outbox: await world.ledger.outbox.dueMessages(100),
})

/** The folded row must be what its leaves fold to; what a row leaves out is as in a blank complaint. */
const checkRows = async (world: LedgerFixture) => {
  for (const row of await world.sql('select id, status, due, closed_at as closedAt, head, folded from complaints')) {
    const entries = await world.entries(Number(row.id))
    const { policy: _, seq, ...folded } = replay(entries).at(-1)!.after
    expect(entries.at(-1)?.seq).toBe(seq)
    expect(parseFold(String(row.folded))).toEqual({ ...JSON.parse(JSON.stringify(folded)), seq: 0 })
    const { state: status, due, closedAt } = folded
    expect(row).toMatchObject({ status, due, closedAt, head: entries.at(-1)?.leaf })
  }
}

export const restarts = (story: Story): void => {
  story('a restart keeps everything', async world => {
    const ids = [await escalated(world), await world.submit(), await world.submit()]
    await world.does('withdrawal', buyer, ids[1]!, { ground: 'other', reason: '' })
    await world.later(DAY)
    const before = await everything(world, ids)
    await world.restart()
    expect(await everything(world, ids)).toEqual(before)
    await checkLog(world.ledger, world.now)
    await world.does('responses', merchant(), ids[2]!, rejection)
    await world.does('messages', buyer, ids[0]!, { text: '重启之后' })
  })

  story('folded rows are what their leaves fold to', async world => {
    const id = await escalated(world)
    await world.later(4 * DAY)
    await world.ledger.tick()
    await world.does('messages', buyer, id, { text: '还在吗' })
    await world.submit()
    await checkRows(world)
    await world.restart()
    await world.does('messages', buyer, id, { text: '再问一次' })
    await checkRows(world)
  })

  story('the tree goes on where it was, also at the edge of a tile', async world => {
    await world.restart(unbounded)
    const id = await world.submit()
    const size = async () => Number((await world.sql('select count(*) as size from leaves'))[0]?.size)
    const grow = async (to: number) => {
      const left = to - (await size())
      await Promise.all(Array.from({ length: left }, (_, i) => world.does('messages', buyer, id, { text: `${i}` })))
    }
    for (const edge of [255, 256, 257, 512]) {
      await grow(edge)
      await world.restart(unbounded)
      expect(await checkLog(world.ledger, world.now)).toHaveLength(edge)
    }
    await grow(520)
  })

  story('an empty log is a log', async world => {
    expect(await checkLog(world.ledger, world.now)).toHaveLength(2)
    await world.restart()
    expect(await checkLog(world.ledger, world.now)).toHaveLength(2)
  })

  story('a database that lacks the newest checkpoint alone goes on from the note beside it', async world => {
    const id = await world.submit()
    await world.ledger.statement(id)
    await world.does('messages', buyer, id, { text: '在吗' })
    await world.ledger.statement(id)
    const published = await world.ledger.log.checkpoint()
    await world.sql('drop trigger checkpoints_no_delete')
    await world.sql('delete from checkpoints where size = (select max(size) from checkpoints)')
    await world.restart()
    expect(await world.ledger.log.checkpoint()).toBe(published)
    expect(await world.sql('select note from checkpoints order by id desc limit 1')).toEqual([{ note: published }])
    expect(await world.ledger.readOnly()).toBeNull()
    await world.does('messages', buyer, id, { text: '还在吗' })
  })

  story('leaves, tiles, checkpoints and cosignatures are only ever added', async world => {
    await world.submit()
    await publish(world)
    await world.sql("insert into tiles (level, n, bytes) values (63, 0, x'00')")
    await world.sql("insert into cosignatures (id, checkpoint, line) values (1, 1, 'x')")
    for (const statement of TAMPERING) await expect(world.sql(statement), statement).rejects.toThrow(/append-only/)
  })
}

const publish = (world: LedgerFixture) => expect.poll(() => world.ledger.log.checkpoint()).not.toBeNull()

const TAMPERING = [
  "update leaves set bytes = x'00' where idx = 1",
  'delete from leaves where idx = 1',
  "insert or replace into leaves (idx, bytes) values (1, x'00')",
  "update tiles set bytes = x'01'",
  'delete from tiles',
  "insert or replace into tiles (level, n, bytes) values (63, 0, x'01')",
  "update checkpoints set note = ''",
  'delete from checkpoints',
  "insert or replace into checkpoints (id, size, at, note) values (1, 0, 0, '')",
  "update cosignatures set line = ''",
  'delete from cosignatures',
  "insert or replace into cosignatures (id, checkpoint, line) values (1, 1, 'y')",
]
