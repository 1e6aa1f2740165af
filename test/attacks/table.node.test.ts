import { expect, test } from 'vitest'
import { missingTests } from '../support/named-tests.ts'
import { ROWS } from './table.ts'

test.each(ROWS.filter(row => 'tests' in row))('$attack: its tests are there', ({ tests }) => {
  expect(tests.length).toBeGreaterThan(0)
  expect(missingTests(tests)).toEqual([])
})

test('each attack is one row, and each row without a test says why', () => {
  expect(new Set(ROWS.map(({ attack }) => attack)).size).toBe(ROWS.length)
  expect(ROWS.length).toBeGreaterThanOrEqual(92)
  for (const row of ROWS) {
    if ('untested' in row) expect(row.untested).toMatch(/.{20}/)
  }
})
