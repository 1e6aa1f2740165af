import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromUtf8, utf8 } from '../../src/log/encoding.ts'
import { decodeLeaf, encodeLeaf, type Leaf, LeafError, type LeafValue, MAX_LEAF_BYTES } from '../../src/log/leaf.ts'

const submitted: Leaf = {
  v: 1,
  c: 'q83vEjRWeJCrze8SNFZ4kA',
  seq: 0,
  prev: null,
  at: 1_767_225_600_000,
  on: 1_767_225_600_000,
  kind: 'submitted',
  by: 'buyer',
  auto: false,
  who: null,
  state: 'awaiting_merchant',
  holder: 'merchant',
  due: 1_767_398_400_000,
  rule: 'awaiting_merchant',
  policy: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  p: { remedy: { kind: 'refund', owedBy: 'merchant' }, category: 'not_as_described' },
  d: { statement: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU', id: 'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0' },
}

const spelled =
  '{"at":1767225600000,"auto":false,"by":"buyer","c":"q83vEjRWeJCrze8SNFZ4kA","d":{"id":"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxw' +
  'muEcO3XAdRC0","statement":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"},"due":1767398400000,"holder":"merchant","kin' +
  'd":"submitted","on":1767225600000,"p":{"category":"not_as_described","remedy":{"kind":"refund","owedBy":"merchant"}},' +
  '"policy":"n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg","prev":null,"rule":"awaiting_merchant","seq":0,"state":"awaitin' +
  'g_merchant","v":1,"who":null}'

/** Bytes of the leaf with one name changed, spelled as JSON would. */
const altered = (change: Record<string, unknown>) => {
  const all: [string, unknown][] = Object.entries({ ...submitted, ...change })
  return utf8(JSON.stringify(Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))))
}

describe('the canonical form', () => {
  test('is spelled like this, for ever', () => {
    expect(fromUtf8(encodeLeaf(submitted))).toBe(spelled)
    expect(decodeLeaf(utf8(spelled))).toEqual(submitted)
  })

  test('has its names in code unit order', () => {
    const names = Object.keys(JSON.parse(spelled))
    expect(names).toEqual(names.toSorted())
    expect(names).toHaveLength(17)
  })

  test('does not depend on the order in which names were set', () => {
    const shuffled = {
      ...submitted,
      p: { category: 'not_as_described', remedy: { owedBy: 'merchant', kind: 'refund' } },
    }
    expect(encodeLeaf(shuffled)).toEqual(encodeLeaf(submitted))
  })

  test('comes back from its bytes, whatever it holds', () => {
    fc.assert(
      fc.property(anyLeaf, leaf => {
        const bytes = encodeLeaf(leaf)
        expect(decodeLeaf(bytes)).toEqual(leaf)
        expect(bytes.every(byte => byte >= 0x20 && byte < 0x7f)).toBe(true)
      }),
    )
  })

  test('has no neighbour: any other bytes are refused or mean another leaf', () => {
    fc.assert(
      fc.property(fc.nat(spelled.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = utf8(spelled)
        bytes[at] = bytes[at]! ^ flip
        try {
          expect(decodeLeaf(bytes)).not.toEqual(submitted)
        } catch (error) {
          expect(error).toBeInstanceOf(LeafError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a leaf that is none', () => {
  const refuse = (bytes: Uint8Array) => expect(() => decodeLeaf(bytes), fromUtf8(bytes).slice(0, 80)).toThrow(LeafError)

  test('other spellings of the same values', () => {
    for (const other of [
      ` ${spelled}`,
      `${spelled}\n`,
      `\ufeff${spelled}`,
      spelled.replace('"seq":0', '"seq":-0'),
      spelled.replace('"seq":0', '"seq":0.0'),
      spelled.replace('1767225600000', '1.7672256e12'),
      spelled.replace('"by"', '"\\u0062y"'),
      spelled.replace('buyer', 'b\\u0075yer'),
      spelled.replace('"v":1,', '"v":1,"v":1,'),
      spelled.replace('"v":1,"who":null', '"who":null,"v":1'),
    ]) {
      refuse(utf8(other))
    }
  })

  test('other names', () => {
    refuse(altered({ extra: 1 }))
    refuse(altered({ __proto__x: 1 }))
    for (const name of Object.keys(submitted)) {
      const rest: [string, unknown][] = Object.entries(submitted).filter(([other]) => other !== name)
      refuse(utf8(JSON.stringify(Object.fromEntries(rest.sort()))))
      refuse(utf8(JSON.stringify(Object.fromEntries([...rest, [`${name}x`, null]].sort()))))
    }
  })

  test('other types', () => {
    const wrong: Record<string, unknown[]> = {
      v: [0, 2, '1', null],
      c: [1, false, {}, []],
      seq: [-1, 1.5, null, '0', 2 ** 53],
      prev: [0, {}],
      at: [null, -1, 1e300],
      on: [null, submitted.at + 1],
      kind: [null, 1],
      by: [null],
      auto: [null, 0, 'false'],
      due: ['1', 0.1],
      p: [null, [], 'x', { a: [] }, { a: 0.5 }, { 'a-b': 1 }, { A: 1 }, { '': 1 }, { a: { b: '"' } }],
      d: [null, { a: null }, { a: 1 }, { a: {} }],
    }
    for (const [name, values] of Object.entries(wrong)) for (const value of values) refuse(altered({ [name]: value }))
  })

  test('other things', () => {
    for (const text of ['', 'null', '1', '[]', '{}', '"x"', '{', 'x']) refuse(utf8(text))
    expect(() => decodeLeaf(Uint8Array.of(0xff, 0xfe))).toThrow(LeafError)
  })

  test('one that is too long, or has characters beyond printable ASCII', () => {
    const room = MAX_LEAF_BYTES - spelled.length + submitted.kind.length
    expect(encodeLeaf({ ...submitted, kind: 'k'.repeat(room) })).toHaveLength(MAX_LEAF_BYTES)
    expect(() => encodeLeaf({ ...submitted, kind: 'k'.repeat(room + 1) })).toThrow(LeafError)
    for (const kind of ['"', '\\', '\n', '\u007f', 'é', '投诉', '\ud800']) {
      expect(() => encodeLeaf({ ...submitted, kind })).toThrow(LeafError)
    }
  })
})

test('an error names the place and keeps the value to itself', () => {
  const secret = '王小明'
  expect(() => encodeLeaf({ ...submitted, p: { remedy: { kind: secret } } })).toThrow('p.remedy.kind: ')
  expect(() => encodeLeaf({ ...submitted, d: { id: secret } })).toThrow('d.id: ')
  for (const wrong of [{ by: secret }, { p: { [secret]: 1 } }, { p: { note: secret } }]) {
    try {
      encodeLeaf({ ...submitted, ...wrong })
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain(secret)
    }
  }
})

const plain = fc.string({ unit: fc.constantFrom(...' !#[]^_`az~{}:,019AZ-'), maxLength: 30 })
const name = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/)
const integer = fc.maxSafeNat()
const { value: anyValue } = fc.letrec<{ value: LeafValue; object: { [name: string]: LeafValue } }>(tie => ({
  value: fc.oneof({ maxDepth: 3 }, plain, integer, fc.boolean(), fc.constant(null), tie('object')),
  object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}))
const anyLeaf: fc.Arbitrary<Leaf> = fc
  .record({
    v: fc.constant(1 as const),
    c: fc.option(plain),
    seq: integer,
    prev: fc.option(plain),
    at: integer,
    on: integer,
    kind: plain,
    by: plain,
    auto: fc.boolean(),
    who: fc.option(plain),
    state: fc.option(plain),
    holder: fc.option(plain),
    due: fc.option(integer),
    rule: fc.option(plain),
    policy: fc.option(plain),
    p: fc.dictionary(name, anyValue, { maxKeys: 4, noNullPrototype: true }),
    d: fc.dictionary(name, plain, { maxKeys: 4, noNullPrototype: true }),
  })
  .map(leaf => ({ ...leaf, on: Math.min(leaf.on, leaf.at) }))
