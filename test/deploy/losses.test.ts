import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { missingTests, type NamedTest } from '../support/named-tests.ts'

// What each set-up loses when something dies: the claims of docs/two-boxes.md, each beside the tests that show it.

const page = readFileSync(new URL('../../docs/two-boxes.md', import.meta.url), 'utf8')
const section = page.slice(page.indexOf('## What each set-up loses'), page.indexOf('## Set it up'))
const rows = [...section.matchAll(/^\| (?!what dies)([^|-][^|]*?) \|.*\| (.*) \|$/gm)].map(
  ([, what = '', tests = '']) => ({ what, tests }),
)

/** `folder/file`: "title", "title" */
const testsIn = (cell: string): NamedTest[] =>
  [...cell.matchAll(/`([^`]+)`: ((?:"[^"]+"(?:, (?=")|))+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']): NamedTest => [`${file}.test.ts`, title]),
  )

test('process, disk, machine, primary, standby, network and region each have a row, and so has the edge', () => {
  expect(rows.length).toBeGreaterThanOrEqual(15)
})

test.each(rows)('$what: its tests are there', ({ tests }) => {
  const named = testsIn(tests)
  expect(missingTests(named)).toEqual([])
  // Whatever has none says so.
  expect(named.length > 0 || /^(no test of its own|as a lost disk)$/.test(tests)).toBe(true)
})
