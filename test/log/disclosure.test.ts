import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DisclosureError, digestOf, disclose, openDisclosure } from '../../src/log/disclosure.ts'
import { toBase64url, utf8 } from '../../src/log/encoding.ts'

const salt = Uint8Array.from({ length: 16 }, (_, i) => i)

describe('the example of RFC 9901, sections 4.2.1 and 4.2.3', () => {
  const published = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0'

  test('has the published digest', () => {
    expect(digestOf(published)).toBe('X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0')
  })

  test('opens, white space and all', () => {
    expect(openDisclosure(published)).toEqual({ salt: '_26bc4LT-ac6q2KI6cBW5es', name: 'family_name', value: 'Möbius' })
  })
})

test('a disclosure opens to what was disclosed', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][A-Za-z0-9]{0,20}$/), fc.jsonValue(), (name, value) => {
      const text = disclose(name, JSON.parse(JSON.stringify(value)), salt)
      expect(openDisclosure(text)).toEqual({ salt: toBase64url(salt), name, value: JSON.parse(JSON.stringify(value)) })
      expect(digestOf(text)).toMatch(/^[A-Za-z0-9_-]{43}$/)
    }),
  )
})

test('a long text is disclosed and hashed like a short one', () => {
  const long = '商家说照片与实物一致'.repeat(1000)
  const text = disclose('statement', long, salt)
  expect(openDisclosure(text).value).toBe(long)
  expect(digestOf(text)).not.toBe(digestOf(disclose('statement', `${long}。`, salt)))
})

test('another salt is another digest', () => {
  const other = Uint8Array.from(salt).fill(9)
  expect(digestOf(disclose('id', 'x', other))).not.toBe(digestOf(disclose('id', 'x', salt)))
  expect(() => disclose('id', 'x', new Uint8Array(15))).toThrow(DisclosureError)
})

test('what is no disclosure is refused, without a word of it in the error', () => {
  const spell = (json: string) => toBase64url(utf8(json))
  const s = toBase64url(salt)
  const wrong = [
    'null',
    '{}',
    '[]',
    `["${s}"]`,
    `["${s}","id"]`,
    `["${s}","id",1,2]`,
    '["short","id",1]',
    `["${s}",7,1]`,
    `[1,"id",1]`,
  ]
  for (const text of ['', '*', 'WyJ', ...wrong.map(spell), `${spell(`["${s}","id",1]`)}=`]) {
    expect(() => openDisclosure(text), text).toThrow(DisclosureError)
  }
  expect(() => openDisclosure(spell('王小明'))).toThrow(/^(?!.*王).*$/)
})
