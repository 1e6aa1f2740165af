import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { REFUSALS } from '../../src/complaint/command.ts'
import { EDGE_ERRORS, type ErrorCode, FIELD_CODES, sentenceOf, statusOf } from '../../src/routes/problem.ts'

const doc = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const codesOf = (table: object): ErrorCode[] => Object.keys(table) as ErrorCode[]
const codes = [...codesOf(EDGE_ERRORS), ...codesOf(REFUSALS)]
const row = (code: ErrorCode) => `| \`${code}\` | ${statusOf(code)} | ${sentenceOf(code)} |`

test.each(codes)('docs/errors.md lists %s with its status and its sentence', code => {
  expect(doc.split('\n')).toContain(row(code))
})

test('it lists every code of a field', () => {
  const [, table = ''] = doc.split('## Of a field')
  for (const each of FIELD_CODES) expect(table).toContain(`\n| \`${each}\` |`)
})

test('it lists no code that there is not', () => {
  const listed = [...doc.matchAll(/^\| `(\w+)` \| \d+ \|/gm)].map(([, code]) => code)
  expect(listed).toEqual(codes)
})
