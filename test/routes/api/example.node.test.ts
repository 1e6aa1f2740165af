import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from '../../support/serve.ts'
import { openTestHost, TestServer } from '../../support/server.ts'

// The examples of docs/api.md, run as they stand there against a server on a real port.
const doc = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8')
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])
const folder = mkdtempSync(join(tmpdir(), 'tousu-example-'))
const run = promisify(execFile)

let house: TestServer<Awaited<ReturnType<typeof openTestHost>>>
let server: Awaited<ReturnType<typeof serve>>
beforeAll(async () => {
  // By the real clock: the examples ask from now.
  house = new TestServer(await openTestHost(Date.now()))
  server = await serve(house.door.app)
})
afterAll(async () => {
  server.server.close()
  await house.door.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the block of this language; rejects where it ends with an error. */
const example = async (language: string, program: string, order: string) => {
  const code = new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, 's').exec(doc)?.[1]
  const file = join(folder, `agree.${language === 'js' ? 'mjs' : 'py'}`)
  writeFileSync(file, code ?? '')
  const env = {
    ...process.env,
    TOUSU_URL: server.origin,
    TOUSU_KEY: house.door.keys.merchant,
    PYTHONIOENCODING: 'utf8',
  }
  return (await run(program, [file, order], { env, timeout: 25_000 })).stdout
}

describe.each([
  ['js', process.execPath, false],
  ['python', 'python3', python.status !== 0],
] as const)('the example in %s', (language, program, absent) => {
  test.skipIf(absent)('lists what changed, agrees and reports the refund, in a human’s name', async () => {
    const filed = await house.submit({ orderId: `ERP-${language}` })
    const other = await house.submit()
    const said = await example(language, program, `ERP-${language}`)
    expect(said).toContain(`${filed.id} ERP-${language} awaiting_merchant`)
    expect(said).toContain(other.id)
    const { complaint, steps } = await house.view(filed)
    expect(complaint.state).toBe('awaiting_confirmation')
    expect(steps.map(({ kind }) => kind)).toEqual(['submitted', 'merchant_responded', 'fulfilled'])
    expect(steps.slice(1).map(({ by }) => by.automated)).toEqual([false, false])
    expect(said).toMatch(/fulfilment .*\nawaiting_confirmation /)
  })

  test.skipIf(absent)('ends with an error where no complaint about the order waits', async () => {
    await expect(example(language, program, 'ERP-0')).rejects.toThrow(/0 complaints about this order/)
  })

  test('is about forty lines', () => {
    const code = new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, 's').exec(doc)?.[1] ?? ''
    expect(code.split('\n').length).toBeLessThan(48)
  })
})
