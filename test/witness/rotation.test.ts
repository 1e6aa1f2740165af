import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { main } from '../../src/cli/tousu.ts'
import { WrongLog } from '../../src/ledger/log/opening.ts'
import { readSecrets } from '../../src/ledger/log/secrets.ts'
import { fromBase64 } from '../../src/log/encoding.ts'
import { decodeLeaf } from '../../src/log/leaf.ts'
import { parseNote } from '../../src/log/note.ts'
import { readKid } from '../../src/log/statement.ts'
import { DAY, done, people } from '../ledger/fixture.ts'
import { appOver, WitnessFixture } from './fixture.ts'
import { newKey } from './keys.ts'

const found = async (): Promise<{ town: WitnessFixture; id: number }> => {
  const town = await WitnessFixture.found()
  await town.isWritable()
  const { id } = done(await people(town.ledger).submit())
  await town.witnessed(id, 2)
  return { town, id }
}

/** Another year, another key: first both are in the file, later the new one alone. */
const addKey = async (town: WitnessFixture, use: 'note' | 'statement'): Promise<void> => {
  town.secrets = { ...town.secrets, [use]: [await newKey(), town.secrets[use]].flat() }
  town.trustKeys()
  town.now += 365 * DAY
  await town.restart()
  await town.isWritable()
}
const dropKey = async (town: WitnessFixture, use: 'note' | 'statement'): Promise<void> => {
  town.secrets = { ...town.secrets, [use]: [town.secrets[use]].flat().slice(0, 1) }
  town.now += 30 * DAY
  await town.restart()
  await town.isWritable()
}

const ownLeaves = (town: WitnessFixture) =>
  town.sqlite
    .prepare<[], { bytes: Buffer }>(
      'select bytes from leaves join log_chain on log_chain.idx = leaves.idx order by seq',
    )
    .all()
    .map(({ bytes }) => decodeLeaf(bytes))
    .map(({ kind, p }) => [kind, p.use].filter(Boolean).join(' '))

const kids = async (town: WitnessFixture) => (await town.ledger.log.identity()).jwks.keys.map(({ kid }) => kid)
const signers = async (town: WitnessFixture) => {
  await town.ledger.statement((await town.ledger.inbox({ now: town.now, limit: 1 }))[0]!.id)
  const { name } = town.logKeys[0]!
  const { signatures } = parseNote((await town.ledger.log.checkpoint()) ?? '')
  return signatures.filter(signature => signature.name === name).map(({ id }) => id)
}

/** An auditor, with the trust policy of a certain day. */
const monitors = async (town: WitnessFixture, policy: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-monitor-'))
  const app = await appOver(town.ledger)
  writeFileSync(join(folder, 'trust.txt'), policy)
  const said: string[] = []
  const code = await main(
    ['monitor', 'http://log.test/log/0', '--policy', join(folder, 'trust.txt'), '--state', join(folder, 'state')],
    {
      out: line => void said.push(line),
      err: text => void said.push(text),
      tty: false,
      now: () => town.now,
      fetch: async url => app.request(url.replace('http://log.test', '')),
    },
  )
  rmSync(folder, { recursive: true })
  return { code, said: said.join('\n') }
}

describe('a new key of statements', () => {
  test('is introduced by the log, signs from then on, and its leaf is in the receipt', async () => {
    const { town, id } = await found()
    await addKey(town, 'statement')
    expect(ownLeaves(town)).toEqual(['log_opened', 'policy_adopted', 'key_added statement'])
    const second = done(await people(town.ledger).submit()).id
    await town.witnessed(second, 2)
    const [old, fresh] = await kids(town)
    for (const complaint of [id, second]) {
      const receipt = await town.receipt(complaint)
      expect(await town.failures(receipt)).toEqual([])
      expect(readKid(receipt.statement)).toBe(fresh)
      expect(decodeLeaf(fromBase64(receipt.keys[0]!.leaf)).kind).toBe('key_added')
    }
    expect(old).not.toBe(fresh)
  })

  test("leaves last year's receipts as good as they were, also after the old key is gone", async () => {
    const { town, id } = await found()
    const lastYear = await town.receipt(id)
    const before = await town.trustPolicy()
    await addKey(town, 'statement')
    expect(await town.failures(lastYear)).toEqual([])
    await dropKey(town, 'statement')
    expect(ownLeaves(town)).toEqual(['log_opened', 'policy_adopted', 'key_added statement', 'key_retired statement'])
    expect(await town.failures(lastYear)).toEqual([])
    expect(await town.failures(lastYear, before)).toEqual([])
    expect(await kids(town)).toContain(readKid(lastYear.statement))
    expect(await kids(town)).toHaveLength(2)
  })

  test('does not sign about a tree that lacks its leaf', async () => {
    const { town, id } = await found()
    for (const neighbour of town.neighbours) neighbour.silent()
    town.secrets = { ...town.secrets, statement: [await newKey(), town.secrets.statement].flat() }
    await town.restart()
    const receipt = await town.receipt(id)
    expect(readKid(receipt.statement)).toBe((await kids(town))[0])
    expect(await town.failures(receipt)).toEqual([])
  })
})

describe('a new key of checkpoints', () => {
  test('signs beside the old one, and either is trusted', async () => {
    const { town, id } = await found()
    const before = await town.trustPolicy()
    await addKey(town, 'note')
    await town.witnessed(id, 2)
    expect(await signers(town)).toEqual(town.logKeys.map(key => key.id))
    const during = await town.trustPolicy()
    expect(during.match(/^log /gm)).toHaveLength(2)
    expect((await town.ledger.log.identity()).verifierKey).toContain(town.logKeys[0]!.id)
    const second = done(await people(town.ledger).submit()).id
    await town.witnessed(second, 2)
    for (const policy of [before, during]) expect(await town.failures(await town.receipt(second), policy)).toEqual([])
  })

  test('signs alone once the old one is retired; older receipts keep the policy of their day', async () => {
    const { town, id } = await found()
    const [lastYear, before] = [await town.receipt(id), await town.trustPolicy()]
    await addKey(town, 'note')
    const during = await town.trustPolicy()
    await dropKey(town, 'note')
    await expect.poll(() => signers(town)).toEqual([town.logKeys[0]!.id])
    expect(ownLeaves(town)).toEqual(['log_opened', 'policy_adopted', 'key_added note', 'key_retired note'])
    expect((await town.trustPolicy()).match(/^log /gm)).toHaveLength(1)
    expect(await town.failures(lastYear, before)).toEqual([])
    expect(await town.failures(lastYear, during)).toEqual([])
  })
})

test('a monitor follows both changes', async () => {
  const { town, id } = await found()
  const policies = [await town.trustPolicy()]
  for (const use of ['statement', 'note'] as const) await addKey(town, use)
  policies.push(await town.trustPolicy())
  for (const use of ['statement', 'note'] as const) await dropKey(town, use)
  await people(town.ledger).say(id, '在吗')
  await town.witnessed(id, 2)
  const { code, said } = await monitors(town, policies[1] ?? '')
  expect([code, said]).toEqual([0, expect.stringMatching(/the log itself introduced the key that signed/)])
  expect((await monitors(town, policies[0] ?? '')).said).toMatch(/no log of the policy signed it/)
})

describe('the file of secrets', () => {
  test('must share a key of each use with the log', async () => {
    const { town } = await found()
    const good = town.secrets
    await town.stop()
    for (const use of ['note', 'statement'] as const) {
      town.secrets = { ...good, [use]: [await newKey(), await newKey()] }
      await expect(town.start()).rejects.toThrow(WrongLog)
    }
    town.secrets = good
    await town.start()
    await town.isWritable()
    expect(ownLeaves(town)).toEqual(['log_opened', 'policy_adopted'])
  })

  test('cannot bring a retired key back', async () => {
    const { town } = await found()
    const old = town.secrets.statement
    await addKey(town, 'statement')
    await dropKey(town, 'statement')
    await town.stop()
    town.secrets = { ...town.secrets, statement: [town.secrets.statement, old].flat() }
    await expect(town.start()).rejects.toThrow(/a key that this log has retired/)
  })

  test.each([[[]], [[{}]], ['key'], [null]])('with keys %j is refused by name', async keys => {
    const { town } = await found()
    await expect(readSecrets({ ...town.secrets, note: keys })).rejects.toThrow(/^secrets: note/)
  })

  test('does not take a key twice', async () => {
    const { town } = await found()
    const twice = { ...town.secrets, note: [town.secrets.note, town.secrets.note].flat() }
    await expect(readSecrets(twice)).rejects.toThrow(/secrets: note is missing or malformed/)
  })
})
