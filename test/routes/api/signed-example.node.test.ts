import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../support/serve.ts'
import { openTestHost, TestServer } from '../../support/server.ts'

// The signing programs of docs/api.md, run as they stand there, with a key that `tousu keys party` made.
const [, section = ''] = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8').split(
  '## Signed by your own key',
)
const works = (program: string, ...args: string[]) => spawnSync(program, args).status === 0
const hasPython = works('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 9))')
const folder = mkdtempSync(join(tmpdir(), 'tousu-signed-'))
const run = promisify(execFile)
const TOUSU = join(import.meta.dirname, '../../../src/cli/tousu.ts')

let house: TestServer<Awaited<ReturnType<typeof openTestHost>>>
let server: Awaited<ReturnType<typeof serve>>
let kid: string
const pem = join(folder, 'erp.pem')
const env = () => ({
  ...process.env,
  TOUSU_URL: server.origin,
  TOUSU_KEY: house.door.keys.merchant,
  KID: kid,
  PYTHONIOENCODING: 'utf8',
})

beforeAll(async () => {
  house = new TestServer(await openTestHost(Date.now()))
  server = await serve(house.door.app)
  const args = [TOUSU, 'keys', 'party', server.origin, '--out', pem, '--name', 'ERP']
  kid = (await run(process.execPath, args, { env: env() })).stdout.trim()
})
afterAll(async () => {
  server.server.close()
  await house.door.close()
  rmSync(folder, { recursive: true, force: true })
})

test.for([
  ['js', process.execPath, [], false],
  ['python', 'python3', [], !hasPython || !works('python3', '-c', 'import cryptography')],
  // Without site-packages there is no `cryptography`.
  ['python', 'python3', ['-S'], !hasPython || !works('openssl', 'pkeyutl', '-help')],
] as const)('the program in %s signs a message (%s %s)', async ([language, program, flags, absent], { skip }) => {
  skip(absent)
  const filed = await house.submit()
  const code = new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, 's').exec(section)?.[1] ?? ''
  const file = join(folder, language === 'js' ? 'signed.mjs' : 'signed.py')
  writeFileSync(file, code)
  const { stdout } = await run(program, [...flags, file, filed.id, pem], { env: env(), timeout: 25_000 })
  expect(stdout.trim()).toBe(kid)
  const { steps } = await house.view(filed)
  expect(steps[1]).toMatchObject({ kind: 'message_added', fields: { text: '今天退款' }, signed: { key: kid } })
})

test.each(['js', 'python'])('what signs in %s is ten lines', language => {
  const code = new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, 's').exec(section)?.[1] ?? ''
  const from = code.search(/^(const signature =|def signature\()/m)
  expect(code.slice(from).split('\n\n')[0]?.split('\n').length).toBeLessThanOrEqual(10)
})
