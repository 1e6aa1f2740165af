import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newJwk } from '../../src/ledger/log/secrets.ts'
import type { Leaf } from '../../src/log/leaf.ts'
import { readPromise, signPromise } from '../../src/log/promise.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { Forger } from './forger.ts'
import { type Filed, HOUR, LogServer, refusals } from './log-server.ts'

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'])

/** What whoever submits holds at once, and whom it binds: tousu verify --promise, --fingerprint. */
let house: LogServer
let dress: Filed
let other: Filed
let kept: Receipt
let honest: Forger

beforeAll(async () => {
  house = await LogServer.open()
  ;[dress, other] = await house.story()
  kept = await house.receipt(dress)
  honest = await Forger.of(house)
})
afterAll(() => house.close())

const inLog = (jws = dress.promise) =>
  house.tousu('verify', '--promise', house.write('p.txt', jws), '--policy', house.file('trust.txt'), '--log', house.url)
/** While another log is served under the address. */
const served = async <T>(forger: Forger, work: () => Promise<T>, size?: number): Promise<T> => {
  const fetch = await forger.serve()
  const note = size === undefined ? null : await forger.note(size)
  house.fetch = async url => (note && url.endsWith('/checkpoint') ? new Response(note) : fetch(url))
  try {
    return await work()
  } finally {
    house.fetch = (url, init) => house.ask(url, init)
  }
}

describe('with a receipt', () => {
  test('the fingerprint of the SMS is the first step’s, however it is typed', async () => {
    const code = dress.fingerprint.toLowerCase().replace(/(.{4})/g, '$1-')
    const { code: exit, out } = await house.verify(kept, '--fingerprint', code)
    expect([exit, out]).toEqual([0, expect.stringContaining('✓ fingerprint: it is that of the first step')])
  })

  test('another’s fingerprint and another’s promise are refused', async () => {
    for (const [option, value, name] of [
      ['--fingerprint', other.fingerprint, 'fingerprint'],
      ['--promise', house.write('other.txt', other.promise), 'promise'],
      ['--promise', house.write('none.txt', 'x.y.z'), 'promise'],
    ] as const) {
      const { code, out } = await house.verify(kept, option, value)
      expect([code, refusals(out).map(line => line.split(':')[0])]).toEqual([1, [`✗ ${name}`]])
    }
  })

  test('the promise was kept', async () => {
    const { code, out } = await house.verify(kept, '--promise', house.write('p.txt', `${dress.promise}\n`))
    expect([code, out]).toEqual([0, expect.stringContaining('✓ promise: the log kept it: step 0')])
  })
})

describe('against the log alone', () => {
  test('the promise was kept, and ends twenty minutes after the leaf', async () => {
    const { iat, by } = readPromise(dress.promise)
    expect([by - iat, iat]).toEqual([20 * 60_000, honest.leaves.find(({ c }) => c === kept.complaint.c)?.at])
    const { code, out } = await inLog()
    expect([code, out]).toEqual([0, expect.stringMatching(/✓ promise: the log kept it: leaf \d+/)])
  })

  test('a log that is not due yet is not accused', async () => {
    const { leaf } = readPromise(other.promise)
    const at = honest.leaves.at(-1)?.at ?? 0
    const fresh = await promised({
      ...readPromise(other.promise),
      iat: at,
      by: at + 100 * HOUR,
      leaf: leaf.replace(/^./, first => (first === 'A' ? 'B' : 'A')),
    })
    expect(await inLog(fresh)).toMatchObject({ code: 0, out: expect.stringContaining('not there yet') })
  })

  test('a complaint that was dropped after its promise is found without any receipt', async () => {
    const without = honest.raw(leaves => leaves.filter(({ c }) => c !== kept.complaint.c))
    await served(without, async () => {
      const { code, out } = await inLog()
      expect([code, refusals(out).join()]).toEqual([1, expect.stringContaining('promised this leaf by')])
    })
  })

  test('so is one whose first leaf was written anew', async () => {
    const edit = (leaf: Leaf): Leaf => (leaf.c === kept.complaint.c ? { ...leaf, auto: true } : leaf)
    const anew = honest.rewritten(leaves => leaves.map(edit))
    expect(await served(anew, () => inLog())).toMatchObject({ code: 1, out: expect.stringContaining('✗ promise: ') })
  })

  test('a promise of a key that the log never introduced binds nobody', async () => {
    const forged = await promised(readPromise(dress.promise), await newJwk())
    const { code, out } = await inLog(forged)
    expect([code, refusals(out).join()]).toEqual([1, expect.stringContaining('no leaf of the log introduces the key')])
  })
})

const promised = async (claims: ReturnType<typeof readPromise>, jwk: JsonWebKey = house.secrets.statement) => {
  const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['sign'])
  return signPromise(claims, key, jwk.x ?? '')
}

describe('the certificate of a missed deadline', () => {
  const certificateOf = async (filed: Filed): Promise<string> => {
    const { steps } = (await (await house.ask(filed.room, { headers: { Accept: 'application/json' } })).json()) as {
      steps: { seq: number; kind: string }[]
    }
    const miss = steps.find(({ kind }) => kind === 'deadline_missed')
    if (!miss) throw new Error('nothing was missed')
    return (await house.ask(`${filed.room}/certificates/${miss.seq + 1}.jws`)).text()
  }
  const verified = (jws: string) =>
    house.tousu(
      'verify',
      '--certificate',
      house.write('c.jws', jws),
      '--policy',
      house.file('trust.txt'),
      '--log',
      house.url,
    )

  test('holds with a receipt and in the log; a changed one does not', async () => {
    const late = await house.submit()
    await house.later(49)
    const jws = await certificateOf(late)
    const { code, out } = await verified(jws)
    expect([code, refusals(out)]).toEqual([0, []])
    expect(out).toMatch(/✓ certificate: the log kept it: leaf \d+: merchant missed /)
    const held = await house.verify(await house.receipt(late), '--certificate', house.file('c.jws'))
    expect([held.code, held.out]).toEqual([0, expect.stringContaining('✓ certificate: the log kept it: step')])
    const [header, payload = '', signature] = jws.trim().split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, party: 'platform' })).toString('base64url')
    expect((await verified(`${header}.${forged}.${signature}`)).code).toBe(1)
  })

  test.skipIf(python.status !== 0)('the second program says the same of all three', async () => {
    const late = await house.submit()
    await house.later(49)
    const jws = await certificateOf(late)
    const { missed, ...claims } = readPromise(jws.trim())
    const copy = house.file('certified')
    await house.tousu('mirror', house.url, copy, '--policy', house.file('trust.txt'))
    const second = (text: string) => {
      const args = [VERIFIER, '--certificate', house.write('c2.jws', text), house.file('trust.txt'), copy]
      const { status, stdout } = spawnSync('python3', args, { encoding: 'utf8' })
      return [status, refusals(stdout)]
    }
    expect(second(jws)).toEqual([0, []])
    const lying = await promised({ ...claims, missed: { party: 'platform', due: missed?.due ?? 0 } })
    expect(second(lying)).toEqual([1, ['✗ certificate: the leaf does not say what the certificate says of it']])
    expect(second(`${jws.trim().slice(0, -6)}AAAAAA`)[0]).toBe(1)
  })

  test('signed over a leaf that says something else it is refused', async () => {
    const late = await house.submit()
    await house.later(49)
    const { missed, ...claims } = readPromise(await certificateOf(late))
    const lying = await promised({ ...claims, missed: { party: 'platform', due: missed?.due ?? 0 } })
    const { code, out } = await verified(lying)
    expect([code, refusals(out)]).toEqual([1, ['✗ certificate: the leaf does not say what the certificate says of it']])
  })
})
