import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROWS } from './table.ts'

const sourceOf = (file: string): string => {
  const url = new URL(`../${file}`, import.meta.url)
  return existsSync(url) ? readFileSync(url, 'utf8') : ''
}
/** The title as a whole string of the source, and no test that is skipped. */
const hasTest = (source: string, title: string): boolean =>
  [`'${title}'`, `"${title}"`, `\`${title}\``].some(quoted => {
    const at = source.indexOf(quoted)
    return at >= 0 && !/\.(skip|todo|fails)\b[^\n]*$/.test(source.slice(Math.max(0, at - 200), at))
  })

test.each(ROWS.filter(row => 'tests' in row))('$attack: its tests are there', ({ tests }) => {
  expect(tests.length).toBeGreaterThan(0)
  const missing = tests.filter(([file, title]) => !hasTest(sourceOf(file), title))
  expect(missing).toEqual([])
})

test('each attack is one row, and each row without a test says why', () => {
  expect(new Set(ROWS.map(({ attack }) => attack)).size).toBe(ROWS.length)
  expect(ROWS.length).toBeGreaterThanOrEqual(92)
  for (const row of ROWS) {
    if ('untested' in row) expect(row.untested).toMatch(/.{20}/)
  }
})
