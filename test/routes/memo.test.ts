import { expect, test } from 'vitest'
import { memoized } from '../../src/routes/language.ts'

test('memoization: each text is worked on once, null is asked for again, and no more than so many are kept', () => {
  const asked: string[] = []
  const length = memoized(text => {
    asked.push(text)
    return text === '' ? null : text.length
  }, 2)
  expect(['a', 'a', 'bb', '', '', 'a'].map(length)).toEqual([1, 1, 2, null, null, 1])
  expect(asked).toEqual(['a', 'bb', '', ''])
  // The third forgets the two.
  expect(['ccc', 'a'].map(length)).toEqual([3, 1])
  expect(asked).toEqual(['a', 'bb', '', '', 'ccc', 'a'])
})
