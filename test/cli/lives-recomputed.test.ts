import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { newJwk } from '../../src/ledger/log/secrets.ts'
import { live } from '../record/lives.ts'
import { openServer } from '../record/server.ts'
import { Tape } from '../record/tape.ts'
import { HOUR, LogServer, refusals } from './log-server.ts'

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'])

/** What the server appended for real people's requests, recomputed by the program that was written from the page. */
describe.skipIf(python.status !== 0)('docs/verifier.py on whole logs', () => {
  const recompute = (house: LogServer) => {
    const given = [VERIFIER, '--log', house.file('copy'), house.file('trust.txt')]
    const { status, stdout } = spawnSync('python3', given)
    return { status, lines: stdout.toString('utf8').trim().split('\n') }
  }

  test('random lives by HTTP: every state and due instant follows', { timeout: 240_000 }, async () => {
    // Only a desk and a folder: the lives are told to a server of their own.
    const desk = await LogServer.open()
    onTestFinished(() => desk.close())
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 10_000))
    const server = await openServer(Date.parse('2026-03-02T02:00:00Z') + (seed % 90) * 24 * HOUR)
    onTestFinished(() => server.close())
    const base = 'https://t.tousu.example'
    const io = { fetch: (url: string) => server.fetch(url.slice(base.length)), now: () => server.now() }
    desk.write('trust.txt', await (await server.fetch('/log/0/policy')).text())
    const [url, trust] = [`${base}/log/0`, desk.file('trust.txt')]
    const watch = (state: string, ...more: string[]) =>
      desk.tousuWith(io, 'monitor', url, '--policy', trust, '--state', desk.file(state), ...more)
    // What people were given meanwhile, and a monitor that goes on from its memory.
    const given: { receipt: string; promise: string }[] = []
    for (let i = 0; i < 24; i++) {
      const tape = new Tape(server)
      await live(server, tape, seed * 100 + i)
      if (i % 6 !== 5) continue
      const room = tape.lines.flatMap(line => /^> GET (\/t\/[\w-]+)\/receipt\.json/.exec(line)?.[1] ?? [])[0]
      const [receipt, promise] = await Promise.all(
        ['receipt.json', 'promise.txt'].map(async name => server.fetch(`${room}/${name}`)),
      )
      // A link that was replaced shows nothing.
      if (receipt?.status === 200 && promise?.status === 200)
        given.push({
          receipt: desk.write(`r${i}.json`, await receipt.text()),
          promise: desk.write(`p${i}.txt`, await promise.text()),
        })
      const { code, out } = await watch('remembers')
      expect([code, refusals(out)], `seed ${seed}`).toEqual([0, []])
    }
    await new Tape(server).settled()
    expect((await desk.tousuWith(io, 'mirror', url, desk.file('copy'), '--policy', trust)).code).toBe(0)
    const held = given.flatMap(({ receipt, promise }) => ['--receipt', receipt, '--promise', promise])
    const monitored = await watch('s', '--seen', desk.file('remembers'), ...held)
    for (const { receipt, promise } of given) {
      const inLog = await desk.tousuWith(io, 'verify', receipt, '--policy', trust, '--promise', promise, '--log', url)
      expect([inLog.code, refusals(inLog.out)], `seed ${seed}`).toEqual([0, []])
      for (const asked of [
        [receipt, trust, '--log', desk.file('copy')],
        ['--promise', promise, trust, desk.file('copy')],
      ]) {
        const { status, stdout } = spawnSync('python3', [VERIFIER, ...asked], { encoding: 'utf8' })
        expect([status, refusals(stdout)], `seed ${seed}`).toEqual([0, []])
      }
    }
    expect([monitored.code, refusals(monitored.out)], `seed ${seed}`).toEqual([0, []])
    const { status, lines } = recompute(desk)
    expect([status, lines.filter(line => !line.startsWith('✓'))], `seed ${seed}`).toEqual([0, []])
    expect(Number(/fold: (\d+) leaves/.exec(lines.at(-1) ?? '')?.[1])).toBeGreaterThan(100)
  })

  test('a second shard, a surge, replaced keys and an erasure', async () => {
    const surge = { name: '三月', announced: '2026-03-01', hours: 24, basis: 'platform_rule', source: '公告' }
    const surges = [{ ...surge, from: '2026-03-10', until: '2026-03-14' }]
    const house = await LogServer.open({ origin: 'log.test/1', policy: { ...document, surges } })
    onTestFinished(() => house.close())
    const [dress] = await house.story()
    await house.act(dress, 'platform', 'rulings', {
      outcome: 'for_buyer',
      facts: '图片不符',
      rule: '第二十条',
      reasons: '描述不符',
      remedy: {
        kind: 'return_refund',
        owedBy: 'merchant',
        freightPaidBy: 'merchant',
        amount: { value: '89.00', currency: 'CNY' },
        returnTo: '杭州',
      },
    })
    await house.act(dress, 'buyer', 'return-shipment', { carrier: '顺丰', trackingNo: 'SF1234567890' })
    await house.later(30)
    await house.act(dress, 'merchant', 'return-receipt')
    await house.act(dress, 'buyer', 'appeal', { reason: '运费' })
    await house.act(dress, 'platform', 'handoffs', { toDesk: '物流组', reason: '运费' })
    await house.act(dress, 'buyer', 'redaction-request', { seq: 0, field: 'statement', reason: '写错' })
    await house.act(dress, 'platform', 'redactions', { seq: 0, field: 'statement', reason: '应买家请求' })
    await house.later(1)
    const secrets = house.secrets
    await house.stop()
    const old = { note: [secrets.note].flat(), statement: [secrets.statement].flat() }
    Object.assign(secrets, { note: [await newJwk(), ...old.note], statement: [await newJwk(), ...old.statement] })
    await house.start()
    await house.later(24 * 8)
    const filed = await house.submit()
    await house.later(1)
    const { leaf } = (await house.receipt(filed)).steps[0]!
    expect(Buffer.from(leaf, 'base64').toString()).toContain('"rule":"times.awaiting_merchant+surge"')
    await house.stop()
    Object.assign(secrets, {
      note: [secrets.note].flat().slice(0, 1),
      statement: [secrets.statement].flat().slice(0, 1),
    })
    await house.start()
    await house.later(24 * 20)
    house.write('trust.txt', await (await house.ask(`${house.url}/policy`)).text())
    expect((await house.tousu('mirror', house.url, house.file('copy'), '--policy', house.file('trust.txt'))).code).toBe(
      0,
    )
    const { code, out } = await house.monitor()
    expect([code, refusals(out)]).toEqual([0, []])
    for (const said of ['log_opened', 'key_added', 'key_retired', 'policy_adopted']) expect(out).toMatch(`: ${said}`)
    const { status, lines } = recompute(house)
    expect([status, lines.filter(line => !line.startsWith('✓'))]).toEqual([0, []])
  })
})
