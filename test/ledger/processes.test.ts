import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { LedgerInUse, openNodeHost } from '../../src/hosts/node/sqlite.ts'
import type { Done } from '../../src/ledger/contract/ledger.ts'
import { makeSecrets, readSecrets } from '../../src/ledger/log/secrets.ts'
import { checkLog } from './check-log.ts'
import { people } from './fixture.ts'
import { newFolder, ORIGIN, openFolder } from './node-host.ts'

const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
const SCRIPT = fileURLToPath(new URL('./kept-steps.ts', import.meta.url))
const LINES = 700

/** Starts a ledger's process, kills it in the middle of its work, and answers what it had acknowledged by then. */
const killed = async (folder: string, secrets: unknown, lines: number): Promise<Done[]> => {
  const child = spawn(NODE, [SCRIPT, folder, JSON.stringify(secrets), ORIGIN], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged: Done[] = []
  for await (const line of createInterface(child.stdout)) {
    acknowledged.push(JSON.parse(line))
    if (acknowledged.length === lines) child.kill('SIGKILL')
  }
  return acknowledged
}

test('a process killed in a stream of commands has kept every step that it acknowledged', async () => {
  const folder = newFolder()
  const json = await makeSecrets()
  const secrets = await readSecrets(json)
  const acknowledged: Done[] = []
  for (let run = 0; run < 3; run++) acknowledged.push(...(await killed(folder, json, LINES + run)))
  expect(acknowledged.length).toBeGreaterThanOrEqual(3 * LINES)
  const { ledger } = await openFolder(folder, { secrets })
  expect(await ledger.readOnly()).toBeNull()
  for (const [id, steps] of Map.groupBy(acknowledged, step => step.id)) {
    const kept = (await ledger.read(id))?.entries.map(entry => entry.seq)
    expect(kept).toEqual(expect.arrayContaining(steps.map(step => step.seq)))
  }
  await people(ledger).submit()
  await checkLog(ledger, Date.now())
  await ledger.close()
}, 60_000)

test('two processes do not share a ledger', async () => {
  const folder = newFolder()
  const child = spawn(NODE, [SCRIPT, folder, JSON.stringify(await makeSecrets()), ORIGIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  expect(() => openNodeHost(folder)).toThrow(LedgerInUse)
  child.kill('SIGKILL')
  await once(child, 'exit')
  openNodeHost(folder).close()
})
