import { expect } from 'vitest'
import document from '../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { emptyTally, mergeTallies } from '../../../src/complaint/deadlines/other-policy.ts'
import type { PolicyTrial } from '../../../src/ledger/contract/ledger.ts'
import { HOUR, type LedgerFixture, merchant, rejection, type Story } from '../fixture.ts'

const basis = { basis: 'default', source: 'a test' }
const day = { ...document, name: 'a-day', times: { ...document.times, awaiting_merchant: { hours: 24, ...basis } } }

const whole = async ({ ledger, now }: LedgerFixture, other: unknown) => {
  let [tally, after]: [ReturnType<typeof emptyTally>, PolicyTrial['after']] = [emptyTally(), null]
  do {
    const portion: PolicyTrial = await ledger.tryPolicy({ document: other, now, after })
    tally = mergeTallies(tally, portion)
    after = portion.after
  } while (after !== null)
  return tally
}

export const policyTrial = (story: Story): void => {
  story('a dry run of a policy: what would differ, and nothing does', async world => {
    const ids: number[] = []
    for (let i = 0; i < 120; i++) ids.push(await world.submit({ merchantId: i % 2 ? 'm2' : 'm1' }))
    await world.does('responses', merchant('m1'), ids[0] ?? 0, rejection)
    const before = await world.ledger.read(ids[1] ?? 0)
    await world.later(30 * HOUR)
    const tally = await whole(world, day)
    expect(tally).toMatchObject({ open: 120, changed: 119, unreadable: 0 })
    expect(tally.effects).toEqual({ earlier: 119, overdue: 119 })
    expect(tally.states).toEqual({
      awaiting_merchant: { open: 119, earlier: 119, overdue: 119 },
      awaiting_buyer: { open: 1 },
    })
    expect(tally.policies).toEqual({ [document.name]: 120 })
    expect(tally.examples).toHaveLength(6)
    expect(await whole(world, document)).toMatchObject({ open: 120, changed: 0, effects: {} })
    // Neither a leaf nor a row is another one.
    expect(await world.ledger.read(ids[1] ?? 0)).toEqual(before)
    expect((await world.sql('select count(*) as n from policies'))[0]?.n).toBe(1)
  })

  story('a dry run says what would keep a document from being adopted', async world => {
    const surge = (from: string, until: string) => ({
      ...document,
      name: 'surge',
      surges: [{ name: '大促', announced: '2026-01-01', from, until, hours: 12, ...basis }],
    })
    const ask = (other: unknown) => world.ledger.tryPolicy({ document: other, now: world.now, after: null })
    expect(await ask(surge('2026-03-04', '2026-03-05'))).toMatchObject({ surges: expect.stringContaining('大促') })
    expect(await ask(surge('2026-04-04', '2026-04-05'))).toMatchObject({ surges: null, isAdopted: false })
    expect(await ask(document)).toMatchObject({ surges: null, isAdopted: true })
  })
}
