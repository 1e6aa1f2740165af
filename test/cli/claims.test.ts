import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { missingTests } from '../support/named-tests.ts'
import { CLAIMS, FINDINGS } from './claims.ts'

const page = readFileSync(new URL('../../docs/auditing.md', import.meta.url), 'utf8')
const section = page.slice(page.indexOf('## 5. Who catches what'), page.indexOf('What nobody outside can see'))
const rows = [...section.matchAll(/^\| (.*?) \|(.*)\|$/gm)].slice(1)

test('each row of the page has its tests, and each has its row', () => {
  expect(rows.map(([, attack]) => attack)).toEqual(Object.keys(CLAIMS))
  expect(rows.filter(([, , cells]) => !cells?.includes('✓'))).toEqual([])
})

test.each(Object.entries(CLAIMS))('%s: its tests are there', (_, tests) => {
  expect(tests.length).toBeGreaterThan(0)
  expect(missingTests(tests)).toEqual([])
})

test.each(FINDINGS)('$no, $attack: its tests are there', ({ tests, limit }) => {
  expect(tests.length).toBeGreaterThan(0)
  expect(missingTests(tests)).toEqual([])
  if (limit !== undefined) expect(limit).toMatch(/.{30}/)
})

test('each number is one finding', () => {
  expect(new Set(FINDINGS.map(({ no }) => no)).size).toBe(FINDINGS.length)
})
