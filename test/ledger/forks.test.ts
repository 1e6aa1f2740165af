import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { createDeps } from '../../src/hosts/create-deps.ts'
import { folderStore } from '../../src/hosts/node/file-store.ts'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { systemClock } from '../../src/ledger/clock.ts'
import { LocalLedger, ReadOnly } from '../../src/ledger/local-ledger.ts'
import { WrongLog } from '../../src/ledger/log/opening.ts'
import type { Secrets } from '../../src/ledger/log/secrets.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { createApp } from '../../src/routes/app.ts'
import { linkUrl } from '../../src/routes/deps.ts'
import { checkLog } from './check-log.ts'
import { done, people } from './fixture.ts'
import { newFolder, newSecrets, ORIGIN, openFolder } from './node-host.ts'

const files = (folder: string) => ({
  database: join(folder, 'ledger.db'),
  backup: join(folder, 'backup.db'),
  note: join(folder, 'last-checkpoint'),
})

/** Runs a ledger for a while, and closes it once all of it is published. */
const session = async (folder: string, secrets: Secrets, messages: number) => {
  const { ledger } = await openFolder(folder, { secrets })
  const { submit, say } = people(ledger)
  const { id } = done(await submit())
  for (let i = 0; i < messages; i++) await say(id, `第${i}条`)
  await ledger.statement(id)
  await ledger.close()
  return id
}

/** A folder whose database was restored from a backup, taken before the newest checkpoint. */
const restored = async () => {
  const folder = newFolder()
  const secrets = await newSecrets()
  const { database, backup } = files(folder)
  const id = await session(folder, secrets, 3)
  copyFileSync(database, backup)
  const lost = await session(folder, secrets, 3)
  copyFileSync(backup, database)
  return { folder, secrets, id, lost }
}

describe('a restored backup', () => {
  test('is read-only, and says why', async () => {
    const { folder, secrets, id, lost } = await restored()
    const { ledger } = await openFolder(folder, { secrets })
    expect(await ledger.readOnly()).toMatch(/holds 6 leaves, but a checkpoint of 10 was published/)
    const { submit, say } = people(ledger)
    expect(await submit()).toEqual({ refused: 'read_only' })
    expect(await say(id, '在吗')).toEqual({ refused: 'read_only' })
    expect((await ledger.read(id))?.entries).toHaveLength(4)
    expect(await ledger.head(id)).toMatchObject({ isHalted: true })
    expect(await ledger.read(lost)).toBeNull()
  })

  test('its tracking pages say that nothing can be sent', async () => {
    const { folder, secrets, id } = await restored()
    const { ledger } = await openFolder(folder, { secrets })
    const settings = { demo: true, baseUrl: 'https://t.tousu.example', secrets, policy: document }
    const parts = { ledgers: [ledger], files: folderStore(newFolder()), clock: systemClock, uploadBytes: 1 }
    const deps = createDeps(parts, settings)
    const page = await createApp(deps).request(linkUrl(deps, id, 'act', 0))
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('系统暂停记录')])
  })

  test('nothing at all is written to it, sent from it or signed by it', async () => {
    const { folder, secrets, id } = await restored()
    const note = readFileSync(files(folder).note, 'utf8')
    const changed = { ...document, name: 'cn-2026-2' }
    const { ledger, sqlite } = await openFolder(folder, { secrets, policy: changed })
    const before = sqlite.serialize()
    expect(await ledger.tick()).toBeNull()
    expect(await ledger.outbox.dueMessages(10)).toEqual([])
    const message = {
      ...{ id: 1, complaint: id, party: 'buyer' as const, seq: 0, stay: 0 },
      ...{ template: 'submitted', attempts: 0, createdAt: 0, nextAt: 0 },
    }
    await expect(ledger.outbox.recordDeliveries([{ message, delivery: { outcome: 'accepted' } }])).rejects.toThrow(
      ReadOnly,
    )
    await expect(ledger.resend(id)).rejects.toThrow(ReadOnly)
    await expect(ledger.resend(404)).rejects.toThrow(ReadOnly)
    await expect(ledger.registry.addCredential('h', { role: 'platform', name: '' })).rejects.toThrow(ReadOnly)
    await ledger.statement(id)
    expect(sqlite.serialize().equals(before)).toBe(true)
    expect(readFileSync(files(folder).note, 'utf8')).toBe(note)
  })

  test('still proves what it published before', async () => {
    const { folder, secrets, id } = await restored()
    const { ledger } = await openFolder(folder, { secrets })
    const receipt = await ledger.receipt(id, 'buyer')
    expect(
      await verifyReceipt(receipt, `log ${(await ledger.log.identity()).verifierKey}\nquorum none\n`),
    ).toMatchObject({ ok: true })
  })

  test('is noticed also when it has since grown past the old size', async () => {
    const { folder, secrets } = await restored()
    const { note } = files(folder)
    const published = readFileSync(note, 'utf8')
    rmSync(note)
    await session(folder, secrets, 20)
    writeFileSync(note, published)
    const { ledger } = await openFolder(folder, { secrets })
    expect(await ledger.readOnly()).toMatch(/the first 10 leaves of this database are not those that were published/)
    await ledger.close()
  })

  test('is noticed when nothing is left of it', async () => {
    const { folder, secrets } = await restored()
    rmSync(files(folder).database)
    const { ledger } = await openFolder(folder, { secrets })
    expect(await ledger.readOnly()).toMatch(/holds 0 leaves/)
    expect(await ledger.log.checkpoint()).toBeNull()
    expect(await people(ledger).submit()).toEqual({ refused: 'read_only' })
  })

  test('is not suspected of a database that is as it was published, or newer', async () => {
    const folder = newFolder()
    const secrets = await newSecrets()
    const { note } = files(folder)
    await session(folder, secrets, 1)
    const older = readFileSync(note, 'utf8')
    await session(folder, secrets, 300)
    writeFileSync(note, older)
    const { ledger } = await openFolder(folder, { secrets })
    expect(await ledger.readOnly()).toBeNull()
    await checkLog(ledger, Date.now())
  })

  test.each(['', 'not a note', '— x y\n\n'])('is possible where the note is %j', async text => {
    const folder = newFolder()
    const secrets = await newSecrets()
    await session(folder, secrets, 1)
    writeFileSync(files(folder).note, text)
    const { ledger } = await openFolder(folder, { secrets })
    expect(await ledger.readOnly()).toMatch(/cannot be read/)
  })
})

test('other secrets than those that opened the log are refused, and nothing is written', async () => {
  const folder = newFolder()
  const secrets = await newSecrets()
  await session(folder, secrets, 1)
  for (const wrong of [{ note: (await newSecrets()).note }, { statement: (await newSecrets()).statement }]) {
    const host = openNodeHost(folder)
    const options = { host, policy: { ...document, name: 'cn-2026-2' }, origin: ORIGIN }
    expect(() => new LocalLedger({ ...options, secrets: { ...secrets, ...wrong } })).toThrow(WrongLog)
    host.close()
  }
  const { ledger } = await openFolder(folder, { secrets })
  await checkLog(ledger, Date.now())
})

test('a log keeps the name it was opened under', async () => {
  const folder = newFolder()
  const secrets = await newSecrets()
  await session(folder, secrets, 1)
  const host = openNodeHost(folder)
  const ledger = new LocalLedger({ host, secrets, policy: document, origin: 'other.invalid/log/0' })
  const identity = await ledger.log.identity()
  expect(identity.origin).toBe(ORIGIN)
  expect(identity.verifierKey).toMatch(ORIGIN)
  await ledger.close()
})

test('a new policy is adopted by the log, and older complaints stay with theirs', async () => {
  const folder = newFolder()
  const secrets = await newSecrets()
  const old = await session(folder, secrets, 0)
  const { ledger } = await openFolder(folder, { secrets, policy: { ...document, name: 'cn-2026-2' } })
  const { id } = done(await people(ledger).submit())
  const policyOf = async (complaint: number) => (await ledger.read(complaint))?.entries[0]?.step.policy?.name
  expect([await policyOf(old), await policyOf(id)]).toEqual(['cn-2026-1', 'cn-2026-2'])
  await ledger.close()
})
