import { expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { type Case, Cases } from '../../src/cli/monitor/cases.ts'
import { blank, type Complaint } from '../../src/complaint/complaint.ts'
import type { Policy } from '../../src/complaint/deadlines/policy.ts'

// Cast: a published policy, whose hash no one asks for here.
const policy = { ...document, hash: 'x' } as unknown as Policy
const untouched: Complaint = { ...blank, policy, holder: 'merchant', due: 5 }
const hash = 'h'.repeat(43)
const begun = (complaint: Complaint): Case => ({
  seq: 0,
  hash,
  index: 3,
  complaint,
  authors: '0',
  m: null,
  disowned: null,
})
const next = (complaint: Complaint) => ({ seq: 1, hash, index: 9, complaint, kind: 'rated', who: null, author: '0' })

const other = (value: unknown): unknown => {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string') return `${value}x`
  if (Array.isArray(value)) return [...value, { seq: 4 }]
  return typeof value === 'object' && value !== null ? { ...value, more: 8 } : 7
}

test.each(Object.keys(blank))('cases: a complaint in which %s changed is told from those in which it did not', name => {
  const cases = new Cases()
  // Cast: a name of the complaint, and a value of the same type.
  const changed = { ...untouched, seq: 1, [name]: name === 'seq' ? 1 : other(untouched[name as keyof Complaint]) }
  const unchanged = { ...untouched, seq: 1, rated: true }
  const all: [string, Complaint][] = [
    ['a', unchanged],
    ['b', unchanged],
    ['c', { ...unchanged, ...changed, rated: name === 'rated' ? false : unchanged.rated }],
    ['d', unchanged],
    ['e', changed],
  ]
  for (const [c] of all) cases.add(c, begun(untouched))
  for (const [c, complaint] of all) cases.advance(cases.row(c), next(complaint))
  for (const [c, complaint] of all) expect(cases.get(c)?.complaint).toEqual(complaint)
})

test('cases: the end of a chain, its authors and its merchant stay with the complaint', () => {
  const cases = new Cases()
  for (let i = 0; i < 3000; i++) cases.add(`c${i}`, { ...begun(untouched), index: i, m: `m${i % 7}` })
  cases.advance(cases.row('c2999'), { ...next({ ...untouched, seq: 1 }), hash: 'g'.repeat(43), author: '3' })
  cases.disown(cases.row('c0'), 0)
  expect(cases.size).toBe(3000)
  expect(cases.get('c2999')).toMatchObject({ seq: 1, hash: 'g'.repeat(43), index: 9, authors: '03', m: 'm3' })
  expect(cases.get('c0')).toMatchObject({ seq: 0, hash, index: 0, authors: '0', m: 'm0', disowned: 0 })
  expect(cases.get('c1')?.disowned).toBeNull()
  expect(cases.get('none')).toBeUndefined()
  expect([...cases].map(([c]) => c)).toEqual(Array.from({ length: 3000 }, (_, i) => `c${i}`))
})
