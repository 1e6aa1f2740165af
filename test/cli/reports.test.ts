import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { main } from '../../src/cli/tousu.ts'
import { readSecrets } from '../../src/ledger/log/secrets.ts'
import { parseSms } from '../../src/notify/sms/vendors/config.ts'
import { reportReaders } from '../../src/notify/sms/vendors/reports.ts'
import { ALIYUN, sms, TENCENT } from '../notify/sms/vendors/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'tousu-reports-'))
const file = join(folder, 'secrets.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.unstubAllEnvs())

const run = async (...args: string[]) => {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { out: (line: string) => void out.push(line), err: (text: string) => void err.push(text) }
  const code = await main(args, { ...io, tty: false, now: Date.now, fetch })
  return { code, out, err: err.join('') }
}

test('the addresses that it names are those that the server opens', async () => {
  await run('keys', 'secrets', '--out', file)
  const { code, out } = await run('reports', 'https://t.tousu.cn/', '--secrets', file)
  expect(code).toBe(0)
  expect(out.map(line => line.split(' ')[0])).toEqual(['aliyun', 'tencent', 'twilio', 'gateway'])
  const { tags } = await readSecrets(JSON.parse(readFileSync(file, 'utf8')))
  const readers = reportReaders(parseSms(sms(ALIYUN, TENCENT)), { baseUrl: 'https://t.tousu.cn', tags })
  for (const line of out.slice(0, 2)) {
    const [vendor = '', url = ''] = line.split(' ')
    const secret = new URL(url).pathname.split('/')[4] ?? ''
    expect(secret).toMatch(/^[\w-]{22}$/)
    expect(readers.get(vendor)?.({ url, secret, header: () => undefined, body: '[]', now: 0 })).toEqual([])
  }
})

test('secrets may stand in the environment, as for the server', async () => {
  vi.stubEnv('TOUSU_SECRETS', readFileSync(file, 'utf8'))
  const named = await run('reports', 'https://t.tousu.cn', '--secrets', file)
  expect((await run('reports', 'https://t.tousu.cn')).out).toEqual(named.out)
})

test.each([
  ['no address', []],
  ['no address of a server', ['t.tousu.cn', '--secrets', file]],
  ['no secrets', ['https://t.tousu.cn']],
  ['no file', ['https://t.tousu.cn', '--secrets', join(folder, 'nowhere')]],
])('%s is one line', async (_, args) => {
  vi.stubEnv('TOUSU_SECRETS', '')
  const { code, out, err } = await run('reports', ...args)
  expect([code, out]).toEqual([2, []])
  expect(err).toMatch(/^tousu reports: [^\n]+\n$/)
})

test('what is wrong with a file is not shown', async () => {
  const wrong = join(folder, 'wrong.json')
  writeFileSync(wrong, '{"tags":"sEcReT"}')
  expect((await run('reports', 'https://t.tousu.cn', '--secrets', wrong)).err).not.toContain('sEcReT')
})
