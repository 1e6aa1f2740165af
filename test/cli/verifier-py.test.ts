import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromBase64, fromBase64url, fromUtf8, toBase64, toBase64url, utf8 } from '../../src/log/encoding.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { dress } from '../log/story.ts'
import { LogServer } from './log-server.ts'

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])

/** A second verifier, written from docs/log.md alone: where the two differ, the page or one of them is wrong. */
describe.skipIf(python.status !== 0)('docs/verifier.py', () => {
  let house: LogServer
  let receipt: Receipt
  beforeAll(async () => {
    house = await LogServer.open()
    const [filed] = await house.story()
    receipt = await house.receipt(filed)
  })
  afterAll(() => house.close())

  const both = async (changed: unknown, policy?: string) => {
    if (policy !== undefined) writeFileSync(house.file('trust.txt'), policy)
    const ours = await house.verify(changed)
    const { status, stdout } = spawnSync('python3', [VERIFIER, house.file('receipt.json'), house.file('trust.txt')])
    return { codes: [ours.code, status], ours: failing(ours.out), theirs: failing(stdout.toString('utf8')) }
  }
  const failing = (out: string) => out.split('\n').flatMap(line => /^✗ ([a-z-]+):/.exec(line)?.[1] ?? [])
  const agrees = async (changed: unknown) => {
    const { codes, ours, theirs } = await both(changed)
    expect([codes, theirs]).toEqual([[1, 1], ours])
  }
  const withStep = (n: number, change: object) => ({
    ...receipt,
    steps: receipt.steps.map((step, i) => (i === n ? { ...step, ...change } : step)),
  })

  test('accepts a real receipt', async () => {
    expect(await both(receipt)).toEqual({ codes: [0, 0], ours: [], theirs: [] })
  })

  test('refuses what was changed, by the same checks', async () => {
    const leaf = fromUtf8(fromBase64(receipt.steps[1]!.leaf))
    const spell = (text: string) => ({ leaf: toBase64(utf8(text)) })
    await agrees(withStep(1, spell(leaf.replace('"auto":false', '"auto":true'))))
    await agrees(withStep(1, spell(leaf.replace(':', ': '))))
    await agrees(withStep(1, spell(`${leaf} `)))
    await agrees(withStep(1, { seq: 7 }))
    await agrees(withStep(0, { disclosures: receipt.steps[0]!.disclosures.slice(1) }))
    await agrees(withStep(1, { disclosures: receipt.steps[0]!.disclosures.slice(0, 1) }))
    await agrees({ ...receipt, steps: receipt.steps.slice(0, -1) })
    await agrees({ ...receipt, steps: receipt.steps.slice(1) })
    await agrees({ ...receipt, keys: [] })
    await agrees({ ...receipt, origin: 'other' })
    await agrees({ ...receipt, complaint: { ...receipt.complaint, id: '0000000000' } })
    await agrees({ ...receipt, steps: [] })
    await agrees([])
    const [head, payload, signature] = receipt.statement.split('.') as [string, string, string]
    const claims = fromUtf8(fromBase64url(payload))
    await agrees({
      ...receipt,
      statement: [head, toBase64url(utf8(claims.replace('"iat":1', '"iat":2'))), signature].join('.'),
    })
    await agrees({
      ...receipt,
      statement: [head, payload, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`].join('.'),
    })
    const proof = receipt.steps[1]!.proof
    await agrees(withStep(1, { proof: proof.replace(/index \d+/, 'index 1') }))
    await agrees(withStep(1, { proof: `${proof}— somebody AAAAAAAA\n` }))
  })

  test('asks for witnesses as the policy does', async () => {
    const log = await dress()
    const told = await log.receipt()
    expect(await both(told, log.policy)).toMatchObject({ codes: [0, 0] })
    expect(await both(await log.receipt({ witnesses: 1 }))).toMatchObject({
      theirs: ['witnesses'],
      ours: ['witnesses'],
    })
    const quantum = `pq.example+01234567+${Buffer.alloc(1313, 6).toString('base64')}`
    const withQuantum = log.policy.replace('group g', `witness pq ${quantum}\ngroup g`)
    expect(await both(told, withQuantum)).toMatchObject({ codes: [0, 0] })
    expect(await both(told, withQuantum.replace('quorum g', 'quorum pq'))).toMatchObject({
      codes: [1, 1],
      theirs: ['witnesses'],
    })
    expect(await both(told, log.policy.replace('quorum g', ''))).toMatchObject({ codes: [1, 1], theirs: ['policy'] })
  })
})
