import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LogClient } from '../../src/cli/monitor/log-client.ts'
import { LogServer, refusals } from './log-server.ts'

let house: LogServer
beforeAll(async () => {
  house = await LogServer.open()
})
afterAll(() => house.close())

describe('an honest log', () => {
  test('is replayed, and then only what came since', async () => {
    const [dress] = await house.story()
    const first = await house.monitor()
    expect([first.code, refusals(first.out)]).toEqual([0, []])
    expect(first.out).toContain('✓ leaves: 7 replayed, 2 complaints')
    await house.act(dress, 'platform', 'assignment', { officer: 'A17' })
    await house.later(100)
    const next = await house.monitor()
    expect([next.code, refusals(next.out)]).toEqual([0, []])
    expect(next.out).toContain('✓ continues: the 7 leaves seen at 2026-03-02T05:00')
    expect(next.out).toMatch(/✓ leaves: \d+ replayed/)
    const again = await house.monitor()
    expect(again.out).toContain('✓ leaves: 0 replayed')
  })

  test('keeps what every receipt promised', async () => {
    const filed = await house.submit()
    const early = house.write('early.json', await house.receipt(filed))
    await house.act(filed, 'merchant', 'responses', { answer: 'reject', statement: '不退', ground: 'other' })
    await house.later(24 * 14)
    const verified = await house.verify(await house.receipt(filed), '--earlier', early)
    expect([verified.code, refusals(verified.out)]).toEqual([0, []])
    expect(verified.out).toContain('✓ earlier-steps: the 1 steps of then are there unchanged')
    const watched = await house.monitor('state', '--receipt', early)
    expect([watched.code, refusals(watched.out)]).toEqual([0, []])
    expect(watched.out).toContain(`✓ receipt: what ${early} promises holds in the whole log`)
  })

  test('that has just started is asked again until its witnesses have answered', async () => {
    const notes = ['signed', 'signed', 'cosigned']
    const client = new LogClient('https://log.test/log/0', {
      fetch: async () => new Response(notes.shift() ?? 'signed'),
    })
    expect(await client.cosignedCheckpoint(async note => note === 'cosigned')).toBe('cosigned')
  })

  test('remembers no texts, names or amounts', () => {
    const state = readFileSync(house.file('state'), 'utf8')
    expect(state).not.toMatch(/王小明|裙子|89\.00|ORDER-/)
  })
})

describe('what is no answer', () => {
  test('a file that cannot be read is a message', async () => {
    const missing = await house.tousu('verify', house.file('no.json'), '--policy', house.file('trust.txt'))
    expect([missing.code, missing.err]).toEqual([1, `tousu verify: ${house.file('no.json')}: no such file or folder\n`])
    const broken = house.write('broken.json', '{"v":')
    expect((await house.tousu('verify', broken, '--policy', house.file('trust.txt'))).err).toContain('not JSON')
    expect((await house.tousu('verify', broken)).err).toContain('--policy is missing')
  })

  test('nobody answers: exit 2, and the state stays', async () => {
    const before = readFileSync(house.file('state'), 'utf8')
    house.fetch = async url => new Response(null, { status: url.endsWith('checkpoint') ? 404 : 500 })
    const { code, err } = await house.monitor()
    const since = 'nothing was learned since 2026-03-20T09:00'
    expect([code, err]).toEqual([
      2,
      expect.stringContaining(`tousu monitor: ${house.url}/checkpoint: not found; ${since}`),
    ])
    expect(readFileSync(house.file('state'), 'utf8')).toBe(before)
    house.fetch = url => house.ask(url)
  })

  test('a state of somebody else is not overwritten', async () => {
    house.write('strange', 'my diary')
    expect(await house.monitor('strange')).toMatchObject({ code: 2 })
    expect(readFileSync(house.file('strange'), 'utf8')).toBe('my diary')
    expect((await house.tousu('dance')).code).toBe(2)
  })
})
