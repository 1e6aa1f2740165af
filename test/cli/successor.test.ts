import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCopies } from '../../src/hosts/node/recover.ts'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { makeSecrets, readSecrets } from '../../src/ledger/log/secrets.ts'
import { NotRecovered } from '../../src/ledger/put-back.ts'
import { type Declaration, recoverLedger, sizeOf } from '../../src/ledger/recovery.ts'
import { checkLog } from '../ledger/check-log.ts'
import { type Filed, LogServer, refusals } from './log-server.ts'

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const python = (...args: string[]) => spawnSync('python3', [VERIFIER, ...args], { encoding: 'utf8' })
const noPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status !== 0

// A disk dies. The backup holds the first steps of two complaints. Of what came since, the buyer of the dress has a receipt of
// her next steps; the newest step of each complaint, and a third complaint, are in no copy.
let house: LogServer
let dress: Filed
let shoes: Filed
let gone: Filed
const outcome = { code: 0, out: '' }

const recover = async (from: string[], declared?: Declaration) => {
  const host = openNodeHost(house.file('data'))
  try {
    const copies = readCopies(from, sizeOf(host))
    return await recoverLedger(host, await readSecrets(house.secrets), copies, declared, house.clock)
  } finally {
    await host.close()
  }
}

beforeAll(async () => {
  house = await LogServer.open()
  ;[dress, shoes] = await house.story()
  await house.monitor('early')
  house.write('shoes.json', await house.receipt(shoes))
  await house.stop()
  cpSync(house.file('data'), house.file('backup'), { recursive: true })
  await house.start()
  await house.act(dress, 'platform', 'assignment', { officer: 'A17' })
  gone = await house.submit()
  await house.later(1)
  await house.act(dress, 'buyer', 'messages', { text: '吊牌还在' })
  house.write('held.json', await house.receipt(dress))
  await house.act(shoes, 'buyer', 'messages', { text: '颜色也不对' })
  await house.act(dress, 'buyer', 'messages', { text: '请看照片' })
  await house.later(1)
  house.write('newest.json', await house.receipt(dress))
  house.write('newest-shoes.json', await house.receipt(shoes))
  expect((await house.monitor('watching')).code).toBe(0)
  cpSync(house.file('watching'), house.file('watched-all'))
  const note = await (await house.ask(`${house.url}/checkpoint`)).text()
  house.write('note.txt', note)
  await house.stop()
  rmSync(house.file('data'), { recursive: true })
  cpSync(house.file('backup'), house.file('data'), { recursive: true })
})
afterAll(() => house.close())

test('nothing is declared lost unless its number is confirmed, and with a new key', async () => {
  const held = [house.file('held.json'), house.file('note.txt')]
  // Seven leaves in the backup; two of five came back by a receipt, one at a time, the assignment and the first message.
  expect(await recover(held)).toMatchObject({ from: 7, size: 7, lost: 3, successor: null })
  expect(await recover(held, { leaves: 2 })).toMatchObject({ size: 7, lost: 3, successor: null })
  await expect(recover(held, { leaves: 3 })).rejects.toThrow(NotRecovered)
  const next = await makeSecrets()
  house.secrets.note = [next.note, house.secrets.note].flat() as never
  const done = await recover(held, { leaves: 3 })
  expect(done).toMatchObject({ from: 7, size: 9, lost: 3, unknown: [], successor: { origin: 'log.test/0.2' } })
  house.write('before.txt', house.read('trust.txt'))
  await house.start()
  house.write('trust.txt', await (await house.ask(`${house.url}/policy`)).text())
  expect(house.read('trust.txt')).toContain(`log ${done.successor?.verifierKey}`)
  // The old log stands behind the new one: what it signed stays good.
  expect(house.read('trust.txt')).toContain('\nlog log.test/0+')
})

test('old links work, say what happened, and acts go on', async () => {
  const page = async (filed: Filed, language: string) =>
    (await house.ask(filed.room, { headers: { Accept: 'text/html', 'Accept-Language': language } })).text()
  expect(await page(dress, 'zh-CN')).toContain('公开声明全部投诉中共有 3 条记录丢失')
  expect(await page(dress, 'zh-TW')).toContain('公開聲明全部投訴中共有 3 條紀錄遺失')
  expect(await page(shoes, 'en')).toContain('the log declared 3 of its entries lost')
  const json = await (await house.ask(shoes.room, { headers: { Accept: 'application/json' } })).json()
  expect(json.complaint.lost).toEqual({ at: expect.stringMatching(/^2026-03-02T/), leaves: 3 })
  expect((await house.ask(gone.room)).status).toBe(404)
  await house.act(shoes, 'buyer', 'messages', { text: '再说一次，颜色不对' })
  const later = await house.submit()
  expect(
    (await (await house.ask(later.room, { headers: { Accept: 'application/json' } })).json()).complaint.lost,
  ).toBeNull()
  await house.later(1)
  await checkLog(house.house.ledger, house.clock.now())
})

test('a monitor that watched before names what was lost, once it is told of the new key', async () => {
  const [policy, state] = [house.file('before.txt'), house.file('watching')]
  const blind = await house.tousu('monitor', house.url, '--policy', policy, '--state', state)
  expect([blind.code, refusals(blind.out)]).toEqual([1, ['✗ checkpoint: no log of the policy signed it']])
  Object.assign(outcome, await house.monitor('watching'))
  expect([outcome.code, refusals(outcome.out)]).toEqual([0, []])
  expect(outcome.out).toContain('log.test/0.2 continues log.test/0 and declares 3 of its 12 leaves lost')
  const told = outcome.out.split('\n').filter(line => line.startsWith('· complaint'))
  expect(told.map(line => line.replace(/complaint \S+/, ''))).toEqual([
    '·  lost step 6',
    '·  lost step 1',
    '·  is lost as a whole: step 0',
  ])
  expect(outcome.out).toMatch(
    /· leaf 9: log_opened at .*: continues log.test\/0, of whose 12 leaves 3 are declared lost/,
  )
  const next = await house.monitor('watching')
  expect([next.code, refusals(next.out)]).toEqual([0, []])
  // One that saw nothing of what was lost, and one that saw nothing at all.
  const early = await house.monitor('early', '--seen', house.file('note.txt'))
  expect([early.code, refusals(early.out)]).toEqual([0, []])
  expect(early.out).toContain('of the 7 leaves seen here no step among them')
  expect(early.out).toContain('is of the log before: 3 of its 12 leaves are declared lost')
  expect((await house.monitor('fresh')).code).toBe(0)
})

test('receipts from before and after: good, in order, and honest about the gap', async () => {
  for (const [before, filed, left] of [
    ['held.json', dress, 'the 6 steps of then are there unchanged'],
    ['newest.json', dress, '6 of the 7 steps of then are there unchanged; from step 6 on'],
    ['newest-shoes.json', shoes, '1 of the 2 steps of then are there unchanged; from step 1 on'],
    ['shoes.json', shoes, 'the 1 steps of then are there unchanged'],
  ] as const) {
    const earlier = await house.tousu('verify', house.file(before), '--policy', house.file('trust.txt'))
    expect([before, earlier.code, refusals(earlier.out)]).toEqual([before, 0, []])
    const now = await house.verify(await house.receipt(filed), '--earlier', house.file(before))
    expect([before, now.code, refusals(now.out)]).toEqual([before, 0, []])
    expect(now.out).toContain('which goes on after a declared loss of 3 leaves')
    expect(now.out).toContain(left)
  }
  const receipts = ['held.json', 'newest.json', 'newest-shoes.json', 'shoes.json'].flatMap(name => [
    '--receipt',
    house.file(name),
  ])
  const watched = await house.monitor('watching', ...receipts)
  expect([watched.code, refusals(watched.out)]).toEqual([0, []])
  expect(watched.out).toContain('steps 6 to 6 are among the leaves declared lost: hand it in')
})

test('receipts and promises from before, against the log as it is served', async () => {
  const against = (...what: string[]) =>
    house.tousu('verify', ...what, '--policy', house.file('trust.txt'), '--log', house.url)
  const held = await against(house.file('held.json'))
  expect([held.code, refusals(held.out)]).toEqual([0, []])
  expect(held.out).toContain('it continues the log of the receipt and declares 3 leaves of that lost')
  expect(held.out).toContain('✓ log-steps: 6 of 6 steps stand in the log')
  const early = await against(house.file('shoes.json'))
  expect([early.code, refusals(early.out)]).toEqual([0, []])
  expect(early.out).toMatch(/log-head: .* 1 newer steps/)
  const newest = await against(house.file('newest.json'))
  expect([newest.code, refusals(newest.out)]).toEqual([
    1,
    ['✗ log-steps: step 6 is among the leaves that the log declares lost: keep this receipt, it proves the step'],
  ])
  expect((await against('--promise', house.write('dress.jws', dress.promise))).code).toBe(0)
  const lost = await against('--promise', house.write('gone.jws', gone.promise))
  expect([lost.code, refusals(lost.out)]).toEqual([1, [expect.stringContaining('declares leaves lost: submit again')]])
})

test.skipIf(noPython)('docs/verifier.py knows the rule', async () => {
  const trust = house.file('trust.txt')
  const receipt = house.write('receipt.json', await house.receipt(dress))
  const one = python(receipt, trust)
  expect([one.status, one.stdout]).toEqual([0, expect.stringContaining('which declares 3 leaves lost')])
  const mirror = house.file('mirror')
  expect((await house.tousu('mirror', house.url, mirror, '--policy', trust)).code).toBe(0)
  const whole = python('--log', mirror, trust)
  expect([whole.status, refusals(whole.stdout)]).toEqual([0, []])
  expect(whole.stdout).toContain('· leaf 9 continues log.test/0 and declares 3 of its leaves lost')
})

// What an operator might try instead. Each on the backup again, before the same monitor.
const instead = async (begin: () => Promise<void>) => {
  await house.stop()
  rmSync(house.file('data'), { recursive: true })
  cpSync(house.file('backup'), house.file('data'), { recursive: true })
  await begin()
  await house.start()
  house.write('trust.txt', await (await house.ask(`${house.url}/policy`)).text())
  const { code, out } = await house.monitor('lost-to')
  return [code, refusals(out)]
}

test('a loss that is declared smaller than it is, or not at all, is refused', async () => {
  // A monitor that saw all twelve leaves.
  cpSync(house.file('watched-all'), house.file('lost-to'))
  const size = () => house.house.ledger.log.checkpoint().then(note => note?.split('\n')[1])
  expect(
    await instead(async () => {
      const held = await recover([house.file('held.json')])
      await recover([house.file('held.json')], { leaves: held.lost })
    }),
  ).toEqual([1, [expect.stringMatching(/had 12 leaves, and the successor tells of 10: a loss not declared$/)]])
  expect(await size()).toBe('10')
  // Another log in its place, under another name, that says nothing.
  expect(
    await instead(async () => {
      rmSync(house.file('data'), { recursive: true })
      house.renamed = 'log.test/1'
    }),
  ).toEqual([1, [expect.stringMatching(/log.test\/1, which is served, does not continue it$/)]])
})
