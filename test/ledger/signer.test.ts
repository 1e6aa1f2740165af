import { describe, expect, test } from 'vitest'
import { SignerStopped } from '../../src/ledger/log/signer.ts'
import { parseCheckpoint } from '../../src/log/checkpoint.ts'
import { parseNote } from '../../src/log/note.ts'
import { checkLog } from './check-log.ts'
import { done, people, unbounded } from './fixture.ts'
import { newFolder, openFolder } from './node-host.ts'

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** A key that only verifies: signing with it rejects. */
const brokenKey = async (): Promise<CryptoKey> => {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('publicKey' in pair)) throw new Error('not a pair')
  return pair.publicKey
}

const openCounted = async (signEveryMs: number) => {
  const { sqlite, ...opened } = await openFolder(newFolder(), { signEveryMs, policy: unbounded })
  const sizes = () => sqlite.prepare('select size from checkpoints order by id').pluck().all()
  return { ...opened, sqlite, sizes, ...people(opened.ledger) }
}

describe('the signer', () => {
  test('signs at most once in its time, and always the newest in the end', async () => {
    const { ledger, sizes, submit, say } = await openCounted(100)
    const { id } = done(await submit())
    const began = Date.now()
    let steps = 1
    for (; Date.now() < began + 450; steps++) await say(id, `第${steps}条`)
    await expect.poll(sizes).toContain(2 + steps)
    expect(sizes().length).toBeLessThanOrEqual(4 + (Date.now() - began) / 100)
    expect(sizes()).toEqual(sizes().toSorted((a, b) => Number(a) - Number(b)))
    expect(new Set(sizes()).size).toBe(sizes().length)
    await checkLog(ledger, Date.now())
  })

  test('signs nothing while nothing happens', async () => {
    const { sizes } = await openCounted(0)
    await expect.poll(sizes).toEqual([2])
    await pause(50)
    expect(sizes()).toEqual([2])
  })

  test('many readers share a signature', async () => {
    const { ledger, sizes, submit } = await openCounted(50)
    const ids = await Promise.all(Array.from({ length: 50 }, async () => done(await submit()).id))
    const before = sizes().length
    await Promise.all(ids.map(id => ledger.statement(id)))
    expect(sizes().length).toBeLessThanOrEqual(before + 2)
    await checkLog(ledger, Date.now())
  })

  test('a key that fails loses nothing, is not hammered, and a reader is told', async () => {
    const { ledger, secrets, sizes, submit, say } = await openCounted(30)
    const { id } = done(await submit())
    await ledger.statement(id)
    const good = secrets.note.sign
    let tries = 0
    const broken = await brokenKey()
    Object.defineProperty(secrets.note, 'sign', {
      get: () => {
        tries++
        return broken
      },
      configurable: true,
    })
    const began = Date.now()
    let steps = 0
    for (; Date.now() < began + 300; steps++) await say(id, `第${steps}条`)
    await expect(ledger.statement(id)).rejects.toThrow()
    expect(tries).toBeLessThanOrEqual(3 + (Date.now() - began) / 30)
    const [last] = sizes().slice(-1)
    Object.defineProperty(secrets.note, 'sign', { value: good })
    await ledger.tick()
    await expect.poll(sizes).toContain(3 + steps)
    expect(last).toBeLessThan(3 + steps)
    await checkLog(ledger, Date.now())
  })

  test('a statement whose key failed is made for the next reader', async () => {
    const { ledger, secrets, submit } = await openCounted(0)
    const { id } = done(await submit())
    const good = secrets.statement.sign
    secrets.statement.sign = await brokenKey()
    await expect(ledger.statement(id)).rejects.toThrow()
    secrets.statement.sign = good
    await checkLog(ledger, Date.now())
  })

  test('a checkpoint that cannot be stored is not published', async () => {
    const { ledger, sqlite, sizes, submit } = await openCounted(0)
    const { id } = done(await submit())
    await ledger.statement(id)
    const note = await ledger.log.checkpoint()
    sqlite.exec("create trigger full before insert on checkpoints begin select raise(abort, 'full'); end")
    await submit()
    await pause(20)
    expect(await ledger.log.checkpoint()).toBe(note)
    sqlite.exec('drop trigger full')
    await submit()
    await expect.poll(sizes).toContain(5)
    expect(parseCheckpoint(parseNote((await ledger.log.checkpoint()) ?? '').text).size).toBe(5)
    await checkLog(ledger, Date.now())
  })
})

describe('closing', () => {
  test('waits neither for the next signature nor for the readers who want it', async () => {
    const { ledger, submit } = await openCounted(60_000)
    const { id } = done(await submit())
    const reader = expect(ledger.statement(id)).rejects.toThrow(SignerStopped)
    await ledger.close()
    await reader
  })

  test('answers what was asked before, and refuses what comes after', async () => {
    const { ledger, submit } = await openCounted(0)
    const asked = Promise.all(Array.from({ length: 1200 }, () => submit()))
    const closed = ledger.close()
    expect((await asked).every(answer => 'seq' in answer)).toBe(true)
    await closed
    await expect(submit()).rejects.toThrow()
  })
})
