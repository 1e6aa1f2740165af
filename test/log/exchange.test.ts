import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AddCheckpointError, formatAddCheckpoint, parseAddCheckpoint } from '../../src/log/checkpoint.ts'
import { utf8 } from '../../src/log/encoding.ts'
import { BundleError, formatBundle, frameBundle, parseBundle } from '../../src/log/tiles.ts'

describe('an entry bundle', () => {
  test('is what tlog-tiles says', () => {
    expect(formatBundle([utf8('ab'), new Uint8Array(0), utf8('c')])).toEqual(utf8('\0\u0002ab\0\0\0\u0001c'))
  })

  test('comes back leaf by leaf, also from the middle of a larger buffer', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), leaves => {
        expect(parseBundle(formatBundle(leaves))).toEqual(leaves)
        const shifted = new Uint8Array([9, 9, ...formatBundle(leaves)]).subarray(2)
        expect(parseBundle(shifted)).toEqual(leaves)
      }),
    )
  })

  test('is framed in place, where the leaves lie in one piece', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), leaves => {
        const spaced = new Uint8Array([9, 9, ...leaves.flatMap(leaf => [0, 0, ...leaf])]).subarray(2)
        const lengths = leaves.map(leaf => leaf.length)
        expect(frameBundle(spaced, lengths)).toEqual(formatBundle(leaves))
      }),
    )
    for (const lengths of [[1], [3], [0], [], [2, 0], [65_536]])
      expect(() => frameBundle(new Uint8Array(4), lengths)).toThrow(BundleError)
  })

  test('cut short is refused', () => {
    const bundle = formatBundle([utf8('ab'), utf8('cde')])
    for (const end of [1, 3, 5, 6, 8]) expect(() => parseBundle(bundle.subarray(0, end))).toThrow(BundleError)
    expect(() => formatBundle([new Uint8Array(65_536)])).toThrow(BundleError)
  })
})

describe('a request to a witness', () => {
  const body = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`

  test('comes back as it was', () => {
    const request = parseAddCheckpoint(body)
    expect(request).toMatchObject({ oldSize: 20852014 })
    expect(request.proof).toHaveLength(2)
    expect(formatAddCheckpoint(request)).toBe(body)
    expect(parseAddCheckpoint('old 0\n\nx\n')).toEqual({ oldSize: 0, proof: [], checkpoint: 'x\n' })
  })

  test('or it is none', () => {
    const hash = 'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n'
    const wrong = [
      '',
      'old 1\n',
      'old 01\n\nx',
      'size 1\n\nx',
      'old -1\n\nx',
      `old 1\n${hash.slice(4)}\nx`,
      `old 1\n${hash.repeat(64)}\nx`,
    ]
    for (const text of wrong) expect(() => parseAddCheckpoint(text), text).toThrow(AddCheckpointError)
  })
})
