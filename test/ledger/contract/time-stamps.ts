import { expect } from 'vitest'
import { utf8 } from '../../../src/log/encoding.ts'
import { parseReceipt } from '../../../src/log/receipt.ts'
import { readStatement } from '../../../src/log/statement.ts'
import type { Story } from '../fixture.ts'
import { buyer, HOUR, type LedgerFixture } from '../fixture.ts'

/** Tokens of an authority, as a host keeps and hands them out; they are asked for and verified in test/cli/time-stamps.test.ts. */
export const timeStamps = (story: Story): void => {
  story('a log without an authority has no time stamp', async world => {
    const id = await world.submit()
    expect(await world.ledger.log.timeStamps(0)).toEqual([])
    expect(await world.ledger.log.timeStamp(3)).toBeNull()
    expect(await world.ledger.receipt(id, 'buyer')).not.toHaveProperty('timestamps')
  })

  story('the earliest time stamp over each step is in the receipt, of this log alone', async world => {
    const first = await world.submit()
    const { origin, size } = await treeOf(world, first)
    await world.later(HOUR)
    await world.does('messages', buyer, first, { text: '请尽快' })
    const { size: larger } = await treeOf(world, first)
    const kept = [
      [origin, size],
      [origin, larger],
      [origin, larger + 7],
      ['another.invalid/log/0', larger + 1],
    ]
    for (const [name, of] of kept)
      await world.sql(`insert into time_stamps values ('${name}', ${of}, ${world.now}, 'note ${of}', x'3003020100')`)
    const { log } = world.ledger
    expect(await log.timeStamps(0)).toEqual([size, larger, larger + 7])
    expect(await log.timeStamps(size)).toEqual([larger, larger + 7])
    const found = await log.timeStamp(size)
    expect(found?.checkpoint).toBe(`note ${size}`)
    expect([...(found?.reply ?? [])]).toEqual([0x30, 3, 2, 1, 0])
    expect(await log.timeStamp(larger + 1)).toBeNull()
    const { timestamps = [] } = parseReceipt(await world.ledger.receipt(first, 'buyer'))
    expect(timestamps.map(({ checkpoint }) => checkpoint)).toEqual([`note ${size}`, `note ${larger}`])
    expect(timestamps.map(({ consistency }) => consistency.length > 0)).toEqual([true, false])
    expect(utf8(timestamps[0]?.reply ?? '')).toHaveLength(8)
  })

  story('no time stamp is changed or deleted', async world => {
    await world.sql(`insert into time_stamps values ('o', 1, 1, 'note', x'00')`)
    await expect(world.sql('delete from time_stamps')).rejects.toThrow('append-only')
    await expect(world.sql('update time_stamps set at = 2')).rejects.toThrow('append-only')
  })
}

/** The tree that holds the complaint's newest step. */
const treeOf = async ({ ledger }: LedgerFixture, id: number) => {
  const { origin, size } = readStatement((await ledger.statement(id)) ?? '')
  return { origin, size }
}
