import { expect, test } from 'vitest'
import { translationTable } from '../../src/i18n/table.ts'

test('the translators’ table has every sentence in three languages', () => {
  const rows = translationTable()
  expect(rows.length).toBeGreaterThan(1000)
  expect(rows.every(row => row.length === 4)).toBe(true)
  // Alone in one language: plurals and units of English, story titles that Simplified Chinese takes from the story.
  const alone = rows.filter(([, ...texts]) => texts.includes('')).map(([key]) => key)
  expect(alone.filter(key => !/\.units\.|\.titles\.|underMinute|locale/.test(key ?? ''))).toEqual([])
})

test('a blank shows the name of what is filled in', () => {
  const row = translationTable().find(([key]) => key === 'track.complaintNo')
  expect(row?.[3]).toBe('Complaint {id}')
})
