import { expect, test } from 'vitest'
import { recordOf } from '../../../src/complaint/figures/record.ts'
import { recordsCsv, tableCsv } from '../../../src/routes/figures/counts.ts'

const cellOf = (text: string): string => tableCsv([[text]]).slice(1, -2)

test.each([
  ['=1+1', "'=1+1"],
  ['+86', "'+86"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['  =1', "'  =1"],
  ['\u200b=1', "'\u200b=1"],
  ['＝1', "'＝1"],
  ['－1', "'－1"],
])('CSV injection: the cell %j is a text', (text, cell) => expect(cellOf(text)).toBe(cell))

test.each([
  ['花间集', '花间集'],
  ['A-1', 'A-1'],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['two\nlines', '"two\nlines"'],
  ['', ''],
])('what is no formula stays as it is: %j', (text, cell) => expect(cellOf(text)).toBe(cell))

test('a negative number of ours is a number, and what there is none of is empty', () =>
  expect(tableCsv([[-3, null, 0.5]])).toBe('\ufeff-3,,0.5\r\n'))

test('a record without a case has the columns of one with cases', () => {
  const rows = recordsCsv([
    { lead: { name: 'none' }, record: recordOf({}) },
    { lead: { name: 'some' }, record: recordOf({ opened: 2, 'answer.3': 1, unanswered: 1, endings: 1 }) },
  ])
  const [head, none, some] = rows
    .trimEnd()
    .split('\r\n')
    .map(line => line.split(','))
  expect(none).toHaveLength(head?.length ?? 0)
  expect(some).toHaveLength(head?.length ?? 0)
  expect(none?.[head?.indexOf('answered.share') ?? 0]).toBe('')
  expect(some?.[head?.indexOf('answered.share') ?? 0]).toBe('0.5')
})
