import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { newSecretKey } from '../../src/cli/keys.ts'
import { readNodeSettings } from '../../src/config/settings.ts'
import { COSIGNATURE_V1, ED25519, formatVerifierKey } from '../../src/log/note.ts'
import { readWitnesses } from '../../src/witness/submit.ts'

const vkey = async (name = 'w.example/1', type: 1 | 4 = COSIGNATURE_V1) =>
  formatVerifierKey((await newSecretKey(name, type)).vkey)

describe('the policy of witnesses', () => {
  test('has a URL for each, which is told to nobody', async () => {
    const { witnesses, policy } = readWitnesses(`witness one ${await vkey()} https://w.example/api/\nquorum one\n`)
    expect(witnesses).toMatchObject([{ name: 'one', url: 'https://w.example/api' }])
    expect(policy.witnesses[0]).not.toHaveProperty('url')
  })

  test.each([
    ['no URL', async () => `witness one ${await vkey()}\nquorum one`, /the witness one has no http URL/],
    ['an odd URL', async () => `witness one ${await vkey()} file:///etc\nquorum one`, /no http URL/],
    ['a log of its own', async () => `log ${await vkey('l', ED25519)}\nquorum none`, /writes its own log lines/],
    ['no quorum', async () => `witness one ${await vkey()} https://w.example`, /no quorum line/],
  ])('with %s is refused', async (_, text, problem) => {
    const policy = await text()
    expect(() => readWitnesses(policy)).toThrow(problem)
  })
})

describe('TOUSU_WITNESSES', () => {
  const read = (env: object) => readNodeSettings(env, path => readFileSync(path, 'utf8'))

  test('is the policy itself, or a file with it', async () => {
    const policy = `witness one ${await vkey()} https://w.example\nquorum one\n`
    const folder = mkdtempSync(join(tmpdir(), 'tousu-config-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'witnesses.txt'), policy)
    for (const setting of [policy, join(folder, 'witnesses.txt')]) {
      expect((await read({ TOUSU_WITNESSES: setting })).witnesses).toBe(policy)
    }
    expect((await read({})).witnesses).toBeUndefined()
  })

  test('that is wrong is named at the start', async () => {
    await expect(read({ TOUSU_WITNESSES: '/no/such/file' })).rejects.toThrow(/^TOUSU_WITNESSES: ENOENT/)
    await expect(read({ TOUSU_WITNESSES: 'witness x\nquorum x' })).rejects.toThrow(/^TOUSU_WITNESSES: line 1/)
  })
})
