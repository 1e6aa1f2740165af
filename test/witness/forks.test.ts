import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseCheckpoint } from '../../src/log/checkpoint.ts'
import { formatNote, parseNote } from '../../src/log/note.ts'
import { done, MINUTE, people } from '../ledger/fixture.ts'
import { appOver, WitnessFixture } from './fixture.ts'

/** A log with a backup, and with steps after it that both witnesses saw; then the backup is put back. */
const restored = async (): Promise<WitnessFixture> => {
  const town = await WitnessFixture.found()
  await town.isWritable()
  const { id } = done(await people(town.ledger).submit())
  await town.witnessed(id, 2)
  await town.backUp()
  await town.isWritable()
  for (let i = 0; i < 3; i++) await people(town.ledger).say(id, `第${i}条`)
  await town.witnessed(id, 2)
  await town.restore()
  return town
}

const checkpoints = (town: WitnessFixture) => town.sqlite.prepare('select count(*) as count from checkpoints').get()

describe('a restored backup, with nothing kept beside it', () => {
  test('is behind its witnesses: it takes no writes, says why, and signs nothing', async () => {
    const town = await restored()
    town.policy = { ...(town.policy as object), name: 'cn-2026-2' }
    await town.start()
    const [leaves, signed] = [town.sqlite.prepare('select * from leaves').all(), checkpoints(town)]
    await town.isReadOnly(/the witness \w+ knows another history: it has cosigned 6 leaves, and 3 are published here/)
    expect(await people(town.ledger).submit()).toEqual({ refused: 'read_only' })
    await town.later(MINUTE)
    expect(town.sqlite.prepare('select * from leaves').all()).toEqual(leaves)
    expect(checkpoints(town)).toEqual(signed)
  })

  test('that has since grown past the old size is refused by its witnesses (422)', async () => {
    const town = await restored()
    await town.start({ witnesses: 0 })
    for (let i = 0; i < 9; i++) await people(town.ledger).submit()
    await town.restart({ witnesses: 2 })
    await town.isReadOnly(/the first 6 leaves here are not those that it has cosigned; a restored backup\?/)
    expect(await people(town.ledger).submit()).toEqual({ refused: 'read_only' })
  })

  test('that has grown to the very same size is refused as well (409)', async () => {
    const town = await restored()
    await town.start({ witnesses: 0 })
    await people(town.ledger).submit()
    const { id } = done(await people(town.ledger).submit())
    await people(town.ledger).say(id, '在吗')
    await town.ledger.statement(id)
    await town.restart({ witnesses: 2 })
    await town.isReadOnly(/the first 6 leaves here are not those that it has cosigned/)
  })

  test('stays read-only, whatever the witnesses say later', async () => {
    const town = await restored()
    await town.start()
    await town.isReadOnly(/another history/)
    for (const neighbour of town.neighbours) neighbour.dead()
    await town.later(60 * MINUTE)
    expect(await town.ledger.readOnly()).toMatch(/another history/)
    expect(await town.ledger.tick()).toBeNull()
    expect(town.ledger.nextAsk()).toBeNull()
  })

  test('still shows what it has, and proves it', async () => {
    const town = await restored()
    await town.start()
    await town.isReadOnly(/another history/)
    const [item] = await town.ledger.inbox({ now: town.now, limit: 10 })
    expect((await town.ledger.read(item!.id))?.entries).toHaveLength(1)
    expect(await town.failures(await town.receipt(item!.id))).toEqual([])
  })
})

/** A copy made between a checkpoint's leaves and the checkpoint itself, with the note that was kept beside it. */
const unsigned = async (): Promise<{ town: WitnessFixture; id: number; published: string }> => {
  const town = await WitnessFixture.found()
  await town.isWritable()
  const { id } = done(await people(town.ledger).submit())
  await town.witnessed(id, 2)
  for (let i = 0; i < 3; i++) await people(town.ledger).say(id, `第${i}条`)
  await town.witnessed(id, 2)
  const published = (await town.ledger.log.checkpoint()) ?? ''
  town.sqlite.exec('drop trigger checkpoints_no_delete; drop trigger cosignatures_no_delete')
  town.sqlite.exec('delete from cosignatures where checkpoint > 2; delete from checkpoints where id > 2')
  await town.stop()
  return { town, id, published }
}
const sizeOf = (note: string | null) => parseCheckpoint(parseNote(note ?? '').text).size

describe('a database that has every leaf, and lacks the newest checkpoints alone', () => {
  test('goes on from the note beside it', async () => {
    const { town, id, published } = await unsigned()
    expect(sizeOf(published)).toBe(6)
    await town.start()
    expect(sizeOf(await town.ledger.log.checkpoint())).toBe(6)
    await town.isWritable()
    await people(town.ledger).say(id, '在吗')
    await town.witnessed(id, 2)
    expect(await town.failures(await town.receipt(id))).toEqual([])
    await town.restart()
    await town.isWritable()
  })

  test('publishes nothing smaller than the note, and nothing larger before its witnesses answered', async () => {
    const { town } = await unsigned()
    for (const neighbour of town.neighbours) neighbour.silent()
    town.policy = { ...(town.policy as object), name: 'cn-2026-2' }
    await town.start()
    await town.later(MINUTE)
    expect(await town.ledger.readOnly()).toMatch(/waiting for witnesses/)
    expect(sizeOf(await town.ledger.log.checkpoint())).toBe(6)
    for (const neighbour of town.neighbours) neighbour.well()
    await town.later(2 * MINUTE)
    await town.isWritable()
  })

  test('takes no note that none of its keys signed', async () => {
    const { town } = await unsigned()
    const file = join(town.folder, 'last-checkpoint')
    const { text, signatures } = parseNote(readFileSync(file, 'utf8'))
    const forged = signatures.map(each => ({ ...each, bytes: each.bytes.map(byte => byte ^ 1) }))
    writeFileSync(file, formatNote({ text, signatures: forged }))
    await town.start()
    await town.isReadOnly(/another history/)
    expect(sizeOf(await town.ledger.log.checkpoint())).toBeLessThan(6)
  })
})

test('a fork that shows in mid-use stops the log', async () => {
  const town = await WitnessFixture.found({ quorum: 'any' })
  await town.isWritable()
  const { id } = done(await people(town.ledger).submit())
  await town.witnessed(id, 2)
  town.two.instead = async () => ({ status: 422, type: 'text/plain', body: 'no\n' })
  await people(town.ledger).say(id, '在吗')
  await town.isReadOnly(/the witness university knows another history/)
  expect(await people(town.ledger).say(id, '还在吗')).toEqual({ refused: 'read_only' })
  await expect(town.ledger.registry.addCredential('h', { role: 'platform', name: '' })).rejects.toThrow(
    /another history/,
  )
})

describe('witnesses that are silent at the start', () => {
  const silent = async () => {
    const town = await WitnessFixture.found()
    await town.isWritable()
    const { id } = done(await people(town.ledger).submit())
    await town.witnessed(id, 2)
    for (const neighbour of town.neighbours) neighbour.silent()
    town.policy = { ...(town.policy as object), name: 'cn-2026-2' }
    await town.restart()
    return { town, id }
  }

  test('let nothing be written, signed or adopted, until a quorum answers', async () => {
    const { town, id } = await silent()
    const signed = checkpoints(town)
    expect(await town.ledger.readOnly()).toBe('waiting for witnesses')
    expect(await people(town.ledger).submit()).toEqual({ refused: 'read_only' })
    await town.later(20 * MINUTE)
    await town.ledger.asked()
    expect(await town.ledger.readOnly()).toBe('waiting for witnesses; association is silent; university is silent')
    expect(checkpoints(town)).toEqual(signed)
    expect(await town.ledger.statement(id)).toBeTruthy()
    town.one.well()
    await town.later(2 * MINUTE)
    await town.ledger.asked()
    expect(await town.ledger.readOnly()).toBe('waiting for witnesses; university is silent')
    town.two.well()
    await town.later(2 * MINUTE)
    await town.isWritable()
    const second = done(await people(town.ledger).submit()).id
    expect((await town.ledger.read(second))?.entries[0]?.step.policy?.name).toBe('cn-2026-2')
    await town.witnessed(second, 2)
    expect(await town.failures(await town.receipt(second))).toEqual([])
  })

  test('keep no reader waiting, and keys of the API are taken', async () => {
    const { town, id } = await silent()
    expect((await town.ledger.read(id))?.entries).toHaveLength(1)
    expect(await town.failures(await town.receipt(id))).toEqual([])
    await town.ledger.registry.addCredential('h', { role: 'platform', name: 'platform' })
    expect(await town.ledger.registry.credential('h')).toMatchObject({ role: 'platform' })
  })

  test('are named where the operator looks (readyz)', async () => {
    const { town } = await silent()
    const app = await appOver(town.ledger)
    const ready = await app.request('/readyz')
    expect([ready.status, await ready.json()]).toEqual([
      503,
      {
        ...{ status: 'unavailable', reason: 'waiting_for_witnesses' },
        detail: expect.stringMatching(/^waiting for witnesses/),
      },
    ])
    expect((await app.request('/healthz')).status).toBe(200)
  })

  test('are not waited for where no quorum is asked for', async () => {
    const town = await WitnessFixture.found({ quorum: 'none' })
    for (const neighbour of town.neighbours) neighbour.silent()
    await town.restart()
    expect(await town.ledger.readOnly()).toBeNull()
  })
})
