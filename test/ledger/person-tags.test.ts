import { expect, test } from 'vitest'
import { ownTags, personTag } from '../../src/ledger/commands/person-tags.ts'
import { tagger } from '../../src/ledger/log/secrets.ts'

const tag = tagger(new Uint8Array(32).fill(7))
const C = 'the complaint'
const step = (who: string | null, fields: Record<string, string>) => ({ step: { who }, fields })
const named = (name: string) => ({ name, subject: undefined })
const A17 = { name: 'A17', subject: 'idp a17' }

test('a person who signed in has one tag under every name, and another in each complaint', () => {
  expect(personTag(tag, C, { ...A17, name: 'A18' })).toBe(personTag(tag, C, A17))
  expect(personTag(tag, 'another', A17)).not.toBe(personTag(tag, C, A17))
  expect(personTag(tag, C, named('idp a17'))).not.toBe(personTag(tag, C, A17))
})

test('a step of before names were canonical is its officer’s, in whatever spelling it stands', () => {
  const old = tag('who', C, 'Ａ17 ')
  for (const person of [A17, named('A17'), named('a17'.toUpperCase())])
    expect(ownTags(tag, C, person, [step(old, { officer: 'Ａ17 ' })])).toContain(old)
  expect(ownTags(tag, C, named('B2'), [step(old, { officer: 'Ａ17 ' })])).not.toContain(old)
})

test('an erased name leaves the tag of that very name', () => {
  const old = tag('who', C, 'A17')
  expect(ownTags(tag, C, A17, [step(old, {})])).toContain(old)
})

test('of two who signed in under one name neither has a step of the other', () => {
  const other = personTag(tag, C, { name: 'A17', subject: 'idp b2' })
  const entries = [step(other, { officer: 'A17' }), step(null, { operator: 'A17' })]
  expect(ownTags(tag, C, A17, entries)).not.toContain(other)
  expect(ownTags(tag, C, named('A17'), entries)).toContain(other)
})
