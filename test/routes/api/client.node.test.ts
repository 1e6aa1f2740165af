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
import { PDF } from '../uploads.ts'

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

const PDF64 = Buffer.from(PDF).toString('base64')
const SIGNED = `import { createHash, randomBytes, sign as signBytes } from 'node:crypto'
import { Tousu } from './client.ts'
import { readFileSync } from 'node:fs'

const base64url = (data: string | Buffer) => Buffer.from(data).toString('base64url')
const signature = (act: string, sent: string, of: { c: string; origin: string; seen: string }) => {
  const salt = base64url(randomBytes(16))
  const body = createHash('sha256').update(base64url('["' + salt + '","signedRequest",' + sent + ']')).digest('base64url')
  const claim = { act, body, c: of.c, origin: of.origin, seen: of.seen }
  const input = [{ alg: 'EdDSA', kid: process.env.KID }, claim].map(each => base64url(JSON.stringify(each))).join('.')
  return input + '.' + base64url(signBytes(null, Buffer.from(input), readFileSync('erp.pem'))) + ';salt=' + salt
}
const tousu = new Tousu(process.env.TOUSU_URL!, process.env.TOUSU_KEY!)
const { items: [item] } = await tousu.searchComplaints({ orderId: 'SIGNED-1' })
const id = item!.id
const { signing } = await tousu.readComplaint({ id })
const sign = (sent: string, act: string) => signature(act, sent, signing!)
const form = new FormData()
for (const [name, value] of Object.entries({ text: '第一行\\n第二行', operator: '07' })) form.set(name, value)
form.append('files', new Blob([Uint8Array.from(atob('${PDF64}'), each => each.charCodeAt(0))]), 'a.pdf')
console.log((await tousu.postMessages({ id, sign }, form)).step.signed?.key)
const offer = { answer: 'offer', statement: '同意', operator: '07', offer: { kind: 'refund', amount: item!.remedySought!.amount! } } as const
console.log((await tousu.postResponses({ id, sign, idempotencyKey: 'a' }, offer)).step.signed?.key)
const { complaint, actions } = await tousu.readComplaint({ id })
console.log(complaint.remedy?.owedBy, complaint.remedy?.amount?.value, actions.includes('fulfilment'))
`

test('it signs what it sends, a form too, and what is owed can be read', async () => {
  const declared = `declare module 'node:crypto' { const createHash: any, randomBytes: any, sign: any }
declare module 'node:fs' { const readFileSync: any }
declare const process: { env: Record<string, string> }
declare const Buffer: any
type Buffer = any
`
  writeFileSync(join(folder, 'node.d.ts'), declared)
  expect(await faultsOf('signed.ts', `/// <reference path="./node.d.ts" />\n${SIGNED}`)).toEqual([])
  await house.submit({ orderId: 'SIGNED-1' })
  const env = { ...process.env, TOUSU_URL: server.origin, TOUSU_KEY: house.door.keys.merchant }
  const cli = join(import.meta.dirname, '../../../src/cli/tousu.ts')
  const made = await run(
    process.execPath,
    [cli, 'keys', 'party', server.origin, '--out', join(folder, 'erp.pem'), '--name', 'ERP'],
    { env },
  )
  const KID = made.stdout.trim()
  writeFileSync(join(folder, 'sign.ts'), SIGNED)
  const { stdout } = await run(process.execPath, [join(folder, 'sign.ts')], {
    cwd: folder,
    env: { ...env, KID },
    timeout: 25_000,
  })
  expect(stdout).toBe(`${KID}\n${KID}\nmerchant 89.00 true\n`)
})

test('a misspelt state, kind or field does not compile', async () => {
  const program = `import { Tousu } from './client.ts'
const tousu = new Tousu('https://t.example.cn', 'key')
await tousu.listComplaints({ state: 'awaiting_merchnat' })
const { complaint, steps, actions } = await tousu.readComplaint({ id: 'x' })
complaint.state === 'closed'
steps[0]?.kind === 'rulled'
await tousu.postResponses({ id: 'x' }, { answer: 'offer', statement: 'x', operater: '07' })
await tousu.postResponses({ id: 'x' }, { answer: 'reject', ground: 'missuse', statement: 'x' })
complaint.remedy?.kind === 'refnud'
actions.includes('response')
`
  const lines = (await faultsOf('bad.ts', program)).map(fault => Number(/\((\d+),/.exec(fault)?.[1]))
  expect([...new Set(lines)]).toEqual([3, 5, 6, 7, 8, 9, 10])
})

test('docs/webhooks.md lists every type of event', () => {
  const doc = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8')
  for (const kind of STEP_KINDS) expect(doc).toContain(`\`complaint.${kind}\``)
})
