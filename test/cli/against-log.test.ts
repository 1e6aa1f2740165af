import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Receipt } from '../../src/log/receipt.ts'
import { readStatement } from '../../src/log/statement.ts'
import { Forger } from './forger.ts'
import { type Filed, HOUR, LogServer, refusals } from './log-server.ts'

/** A receipt against the log as it is served now: `tousu verify --log`, and the same on /verify. */
let house: LogServer
let dress: Filed
let kept: Receipt
let honest: Forger

beforeEach(async () => {
  house = await LogServer.open()
  ;[dress] = await house.story()
  kept = await house.receipt(dress)
  honest = await Forger.of(house)
})
afterEach(() => house.close())

const againstLog = async (receipt: unknown) => {
  const { code, out, err } = await house.verify(receipt, '--log', house.url)
  return { code, no: refusals(out).join(), out, err }
}

describe('tousu verify --log', () => {
  test('believes an honest log, and counts the steps that came since the receipt', async () => {
    expect(await againstLog(kept)).toMatchObject({ code: 0, no: '' })
    await house.act(dress, 'buyer', 'messages', { text: '在吗' })
    await house.later(1)
    const { code, out } = await againstLog(kept)
    expect([code, out]).toEqual([0, expect.stringContaining('1 newer steps')])
  })

  test('finds the newest step that page and receipt hide', async () => {
    const hiding = await honest.receipt(kept, { steps: kept.steps.length - 1 })
    house.fetch = await honest.serve()
    expect((await house.verify(hiding)).code).toBe(0)
    expect(await againstLog(hiding)).toMatchObject({
      code: 1,
      no: expect.stringMatching(/^✗ log-head: leaf \d+ is step \d+ of this complaint, and the statement hid it$/),
    })
  })

  test('finds a step that was dated before the statement that did not know it', async () => {
    const back = Math.min(readStatement(kept.statement).iat - 1, honest.leaves.at(-1)?.at ?? 0)
    const grown = honest.raw(leaves => [
      ...leaves,
      honest.next(kept.complaint.c, { kind: 'message_added', by: 'buyer', at: back, on: back }),
    ])
    house.fetch = await grown.serve()
    expect((await againstLog(kept)).no).toContain('is dated before the statement')
  })

  test('finds a fork: the log that is served does not contain the tree of the receipt', async () => {
    const forged = honest.rewritten(leaves => leaves.map((leaf, i) => (i === 3 ? { ...leaf, auto: true } : leaf)))
    house.fetch = await forged.serve()
    expect((await againstLog(kept)).no).toContain('✗ log-continues: the tree does not continue the tree of the receipt')
  })

  test('finds edited leaves under a signed tree, and what is withheld', async () => {
    const edited = await honest.raw(leaves => leaves.map(leaf => ({ ...leaf, auto: true }))).serve()
    const real = await honest.serve()
    house.fetch = url => (url.includes('entries') ? edited(url) : real(url))
    expect((await againstLog(kept)).no).toBe('✗ log-head: bundle 0 is not that of the signed tree')
    house.fetch = async url => (url.includes('entries') ? new Response('', { status: 404 }) : real(url))
    expect((await againstLog(kept)).no).toContain('the log withholds what it signed')
  })

  test('accuses no log that serves an older tree for some minutes, and one that stays behind', async () => {
    const note = await honest.note(honest.leaves.length - 1)
    const real = await honest.serve()
    house.fetch = async url => (url.endsWith('/checkpoint') ? new Response(note) : real(url))
    expect(await againstLog(kept)).toMatchObject({ code: 1, no: '', err: expect.stringContaining('try again') })
    house.clock.moveTo(house.clock.now() + HOUR)
    expect((await againstLog(kept)).no).toContain('long after it was signed: withheld, or a fork')
  })

  test('another log under the address, or none at all, proves nothing', async () => {
    house.fetch = async () => new Response('', { status: 404 })
    const { code, no, err } = await againstLog(kept)
    expect([code, no, err]).toEqual([1, '', expect.stringContaining('not found')])
  })
})
