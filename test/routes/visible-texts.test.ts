// Every text of every act and every name: it shows something, and stays within its line. A new field is tested by being there.

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import * as schemas from '../../src/routes/schemas.ts'

/** Code points that are drawn as nothing, or that need a letter to be drawn on. */
const UNSEEN: Record<string, string> = {
  'a space': ' ',
  'ideographic space U+3000': '\u3000',
  'no-break space U+00A0': '\u00a0',
  'soft hyphen U+00AD': '\u00ad',
  'combining grapheme joiner U+034F': '\u034f',
  'Arabic letter mark U+061C': '\u061c',
  'Hangul choseong filler U+115F': '\u115f',
  'Hangul jungseong filler U+1160': '\u1160',
  'Khmer inherent vowel U+17B4': '\u17b4',
  'Mongolian vowel separator U+180E': '\u180e',
  'zero width space U+200B': '\u200b',
  'zero width joiner U+200D': '\u200d',
  'word joiner U+2060': '\u2060',
  'invisible times U+2062': '\u2062',
  'blank Braille pattern U+2800': '\u2800',
  'Hangul filler U+3164': '\u3164',
  'variation selector U+FE0F': '\ufe0f',
  'byte order mark U+FEFF': '\ufeff',
  'halfwidth Hangul filler U+FFA0': '\uffa0',
  'object replacement U+FFFC': '\ufffc',
  'full blank hieroglyph U+13441': '\u{13441}',
  'null notehead U+1D159': '\u{1d159}',
  'tag letter U+E0041': '\u{e0041}',
  'variation selector U+E0100': '\u{e0100}',
  'combining acute U+0301': '\u0301',
  'private use U+E000': '\ue000',
  'unassigned U+0378': '\u0378',
}
/** Taken as they are: the shortest texts of people. */
const SEEN = ['好', 'a', '1', '👍', '❤️', '👩‍❤️‍💋‍👨', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'é', 'ཧཱུྃ', 'ਹਾਂ', '¥', '+1']
const TOWERS = ['\u0f74'.repeat(2000), '\u0301'.repeat(11), '\u0301\u200d'.repeat(40)].map(marks => `a${marks}`)

type Schema = v.GenericSchema
type Field = { path: string; schema: Schema }

const isText = (schema: Schema): boolean => schema.type === 'string'

/** The texts in a schema, by their path; what is picked from a list, counted or ticked is none. */
const textsIn = (schema: Schema, path: string): Field[] => {
  if (isText(schema)) return [{ path, schema }]
  if ('entries' in schema && schema.type === 'object')
    return Object.entries(schema.entries as Record<string, Schema>).flatMap(([name, each]) =>
      textsIn(each, `${path}.${name}`),
    )
  if ('wrapped' in schema) return textsIn(schema.wrapped as Schema, path)
  return []
}

// A search shows nothing of what is asked.
const { ACT_BODIES, intake, Complaint, Search, ...others } = schemas
const BODIES: Record<string, Schema> = {
  ...ACT_BODIES,
  ...Object.fromEntries(Object.entries(others).flatMap(([name, each]) => ('type' in each ? [[name, each]] : []))),
  submit: intake(['quality']),
  Complaint: Complaint(['quality']),
}
const fields = Object.entries(BODIES).flatMap(([name, schema]) => textsIn(schema, name))
const takes = ({ schema }: Field, text: string): boolean => v.safeParse(schema, text).success

/** Texts in people's own words; the others have a form (a date, a code, a number) that no such character fits. */
const free = fields.filter(field => takes(field, '好'))

test('the walk finds the texts of every act and every name', () => {
  expect(fields.length).toBeGreaterThan(55)
  const found = free.map(({ path }) => path)
  for (const path of [
    'responses.statement',
    'responses.offer.returnTo',
    'rulings.facts',
    'rulings.officer',
    'rulings.remedy.returnTo',
    'withdrawal.text',
    'rating.text',
    'Author.operator',
    'submit.buyer.name',
    'submit.merchantName',
    'submit.statement',
    'TicketClaims.merchantName',
    'Complaint.name',
    'KeyName.name',
  ])
    expect(found).toContain(path)
})

describe.each(Object.entries(UNSEEN))('%s alone', (_name, text) => {
  test.each([text, text.repeat(40), ` ${text}\u200b${text}`])('as %j is no text in any field', each => {
    expect(fields.filter(field => takes(field, each)).map(({ path }) => path)).toEqual([])
  })
})

test.each(SEEN)('%j is a text in every field for people’s own words', text => {
  expect(free.filter(({ path }) => !/Id$/.test(path)).filter(field => !takes(field, text))).toEqual([])
})

test.each(TOWERS)('a tower of combining marks is refused in every field', text => {
  // A pickup code is compared and recorded nowhere.
  expect(fields.filter(field => takes(field, text)).map(({ path }) => path)).toEqual(
    text.length > 20 ? [] : ['Pickup.code', 'PickupByOrder.code'],
  )
})

test('a refused tower is named by the code of its field', () => {
  const { issues } = v.safeParse(ACT_BODIES.messages, { text: TOWERS[0] })
  expect(issues?.map(({ message }) => message)).toEqual(['characters'])
})
