import { describe, expect, test } from 'vitest'
import { parseCheckpoint } from '../../src/log/checkpoint.ts'
import { parseNote } from '../../src/log/note.ts'
import { openReceipt } from '../../src/log/receipt.ts'
import { readStatement } from '../../src/log/statement.ts'
import { parsePolicy, witnessesThatSigned } from '../../src/log/trust.ts'
import { checkLog } from '../ledger/check-log.ts'
import { done, MINUTE, people } from '../ledger/fixture.ts'
import { WitnessFixture } from './fixture.ts'

const file = async (town: WitnessFixture): Promise<number> => {
  await town.isWritable()
  return done(await people(town.ledger).submit()).id
}

describe('a log with two witnesses', () => {
  test('has each new step seen by both, and the receipt proves it by the policy that is served', async () => {
    const town = await WitnessFixture.found()
    const id = await file(town)
    await town.witnessed(id, 2)
    const receipt = await town.receipt(id)
    expect(await town.failures(receipt)).toEqual([])
    expect(await town.trustPolicy()).toMatch(
      /^log \S+\nwitness association \S+\nwitness university \S+\ngroup both 2 association university\nquorum both\n$/,
    )
    await checkLog(town.ledger, town.now)
  })

  test('serves the checkpoint with both cosignatures', async () => {
    const town = await WitnessFixture.found()
    await town.witnessed(await file(town), 2)
    const note = parseNote((await town.ledger.log.checkpoint()) ?? '')
    const signed = await witnessesThatSigned(note, parsePolicy(await town.trustPolicy()))
    expect([...signed]).toEqual(['association', 'university'])
    expect(parseCheckpoint(note.text).size).toBe(town.one.size)
  })

  test('keeps every line it was given, and nobody can change one', async () => {
    const town = await WitnessFixture.found()
    await town.witnessed(await file(town), 2)
    const rows = town.sqlite.prepare('select checkpoint, line from cosignatures').all()
    expect(rows.length).toBeGreaterThanOrEqual(4)
    expect(() => town.sqlite.exec("update cosignatures set line = ''")).toThrow(/append-only/)
    expect(() => town.sqlite.exec('delete from cosignatures')).toThrow(/append-only/)
  })

  test('asks each from the size that it cosigned last, with a proof', async () => {
    const town = await WitnessFixture.found()
    const id = await file(town)
    await town.witnessed(id, 2)
    const before = town.one.size
    await people(town.ledger).say(id, '在吗')
    await town.witnessed(id, 2)
    expect(town.one.bodies.at(-1)).toMatch(new RegExp(`^old ${before}\\n[A-Za-z0-9+/=]{44}\\n`))
  })

  test('shows an unchanged checkpoint again within ten minutes, and not before it must', async () => {
    const town = await WitnessFixture.found()
    const id = await file(town)
    await town.witnessed(id, 2)
    const asked = town.one.bodies.length
    await town.later(8 * MINUTE)
    await town.ledger.asked()
    expect(town.one.bodies.length).toBe(asked)
    expect(town.ledger.nextAsk()).toBeLessThanOrEqual(town.now + 2 * MINUTE)
    await town.later(MINUTE)
    await expect.poll(() => town.one.bodies.length).toBe(asked + 1)
    expect(town.one.bodies.at(-1)?.split('\n\n')[1]).toBe(town.one.bodies.at(-2)?.split('\n\n')[1])
    await town.ledger.asked()
    const times = town.sqlite.prepare('select count(distinct line) as lines from cosignatures').get()
    expect(times).toEqual({ lines: town.sqlite.prepare('select id from cosignatures').all().length })
  })

  test('goes on from its cosignatures after a restart', async () => {
    const town = await WitnessFixture.found()
    const id = await file(town)
    await town.witnessed(id, 2)
    const receipt = await town.receipt(id)
    for (const neighbour of town.neighbours) neighbour.silent()
    await town.restart()
    expect((await town.ledger.head(id))?.witnessed).toBe(2)
    expect(await town.receipt(id)).toEqual(receipt)
    for (const neighbour of town.neighbours) neighbour.well()
    await town.later(MINUTE)
    await town.isWritable()
    expect(town.one.bodies.at(-1)).toMatch(new RegExp(`^old ${town.one.size}\\n`))
  })
})

describe('a step that the witnesses have not seen', () => {
  const waiting = async () => {
    const town = await WitnessFixture.found()
    const id = await file(town)
    await town.witnessed(id, 2)
    for (const neighbour of town.neighbours) neighbour.silent()
    await town.later(MINUTE)
    const second = await file(town)
    return { town, id, second }
  }

  test('is proved by the newest signed checkpoint, which nobody cosigned: all holds but the quorum', async () => {
    const { town, second } = await waiting()
    expect((await town.ledger.head(second))?.witnessed).toBe(0)
    expect(await town.failures(await town.receipt(second))).toEqual(['witnesses'])
  })

  test('leaves older complaints under the checkpoint with the quorum', async () => {
    const { town, id, second } = await waiting()
    await town.ledger.statement(second)
    const receipt = await town.receipt(id)
    expect(await town.failures(receipt)).toEqual([])
    const { iat, size } = readStatement(receipt.statement)
    expect(size).toBe(town.one.size)
    // From the last covered leaf to the first that is not.
    const last = openReceipt(receipt).steps.at(-1)?.leaf.at ?? 0
    const next = openReceipt(await town.receipt(second)).steps[0]?.leaf.at ?? 0
    expect([last <= iat, iat <= next]).toEqual([true, true])
  })

  test('is not behind the checkpoint that auditors are shown, as long as a quorum is young', async () => {
    const { town, second } = await waiting()
    await town.ledger.statement(second)
    const served = async () => parseCheckpoint(parseNote((await town.ledger.log.checkpoint()) ?? '').text).size
    expect(await served()).toBe(town.one.size)
    await town.later(10 * MINUTE)
    const signed = await served()
    expect(signed).toBeGreaterThan(town.one.size)
    for (const neighbour of town.neighbours) neighbour.well()
    await town.later(MINUTE)
    await town.witnessed(second, 2)
    expect(await served()).toBeGreaterThanOrEqual(signed)
  })
})

describe('one of two witnesses is silent', () => {
  test.each(['silent', 'dead'] as const)('%s: with a quorum of one all goes on, and it is asked again', async mood => {
    const town = await WitnessFixture.found({ quorum: 'any' })
    town.two[mood]()
    const id = await file(town)
    await town.witnessed(id, 1)
    expect(await town.failures(await town.receipt(id))).toEqual([])
    await town.ledger.asked()
    town.two.well()
    await town.later(MINUTE)
    await town.witnessed(id, 2)
  })

  test('with a quorum of both, its steps are signed and not yet witnessed; nobody waits', async () => {
    const town = await WitnessFixture.found()
    await town.isWritable()
    // Whoever waited for it would wait for ever.
    town.two.instead = () => new Promise(() => {})
    const id = await file(town)
    await town.witnessed(id, 1)
    expect(await town.failures(await town.receipt(id))).toEqual(['witnesses'])
    for (let i = 0; i < 20; i++) await people(town.ledger).say(id, `第${i}条`)
    expect(await town.failures(await town.receipt(id))).toEqual(['witnesses'])
  })
})

test.each([
  ['a redirect', 302, 'text/plain', ''],
  ['an error', 500, 'text/plain', 'failed'],
  ['no log of mine', 404, 'text/plain', 'unknown'],
  ['nothing', 200, 'text/plain', ''],
  ['a web page', 200, 'text/html', '<html>'],
  ['a size that is none', 409, 'text/x.tlog.size', 'many\n'],
  ['a conflict without a size', 409, 'text/plain', '1\n'],
  ['a book', 200, 'text/plain', '—'.repeat(100_000)],
])('a witness that answers %s has said nothing', async (_, status, type, body) => {
  const town = await WitnessFixture.found({ quorum: 'any' })
  town.two.instead = async () => ({ status, type, body })
  const id = await file(town)
  await town.witnessed(id, 1)
  await town.ledger.asked()
  expect(await town.ledger.readOnly()).toBeNull()
  expect(await town.failures(await town.receipt(id))).toEqual([])
})

test('lines of others are ignored, and one that only claims to be its own is not kept', async () => {
  const town = await WitnessFixture.found({ quorum: 'any' })
  const id = await file(town)
  await town.witnessed(id, 2)
  const earlier = town.sqlite.prepare<[], { line: string }>('select line from cosignatures order by id desc').all()
  town.two.instead = async () => ({ status: 200, type: 'text/plain', body: earlier.map(({ line }) => line).join('') })
  await people(town.ledger).say(id, '在吗')
  await town.witnessed(id, 1)
  await town.ledger.asked()
  expect(await town.failures(await town.receipt(id))).toEqual([])
})

test('a witness that lost its memory is shown the log from its beginning', async () => {
  const town = await WitnessFixture.found()
  const id = await file(town)
  await town.witnessed(id, 2)
  let asked = 0
  const answer = town.one.honestly.bind(town.one)
  town.one.instead = body => {
    if (asked++ > 0) return answer(`old ${town.one.size}\n\n${body.split('\n\n').slice(1).join('\n\n')}`)
    return Promise.resolve({ status: 409, type: 'text/x.tlog.size', body: '0\n' })
  }
  await town.later(9 * MINUTE)
  await town.ledger.asked()
  expect(town.one.bodies.at(-1)).toMatch(/^old 0\n\n/)
  expect(await town.ledger.readOnly()).toBeNull()
})
