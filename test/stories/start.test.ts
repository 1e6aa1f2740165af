import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeSecrets } from '../../src/ledger/log/secrets.ts'
import { parseLines } from '../support/log-lines.ts'

const ENTRY = fileURLToPath(new URL('../../src/hosts/node/main.ts', import.meta.url))
const Facts = v.object({ baseUrl: v.string(), stories: v.array(v.object({ id: v.string(), trackingUrl: v.string() })) })

const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
const OURS = { PATH, NODE_COMPILE_CACHE }

let folder: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tousu-start-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const run = (env: Record<string, string>) => {
  const child = spawn(process.execPath, [ENTRY], { env: { ...OURS, DATA_DIR: folder, ...env } })
  children.push(child)
  const started = {
    child,
    out: '',
    err: '',
    ended: new Promise<number | null>(resolve => child.once('close', resolve)),
  }
  child.stdout.on('data', text => {
    started.out += text
  })
  child.stderr.on('data', text => {
    started.err += text
  })
  return started
}
type Started = ReturnType<typeof run>

/** Waits for the last line that a start prints. */
const introduced = async (started: Started): Promise<void> => {
  await expect
    .poll(() => `${started.out}${started.err}`, { timeout: 40_000, interval: 50 })
    .toMatch(/demo phone|could not start/)
  expect(started.err).toBe('')
}
const facts = (data = folder) => v.parse(Facts, JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')))

/** The process ends with a failure and one log line for the operator, without a stack. */
const failed = async (started: Started, about: RegExp): Promise<void> => {
  expect(await started.ended).not.toBe(0)
  const line = { level: 'error', msg: 'could not start', reason: expect.stringMatching(about) }
  expect(
    parseLines(
      started.err
        .trimEnd()
        .split('\n')
        .map(each => [each]),
    ),
  ).toMatchObject([line])
}

test('in a folder that was missing: files for its own user alone, and rate limits by the address that the proxy forwards', async () => {
  const deep = join(folder, 'a', 'b')
  const started = run({ PORT: '0', DATA_DIR: deep })
  await introduced(started)
  const files = readdirSync(deep, { recursive: true, withFileTypes: true })
  expect(files.length).toBeGreaterThan(3)
  for (const file of files) {
    const { mode } = statSync(join(file.parentPath, file.name))
    expect([file.name, mode & 0o077]).toEqual([file.name, 0])
  }
  const { baseUrl } = facts(deep)
  const post = async (address: string) => {
    const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': address }
    return (await fetch(`${baseUrl}/pickup`, { method: 'POST', headers, body: '{"code":"x","last4":"1234"}' })).status
  }
  const answers = []
  for (let i = 0; i < 60; i++) answers.push(await post('198.51.100.1, 203.0.113.7'))
  expect(new Set(answers)).toEqual(new Set([404, 429]))
  expect(await post('198.51.100.1, 203.0.113.8')).toBe(404)
  expect(started.out + started.err).not.toContain('203.0.113')
})

test('prints the links of every role and writes demo.json; a restart changes nothing', async () => {
  const first = run({ PORT: '0' })
  await introduced(first)
  const { baseUrl, stories } = facts()
  expect(baseUrl).toMatch(/^http:\/\/localhost:[1-9]\d+$/)
  expect(stories).toHaveLength(6)
  for (const part of [stories[0]?.trackingUrl, '商家', '承办人', '主管', '/demo']) expect(first.out).toContain(part)
  const page = await fetch(stories[0]?.trackingUrl ?? '')
  expect([page.status, (await page.text()).includes('透诉')]).toEqual([200, true])
  const url = `${stories[0]?.trackingUrl}/messages`
  const said = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"text":"在吗"}',
  })
  expect(said.status).toBe(201)

  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  expect(first.err).toBe('')

  const second = run({ PORT: new URL(baseUrl).port })
  await introduced(second)
  expect(facts()).toEqual({ baseUrl, stories })
  const again = await fetch(stories[0]?.trackingUrl ?? '', { headers: { Accept: 'text/html' } })
  expect((await again.text()).includes('在吗')).toBe(true)
})

test('live: every line is a log line, and metrics are for this machine and the bearer of the token', async () => {
  const secrets = JSON.stringify(await makeSecrets())
  const token = 'metrics-token-of-24-chars'
  const live = { TOUSU_MODE: 'live', BASE_URL: 'https://t.cn', TOUSU_ORIGIN: 't.cn/log/0', TOUSU_SECRETS: secrets }
  const started = run({ PORT: '0', ...live, TOUSU_METRICS_TOKEN: token })
  const lines = (text: string) => parseLines(text.split('\n').flatMap(line => (line === '' ? [] : [[line]])))
  await expect.poll(() => lines(started.out), { timeout: 40_000 }).toMatchObject([{ level: 'info', msg: 'listens' }])
  const port = lines(started.out)[0]?.port
  const read = async (headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).status
  const forwarded = { 'X-Forwarded-For': '203.0.113.7' }
  expect([
    await read({}),
    await read(forwarded),
    await read({ ...forwarded, Authorization: `Bearer ${token}` }),
  ]).toEqual([200, 401, 200])
  started.child.kill('SIGTERM')
  expect(await started.ended).toBe(0)
  expect(lines(started.err)).toMatchObject([{ level: 'warn', msg: expect.stringContaining('TOUSU_SMS') }])
})

test('single writer: a second process on the same folder is refused', async () => {
  const first = run({ PORT: '0' })
  await introduced(first)
  const before = readFileSync(join(folder, 'demo.json'), 'utf8')
  await failed(run({ PORT: '0' }), /another process/)
  const link = `${folder}-link`
  symlinkSync(folder, link)
  await failed(run({ PORT: '0', DATA_DIR: link }), /another process/)
  rmSync(link)
  expect(readFileSync(join(folder, 'demo.json'), 'utf8')).toBe(before)
  expect((await fetch(`${facts().baseUrl}/readyz`)).status).toBe(200)
  expect((await fetch(facts().stories[0]?.trackingUrl ?? '')).status).toBe(200)
})

test('a taken port is named, before anything is seeded', async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, resolve))
  const address = server.address()
  const port = typeof address === 'object' ? `${address?.port}` : ''
  await failed(run({ PORT: port }), /port/)
  expect(existsSync(join(folder, 'ledger.db'))).toBe(false)
  server.close()
})

test('a data folder that cannot be created is named', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const places = [file, join(file, 'deeper'), '/proc/tousu']
  await Promise.all(places.map(DATA_DIR => failed(run({ PORT: '0', DATA_DIR }), /data folder/)))
})

test('a malformed file of the demo is named, and not overwritten', async () => {
  for (const name of ['secrets.json', 'demo.json']) {
    writeFileSync(join(folder, name), 'not JSON')
    await failed(run({ PORT: '0' }), new RegExp(name))
    expect(readFileSync(join(folder, name), 'utf8')).toBe('not JSON')
    rmSync(join(folder, name))
  }
})

test('all faults are named at once, misspelt settings too', async () => {
  const wrong = { PORT: 'http', TOUSU_MODE: 'live', TOUSU_SECRET: 'hunter2' }
  const started = run(wrong)
  await failed(
    started,
    /TOUSU_SECRET is no setting; the nearest is TOUSU_SECRETS\. PORT is not .*\. BASE_URL is missing/,
  )
  expect(started.err).not.toContain('hunter2')
  expect(existsSync(join(folder, 'ledger.db'))).toBe(false)
})

test('a malformed policy is refused, with the path of its fault', async () => {
  const file = join(folder, 'ours.json')
  const document = JSON.parse(readFileSync(new URL('../../db/policies/cn-2026-1.json', import.meta.url), 'utf8'))
  delete document.times.awaiting_buyer
  writeFileSync(file, JSON.stringify(document))
  await failed(run({ PORT: '0', TOUSU_POLICY: file }), /TOUSU_POLICY: .*cn-2026-1: times\.awaiting_buyer: /)
  expect(existsSync(join(folder, 'ledger.db'))).toBe(false)
})

test('crash recovery: a start that was killed while seeding is completed by the next', async () => {
  const first = run({ PORT: '0' })
  await expect.poll(() => existsSync(join(folder, 'ledger.db')), { interval: 5, timeout: 10_000 }).toBe(true)
  await new Promise(resolve => setTimeout(resolve, 120))
  first.child.kill('SIGKILL')
  await first.ended
  const second = run({ PORT: '0' })
  await introduced(second)
  const { stories } = facts()
  expect(stories).toHaveLength(6)
  for (const { trackingUrl } of stories) expect((await fetch(trackingUrl)).status).toBe(200)
})

test('a log that can’t be written ends nothing', async () => {
  const full = openSync('/dev/full', 'w')
  const env = { ...OURS, DATA_DIR: folder, PORT: '0' }
  const child = spawn(process.execPath, [ENTRY], { env, stdio: ['ignore', full, full] })
  children.push(child)
  await expect.poll(() => existsSync(join(folder, 'demo.json')), { timeout: 40_000 }).toBe(true)
  const { baseUrl } = facts()
  expect((await fetch(`${baseUrl}/healthz`)).status).toBe(200)
  expect(child.exitCode).toBeNull()
})

test('SIGTERM answers what is under way and waits for no keep-alive connection', async () => {
  const started = run({ PORT: '0' })
  await introduced(started)
  const { stories } = facts()
  const link = stories[0]?.trackingUrl ?? ''
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const body = JSON.stringify({ text: '还在吗' })
  let acknowledged = 0
  let stopped = false
  const busy = Array.from({ length: 24 }, async () => {
    while (!stopped) {
      const answer = await fetch(`${link}/messages`, { method: 'POST', headers, body }).catch(() => null)
      if (answer?.status === 201) acknowledged++
      if (answer === null) return
    }
  })
  await new Promise(resolve => setTimeout(resolve, 300))
  const began = performance.now()
  started.child.kill('SIGTERM')
  expect(await started.ended).toBe(0)
  const took = performance.now() - began
  stopped = true
  await Promise.all(busy)
  expect(took).toBeLessThan(4000)
  const second = run({ PORT: '0' })
  await introduced(second)
  const view = (await (await fetch(facts().stories[0]?.trackingUrl ?? '', { headers })).json()) as {
    steps: { kind: string }[]
  }
  const kept = view.steps.filter(({ kind }) => kind === 'message_added').length
  expect(kept).toBeGreaterThanOrEqual(acknowledged)
})
