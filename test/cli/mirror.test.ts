import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fromUtf8, utf8 } from '../../src/log/encoding.ts'
import { formatBundle, parseBundle } from '../../src/log/tiles.ts'
import { Forger } from './forger.ts'
import { GeneratedLog } from './generated-log.ts'
import { type Filed, LogServer, refusals } from './log-server.ts'

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'])

/** A copy of the log at somebody else's, which the log itself can neither change nor take back. */
let house: LogServer
let dress: Filed

beforeEach(async () => {
  house = await LogServer.open()
  ;[dress] = await house.story()
})
afterEach(() => house.close())

const mirror = () => house.tousu('mirror', house.url, house.file('copy'), '--policy', house.file('trust.txt'))
const watch = (what: string, ...more: string[]) =>
  house.tousu('monitor', what, '--policy', house.file('trust.txt'), '--state', house.file('of-copy'), ...more)
const copied = (path: string) => readFileSync(join(house.file('copy'), path))

describe('a mirror', () => {
  test('is a log that monitors can read, and goes on with what came since', async () => {
    const first = await mirror()
    expect([first.code, first.out]).toEqual([0, '✓ mirror: 7 leaves came, 7 are kept, each the one that was signed'])
    expect(refusals((await watch(house.file('copy'))).out)).toEqual([])
    const kept = house.write('kept.json', await house.receipt(dress))
    await house.act(dress, 'platform', 'assignment', { officer: 'A17' })
    await house.later(1)
    expect((await mirror()).out).toContain('1 leaves came, 8 are kept')
    const { code, out } = await watch(pathToFileURL(house.file('copy')).href, '--receipt', kept)
    expect([code, refusals(out)]).toEqual([0, []])
    expect(out).toContain('✓ continues: the 7 leaves seen')
    expect((await mirror()).out).toContain('0 leaves came, 8 are kept')
  })

  test('has the same bytes as the log', async () => {
    await mirror()
    for (const path of ['checkpoint', 'tile/entries/000.p/7', 'tile/0/000.p/7'])
      expect(copied(path)).toEqual(Buffer.from(await (await house.ask(`${house.url}/${path}`)).arrayBuffer()))
  })

  test('of many tiles: every level, and no partial tile beside a full one', async () => {
    const { log, policy } = await GeneratedLog.of(3_000)
    const trust = house.write('large.txt', policy)
    const io = { fetch: log.fetch, now: () => log.now }
    const made = await house.tousuWith(io, 'mirror', log.url, house.file('large'), '--policy', trust)
    expect([made.code, made.err]).toEqual([0, ''])
    const state = house.file('large.state')
    const watched = await house.tousuWith(io, 'monitor', house.file('large'), '--policy', trust, '--state', state)
    expect([watched.code, refusals(watched.out)]).toEqual([0, []])
    expect((await house.tousuWith(io, 'mirror', log.url, house.file('large'), '--policy', trust)).code).toBe(0)
    expect(readdirSync(house.file('large/tile')).sort()).toEqual(['0', '1', 'entries'])
    expect(readdirSync(house.file('large/tile/0')).filter(name => name.endsWith('.p'))).toEqual(['011.p'])
  })
})

describe('what the log did not sign stays out of the copy', () => {
  test('a leaf that changed while it was on its way', async () => {
    house.fetch = async url => {
      const response = await house.ask(url)
      if (!url.includes('tile/entries')) return response
      const leaves = parseBundle(new Uint8Array(await response.arrayBuffer()))
      return new Response(formatBundle(leaves.map(leaf => utf8(fromUtf8(leaf).replace('as_described', 'misuse')))))
    }
    const { code, out } = await mirror()
    expect([code, refusals(out)]).toEqual([1, ['✗ mirror: the leaves served are not those of the signed tree']])
    expect(readdirSync(house.file('copy'))).toEqual([expect.stringMatching(/^refused-.{12}\.note$/)])
  })

  test('a history that was rewritten: the copy keeps the old one, and the proof', async () => {
    await mirror()
    const before = copied('tile/entries/000.p/7')
    const honest = await Forger.of(house)
    const leaf = honest.next(honest.leaves.at(-1)!.c!, { kind: 'message_added', by: 'buyer', p: { files: 0 } })
    const forged = honest.rewritten(leaves => [
      ...leaves.map(each =>
        each.kind === 'merchant_responded' ? { ...each, p: { answer: 'reject', ground: 'misuse' } } : each,
      ),
      leaf,
    ])
    house.fetch = await forged.serve()
    const { code, out } = await mirror()
    expect([code, refusals(out)]).toEqual([1, ['✗ mirror: the leaves served do not continue the copy']])
    expect(copied('tile/entries/000.p/7')).toEqual(before)
    const [refused] = readdirSync(house.file('copy')).filter(name => name.startsWith('refused'))
    expect(copied(refused ?? '').toString()).toBe(await forged.note())
    house.fetch = url => house.ask(url)
    expect((await mirror()).code).toBe(0)
  })

  test('a smaller tree, and a policy that is served otherwise', async () => {
    await mirror()
    const honest = await Forger.of(house)
    house.fetch = await honest.raw(leaves => leaves.slice(0, 5)).serve()
    expect((await mirror()).out).toContain('✗ mirror: the copy has 7 leaves, and 5 are served')
    house.fetch = async url => (url.includes('/policies/') ? new Response('{}') : house.ask(url))
    const other = await house.tousu('mirror', house.url, house.file('other'), '--policy', house.file('trust.txt'))
    expect([other.code, other.out]).toEqual([1, expect.stringContaining('is not served as it was')])
  })

  test('a copy that was damaged is no log any more', async () => {
    await mirror()
    const file = house.file('copy/tile/entries/000.p/7')
    writeFileSync(file, readFileSync(file, 'latin1').replace('as_described', 'not_describ'), 'latin1')
    expect((await watch(house.file('copy'))).code).toBe(1)
    expect((await watch(house.file('nowhere'))).err).toContain('or the folder of a mirror')
  })
})

describe.skipIf(python.status !== 0)('docs/verifier.py --log', () => {
  const verify = () => {
    const given = [VERIFIER, '--log', house.file('copy'), house.file('trust.txt')]
    const { status, stdout } = spawnSync('python3', given)
    return { status, lines: stdout.toString('utf8').trim().split('\n') }
  }

  test('recomputes a whole log from a mirror of it, and names the leaf that is wrong', async () => {
    await house.later(24 * 14)
    await mirror()
    const { status, lines } = verify()
    expect([status, lines.at(-1)]).toEqual([0, expect.stringMatching(/^✓ fold: \d+ leaves: chains, times, states/)])
    const honest = await Forger.of(house)
    const i = honest.leaves.findIndex(leaf => leaf.kind === 'escalated')
    house.fetch = await honest
      .rewritten(leaves => leaves.map((leaf, k) => (k === i ? { ...leaf, due: (leaf.due ?? 0) + 1 } : leaf)))
      .serve()
    const copy = house.file('forged')
    await house.tousu('mirror', house.url, copy, '--policy', house.file('trust.txt'))
    const forged = spawnSync('python3', [VERIFIER, '--log', copy, house.file('trust.txt')])
    expect([forged.status, forged.stdout.toString()]).toEqual([
      1,
      expect.stringContaining(`✗ fold: leaf ${i} (escalated): its due is`),
    ])
  })

  test('platform rules are kept, watched and cited: another text under a digest is told by monitor and verifier', async () => {
    const rule = { code: 'misdescribed', version: 1, title: '描述不符', text: '支持退货', locale: 'zh-CN' } as const
    await house.house.ledger.adoptRule(rule)
    await house.act(dress, 'platform', 'rulings', {
      ...{ officer: 'A17', outcome: 'for_merchant', facts: '相符', reasons: '证据充分' },
      cites: ['misdescribed@1'],
    })
    await house.later(1)
    const receipt = house.write('cited.json', await house.receipt(dress))
    expect((await mirror()).code).toBe(0)
    const [digest = ''] = readdirSync(house.file('copy/rules'))
    const watched = await watch(house.file('copy'), '--receipt', receipt)
    expect([watched.code, refusals(watched.out)]).toEqual([0, []])
    expect(watched.out).toContain(`misdescribed version 1 ${digest}`)
    const python = (...files: string[]) => spawnSync('python3', [VERIFIER, ...files]).stdout.toString()
    expect(python('--log', house.file('copy'), house.file('trust.txt'))).not.toContain('✗')
    const [policy = ''] = readdirSync(house.file('copy/policies'))
    expect(python(receipt, house.file('trust.txt'), house.file(`copy/policies/${policy}`))).toMatch(
      /✓ rules: 1 cited[^✗]*$/,
    )
    const forged = house.write('forged.json', house.read('cited.json').replace('支持退货', '不可退货'))
    expect(python(forged, house.file('trust.txt'))).toContain('✗ rules: a rule of another text')
    writeFileSync(house.file(`copy/rules/${digest}`), JSON.stringify({ ...rule, text: '不可退货' }))
    expect((await watch(house.file('copy'))).out).toContain(`platform rule ${digest}`)
    expect(python('--log', house.file('copy'), house.file('trust.txt'))).toContain('is not the one that was adopted')
  })

  test('a receipt with its policy document: every state and due instant is recomputed', async () => {
    const file = house.write('receipt.json', await house.receipt(dress))
    await mirror()
    const [adopted = ''] = readdirSync(house.file('copy/policies'))
    const run = (document: string) => spawnSync('python3', [VERIFIER, file, house.file('trust.txt'), document])
    expect(run(house.file(`copy/policies/${adopted}`)).stdout.toString()).toContain(
      '✓ fold: state, holder, due instant',
    )
    expect(run(house.file('trust.txt')).status).toBe(1)
  })
})
