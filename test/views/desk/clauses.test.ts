import { describe, expect, test } from 'vitest'
import { PolicySchema, parsePolicy } from '../../../src/complaint/deadlines/policy.ts'
import { LOCALES } from '../../../src/complaint/words.ts'
import { policyWith } from '../../../src/demo/gallery/story.ts'
import { MESSAGES } from '../../../src/i18n/languages.ts'
import { languages } from '../../../src/views/context.ts'
import { clausesOf, nameOfClause, policyPage } from '../../../src/views/log/rules.ts'

const pages = languages(MESSAGES, { verifyUrl: '/verify' })
const basis = { basis: 'law', source: 'a law: what it asks' } as const
const surge = { name: '双十一', announced: '2026-10-20', from: '2026-11-01', until: '2026-11-12', hours: 24, ...basis }
/** A document with every clause of the schema. */
const whole = { ...policyWith([surge]), desks: ['家电组'] }

interface Entries {
  entries?: Record<string, unknown>
  wrapped?: Entries
}
/** Keys of the schema, down to the figures: what is a figure has a basis. */
const keysOf = (schema: Entries, path = ''): string[] => {
  const { entries, wrapped } = schema
  if (wrapped) return keysOf(wrapped, path)
  if (!entries || 'basis' in entries) return [path]
  // Cast: a schema of valibot; what is not an object has no `entries`.
  return Object.entries(entries).flatMap(([key, inner]) => keysOf(inner as Entries, path ? `${path}.${key}` : key))
}
const { v: _, name: __, ...clauses } = PolicySchema.entries
const KEYS = keysOf({ entries: clauses })

describe('every clause of a deadline policy', () => {
  test('has a name in each language, and is in the document that is looked at here', () => {
    expect(KEYS).toEqual(expect.arrayContaining(['times.appeal_review', 'calendar.workdays', 'retention', 'outside']))
    const { hash: _, ...document } = whole
    parsePolicy(document)
    for (const locale of LOCALES) {
      const page = pages(locale)
      expect(KEYS.filter(key => nameOfClause(key, page) === key)).toEqual([])
      expect(clausesOf(whole, page).map(({ clause }) => clause)).toEqual(expect.arrayContaining(KEYS))
    }
  })

  test('says its value in words: no key, no yes or no, no bare number of the document', () => {
    for (const locale of LOCALES) {
      for (const { clause, text } of clausesOf(whole, pages(locale))) {
        expect(text, clause).not.toMatch(/\b(true|false|undefined|null|NaN|merchants|hotline_12315|not_received)\b/)
        expect(text, clause).not.toMatch(/^[\d.]*$|\[object/)
      }
    }
  })

  test('stands on the public page of the document, with its basis', () => {
    for (const locale of LOCALES) {
      const page = pages(locale)
      const drawn = String(policyPage(whole, whole.hash, page))
      for (const { clause, name, text, items } of clausesOf(whole, page)) {
        // Surges and the calendar have sections of their own.
        if (clause === 'surges' || clause.startsWith('calendar.')) continue
        for (const said of [name, ...(items ?? [text])]) expect(drawn, clause).toContain(said)
      }
    }
  })
})
