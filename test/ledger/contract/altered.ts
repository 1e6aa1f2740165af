import { expect } from 'vitest'
import { disclose } from '../../../src/log/disclosure.ts'
import type { LedgerFixture, Story } from '../fixture.ts'
import { buyer, DAY, HOUR, merchant, rejection } from '../fixture.ts'

/** Edits a table as somebody with the database would, and again to undo it. */
const edit = async (world: LedgerFixture, query: string): Promise<void> => {
  await world.sql(query)
  await world.restart()
}

const inReview = async (world: LedgerFixture): Promise<number> => {
  const id = await world.submit()
  await world.does('responses', merchant(), id, rejection)
  await world.does('escalation', buyer, id, { reason: '不是这样' })
  return id
}

/** A row that contradicts the log is an error of its complaint, on every way to it, and never a page that lies. */
export function altered(story: Story) {
  const fold = (id: number, change: string) =>
    `update complaints set folded = json_set(folded, ${change}) where id = ${id}`

  story('a folded row that says another state, holder, due instant or clause is not believed', async world => {
    const [id, other] = [await inReview(world), await world.submit()]
    const { due } = await world.standing(id)
    const said: [name: string, lie: string, truth: string][] = [
      ['state', "'$.state', 'closed_confirmed'", "'$.state', 'platform_review'"],
      ['holder', "'$.holder', 'buyer'", "'$.holder', 'platform'"],
      ['due', `'$.due', ${(due ?? 0) + 30 * DAY}`, `'$.due', ${due}`],
      ['rule', "'$.rule', 'promised'", "'$.rule', 'times.platform_review'"],
    ]
    for (const [name, lie, truth] of said) {
      await edit(world, fold(id, lie))
      const error = `row_altered: complaint .*: the row has another ${name}`
      await expect(world.ledger.read(id), name).rejects.toThrow(new RegExp(error))
      await expect(world.ledger.head(id), name).rejects.toThrow(/row_altered/)
      await expect(world.ledger.receipt(id, 'buyer'), name).rejects.toThrow(/row_altered/)
      await expect(world.order('messages', buyer, id, { text: '在吗' }), name).rejects.toThrow(/row_altered/)
      // A list says what the leaf says, and goes on.
      expect(await world.standing(id), name).toEqual({ state: 'platform_review', holder: 'platform', due })
      expect((await world.entries(other)).length).toBe(1)
      await edit(world, fold(id, truth))
      expect((await world.entries(id)).length).toBe(3)
    }
  })

  story('a due instant that was moved is recorded by nobody, and the others are', async world => {
    const [id, other] = [await inReview(world), await world.submit()]
    const { due } = await world.standing(id)
    const query = (at: number | null) =>
      `update complaints set due = ${at}, folded = json_set(folded, '$.due', ${at}) where id = ${id}`
    await edit(world, query((due ?? 0) + HOUR))
    await world.at((due ?? 0) + 2 * HOUR)
    await expect(world.ledger.tick()).rejects.toThrow(/row_altered/)
    expect(await world.kinds(other)).toContain('deadline_missed')
    await edit(world, query(due))
    await world.ledger.tick()
    expect(await world.kinds(id)).toContain('deadline_missed')
  })

  story('a text that was swapped is shown to nobody', async world => {
    const id = await inReview(world)
    const [{ index } = { index: 0 }] = (await world.entries(id)).slice(1)
    const [row] = await world.sql(`select texts from disclosures where idx = ${index}`)
    const texts = String(row?.texts)
    const forged = disclose('statement', '非常抱歉', new Uint8Array(16))
    const lie = texts.replace(/statement=[^~]*/, `statement=${forged}`)
    await edit(world, `update disclosures set texts = '${lie}' where idx = ${index}`)
    const error = /row_altered: complaint .*: a text that is not the one disclosed/
    await expect(world.ledger.read(id)).rejects.toThrow(error)
    await expect(world.ledger.receipt(id, 'merchant')).rejects.toThrow(error)
    await edit(world, `update disclosures set texts = '${texts}' where idx = ${index}`)
    expect((await world.entries(id))[1]?.fields.statement).toBe('不退')
  })

  story('a chain that names the leaf of another complaint', async world => {
    const [id, other] = [await world.submit(), await world.submit()]
    const chainOf = async (of: number) =>
      (await world.sql(`select hex(chain) as chain from complaints where id = ${of}`))[0]
    const [own, foreign] = [await chainOf(id), await chainOf(other)]
    await edit(world, `update complaints set chain = x'${foreign?.chain}' where id = ${id}`)
    await expect(world.ledger.read(id)).rejects.toThrow(/row_altered: .*not the leaf that the row names/)
    await edit(world, `update complaints set chain = x'${own?.chain}' where id = ${id}`)
  })
}
