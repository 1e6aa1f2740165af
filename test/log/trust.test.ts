import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { COSIGNATURE_V1, formatVerifierKey, type VerifierKey, verifierKey } from '../../src/log/note.ts'
import { formatPolicy, PolicyError, parsePolicy, quorumMet, skippedNote } from '../../src/log/trust.ts'
import { verifyReceipt } from '../../src/log/verify.ts'

const publicKey = (n: number) => new Uint8Array(32).fill(n)
const log = (n: number) => formatVerifierKey(verifierKey(`log.example/${n}`, publicKey(n)))
const witness = (n: number) => formatVerifierKey(verifierKey(`witness.example/${n}`, publicKey(n), COSIGNATURE_V1))

/** The example of C2SP tlog-policy. */
const example = `log ${log(1)}

witness X1 ${witness(11)}
witness X2 ${witness(12)}
witness X3 ${witness(13)}
group X-witnesses 2 X1 X2 X3

witness Y1 ${witness(21)}
witness Y2 ${witness(22)}
witness Y3 ${witness(23)} https://witness.example/y3/
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`

describe('a policy', () => {
  test('counts two of one organisation and any of the other', () => {
    const policy = parsePolicy(example)
    const met = (...names: string[]) => quorumMet(policy, new Set(names))
    expect(met('X1', 'X3', 'Y2')).toBe(true)
    expect(met('X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3')).toBe(true)
    expect(met('X1', 'X2', 'X3')).toBe(false)
    expect(met('X1', 'Y1', 'Y2', 'Y3')).toBe(false)
    expect(met()).toBe(false)
  })

  test('is written so that it reads the same', () => {
    const policy = parsePolicy(example)
    expect(parsePolicy(formatPolicy(policy))).toEqual(policy)
    expect(policy.witnesses.at(-1)?.url).toBe('https://witness.example/y3/')
  })

  test('may ask for one witness, or for none', () => {
    const one = parsePolicy(`witness w ${witness(1)}\nquorum w\n`)
    expect([quorumMet(one, new Set()), quorumMet(one, new Set(['w']))]).toEqual([false, true])
    expect(quorumMet(parsePolicy('quorum none\n'), new Set())).toBe(true)
  })

  test('takes tabs, indents, comments, and names beyond ASCII', () => {
    const policy = parsePolicy(`# 信任\n\n \t# x\n\twitness \t消费者协会  ${witness(1)}\t\nquorum 消费者协会`)
    expect(quorumMet(policy, new Set(['消费者协会']))).toBe(true)
    const kelvin = `witness K ${witness(1)}\nwitness \u212a ${witness(2)}\nquorum K\n`
    expect(quorumMet(parsePolicy(kelvin), new Set(['\u212a']))).toBe(false)
  })

  test('takes 32 logs, 32 witnesses and 32 groups', () => {
    const numbers = Array.from({ length: 32 }, (_, i) => i + 1)
    const lines = [
      ...numbers.map(n => `log ${log(n)}`),
      ...numbers.map(n => `witness w${n} ${witness(n)}`),
      ...numbers.map(n => `group g${n} all w${n}${n > 1 ? ` g${n - 1}` : ''}`),
      'quorum g32',
    ]
    const policy = parsePolicy(`${lines.join('\n')}\n`)
    expect(quorumMet(policy, new Set(numbers.map(n => `w${n}`)))).toBe(true)
    expect(quorumMet(policy, new Set(numbers.slice(1).map(n => `w${n}`)))).toBe(false)
  })
})

describe('a key of a type that is not known here', () => {
  // ML-DSA-44 of C2SP tlog-cosignature: type 0x06, 1,312 bytes.
  const bytes = Buffer.concat([Buffer.of(6), Buffer.alloc(1312, 7)])
  const id = createHash('sha256')
    .update(Buffer.concat([Buffer.from('pq.example\n'), bytes]))
    .digest('hex')
    .slice(0, 8)
  const quantum = `pq.example+${id}+${bytes.toString('base64')}`
  const text = `log ${log(1)}\nwitness a ${witness(1)}\nwitness pq ${quantum}\ngroup g any a pq\ngroup h all g\nquorum h\n`

  test('is skipped, and groups that name it still count the others', () => {
    const policy = parsePolicy(text)
    expect(policy.witnesses.map(({ name }) => name)).toEqual(['a'])
    expect(skippedNote(policy)).toContain('a type not known here: pq')
    expect([quorumMet(policy, new Set(['a'])), quorumMet(policy, new Set())]).toEqual([true, false])
    expect(parsePolicy(formatPolicy(policy))).toEqual(policy)
  })

  test('never makes a quorum easier', () => {
    const policy = parsePolicy(text.replace('group g any', 'group g all'))
    expect(quorumMet(policy, new Set(['a']))).toBe(false)
    expect(quorumMet(parsePolicy(`witness pq ${quantum}\nquorum pq\n`), new Set(['a', 'pq.example']))).toBe(false)
  })

  test('is said by the check of the policy, and is no log that could sign', async () => {
    const { checks } = await verifyReceipt({}, `log ${quantum}\n${text}`)
    expect(checks[0]).toMatchObject({ name: 'policy', ok: true, detail: expect.stringContaining('a log, pq') })
  })
})

describe('a policy that is none', () => {
  const w = `witness w ${witness(1)}`
  // The same key under another name, and so under another id.
  const alias: VerifierKey = verifierKey('alias.example', publicKey(1), COSIGNATURE_V1)
  const refused: [text: string, line: number, why: string][] = [
    ['', 0, 'no quorum line'],
    [`${w}\n`, 0, 'no quorum line'],
    ['quorum w\n', 1, 'defines'],
    [`quorum w\n${w}\n`, 1, 'defines'],
    ['quorum none\nquorum none\n', 2, 'second quorum'],
    [`${w}\nwitness w ${witness(2)}\nquorum w\n`, 2, 'taken'],
    [`witness none ${witness(1)}\nquorum none\n`, 1, 'taken'],
    [`${w}\nwitness w2 ${formatVerifierKey(alias)}\nquorum w\n`, 2, 'stands above already'],
    [
      `log ${log(1)}\nlog ${formatVerifierKey(verifierKey('b', publicKey(1)))}\nquorum none\n`,
      2,
      'stands above already',
    ],
    [`log ${witness(1)}\nquorum none\n`, 1, 'not the key of a log'],
    [`witness w ${log(1)}\nquorum none\n`, 1, 'not the key of a witness'],
    ['log x+y\nquorum none\n', 1, 'not a verifier key'],
    ['log\nquorum none\n', 1, 'log <vkey>'],
    [`log ${log(1)} https://a b\nquorum none\n`, 1, 'log <vkey>'],
    ['witness w\nquorum none\n', 1, 'witness <name>'],
    [`${w}\ngroup g all\nquorum g\n`, 2, 'group <name>'],
    [`${w}\ngroup g 0 w\nquorum g\n`, 2, 'threshold'],
    [`${w}\ngroup g 2 w\nquorum g\n`, 2, 'threshold'],
    [`${w}\ngroup g 1.0 w\nquorum g\n`, 2, 'threshold'],
    [`${w}\ngroup g 01 w\nquorum g\n`, 2, 'threshold'],
    [`${w}\ngroup g any w w\nquorum g\n`, 2, 'already belongs'],
    [`${w}\ngroup g any w\ngroup h any w\nquorum g\n`, 3, 'already belongs'],
    [`${w}\ngroup g any g\nquorum g\n`, 2, 'no line above'],
    [`${w}\ngroup g any none\nquorum g\n`, 2, 'no line above'],
    [`${w}\ngroup w any w\nquorum w\n`, 2, 'taken'],
    [`${w}\nquorum\n`, 2, 'quorum <name>'],
    ['quorum none\nfoo bar\n', 2, 'neither'],
    ['quorum none\r\n', 1, 'control'],
    ['quorum none\n# \u0000\n', 2, 'control'],
    ['quorum\u00a0none\n', 1, 'neither'],
  ]
  test.each(refused)('%j', (text, line, why) => {
    expect(() => parsePolicy(text)).toThrow(PolicyError)
    expect(() => parsePolicy(text)).toThrow(why)
    expect(() => parsePolicy(text)).toThrow(line === 0 ? /^no / : `line ${line}: `)
  })
})
