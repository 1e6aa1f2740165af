import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  consistencyProof,
  Frontier,
  inclusionProof,
  Prover,
  parseTileLevel,
  parseTilePath,
  type ReadTile,
  rootAt,
  TILE_BYTES,
  tilePath,
  tileWidth,
} from '../../src/log/tiles.ts'
import { emptyRoot, leafHash, nodeHash, verifyConsistency, verifyInclusion } from '../../src/log/tree.ts'

// Cheap stand-ins for leaf hashes: nothing in a tree asks that they hash anything.
const fake = (i: number) => {
  const hash = new Uint8Array(32)
  new DataView(hash.buffer).setUint32(0, i + 1)
  return hash
}

/** MTH, PATH and PROOF word for word from RFC 6962 section 2.1, with another SHA-256 than ours. */
const naive = {
  split: (n: number): number => 2 ** Math.floor(Math.log2(n - 1)),
  node: (l: Uint8Array, r: Uint8Array): Uint8Array =>
    new Uint8Array(createHash('sha256').update(Uint8Array.of(1)).update(l).update(r).digest()),
  memo: new Map<string, Uint8Array>(),
  mth(start: number, end: number): Uint8Array {
    if (end - start === 1) return fake(start)
    const key = `${start}-${end}`
    const known = this.memo.get(key)
    if (known) return known
    const k = this.split(end - start)
    const root = this.node(this.mth(start, start + k), this.mth(start + k, end))
    this.memo.set(key, root)
    return root
  },
  path(m: number, start: number, end: number): Uint8Array[] {
    if (end - start === 1) return []
    const k = this.split(end - start)
    return m < k
      ? [...this.path(m, start, start + k), this.mth(start + k, end)]
      : [...this.path(m - k, start + k, end), this.mth(start, start + k)]
  },
  proof(m: number, start: number, end: number, whole = true): Uint8Array[] {
    const n = end - start
    if (m === n) return whole ? [] : [this.mth(start, end)]
    const k = this.split(n)
    return m <= k
      ? [...this.proof(m, start, start + k, whole), this.mth(start + k, end)]
      : [...this.proof(m - k, start + k, end, false), this.mth(start, start + k)]
  },
}

const same = (a: Uint8Array[], b: Uint8Array[]) => Buffer.concat(a).equals(Buffer.concat(b))

/** A log that keeps full tiles in a map and the rest in its frontier, as the ledger does. */
class Log {
  frontier = new Frontier()
  readonly stored = new Map<string, Uint8Array>()

  grow(to: number, hash = fake): this {
    while (this.frontier.size < to) {
      for (const { level, n, bytes } of this.frontier.append(hash(this.frontier.size))) {
        this.stored.set(`${level}/${n}`, bytes)
      }
    }
    return this
  }

  readonly read: ReadTile = (level, n, width) => {
    const bytes = this.stored.get(`${level}/${n}`) ?? this.frontier.partial(level)
    return bytes.subarray(0, width * 32)
  }
}

describe('a growing tree', () => {
  test('has the root of the RFC at every size to 300', () => {
    const log = new Log()
    expect(log.frontier.root()).toEqual(emptyRoot)
    for (let size = 1; size <= 300; size++)
      expect(log.grow(size).frontier.root(), `${size}`).toEqual(naive.mth(0, size))
  })

  test('proves every leaf at every size to 300', () => {
    const log = new Log().grow(300)
    for (let size = 1; size <= 300; size++) {
      const prover = new Prover(size, log.read)
      const root = prover.root()
      for (let index = 0; index < size; index++) {
        const proof = prover.inclusion(index)
        if (size % 7 === 0) expect(same(proof, naive.path(index, 0, size))).toBe(true)
        if (!verifyInclusion({ index, size, leafHash: fake(index), proof, root }))
          throw new Error(`${index} in ${size}`)
      }
    }
  })

  test('proves that each size continues each smaller one', () => {
    const log = new Log().grow(600)
    const roots = Array.from({ length: 601 }, (_, size) => rootAt(size, log.read))
    const later = [131, 200, 255, 256, 257, 258, 300, 383, 384, 511, 512, 513, 600]
    for (const size2 of [...Array(130).keys(), ...later]) {
      const prover = new Prover(size2, log.read)
      for (let size1 = 1; size1 <= size2; size1++) {
        const proof = prover.consistency(size1)
        expect(same(proof, naive.proof(size1, 0, size2))).toBe(true)
        const [root1, root2] = [roots[size1]!, roots[size2]!]
        if (!verifyConsistency({ size1, size2, root1, root2, proof })) throw new Error(`${size1} to ${size2}`)
      }
    }
  })

  test('stays right where tiles of two levels fill up', () => {
    const log = new Log()
    for (const size of [255, 256, 257, 511, 512, 513, 65_279, 65_280, 65_281, 65_535, 65_536, 65_537, 65_793]) {
      expect(log.grow(size).frontier.root(), `${size}`).toEqual(naive.mth(0, size))
    }
    const size = log.frontier.size
    for (const index of [0, 255, 256, 65_535, 65_536, 65_792]) {
      expect(inclusionProof(index, size, log.read)).toEqual(naive.path(index, 0, size))
    }
    for (const older of [1, 256, 257, 65_535, 65_536, 65_537]) {
      expect(rootAt(older, log.read)).toEqual(naive.mth(0, older))
      expect(consistencyProof(older, size, log.read)).toEqual(naive.proof(older, 0, size))
    }
    expect([...log.stored.keys()].filter(key => !key.startsWith('0/'))).toEqual(['1/0'])
  })

  test('hands out a full tile once, with what it covers', () => {
    const frontier = new Frontier()
    for (let i = 0; i < 255; i++) expect(frontier.append(fake(i))).toHaveLength(0)
    const [tile, ...more] = frontier.append(fake(255))
    expect(more).toHaveLength(0)
    expect(tile).toMatchObject({ level: 0, n: 0 })
    expect(tile?.bytes).toHaveLength(TILE_BYTES)
    expect(tile?.bytes.buffer.byteLength).toBe(TILE_BYTES)
    expect(frontier.partial(0)).toHaveLength(0)
    expect(frontier.partial(1)).toEqual(naive.mth(0, 256))
  })

  test('answers sizes and leaves it does not have with an error', () => {
    const log = new Log().grow(10)
    expect(() => inclusionProof(10, 10, log.read)).toThrow(RangeError)
    expect(() => inclusionProof(3, 300, log.read)).toThrow('too few hashes')
    expect(() => consistencyProof(0, 10, log.read)).toThrow(RangeError)
    expect(() => consistencyProof(11, 10, log.read)).toThrow(RangeError)
    expect(() => new Frontier().append(new Uint8Array(31))).toThrow(RangeError)
  })
})

describe('a savepoint', () => {
  const appendMany = (frontier: Frontier, count: number, salt: number) => {
    for (let i = 0; i < count; i++) frontier.append(fake(salt + i))
  }

  test('undoes appends, also across a tile that filled up meanwhile', () => {
    for (const before of [0, 1, 100, 255, 256, 300]) {
      for (const undone of [1, 2, 200, 256, 700]) {
        const log = new Log().grow(before)
        const mark = log.frontier.mark()
        appendMany(log.frontier, undone, 1_000_000)
        log.frontier.rollback(mark)
        expect(log.frontier.size).toBe(before)
        expect(log.grow(before + 520).frontier.root()).toEqual(naive.mth(0, before + 520))
      }
    }
  })

  test('nests', () => {
    const log = new Log().grow(250)
    const outer = log.frontier.mark()
    appendMany(log.frontier, 3, 500_000)
    const inner = log.frontier.mark()
    const inside = log.frontier.root()
    appendMany(log.frontier, 20, 600_000)
    log.frontier.rollback(inner)
    expect(log.frontier.root()).toEqual(inside)
    appendMany(log.frontier, 20, 700_000)
    log.frontier.rollback(outer)
    expect(log.grow(600).frontier.root()).toEqual(naive.mth(0, 600))
  })

  test('leaves a tile that was handed out as it was', () => {
    const log = new Log().grow(255)
    const mark = log.frontier.mark()
    const [tile] = log.frontier.append(fake(255))
    const copy = tile?.bytes.slice()
    log.frontier.rollback(mark)
    log.frontier.append(fake(999))
    expect(tile?.bytes).toEqual(copy)
  })
})

describe('a restart', () => {
  test('rebuilds the frontier from full tiles and the last leaves', () => {
    const log = new Log()
    for (const size of [0, 1, 255, 256, 257, 1000, 65_535, 65_536, 65_537, 66_000]) {
      log.grow(size)
      const trailing = Array.from({ length: size % 256 }, (_, i) => fake(size - (size % 256) + i))
      const again = Frontier.from(size, { readTile: log.read, trailing })
      expect(again.size).toBe(size)
      expect(again.root()).toEqual(log.frontier.root())
      for (const level of [0, 1, 2]) expect(again.partial(level)).toEqual(log.frontier.partial(level))
      for (let i = 0; i < 300; i++) again.append(fake(size + i))
      expect(again.root(), `${size}`).toEqual(naive.mth(0, size + 300))
    }
  })

  test('refuses a source that does not fit', () => {
    const { read: readTile } = new Log().grow(256)
    expect(() => Frontier.from(3, { readTile, trailing: [] })).toThrow(RangeError)
    expect(() => Frontier.from(512, { readTile, trailing: [] })).toThrow(RangeError)
    expect(() => Frontier.from(-1, { readTile, trailing: [] })).toThrow(RangeError)
  })
})

describe('tile geometry', () => {
  test('has the paths of tlog-tiles', () => {
    expect(tilePath(1234067)).toBe('x001/x234/067')
    expect(tilePath(0)).toBe('000')
    expect(tilePath(999)).toBe('999')
    expect(tilePath(1000, 17)).toBe('x001/000.p/17')
  })

  test('reads back what it writes and nothing else', () => {
    for (const n of [0, 1, 999, 1000, 1234067, 999_999_999, Number.MAX_SAFE_INTEGER]) {
      for (const width of [1, 255, 256]) expect(parseTilePath(tilePath(n, width))).toEqual({ n, width })
    }
    const wrong = ['', '0', '67', 'x000/067', '1234', 'x1/000', '000.p/0', '000.p/256', '000.p/01', '000/', 'x001/x234']
    for (const path of wrong) expect(parseTilePath(path), path).toBeNull()
    expect(['0', '63', '64', '00', '-1', 'x'].map(parseTileLevel)).toEqual([0, 63, null, null, null, null])
  })

  test('knows the widths of the example of 70,000 leaves', () => {
    expect([272, 273, 274].map(n => tileWidth(0, n, 70_000))).toEqual([256, 112, 0])
    expect([0, 1, 2].map(n => tileWidth(1, n, 70_000))).toEqual([256, 17, 0])
    expect([0, 1].map(n => tileWidth(2, n, 70_000))).toEqual([1, 0])
  })
})

test('leaf and node hashes carry their prefixes', () => {
  const sha = (...parts: Uint8Array[]) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest())
  for (const length of [0, 1, 63, 600, 4096, 5000]) {
    const bytes = new Uint8Array(length).fill(7)
    expect(leafHash(bytes)).toEqual(sha(Uint8Array.of(0), bytes))
  }
  expect(nodeHash(fake(1), fake(2))).toEqual(sha(Uint8Array.of(1), fake(1), fake(2)))
})
