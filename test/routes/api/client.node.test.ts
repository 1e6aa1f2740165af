import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { STEP_KINDS } from '../../../src/complaint/words.ts'
import { serve } from '../../support/serve.ts'
import { openTestHost, TestServer } from '../../support/server.ts'

// The client that `/api/v1/client.ts` answers: compiled as an integrator would, and run against a server on a real port.
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'tousu-client-'))
const require = createRequire(import.meta.url)
const TSC = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')

let house: TestServer<Awaited<ReturnType<typeof openTestHost>>>
let server: Awaited<ReturnType<typeof serve>>
beforeAll(async () => {
  house = new TestServer(await openTestHost(Date.now()))
  server = await serve(house.door.app)
  const reply = await fetch(`${server.origin}/api/v1/client.ts`)
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/plain; charset=UTF-8'])
  writeFileSync(join(folder, 'client.ts'), await reply.text())
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
})
afterAll(async () => {
  server.server.close()
  await house.door.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What tsc has to say of a program, by line. */
const faultsOf = async (name: string, program: string): Promise<string[]> => {
  writeFileSync(join(folder, name), program)
  const flags = ['--noEmit', '--strict', '--target', 'esnext', '--module', 'nodenext', '--skipLibCheck']
  const more = ['--allowImportingTsExtensions', '--types', '', '--lib', 'esnext,dom,dom.iterable']
  try {
    await run(process.execPath, [TSC, ...flags, ...more, join(folder, name)], { cwd: folder })
    return []
  } catch (error) {
    return String((error as { stdout: string }).stdout)
      .split('\n')
      .filter(line => line.includes('error'))
  }
}

const GOOD = `import { Tousu, TousuError } from './client.ts'

const tousu = new Tousu(process.env.TOUSU_URL!, process.env.TOUSU_KEY!)
const { items } = await tousu.listComplaints({ state: 'awaiting_merchant', limit: 10 })
for (const item of items) {
  if (item.lastStep.kind !== 'submitted' || item.remedySought === null) continue
  const done = await tousu.postResponses(
    { id: item.id, idempotencyKey: 'agree-' + item.id },
    { answer: 'offer', statement: '同意', operator: '07', offer: { kind: item.remedySought.kind } },
  )
  console.log(item.orderId, done.state, done.warnings?.length ?? 0)
}
const proof = new FormData()
for (const [name, value] of Object.entries({ text: '留言', operator: '07' })) proof.set(name, value)
if (items[0]) console.log((await tousu.postMessages({ id: items[0].id }, proof)).step.kind)
try {
  await tousu.readComplaint({ id: 'ZZZZZZZZZZ' })
} catch (error) {
  console.log(error instanceof TousuError && error.problem.code)
}
const { items: hooks } = await tousu.listWebhooks()
console.log(hooks.length)
`

test('a program of the typed client compiles, and does what it says', async () => {
  expect(await faultsOf('good.ts', `declare const process: { env: Record<string, string> }\n${GOOD}`)).toEqual([])
  const filed = await house.submit({ orderId: 'TYPED-1' })
  writeFileSync(join(folder, 'run.ts'), GOOD)
  const env = { ...process.env, TOUSU_URL: server.origin, TOUSU_KEY: house.door.keys.merchant }
  const { stdout } = await run(process.execPath, [join(folder, 'run.ts')], { env, timeout: 25_000 })
  expect(stdout).toBe('TYPED-1 fulfilment 0\nmessage_added\nnot_found\n0\n')
  expect((await house.view(filed)).complaint.state).toBe('fulfilment')
})

test('a misspelt state, kind or field does not compile', async () => {
  const program = `import { Tousu } from './client.ts'
const tousu = new Tousu('https://t.example.cn', 'key')
await tousu.listComplaints({ state: 'awaiting_merchnat' })
const { complaint, steps } = await tousu.readComplaint({ id: 'x' })
complaint.state === 'closed'
steps[0]?.kind === 'rulled'
await tousu.postResponses({ id: 'x' }, { answer: 'offer', statement: 'x', operater: '07' })
await tousu.postResponses({ id: 'x' }, { answer: 'reject', ground: 'missuse', statement: 'x' })
`
  const lines = (await faultsOf('bad.ts', program)).map(fault => Number(/\((\d+),/.exec(fault)?.[1]))
  expect([...new Set(lines)]).toEqual([3, 5, 6, 7, 8])
})

test('docs/webhooks.md lists every type of event', () => {
  const doc = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8')
  for (const kind of STEP_KINDS) expect(doc).toContain(`\`complaint.${kind}\``)
})
