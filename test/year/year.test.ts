import { expect, test } from 'vitest'
import { liveAYear } from './year.ts'

const LIVES = 110
const HOURS = 365 * 24
/** Of ten minutes with a commit a second, and what waits for the next pass. */
const YOUNG = 700
/** The log, the texts and the folds; the outbox has its own rules. */
const MEANT = ['leaves', 'tiles', 'disclosures', 'complaints', 'outbox']

test('a year of complaints leaves the log, the texts, the folds, and little else', async () => {
  const { tables, signed, recorded, integrity } = await liveAYear(LIVES)
  const rows = Object.fromEntries(tables.map(({ table, rows }) => [table, rows]))
  expect(integrity).toBe('ok')
  expect([rows.complaints, recorded > 4 * LIVES]).toEqual([LIVES, true])
  expect(rows.checkpoints).toBeLessThan(Math.min(signed, HOURS + YOUNG))
  // Fourteen days of keys, a day of sign-ins and wrong codes, thirty days of webhooks.
  expect(rows.idempotency).toBeLessThan((recorded * 14 * 6) / 365)
  expect(rows.sessions).toBeLessThanOrEqual(2 * 20)
  expect(rows.tries).toBeLessThanOrEqual(2 * 20)
  expect(rows.hook_deliveries).toBeLessThan((rows.leaves ?? 0) / 5)
  const bytesOf = (of: typeof tables) => of.reduce((sum, { bytes }) => sum + bytes, 0)
  const meant = bytesOf(tables.filter(({ table }) => MEANT.includes(table)))
  expect(meant / bytesOf(tables)).toBeGreaterThan(0.7)
}, 600_000)
