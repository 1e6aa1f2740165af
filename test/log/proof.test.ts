import { describe, expect, test } from 'vitest'
import { formatProof, ProofError, parseProof } from '../../src/log/checkpoint.ts'
import { utf8 } from '../../src/log/encoding.ts'

/** The example of C2SP tlog-proof, with its elided signatures filled in. */
const example = `c2sp.org/tlog-proof@v1
extra ZXh0cmE=
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog hI2DJwAAAAA=
`

describe('a tlog-proof', () => {
  test('comes back as it was', () => {
    const proof = parseProof(example)
    expect(proof).toMatchObject({ index: 73894, extra: utf8('extra') })
    expect(proof.hashes).toHaveLength(2)
    expect(proof.checkpoint.startsWith('example.com/fancylog\n')).toBe(true)
    expect(formatProof(proof)).toBe(example)
  })

  test('needs neither extra data nor hashes', () => {
    const proof = parseProof('c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n')
    expect(proof).toEqual({ index: 0, hashes: [], checkpoint: 'checkpoint\n' })
    expect(formatProof(proof)).toBe('c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n')
  })

  test('or it is none', () => {
    const wrong = [
      '',
      example.replace('@v1', '@v2'),
      example.replace('\n\n', '\n'),
      example.replace('index 73894', 'index 073894'),
      example.replace('index 73894\n', ''),
      example.replace('index 73894', 'index 18446744073709551615'),
      example.replace('ZXh0cmE=', 'ZXh0cmE'),
      example.replace('gSKyXoYZ', ''),
      example.replace('gSKyXoYZ', 'gSKy_oYZ'),
      example.replace(
        'B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n',
        'B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n'.repeat(63),
      ),
    ]
    for (const text of wrong) expect(() => parseProof(text), text.slice(0, 90)).toThrow(ProofError)
  })
})
