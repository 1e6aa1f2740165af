import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { newSecretKey, readSecretKey } from '../../src/cli/keys.ts'
import { newJwk } from '../../src/ledger/log/secrets.ts'
import { statementKeyAdded, statementKeyRetired } from '../../src/log/key-leaf.ts'
import type { Leaf } from '../../src/log/leaf.ts'
import { COSIGNATURE_V1, cosign, formatSignature, formatVerifierKey, parseNote } from '../../src/log/note.ts'
import { readPromise, signPromise } from '../../src/log/promise.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { statementKid } from '../../src/log/statement.ts'
import { Forger } from './forger.ts'
import { type Filed, HOUR, LogServer, refusals } from './log-server.ts'

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'])

/**
 * A promise and a receipt against a log, by three programs: `tousu verify`, `tousu monitor`, and docs/verifier.py on the folder of a
 * mirror. Its clock can't be moved, so the log's is the real one, and the story lies behind it.
 */
let house: LogServer
let dress: Filed
let kept: Receipt
let honest: Forger
let runs = 0

beforeAll(async () => {
  house = await LogServer.open({ now: Date.now() - 6 * HOUR })
  ;[dress] = await house.story()
  kept = await house.receipt(dress)
  await house.later(3)
  honest = await Forger.of(house)
})
afterAll(() => house.close())

const verdict = (code: number, out: string) => ({ code, no: refusals(out).map(line => /^✗ ([a-z-]+)/.exec(line)?.[1]) })

/** What the programs say of a promise in the log that is served; and what the monitor says in words. */
const promised = async (jws: string) => {
  const [file, trust] = [house.write('promise.txt', jws), house.file('trust.txt')]
  const { code, out, err } = await house.tousu('verify', '--promise', file, '--policy', trust, '--log', house.url)
  const monitored = await house.monitor(`m${runs++}`, '--promise', file)
  const copy = house.file(`copy${runs}`)
  await house.tousu('mirror', house.url, copy, '--policy', trust)
  const second = spawnSync('python3', [VERIFIER, '--promise', file, trust, copy], { encoding: 'utf8' })
  return {
    ours: verdict(code, out + err),
    monitor: verdict(monitored.code, monitored.out),
    python: verdict(second.status ?? -1, second.stdout),
    says: monitored.out + monitored.err,
    out,
  }
}
const agreed = (code: number, no: string[] = []) => ({
  ours: { code, no },
  monitor: { code, no: no.map(() => 'promise') },
  python: { code, no },
})
/** While another log is served under the address. */
const serving = async <T>(forger: Forger, work: () => Promise<T>, note?: string): Promise<T> => {
  const fetch = await forger.serve()
  house.fetch = async url => (note && url.endsWith('/checkpoint') ? new Response(note) : fetch(url))
  try {
    return await work()
  } finally {
    house.fetch = (url, init) => house.ask(url, init)
  }
}
const sign = async (claims: ReturnType<typeof readPromise>, jwk: JsonWebKey) => {
  const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['sign'])
  return signPromise(claims, key, jwk.x ?? '')
}
const without = () => honest.raw(leaves => leaves.filter(({ c }) => c !== kept.complaint.c))
const last = () => honest.leaves.at(-1)?.at ?? 0

describe.skipIf(python.status !== 0)('a promise', () => {
  test('that was kept', async () => {
    const told = await promised(dress.promise)
    expect(told).toMatchObject(agreed(0))
    expect(told.says).toMatch(/✓ promise: what \S+ promised is leaf \d+/)
  })

  test('whose complaint was dropped', async () => {
    await serving(without(), async () => {
      const told = await promised(dress.promise)
      expect(told).toMatchObject(agreed(1, ['promise']))
      expect(told.says).toContain('is not in the log: its own signature is the proof')
    })
  })

  test('that is not due yet, or not readable, accuses nobody', async () => {
    const claims = { ...readPromise(dress.promise), leaf: 'A'.repeat(43), iat: last(), by: Date.now() + 100 * HOUR }
    const told = await promised(await sign(claims, house.secrets.statement as JsonWebKey))
    expect(told).toMatchObject(agreed(0))
    expect(told.says).toContain("which can't tell yet")
    expect((await house.monitor('m', '--promise', house.write('none.txt', 'x.y.z'))).code).toBe(2)
  })

  test('of a key that the log never introduced', async () => {
    const told = await promised(await sign(readPromise(dress.promise), await newJwk()))
    expect(told).toMatchObject(agreed(1, ['promise-signature']))
  })

  test('of a key that was retired before: whoever found the key accuses nobody', async () => {
    const jwk = await newJwk()
    const own = honest.leaves.findLast(({ c }) => c === null)!
    const at = (seconds: number, kind: string, p: Leaf['p']): Leaf => ({
      ...own,
      kind,
      policy: null,
      p,
      at: last() + seconds,
      on: last() + seconds,
    })
    const kid = statementKid(jwk.x ?? '')
    const rotated = honest.rewritten(leaves => [
      ...leaves,
      at(0, 'key_added', statementKeyAdded(jwk.x ?? '')),
      at(1, 'key_retired', statementKeyRetired(kid)),
    ])
    const fetch = house.fetch
    const forged = { ...readPromise(dress.promise), leaf: 'A'.repeat(43), iat: last() + 2, by: last() + 3 }
    const told = await serving(rotated, async () => {
      const real = house.fetch
      // The JWKS of the real server lacks the key, which is no part of this.
      const keys = await (await real(`${house.url.replace('/log/0', '')}/.well-known/jwks.json`)).json()
      house.fetch = async url =>
        url.endsWith('jwks.json')
          ? Response.json({ keys: [...keys.keys, { kty: 'OKP', crv: 'Ed25519', x: jwk.x, kid }] })
          : real(url)
      return promised(await sign(forged, jwk))
    })
    house.fetch = fetch
    expect(told).toMatchObject(agreed(1, ['promise']))
    for (const said of [told.out, told.says]) expect(said).toMatch(/retire.*binds nobody/)
  })

  test('in a view that no quorum cosigned lately: an old view, or silent witnesses, and no proof', async () => {
    const { text } = await newSecretKey('witness.example/w1', COSIGNATURE_V1)
    const key = await readSecretKey(text, COSIGNATURE_V1)
    if (!key) throw new Error('no key')
    const trust = house.read('trust.txt')
    house.write('trust.txt', `${trust.split('\n')[0]}\nwitness w1 ${formatVerifierKey(key.vkey)}\nquorum w1\n`)
    const early = honest.raw(leaves =>
      leaves.slice(
        0,
        leaves.findIndex(({ c }) => c === kept.complaint.c),
      ),
    )
    const note = await early.note(early.leaves.length)
    const cosigned = async (ago: number) =>
      note +
      formatSignature(await cosign(parseNote(note).text, key.vkey, key.sign, Math.floor((Date.now() - ago) / 1000)))
    const old = await serving(early, () => promised(dress.promise), await cosigned(2 * HOUR))
    expect(old).toMatchObject({ ours: { code: 1, no: ['promise'] }, python: { code: 1, no: ['promise'] } })
    expect(old.out).toContain('an old view, or silent witnesses')
    expect(old.says).toContain("which can't tell yet")
    const young = await serving(early, () => promised(dress.promise), await cosigned(0))
    expect(young).toMatchObject(agreed(1, ['promise']))
    house.write('trust.txt', trust)
  })
})

describe.skipIf(python.status !== 0)('a receipt against the log, by both verifiers', () => {
  const both = async (receipt: unknown) => {
    const copy = house.file(`copy${runs++}`)
    const trust = house.file('trust.txt')
    await house.tousu('mirror', house.url, copy, '--policy', trust)
    const ours = await house.verify(receipt, '--log', copy)
    const second = spawnSync('python3', [VERIFIER, house.file('receipt.json'), trust, '--log', copy], {
      encoding: 'utf8',
    })
    return [verdict(ours.code, ours.out), verdict(second.status ?? -1, second.stdout)]
  }
  const agree = async (receipt: unknown, code: number, no: string[]) =>
    expect(await both(receipt)).toEqual([
      { code, no },
      { code, no },
    ])

  test('an honest one, and an older one', async () => {
    await agree(kept, 0, [])
    await agree(await honest.receipt(kept, { steps: kept.steps.length }), 0, [])
  })

  test('under the address of a server, by the second program as well', async () => {
    const server = serve({ fetch: request => house.house.app.fetch(request), port: 0, hostname: '127.0.0.1' })
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/log/0`
    const [file, trust] = [house.write('kept.json', kept), house.file('trust.txt')]
    const promise = house.write('promise.txt', dress.promise)
    for (const asked of [
      [file, trust, '--log', url],
      ['--promise', promise, trust, url],
      ['--log', url, trust],
    ]) {
      const { stdout } = await promisify(execFile)('python3', [VERIFIER, ...asked])
      expect(refusals(stdout)).toEqual([])
      expect(stdout).toMatch(/^✓ (log-head|promise|fold): /m)
    }
  })

  test('one that hides the newest step', async () => {
    await agree(await honest.receipt(kept, { steps: kept.steps.length - 1 }), 1, ['log-head'])
  })

  test('one of a history that is not the served one', async () => {
    const edit = (leaf: Leaf): Leaf =>
      leaf.kind === 'merchant_responded' ? { ...leaf, p: { answer: 'reject', ground: 'misuse' } } : leaf
    const anew = honest.rewritten(leaves => leaves.map(edit))
    await serving(anew, () => agree(kept, 1, ['log-continues']))
  })

  test('one that is larger than what is served, long after it was signed', async () => {
    const shorter = honest.raw(leaves => leaves.slice(0, -1))
    await serving(shorter, () => agree(kept, 1, ['log-continues']))
  })
})
