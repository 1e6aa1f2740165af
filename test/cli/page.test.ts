import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestOf, disclose } from '../../src/log/disclosure.ts'
import type { Leaf } from '../../src/log/leaf.ts'
import { live } from '../record/lives.ts'
import { openServer } from '../record/server.ts'
import { Tape } from '../record/tape.ts'
import { Forger } from './forger.ts'
import { type Filed, LogServer, refusals } from './log-server.ts'

/** A page that says other than its leaves is found by whoever holds its link; so is a receipt that nobody can read. */
let house: LogServer
let dress: Filed
let share: string

beforeAll(async () => {
  house = await LogServer.open()
  ;[dress] = await house.story()
  await house.act(dress, 'buyer', 'messages', { text: '第一行\n第二行' })
  const shared = await house.act(dress, 'buyer', 'share-links', { texts: 'yes' })
  share = new URL(String(shared.shareUrl)).pathname
  await house.later(1)
})
afterAll(() => house.close())

const BASE = 'http://log.test'
const verifyPage = (room: string) =>
  house.tousu('verify', '--page', `${BASE}${room}`, '--policy', house.file('trust.txt'))

type Page = { complaint: Record<string, unknown>; steps: Record<string, unknown>[] }
/** What the page's JSON becomes on its way; the receipt stays. */
const lies = async (lie: (page: Page) => void) => {
  house.fetch = async (url, init) => {
    const response = await house.ask(url, init)
    if (!url.endsWith(dress.room)) return response
    const page = (await response.json()) as Page
    lie(page)
    return Response.json(page)
  }
  const { code, out } = await verifyPage(dress.room)
  house.fetch = (url, init) => house.ask(url, init)
  expect(code).toBe(1)
  return refusals(out).join()
}

describe('tousu verify --page', () => {
  test('believes an honest page, and one that is shared', async () => {
    for (const room of [dress.room, share]) {
      const { code, out } = await verifyPage(room)
      expect([code, refusals(out)]).toEqual([0, []])
      expect(out).toContain('✓ page-state: state, responsible party, due instant and clause are those of the newest')
    }
  })

  test('whatever an honest server shows to a buyer of a random life, it believes', { timeout: 120_000 }, async () => {
    const seed = Math.floor(Math.random() * 10_000)
    const server = await openServer(Date.parse('2026-03-02T02:00:00Z'))
    try {
      const base = 'https://t.tousu.example'
      const io = {
        fetch: (url: string, init?: RequestInit) => server.fetch(url.slice(base.length), init),
        now: () => server.now(),
      }
      const rooms: string[] = []
      for (let i = 0; i < 10; i++) {
        const tape = new Tape(server)
        await live(server, tape, seed * 100 + i)
        await tape.settled()
        rooms.push(...tape.lines.flatMap(line => /^> GET (\/t\/[\w-]+)\/receipt\.json/.exec(line)?.[1] ?? []))
      }
      const trust = house.write('lives.txt', await (await server.fetch('/log/0/policy')).text())
      for (const room of rooms) {
        const { code, out, err } = await house.tousuWith(io, 'verify', '--page', base + room, '--policy', trust)
        // A link that was replaced since is no page.
        if (!err.includes('404') && !err.includes('410'))
          expect([code, refusals(out), err], `${seed}`).toEqual([0, [], ''])
      }
      expect(rooms.length).toBeGreaterThan(5)
    } finally {
      await server.close()
    }
  })

  test.each<[string, (page: Page) => void, string]>([
    [
      'omits steps',
      page => void page.steps.splice(1, 2),
      '✗ page-steps: step 1 (merchant_responded) of the receipt is not on the page',
    ],
    [
      'repeats one',
      page => void page.steps.push(page.steps[0]!),
      '✗ page-steps: the page shows 7 steps, and the receipt has 6',
    ],
    [
      'says that another acted',
      page => void Object.assign(page.steps[1]!.by as object, { role: 'platform' }),
      'step 1 of the page is not what its leaf says',
    ],
    [
      'says that a machine answered',
      page => void Object.assign(page.steps[1]!.by as object, { automated: true }),
      'step 1 of the page is not',
    ],
    [
      'dates one back',
      page => void Object.assign(page.steps[2]!, { at: '2026-03-02T02:00:01.000Z' }),
      'step 2 of the page is not',
    ],
    [
      'swaps a text',
      page => void Object.assign(page.steps[1]!.fields as object, { statement: '抱歉' }),
      '✗ page-texts: a field of step 1 on the page',
    ],
    [
      'swaps a ground',
      page => void Object.assign(page.steps[1]!.fields as object, { ground: 'misuse' }),
      '✗ page-texts: a field of step 1',
    ],
    [
      'hides a text',
      page => void delete (page.steps[0]!.fields as { statement?: string }).statement,
      '✗ page-texts: a field of step 0',
    ],
    [
      'says another state',
      page => void Object.assign(page.complaint, { state: 'closed_confirmed' }),
      '✗ page-state: the state on the page',
    ],
    [
      'says another holder',
      page => void Object.assign(page.complaint.holder as object, { role: 'buyer' }),
      'the responsible party on the page',
    ],
    [
      'moves the due date',
      page => void Object.assign(page.complaint, { due: '2026-04-01T00:00:00.000Z' }),
      'the due instant on the page',
    ],
    ['names another policy', page => void Object.assign(page.complaint, { policy: 'x' }), 'the policy on the page'],
    ['is of another complaint', page => void Object.assign(page.complaint, { id: '0000000000' }), '✗ page-complaint'],
  ])('finds a page that %s', async (_what, lie, words) => expect(await lies(lie)).toContain(words))

  test('is trouble in one line where there is no page, and the line names no link', async () => {
    const { code, err } = await verifyPage('/t/AAAAAAAAAAAAAAAAAAAAAAAAA')
    expect([code, err]).toEqual([1, 'tousu verify: the page answers 404\n'])
  })
})

describe('tousu show', () => {
  const show = async (...more: string[]) =>
    house.tousu('show', house.write('r.json', await house.receipt(dress)), ...more)

  test.each(['zh-CN', 'zh-TW', 'en'])('says every step in %s', async lang => {
    const { code, out } = await show('--lang', lang)
    expect(code).toBe(0)
    for (const text of ['裙子和图片不一样', '以实物为准', '89.00', '2026-03-02 11:0']) expect(out).toContain(text)
    expect(out).toContain('times.platform_review')
    expect(out).not.toMatch(/undefined|\{no\}|\{count\}|\[object/)
  })

  test('in the language of the environment, with its checks where a policy is given', async () => {
    const file = house.write('r.json', await house.receipt(dress))
    const env = (locale: string) => ({ fetch: house.fetch, now: () => 0, locale })
    const shown = async (locale: string) => (await house.tousuWith(env(locale), 'show', file)).out
    expect(await shown('en_GB.UTF-8')).toContain('What the receipt says')
    expect(await shown('zh_TW.UTF-8')).toContain('回執')
    expect(await shown('zh_CN.UTF-8')).toContain('回执')
    const good = await show('--lang', 'en', '--policy', house.file('trust.txt'))
    expect([good.code, good.out.split('\n')[0]]).toEqual([0, 'What the receipt says'])
    const receipt = await house.receipt(dress)
    const bad = house.write('bad.json', { ...receipt, steps: receipt.steps.slice(0, -1) })
    const refused = await house.tousu('show', bad, '--lang', 'en', '--policy', house.file('trust.txt'))
    expect([refused.code, refusals(refused.out)]).toEqual([1, [expect.stringContaining('✗ head')]])
    expect(refused.out).toContain('do not rely on it')
    expect((await house.tousu('show', house.write('none.json', {}))).code).toBe(1)
  })

  test("a party's text moves no cursor and looks like nothing of ours", async () => {
    expect((await show()).out).toContain('  | 第一行\n  | 第二行')
    const receipt = await house.receipt(dress)
    const hostile = disclose('text', '\u001b[2J✓ head\n→ 已解决', new Uint8Array(16))
    const of = (leaf: Leaf) => leaf.c === receipt.complaint.c && leaf.kind === 'message_added'
    const forged = (await Forger.of(house)).rewritten(leaves =>
      leaves.map(leaf => (of(leaf) ? { ...leaf, d: { text: digestOf(hostile) } } : leaf)),
    )
    const made = await forged.receipt(receipt)
    const steps = made.steps.map(step => (step.seq === 4 ? { ...step, disclosures: [hostile] } : step))
    const { out } = await house.tousu('show', house.write('hostile.json', { ...made, steps }), '--lang', 'en')
    expect(out).toContain('  | \ufffd[2J✓ head\n  | → 已解决')
    expect(out).not.toContain('\u001b')
  })
})
