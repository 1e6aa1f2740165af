import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPlain, skim, skimmed } from '../../src/cli/monitor/skim.ts'
import { decodeLeaf, encodeLeaf, type Leaf, type LeafValue } from '../../src/log/leaf.ts'

const name = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,6}$/)
const text = fc.stringMatching(/^[ !#-[\]-~]{0,20}$/)
const count = fc.oneof(fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER, 1_767_225_600_000))
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value)
const { value } = fc.letrec<{ value: LeafValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    count,
    fc.boolean(),
    fc.constant(null),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}))
const leaves: fc.Arbitrary<Leaf> = fc
  .record({
    v: fc.constant(1 as const),
    c: nullable(text),
    seq: count,
    prev: nullable(text),
    at: count,
    on: count,
    kind: text,
    by: text,
    auto: fc.boolean(),
    who: nullable(text),
    state: nullable(text),
    holder: nullable(text),
    due: nullable(count),
    rule: nullable(text),
    policy: nullable(text),
    p: fc.dictionary(name, value, { maxKeys: 5 }),
    d: fc.dictionary(fc.oneof(name, fc.constant('id')), text, { maxKeys: 5 }),
  })
  .map(leaf => ({ ...leaf, on: Math.min(leaf.on, leaf.at) }))

const decoded = (bytes: Buffer) => {
  try {
    return skimmed(decodeLeaf(bytes))
  } catch {
    return null
  }
}
/** Pieces that a forger would try. */
const PIECES = [
  '',
  ' ',
  '"',
  '\\',
  ',',
  ':',
  '{}',
  '0',
  '-1',
  '1.0',
  '1e3',
  'null',
  'true',
  '[]',
  'é',
  '\n',
  '"a":1,',
  '9007199254740992',
]

describe('plain bytes', () => {
  test('are printable ASCII but for the backslash, wherever they lie', () => {
    const isPlainByte = (byte: number) => byte >= 0x20 && byte <= 0x7e && byte !== 0x5c
    for (let byte = 0; byte < 256; byte++)
      for (let length = 1; length < 14; length++)
        for (let at = 0; at < length; at++) {
          const bytes = Buffer.alloc(length + 3, 'a').subarray(byte % 4)
          bytes[at % bytes.length] = byte
          expect(isPlain(bytes)).toBe(isPlainByte(byte))
        }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        expect(isPlain(Buffer.from(bytes))).toBe(bytes.every(isPlainByte))
      }),
    )
  })
})

describe('reading a leaf in one pass', () => {
  test('reads every canonical leaf, as the other reader does', () => {
    const same = (leaf: Leaf) => {
      const bytes = Buffer.from(encodeLeaf(leaf))
      expect(JSON.parse(JSON.stringify(skim(bytes)))).toEqual(JSON.parse(JSON.stringify(decoded(bytes))))
    }
    fc.assert(fc.property(leaves, same), { numRuns: 500 })
  })

  test('accepts nothing that the other refuses', () => {
    const both = (leaf: Leaf, from: number, length: number, piece: string) => {
      const bytes = Buffer.from(encodeLeaf(leaf))
      const cut = from % bytes.length
      const forged = Buffer.concat([bytes.subarray(0, cut), Buffer.from(piece), bytes.subarray(cut + length)])
      const skimmedLeaf = skim(forged)
      if (skimmedLeaf !== null) expect(skimmedLeaf).toEqual(decoded(forged))
    }
    const byte = fc.string({ minLength: 1, maxLength: 1 })
    const piece = fc.oneof(fc.constantFrom(...PIECES), byte)
    fc.assert(fc.property(leaves, fc.nat(5000), fc.nat(3), piece, both), { numRuns: 5000 })
  })
})
