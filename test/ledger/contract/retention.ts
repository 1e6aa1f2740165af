import { expect } from 'vitest'
import type { Story } from '../fixture.ts'
import { buyer, DAY, HOUR, type LedgerFixture, MINUTE, START, unbounded } from '../fixture.ts'

const count = async (world: LedgerFixture, table: string) =>
  Number((await world.sql(`select count(*) as n from ${table}`))[0]?.n)

/** Rows as a busy day leaves them: a checkpoint a second; every third one cosigned by w1, and by w2 but from 05:00 to 10:00. */
const busyDay = async (world: LedgerFixture) => {
  const seconds = `with recursive s(i) as (select 1 union all select i + 1 from s where i < ${DAY / 1000})`
  await world.sql(`${seconds} insert into checkpoints (size, at, note)
    select size, ${START} + i * 1000, note from s, (select size, note from checkpoints order by id desc limit 1)`)
  const lines = (witness: string, when: string) =>
    world.sql(`insert into cosignatures (checkpoint, line)
      select id, '— ${witness}/w ABCDEF' || printf('%010d', id) || char(10) from checkpoints where id % 3 = 0 and at > ${START} and ${when}`)
  await lines('w1', 'true')
  await lines('w2', `at not between ${START + 5 * HOUR} and ${START + 10 * HOUR}`)
}

/** Publishes a step each minute until a pass found nothing more. */
const publishAll = async (world: LedgerFixture, id: number) => {
  for (let before = Number.NaN, i = 0; i < 400; i++) {
    await world.later(MINUTE)
    await world.does('messages', buyer, id, { text: `${i}` })
    await world.ledger.statement(id)
    const rows = (await count(world, 'checkpoints')) + (await count(world, 'cosignatures'))
    if (rows >= before) return
    before = rows
  }
  throw new Error('it is never done')
}

const hours = (world: LedgerFixture) =>
  world.sql(
    'select at / 3600000 as hour, max(id) as last from checkpoints group by hour having hour < (select max(at) / 3600000 from checkpoints)',
  )
const latest = (world: LedgerFixture) =>
  world.sql(
    'select witness, at / 3600000 as hour, max(c.id) as last from cosignatures s join checkpoints c on c.id = s.checkpoint group by witness, hour',
  )

export const retention = (story: Story): void => {
  story('of a checkpoint a second few rows remain: one an hour, and the latest of each witness in it', async world => {
    await world.restart(unbounded)
    const id = await world.submit()
    await world.ledger.statement(id)
    await busyDay(world)
    const [kept, lines] = [await hours(world), await latest(world)]
    expect([kept.length >= 24, lines.length >= 24 + 19]).toEqual([true, true])
    await world.at(START + DAY + 20 * MINUTE)
    await world.restart(unbounded)
    await publishAll(world, id)
    expect(await count(world, 'checkpoints')).toBeLessThan(150)
    expect(await count(world, 'cosignatures')).toBeLessThan(150)
    expect(await latest(world)).toEqual(lines)
    expect(await hours(world)).toEqual(expect.arrayContaining(kept))
    // The last quorum before w2 fell silent is whole.
    const [quorum] = await world.sql(`select count(*) as lines from cosignatures where checkpoint =
      (select max(checkpoint) from cosignatures join checkpoints c on c.id = checkpoint
       where witness like 'w2%' and at < ${START + 5 * HOUR})`)
    expect(quorum).toEqual({ lines: 2 })
    const before = await world.ledger.log.checkpoint()
    await world.restart(unbounded)
    expect(await world.ledger.log.checkpoint()).toBe(before)
  })

  story('what is kept cannot be deleted, and what is superseded cannot be changed', async world => {
    await world.restart(unbounded)
    const id = await world.submit()
    await world.ledger.statement(id)
    await busyDay(world)
    for (const row of await hours(world))
      await expect(world.sql(`delete from checkpoints where id = ${row.last}`)).rejects.toThrow(/append-only/)
    for (const row of await latest(world))
      await expect(world.sql(`delete from cosignatures where checkpoint = ${row.last}`)).rejects.toThrow(/append-only/)
    const cosigned = 'select min(checkpoint) from cosignatures'
    const young = 'select max(id) - 10 from checkpoints'
    for (const which of [cosigned, young])
      await expect(world.sql(`delete from checkpoints where id = (${which})`)).rejects.toThrow(/append-only/)
    await expect(world.sql("update checkpoints set note = ''")).rejects.toThrow(/append-only/)
    await expect(world.sql("update cosignatures set line = ''")).rejects.toThrow(/append-only/)
  })

  story('a quiet log is pruned as well, though it is closed between its steps', async world => {
    const id = await world.submit()
    for (let i = 0; i < 30; i++) {
      await world.later(7 * MINUTE)
      await world.restart(unbounded)
      await world.does('messages', buyer, id, { text: `${i}` })
      await world.ledger.statement(id)
    }
    // Three and a half hours: one of each that is over, and those of the last ten minutes.
    expect(await count(world, 'checkpoints')).toBeLessThan(8)
  })
}
