import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyRoot, leafHash, verifyConsistency, verifyInclusion } from '../../src/log/tree.ts'

/** Published cases; their source is in the README beside them. */
const vectors = resolve(import.meta.dirname, '../data/merkle')

interface Case {
  name: string
  proof: string[] | null
  wantErr: boolean
  [field: string]: unknown
}

const read = (file: string): Case[] => JSON.parse(readFileSync(resolve(vectors, file), 'utf8'))
const bytes = (base64: unknown) => new Uint8Array(Buffer.from(String(base64), 'base64'))

describe('the cases of transparency-dev/merkle', () => {
  test('inclusion', () => {
    const cases = read('rfc6962-inclusion.json')
    expect(cases).toHaveLength(98)
    for (const { name, wantErr, proof, ...each } of cases) {
      const [index, size] = [Number(each.leafIdx), Number(each.treeSize)]
      const proved = {
        index,
        size,
        leafHash: bytes(each.leafHash),
        root: bytes(each.root),
        proof: (proof ?? []).map(bytes),
      }
      expect(verifyInclusion(proved), name).toBe(!wantErr)
    }
  })

  test('consistency', () => {
    const cases = read('rfc6962-consistency.json')
    expect(cases).toHaveLength(98)
    for (const { name, wantErr, proof, ...each } of cases) {
      const [size1, size2] = [Number(each.size1), Number(each.size2)]
      const proved = {
        size1,
        size2,
        root1: bytes(each.root1),
        root2: bytes(each.root2),
        proof: (proof ?? []).map(bytes),
      }
      expect(verifyConsistency(proved), name).toBe(!wantErr)
    }
  })
})

describe('a proof that is none', () => {
  const hash = leafHash(new Uint8Array(3))
  const numbers: number[] = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 64 - 1]
  // What a caller without types might pass.
  const wrong: never[] = JSON.parse('[null, "x", {}, [1], [null], 7]')

  test('is refused and never thrown over', () => {
    for (const n of numbers) {
      expect(verifyInclusion({ index: n, size: 1, leafHash: hash, proof: [], root: hash })).toBe(false)
      expect(verifyInclusion({ index: 0, size: n, leafHash: hash, proof: [], root: hash })).toBe(false)
      expect(verifyConsistency({ size1: n, size2: n, root1: hash, root2: hash, proof: [] })).toBe(false)
    }
    for (const value of wrong) {
      expect(verifyInclusion({ index: 0, size: 1, leafHash: hash, proof: value, root: hash })).toBe(false)
      expect(verifyInclusion({ index: value, size: 1, leafHash: hash, proof: [], root: hash })).toBe(false)
      expect(verifyInclusion({ index: 0, size: 1, leafHash: value, proof: [], root: value })).toBe(false)
      expect(verifyConsistency({ size1: 1, size2: 1, root1: value, root2: value, proof: [] })).toBe(false)
      expect(verifyConsistency({ size1: 1, size2: 2, root1: hash, root2: hash, proof: value })).toBe(false)
    }
  })

  test('cannot start from an empty tree', () => {
    expect(verifyConsistency({ size1: 0, size2: 0, root1: emptyRoot, root2: emptyRoot, proof: [] })).toBe(false)
    expect(verifyConsistency({ size1: 0, size2: 1, root1: emptyRoot, root2: hash, proof: [] })).toBe(false)
  })
})
