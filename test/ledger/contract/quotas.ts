import { expect } from 'vitest'
import document from '../../../db/policies/cn-2026-2.json' with { type: 'json' }
import type { Story } from '../fixture.ts'
import { buyer, DAY, HOUR, merchant, officer, rejection, START } from '../fixture.ts'

const limits = {
  ...document.limits,
  steps_per_day: { ...document.limits.steps_per_day, count: 4 },
  bytes_per_day: { ...document.limits.bytes_per_day, count: 9000 },
}
/** Few enough to reach. */
const tight = { ...document, name: 'tight', limits }

export const quotas = (story: Story): void => {
  story('a party adds so many steps in a day, and more a day after the first of them', async world => {
    await world.restart(tight)
    const id = await world.submit()
    for (let i = 0; i < 4; i++) {
      await world.does('messages', merchant(), id, { text: `${i}` })
      await world.later(HOUR)
    }
    expect(await world.order('messages', merchant(), id, { text: '5' })).toEqual({
      refused: 'too_many',
      retryAt: START + DAY,
    })
    expect(await world.order('messages', merchant(), id, { text: '5' })).toHaveProperty('refused', 'too_many')
    await world.at(START + DAY)
    await world.does('messages', merchant(), id, { text: '5' })
    expect(await world.order('messages', merchant(), id, { text: '6' })).toEqual({
      refused: 'too_many',
      retryAt: START + DAY + HOUR,
    })
  })

  story('a quota holds up neither the other party nor an answer, and moves no deadline', async world => {
    await world.restart(tight)
    const id = await world.submit()
    const { due } = await world.standing(id)
    for (let i = 0; i < 4; i++) await world.does('messages', merchant(), id, { text: `${i}` })
    expect(await world.order('messages', merchant(), id, { text: '5' })).toHaveProperty('refused', 'too_many')
    expect((await world.standing(id)).due).toBe(due)
    await world.does('messages', buyer, id, { text: '在吗' })
    await world.does('responses', merchant(), id, rejection)
    await world.does('conduct-report', buyer, id, { seq: 1, text: '刷屏' })
  })

  story('so are the bytes of its texts', async world => {
    await world.restart(tight)
    const id = await world.submit()
    await world.does('messages', merchant(), id, { text: '长'.repeat(2500) })
    expect(await world.order('messages', merchant(), id, { text: '短' })).toHaveProperty('refused', 'too_many')
    await world.later(DAY)
    await world.does('messages', merchant(), id, { text: '短' })
  })

  story('what was added before a restart counts, and an erased text does so no longer', async world => {
    await world.restart(tight)
    const id = await world.submit()
    await world.does('messages', buyer, id, { text: '长'.repeat(1200) })
    await world.restart(tight)
    await world.does('redaction-request', buyer, id, { seq: 1, field: 'text', reason: '写错了' })
    await world.does('messages', buyer, id, { text: '长'.repeat(1200) })
    expect(await world.order('messages', buyer, id, { text: '短' })).toHaveProperty('refused', 'too_many')
    await world.does('redactions', officer(), id, { seq: 1, field: 'text', reason: '应本人要求' })
    await world.does('messages', buyer, id, { text: '短' })
    expect(await world.order('messages', buyer, id, { text: '短' })).toHaveProperty('refused', 'too_many')
  })

  story('a policy that names no quota has the usual one', async world => {
    const id = await world.submit()
    for (let i = 0; i < 50; i++) await world.does('messages', merchant(), id, { text: `${i}` })
    expect(await world.order('messages', merchant(), id, { text: '51' })).toHaveProperty('refused', 'too_many')
  })

  story('a long timeline is read in pages: outside one, messages come without their texts', async world => {
    const id = await world.submit()
    await world.does('responses', merchant(), id, rejection)
    for (let i = 0; i < 6; i++) await world.does('messages', buyer, id, { text: `${i}` })
    const texts = async (of?: { before?: number; limit: number }) =>
      (await world.ledger.read(id, of))?.entries.map(({ fields }) => fields.text ?? fields.statement ?? null)
    const all = await texts()
    expect(all?.slice(2)).toEqual(['0', '1', '2', '3', '4', '5'])
    expect((await texts({ limit: 2 }))?.slice(2)).toEqual([null, null, null, null, '4', '5'])
    expect((await texts({ before: 4, limit: 1 }))?.slice(2)).toEqual([null, '1', null, null, null, null])
    // What decides something always has its texts.
    expect((await texts({ limit: 1 }))?.slice(0, 2)).toEqual(all?.slice(0, 2))
    const short = await world.ledger.read(id, { limit: 1 })
    expect(short?.entries.flatMap(({ erased }) => erased)).toEqual([])
  })

  story('the newest step is read without the others', async world => {
    const id = await world.submit()
    await world.does('messages', buyer, id, { text: '在吗' })
    const [first, newest] = await world.entries(id)
    expect(await world.ledger.newest(id)).toMatchObject({
      first,
      newest,
      officer: null,
      complaint: { state: 'awaiting_merchant' },
    })
    expect(await world.ledger.newest(1)).toBeNull()
  })
}
