import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readSecretKey } from '../../src/cli/keys.ts'
import { main } from '../../src/cli/tousu.ts'
import { addCheckpoint, Memory, witnessServer } from '../../src/cli/witness.ts'
import { readSecrets } from '../../src/ledger/log/secrets.ts'
import { formatAddCheckpoint } from '../../src/log/checkpoint.ts'
import { COSIGNATURE_V1, cosignatureVerifier, parseNote, parseVerifierKey, verifyNote } from '../../src/log/note.ts'
import { Forger } from './forger.ts'
import { LogServer } from './log-server.ts'

const TOUSU = fileURLToPath(new URL('../../src/cli/tousu.ts', import.meta.url))
let house: LogServer
let honest: Forger
let folder: string
let vkey: string
let logKey: string

beforeAll(async () => {
  house = await LogServer.open()
  await house.story()
  honest = await Forger.of(house)
  logKey = (await (await house.ask(`${house.url}/policy`)).text()).split(/\s/)[1] ?? ''
})
afterAll(() => house.close())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tousu-witness-'))
  vkey = (await run('keys', 'witness', 'witness.example/w1', '--out', join(folder, 'key'))).out
})
afterEach(() => rmSync(folder, { recursive: true }))

const run = async (...args: string[]) => {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { out: (line: string) => void out.push(line), err: (text: string) => void err.push(text) }
  const code = await main(args, { ...io, tty: false, now: Date.now, fetch })
  return { code, out: out.join('\n'), err: err.join('') }
}

/** A witness at a real port, its memory on a real disk. */
const open = async () => {
  const memory = Memory.open(join(folder, 'memory'))
  const key = await readSecretKey(readFileSync(join(folder, 'key'), 'utf8'), COSIGNATURE_V1)
  if (!key) throw new Error('no key')
  const logs = [parseVerifierKey(logKey)]
  const server = witnessServer(body => addCheckpoint(body, { key, logs, memory, now: () => 1_770_000_000_000 }))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    post: async (body: string) => {
      const response = await fetch(`http://127.0.0.1:${port}/add-checkpoint`, { method: 'POST', body })
      return { status: response.status, type: response.headers.get('content-type'), body: await response.text() }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
      memory.close()
    },
  }
}

const request = async (log: Forger, old: number, size: number) =>
  formatAddCheckpoint({
    oldSize: old,
    proof: old === 0 || old === size ? [] : log.consistency(old, size),
    checkpoint: await log.note(size),
  })
const size = () => honest.leaves.length

describe('a witness (C2SP tlog-witness)', () => {
  test('cosigns what continues what it saw, and the cosignature is one', async () => {
    const witness = await open()
    expect((await witness.post(await request(honest, 0, 3))).status).toBe(200)
    const { status, body } = await witness.post(await request(honest, 3, size()))
    expect(status).toBe(200)
    const note = (await honest.note()) + body
    const key = parseVerifierKey(vkey)
    expect(await verifyNote(parseNote(note), [cosignatureVerifier(key)])).toEqual(new Set([key]))
    // Unchanged: cosigned again, with a new time.
    expect((await witness.post(await request(honest, size(), size()))).status).toBe(200)
    house.write('trust.txt', `log ${logKey}\nwitness w1 ${vkey}\nquorum w1\n`)
    const unwitnessed = await house.monitor('watched')
    expect([unwitnessed.code, unwitnessed.out]).toEqual([1, expect.stringContaining('✗ witnesses: the policy')])
    house.fetch = async url => (url.endsWith('/checkpoint') ? new Response(note) : house.ask(url))
    const { out } = await house.monitor('watched')
    expect(out).toContain('✓ witnesses: cosigned by w1, last at 2026-0')
    witness.close()
  })

  test('tells the size that it knows', async () => {
    const witness = await open()
    const known = { status: 409, type: 'text/x.tlog.size' }
    expect(await witness.post(await request(honest, 2, 4))).toEqual({ ...known, body: '0\n' })
    await witness.post(await request(honest, 0, 3))
    expect(await witness.post(await request(honest, 0, 4))).toEqual({ ...known, body: '3\n' })
    expect(await witness.post(await request(honest, 2, 4))).toEqual({ ...known, body: '3\n' })
    witness.close()
  })

  test('cosigns no fork, no smaller tree, and no second tree of one size', async () => {
    const fork = honest.rewritten(leaves => [...leaves.slice(0, 2), ...leaves.slice(3)])
    const witness = await open()
    await witness.post(await request(honest, 0, 4))
    expect((await witness.post(await request(fork, 4, 5))).status).toBe(422)
    expect((await witness.post(await request(fork, 4, 4))).status).toBe(422)
    expect((await witness.post(await request(honest, 3, 3))).status).toBe(409)
    expect((await witness.post((await request(honest, 3, 5)).replace('old 3', 'old 9'))).status).toBe(400)
    expect((await witness.post(await request(honest, 4, 5))).status).toBe(200)
    witness.close()
  })

  test('says what is wrong with a request', async () => {
    const witness = await open()
    const good = await request(honest, 0, 3)
    const statuses = async (...bodies: string[]) => {
      const answers: number[] = []
      for (const body of bodies) answers.push((await witness.post(body)).status)
      return answers
    }
    expect(await statuses('', 'old 0\n', 'old 0\n\nlog.test/0\n')).toEqual([400, 400, 400])
    expect(await statuses(good.replace('log.test/0', 'log.test/1'))).toEqual([404])
    expect(await statuses(good.replace('\n3\n', '\n4\n'), good.replace('— log.test/0', '— log.test/9'))).toEqual([
      403, 403,
    ])
    const proof = `old 0\n${'A'.repeat(43)}=\n`
    expect(await statuses(good.replace('old 0\n', proof), 'x'.repeat(70_000))).toEqual([422, 413])
    expect(await statuses(good)).toEqual([200])
    witness.close()
  })

  test('lets one of two racing requests win', async () => {
    const witness = await open()
    const fork = honest.rewritten(leaves => leaves.filter((_, i) => i !== 2))
    const both = [await request(honest, 0, 4), await request(fork, 0, 5), await request(honest, 0, 5)]
    const answers = await Promise.all(both.map(body => witness.post(body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    witness.close()
  })

  test('remembers across a restart, and never runs twice on one memory', async () => {
    const before = await open()
    await before.post(await request(honest, 0, 4))
    expect(() => Memory.open(join(folder, 'memory'))).toThrow('another witness has it')
    before.close()
    const after = await open()
    expect(await after.post(await request(honest, 0, 5))).toMatchObject({ status: 409, body: '4\n' })
    after.close()
  })
})

test('the program: started, asked, killed without a word, started again', { timeout: 30_000 }, async () => {
  const args = [
    'witness',
    '--key',
    join(folder, 'key'),
    '--state',
    join(folder, 'memory'),
    '--log',
    logKey,
    '--port',
    '0',
  ]
  const start = async (): Promise<{ child: ChildProcess; url: string }> => {
    const child = spawn(process.execPath, [TOUSU, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: child.stdout! })) {
      const [, url] = /^listens on (\S+)$/.exec(line) ?? []
      if (url) return { child, url }
    }
    throw new Error('it ended')
  }
  const post = async (url: string, body: string) => (await fetch(url, { method: 'POST', body })).status
  const first = await start()
  expect(await post(first.url, await request(honest, 0, 3))).toBe(200)
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  const second = await start()
  expect(await post(second.url, await request(honest, 0, 4))).toBe(409)
  expect(await post(second.url, await request(honest, 3, 4))).toBe(200)
  second.child.kill('SIGTERM')
  expect(await once(second.child, 'exit')).toEqual([0, null])
})

describe('keys', () => {
  test('are for their owner alone, and never overwritten', async () => {
    expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600)
    const again = await run('keys', 'witness', 'witness.example/w1', '--out', join(folder, 'key'))
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('is not overwritten')])
    expect((await run('keys', 'log', 'two words', '--out', join(folder, 'x'))).code).toBe(2)
    expect((await run('keys', 'log', 'log.test/0', '--out', join(folder, 'log'))).out).toMatch(/^log\.test\/0\+/)
    const wrong = await run('witness', '--key', join(folder, 'log'), '--state', join(folder, 'm'), '--log', logKey)
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('not the key of a witness')])
  })

  test('secrets are those that a ledger reads', async () => {
    const { out, err } = await run('keys', 'secrets', '--origin', 'log.test/0')
    const secrets = await readSecrets(JSON.parse(out))
    expect(secrets.links).toHaveLength(1)
    expect(err).toMatch(/^log log\.test\/0\+[0-9a-f]{8}\+/)
    expect((await run('keys', 'secrets', '--out', join(folder, 'secrets'))).out).toBe('')
    await readSecrets(JSON.parse(readFileSync(join(folder, 'secrets'), 'utf8')))
  })
})
