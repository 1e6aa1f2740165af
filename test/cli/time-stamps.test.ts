import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { readAuthorities, verifyAuthority } from '../../src/cli/tsa.ts'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { fromBase64, toBase64, utf8 } from '../../src/log/encoding.ts'
import { openReceipt, type Receipt } from '../../src/log/receipt.ts'
import { readTimeStamp, timeStampQuery } from '../../src/log/time-stamp.ts'
import { parsePolicy } from '../../src/log/trust.ts'
import { timeStamps } from '../../src/log/verify.ts'
import { done, people } from '../ledger/fixture.ts'
import { newFolder, newSecrets } from '../ledger/node-host.ts'
import { TestAuthority } from '../support/tsa.ts'
import { type Filed, HOUR, LogServer, refusals } from './log-server.ts'

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))

/** RFC 3161 over checkpoints, from the request to what a court can check: the authority is openssl's own. */
let authority: TestAuthority
let house: LogServer
let dress: Filed
let receipt: Receipt

/** Pokes the scheduler, as a running server does, until these sizes are stamped. */
const stamped = (sizes: number[]) =>
  vi.waitFor(
    async () => {
      await house.house.scheduler.runOnce()
      expect(await house.house.ledger.log.timeStamps(0)).toEqual(sizes)
    },
    { timeout: 10_000, interval: 50 },
  )
const sizeOf = async () => Number((await (await house.ask(`${house.url}/checkpoint`)).text()).split('\n')[1])
const save = async (path: string, name: string) => {
  const response = await house.ask(`${house.url}/${path}`)
  writeFileSync(house.file(name), Buffer.from(await response.arrayBuffer()))
  return house.file(name)
}
const withStamp = (change: object): Receipt => ({ ...receipt, timestamps: [{ ...receipt.timestamps![0]!, ...change }] })
const verify = (given: unknown, ...more: string[]) => house.verify(given, '--tsa', authority.root, ...more)

const MINUTE = HOUR / 60

/** Checks of docs/verifier.py that fail on the receipt that was verified last. */
const pythonRefuses = (): string[] => {
  const { stdout } = spawnSync('python3', [VERIFIER, house.file('receipt.json'), house.file('trust.txt')])
  return [...stdout.toString('utf8').matchAll(/^✗ ([a-z-]+):/gm)].map(([, name = '']) => name)
}

beforeAll(async () => {
  authority = await TestAuthority.start()
  // The story ends at the machine's time, by which `openssl ts -reply` stamps.
  const begin = Date.now() - 2 * HOUR
  // It is asked as soon as the first checkpoint is there.
  authority.now = () => begin
  house = await LogServer.open({ now: begin, tsa: authority.url })
  authority.now = () => house.clock.now()
  const opened = await sizeOf()
  await stamped([opened])
  dress = await house.submit()
  await house.receipt(dress)
  house.clock.moveTo(Date.now())
  authority.now = null
  await stamped([opened, await sizeOf()])
  receipt = await house.receipt(dress)
})
afterAll(async () => {
  await house.close()
  await authority.close()
})

describe('an authority', () => {
  test('is asked at once, then once an hour in which the log grew', async () => {
    const { asked } = authority
    const second = await house.submit()
    await house.receipt(second)
    for (let i = 0; i < 5; i++) await house.house.scheduler.runOnce()
    expect(authority.asked).toBe(asked)
    expect(asked).toBe(2)
  })

  test('stamps what `openssl ts -verify` accepts, by the commands of docs/evidence.md', async () => {
    const [, size] = await house.house.ledger.log.timeStamps(0)
    const note = await save(`timestamps/${size}.checkpoint`, 'note')
    const reply = await save(`timestamps/${size}`, 'reply.tsr')
    const page = readFileSync(new URL('../../docs/evidence.md', import.meta.url), 'utf8')
    const command = /^openssl ts -verify .*$/m.exec(page)?.[0] ?? ''
    expect(command).toContain('-CAfile authority.pem')
    const own = command
      .replace(/\S+\.checkpoint/, note)
      .replace(/\S+\.tsr/, reply)
      .replace('authority.pem', authority.root)
    expect(execFileSync('sh', ['-c', `${own} 2>&1`], { encoding: 'utf8' })).toContain('Verification: OK')
    expect(readFileSync(note, 'utf8')).toContain(`log.test/0\n${size}\n`)
  })

  test('that fails, stamps something else, or has another clock holds nothing up, and is asked again later', async () => {
    const { ledger } = house.house
    authority.now = () => house.clock.now()
    const sizes = await ledger.log.timeStamps(0)
    house.clock.moveTo(house.clock.now() + HOUR)
    for (const mood of ['failing', 'lying', 'late'] as const) {
      authority.mood = mood === 'late' ? 'well' : mood
      const ahead = mood === 'late' ? HOUR / 4 : 0
      authority.now = () => house.clock.now() + ahead
      const { asked } = authority
      await house.receipt(await house.submit())
      await vi.waitFor(async () => {
        await house.house.scheduler.runOnce()
        expect(authority.asked).toBe(asked + 1)
      }, 10_000)
      await ledger.asked()
      await house.house.scheduler.runOnce()
      expect(authority.asked).toBe(asked + 1)
      expect(await ledger.log.timeStamps(0)).toEqual(sizes)
      house.clock.moveTo(house.clock.now() + HOUR / 2)
    }
    authority.now = () => house.clock.now()
    await vi.waitFor(async () => {
      await house.house.scheduler.runOnce()
      expect(await ledger.log.timeStamps(0)).toHaveLength(sizes.length + 1)
    }, 10_000)
  })

  test('that is silent keeps no step waiting, and its turn ends', async () => {
    const silent = await TestAuthority.start()
    silent.mood = 'silent'
    const host = openNodeHost(newFolder())
    const own = { host, secrets: await newSecrets(), policy: document, origin: 'log.test/0', signEveryMs: 0 }
    const ledger = new LocalLedger({ ...own, tsa: silent.url, witnessTimeoutMs: 200 })
    for (let i = 0; i < 3; i++) done(await people(ledger).submit())
    await vi.waitFor(async () => {
      await ledger.tick()
      expect(silent.asked).toBe(1)
    }, 10_000)
    await ledger.asked()
    expect(await ledger.log.timeStamps(0)).toEqual([])
    await ledger.close()
    await silent.close()
  })

  test('survives a restart: the tokens are kept, and the hour goes on', async () => {
    const sizes = await house.house.ledger.log.timeStamps(0)
    await house.stop()
    await house.start()
    expect(await house.house.ledger.log.timeStamps(0)).toEqual(sizes)
    expect((await house.receipt(dress)).timestamps?.map(({ reply }) => reply)).toEqual([receipt.timestamps?.[0]?.reply])
  })
})

describe('a receipt', () => {
  test('holds the earliest token over its steps, and both verifications accept it', async () => {
    expect(receipt.timestamps).toHaveLength(1)
    const { code, out } = await verify(receipt)
    expect([code, refusals(out)]).toEqual([0, []])
    expect(out).toMatch(/^✓ timestamps: 1 over trees that hold 1 of 1 steps/m)
    expect(out).toMatch(/^✓ tsa: \d{4}-\S+Z, signed by stamping$/m)
    expect(pythonRefuses()).toEqual([])
  })

  test('a step that is dated before a time stamp which it came behind, or was stamped before its time', async () => {
    const opened = openReceipt(receipt)
    const policy = parsePolicy(house.read('trust.txt'))
    const [step] = opened.steps
    const { at } = readTimeStamp(fromBase64(receipt.timestamps![0]!.reply))
    const dated = (index: number, when: number) => ({
      ...opened,
      steps: [{ ...step!, index, leaf: { ...step!.leaf, at: when } }],
    })
    const size = opened.checkpoint.size
    await expect(timeStamps(dated(size - 1, at + 5 * MINUTE), policy)).resolves.toContain('hold 1 of 1')
    await expect(timeStamps(dated(size - 1, at + 11 * MINUTE), policy)).rejects.toThrow('stamped before its time')
    await expect(timeStamps(dated(size, at - 50 * MINUTE), policy)).resolves.toContain('hold 0 of 1')
    await expect(timeStamps(dated(size, at - 61 * MINUTE), policy)).rejects.toThrow('dated an hour before a time stamp')
  })

  test('without the file of an authority says that its signature was not checked', async () => {
    expect((await house.verify(receipt)).out).toContain('whose they are is not checked')
  })

  test.each<[string, () => object, string]>([
    ['over another checkpoint', () => ({ checkpoint: `${receipt.timestamps![0]!.checkpoint}\n` }), 'timestamps'],
    ['over a tree of another history', () => ({ consistency: [toBase64(new Uint8Array(32))] }), 'timestamps'],
    ['that is no token', () => ({ reply: toBase64(utf8('token')) }), 'timestamps'],
    [
      'that is cut off',
      () => ({ reply: toBase64(fromBase64(receipt.timestamps![0]!.reply).slice(0, -3)) }),
      'timestamps',
    ],
  ])('with a token %s is refused', async (_, change, name) => {
    const { code, out } = await verify(withStamp(change()))
    expect(code).toBe(1)
    expect(refusals(out)[0]).toMatch(new RegExp(`^✗ ${name}: `))
    expect(pythonRefuses()).toEqual([name])
  })

  test('with a byte changed anywhere in the token never passes unless the byte is unsigned', async () => {
    const trusted = readAuthorities(authority.root)
    const reply = fromBase64(receipt.timestamps![0]!.reply)
    const { at } = readTimeStamp(reply)
    let refused = 0
    for (let i = 0; i < reply.length; i++) {
      const changed = reply.slice()
      changed[i] = (changed[i] ?? 0) ^ 1
      try {
        const stamp = readTimeStamp(changed)
        verifyAuthority(stamp, trusted)
        // What is left unsigned (a status text, versions) must not change what was stamped, or when.
        expect([stamp.at, stamp.imprint]).toEqual([at, readTimeStamp(reply).imprint])
      } catch (error) {
        if (error instanceof Error && error.name === 'AssertionError') throw error
        refused++
      }
    }
    expect(refused).toBeGreaterThan(reply.length * 0.8)
  })

  test('from an authority that the verifier does not know is refused', async () => {
    const other = await TestAuthority.start('rsa')
    const { code, out } = await house.verify(receipt, '--tsa', other.root)
    await other.close()
    expect(code).toBe(1)
    expect(out).toContain('✗ tsa: its certificate does not lead to one of the file given')
  })

  test('of a log without an authority fails --tsa, and nothing else', async () => {
    const { timestamps: _, ...without } = receipt
    expect(refusals((await verify(without)).out)).toEqual(['✗ tsa: the receipt holds no time stamp'])
    expect((await house.verify(without)).code).toBe(0)
  })
})

describe('RSA, and a certificate that is not for time stamps', () => {
  test('RSA is verified; a certificate for servers is not an authority', async () => {
    const rsa = await TestAuthority.start('rsa')
    writeFileSync(join(rsa.folder, 'data'), 'data')
    rsa.openssl('ts', '-query', '-data', 'data', '-sha256', '-cert', '-out', 'q.tsq')
    const reply = ['ts', '-reply', '-config', 'openssl.cnf', '-queryfile', 'q.tsq']
    rsa.openssl(...reply, '-signer', 'stamping.pem', '-inkey', 'stamping.key', '-out', 'r.tsr')
    const stamp = readTimeStamp(readFileSync(join(rsa.folder, 'r.tsr')))
    const trusted = readAuthorities(rsa.root)
    expect(verifyAuthority(stamp, trusted).subject).toBe('CN=stamping')
    const early = { ...stamp, at: Date.parse('2020-01-01') }
    expect(() => verifyAuthority(early, trusted)).toThrow('not valid at that time')
    const forged = { ...stamp, info: utf8('another') }
    expect(() => verifyAuthority(forged, trusted)).toThrow('not what was signed')
    const query = timeStampQuery(new Uint8Array(32))
    expect(verifyAuthority(readTimeStamp(rsa.stamp(query, Date.now())), trusted).subject).toBe('CN=stamping')
    const wrong = readTimeStamp(rsa.stamp(query, Date.now(), 'wrong'))
    expect(() => verifyAuthority(wrong, trusted)).toThrow('not for time stamps')
    await rsa.close()
  })
})

test('the evidence sheet says which steps were there by when', async () => {
  const { timestamps = [] } = await house.receipt(dress)
  const sheet = await (await house.ask(`${dress.room}/sheet`, { headers: { Accept: 'text/html' } })).text()
  const { at } = readTimeStamp(fromBase64(timestamps[0]!.reply))
  const shown = new Date(at + 8 * HOUR).toISOString().slice(0, 19).replace('T', ' ')
  expect(sheet).toContain(`${shown}：第 1 至 1 步当时已经存在`)
  expect(sheet).toContain('--tsa authority.pem')
})

test('a mirror keeps the tokens, and what it keeps is over its own tree', async () => {
  const mirror = () => house.tousu('mirror', house.url, house.file('copy'), '--policy', house.file('trust.txt'))
  const sizes = await house.house.ledger.log.timeStamps(0)
  expect((await mirror()).out).toContain(`; ${sizes.length} time stamps came`)
  expect(readFileSync(house.file('copy/timestamps/sizes'), 'utf8')).toBe(sizes.map(size => `${size}\n`).join(''))
  expect(readFileSync(house.file(`copy/timestamps/${sizes[0]}`))).toEqual(
    readFileSync(await save(`timestamps/${sizes[0]}`, 'one.tsr')),
  )
  expect((await mirror()).out).not.toContain('time stamps')
  expect(existsSync(house.file('copy/timestamps'))).toBe(true)
})

test('the list and the tokens are public, and nothing else is served there', async () => {
  const [first] = await house.house.ledger.log.timeStamps(0)
  const answer = async (path: string) => (await house.ask(`${house.url}/timestamps/${path}`)).status
  expect(await (await house.ask(`${house.url}/timestamps/sizes?after=${first}`)).text()).not.toContain(`${first}\n`)
  for (const path of [`${first}.tsr`, '999', '0', '01', 'x', '1e3', 'sizes?after=-1', `${first}.checkpoint.x`])
    expect([path, await answer(path)]).toEqual([path, 404])
})
