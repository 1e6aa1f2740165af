import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  concat,
  EncodingError,
  equalBytes,
  fromBase64,
  fromBase64url,
  fromUtf8,
  toBase64,
  toBase64url,
  utf8,
} from '../../src/log/encoding.ts'

const anyBytes = fc.uint8Array({ maxLength: 300 })

describe('base64', () => {
  test('agrees with Node on every array of bytes', () => {
    fc.assert(
      fc.property(anyBytes, bytes => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
        expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
      }),
    )
  })

  test('takes one spelling of each value', () => {
    for (const text of ['A', 'AA', 'AAA', 'AA=', 'AB==', 'AAB=', 'AA==AA==', '====', 'A===', 'AA-_', 'AA A', 'AAA\n']) {
      expect(() => fromBase64(text), text).toThrow(EncodingError)
    }
    for (const text of ['A', 'AB', 'AAB', 'AA==', 'AA+/', 'AA A', 'ＡＡ', 'AAAAA']) {
      expect(() => fromBase64url(text), text).toThrow(EncodingError)
    }
  })

  test('whatever text decodes is what its bytes encode to', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'AQgw_-+/=b'), maxLength: 8 })
    fc.assert(
      fc.property(letters, text => {
        for (const [from, to] of [[fromBase64, toBase64] as const, [fromBase64url, toBase64url] as const]) {
          let bytes: Uint8Array
          try {
            bytes = from(text)
          } catch {
            continue
          }
          expect(to(bytes)).toBe(text)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

test('UTF-8 comes back as it went, byte order mark included, and what is none is refused', () => {
  for (const text of ['', '透诉', '\ufeffx', '🧾']) expect(fromUtf8(utf8(text))).toBe(text)
  expect(() => fromUtf8(Uint8Array.of(0xff))).toThrow(EncodingError)
})

test('equalBytes and concat', () => {
  const [a, b] = [Uint8Array.of(1, 2), Uint8Array.of(3)]
  expect(concat(a, b)).toEqual(Uint8Array.of(1, 2, 3))
  expect(equalBytes(a, Uint8Array.of(1, 2))).toBe(true)
  expect(equalBytes(a, Uint8Array.of(1, 3))).toBe(false)
  expect(equalBytes(a, b)).toBe(false)
})
