import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { main } from '../../src/cli/tousu.ts'
import { makeSecrets, type SecretsFile } from '../../src/ledger/log/secrets.ts'
import { PLATFORM_KEY, startOn } from './server-process.ts'

// workerd alone, as docs/deploy/workerd.capnp has it, and what Cloudflare's point-in-time recovery does to an object: its SQLite is
// that of an earlier time, while NOTES is not. workerd keeps no history itself, so the files of that time are put in its place.

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TOKEN = 'token-of-the-operator-for-this-hour'
const folder = mkdtempSync(join(tmpdir(), 'tousu-workerd-'))
const at = (...names: string[]) => join(folder, ...names)
/** As TOUSU_SECRETS has them: of a key there may be a list. */
let secrets: Omit<SecretsFile, 'note'> & { note: SecretsFile['note'] | SecretsFile['note'][] } = await makeSecrets()
let base = ''
let child: ChildProcess | null = null

const start = async (): Promise<void> => {
  const { port, child: started } = await startOn(port =>
    spawn(
      join(ROOT, 'node_modules/.bin/workerd'),
      ['serve', 'docs/deploy/workerd.capnp', '-d', `data=${at('data')}`, '-s', `http=127.0.0.1:${port}`],
      {
        cwd: ROOT,
        stdio: 'ignore',
        env: {
          BASE_URL: `http://127.0.0.1:${port}`,
          TOUSU_ORIGIN: 't.example.cn/log',
          TOUSU_PLATFORM_KEY: PLATFORM_KEY,
          TOUSU_OPERATOR_TOKEN: TOKEN,
          TOUSU_SECRETS: JSON.stringify(secrets),
        },
      },
    ),
  )
  child = started
  base = `http://127.0.0.1:${port}`
}
/** Killed, as when the machine dies. */
const kill = async (): Promise<void> => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}
beforeAll(async () => {
  execFileSync(process.execPath, ['src/cli/build-edge.ts'], { cwd: ROOT })
  mkdirSync(at('data'))
  await start()
})
afterAll(async () => {
  await kill()
  rmSync(folder, { recursive: true, force: true })
})

const api = (path: string, init: RequestInit = {}) =>
  fetch(`${base}${path}`, {
    ...init,
    headers: {
      Authorization: `Bearer ${PLATFORM_KEY}`,
      'Content-Type': 'application/json',
      Accept: 'application/json',
      ...init.headers,
    },
  })
let orders = 0
const submit = async () => {
  const answer = await api('/api/v1/complaints', {
    method: 'POST',
    body: JSON.stringify({
      orderId: `W-${orders++}`,
      ...{ merchantId: 'm1', merchantName: '小店', category: 'quality', statement: '坏了' },
      buyer: { name: '王小明', phone: '13800001234' },
    }),
  })
  expect(answer.status).toBe(201)
  const { id, trackingUrl } = (await answer.json()) as { id: string; trackingUrl: string }
  return { id, room: new URL(trackingUrl).pathname }
}
const say = async (room: string, text: string) =>
  (await api(`${room}/messages`, { method: 'POST', body: JSON.stringify({ text }) })).status
const page = async (room: string) => {
  const answer = await fetch(`${base}${room}`, { headers: { Accept: 'text/html', 'Accept-Language': 'en' } })
  return { status: answer.status, text: await answer.text() }
}
const receipt = async (room: string, name: string): Promise<string> => {
  writeFileSync(at(name), await (await api(`${room}/receipt.json`)).text())
  return at(name)
}
const tousu = async (...args: string[]) => {
  const lines: string[] = []
  const io = { out: (line: string) => void lines.push(line), err: (text: string) => void lines.push(text), tty: false }
  const code = await main(args, { ...io, now: Date.now, fetch, apiKey: TOKEN })
  return { code, out: lines.join('\n') }
}
const monitor = () => tousu('monitor', `${base}/log/0`, '--policy', at('trust.txt'), '--state', at('state'))
const ready = async () => (await (await fetch(`${base}/readyz`)).json()) as { status: string; reason?: string }

/** The object of the shard, without the one that keeps the last checkpoints. */
const shardFiles = () => at('data', 'tousu-shard')
const rewind = async (to: string): Promise<void> => {
  await kill()
  rmSync(shardFiles(), { recursive: true })
  cpSync(at(to), shardFiles(), { recursive: true })
  await start()
}
const keepAs = async (name: string): Promise<void> => {
  await kill()
  cpSync(shardFiles(), at(name), { recursive: true })
  await start()
}
/** Once a checkpoint covers everything and is kept elsewhere. */
const published = async (room: string): Promise<void> => {
  await expect.poll(async () => (await api(`${room}/receipt.json`)).status).toBe(200)
  await expect.poll(async () => (await monitor()).code).toBe(0)
}

test('a buyer’s page is served, and what was acknowledged is there after a kill', async () => {
  expect(await ready()).toMatchObject({ status: 'ready' })
  const { room } = await submit()
  expect(await say(room, 'still there?')).toBe(201)
  await kill()
  await start()
  const { status, text } = await page(room)
  expect([status, text.includes('still there?')]).toEqual([200, true])
  writeFileSync(at('trust.txt'), await (await fetch(`${base}/log/0/policy`)).text())
  await published(room)
  expect(readdirSync(shardFiles()).some(name => name.endsWith('.sqlite'))).toBe(true)
})

test('the operator’s entry: its token alone, and honest words where the runtime keeps no history', async () => {
  const asked = (headers: Record<string, string>) => fetch(`${base}/operator/shards/0`, { headers })
  expect((await asked({})).status).toBe(401)
  expect((await asked({ Authorization: `Bearer ${PLATFORM_KEY}` })).status).toBe(401)
  expect((await asked({ Authorization: `Bearer ${TOKEN}` })).status).toBe(200)
  expect((await tousu('recover', base, '--shard', '1')).out).toContain('answered 404')
  const { code, out } = await tousu('recover', base, '--at', new Date(Date.now() - 60_000).toISOString())
  expect([code, out]).toEqual([2, expect.stringContaining('does not implement point-in-time recovery')])
  expect((await tousu('recover', base, '--at', 'yesterday')).out).toContain('answered 422')
  expect(await ready()).toMatchObject({ status: 'ready' })
})

test('taken back, with copies of all that came since: it goes on, and a monitor sees one log', async () => {
  const { room } = await submit()
  await published(room)
  await keepAs('earlier')
  expect(await say(room, 'after the instant')).toBe(201)
  const fresh = await submit()
  await published(fresh.room)
  const copies = [await receipt(room, 'a.json'), await receipt(fresh.room, 'b.json')]
  await rewind('earlier')
  expect(await ready()).toMatchObject({ reason: 'fork' })
  const short = await tousu('recover', base, '--from', copies[0] ?? '')
  expect([short.code, short.out]).toEqual([1, expect.stringContaining('--declare-lost 1')])
  expect(await ready()).toMatchObject({ reason: 'fork' })
  const whole = await tousu('recover', base, ...copies.flatMap(copy => ['--from', copy]))
  expect([whole.code, whole.out]).toEqual([0, expect.stringContaining('2 leaves came back')])
  await expect.poll(ready).toMatchObject({ status: 'ready' })
  for (const each of [room, fresh.room]) {
    expect((await page(each)).status).toBe(200)
    expect(await say(each, 'it goes on')).toBe(201)
  }
  expect((await page(room)).text).toContain('after the instant')
  await published(room)
  expect((await tousu('recover', base)).out).toMatch(/✓ all \d+ leaves that were signed are there/)
})

test('what nobody has is declared lost with its exact number: page, JSON, receipt and monitor know', async () => {
  const { room } = await submit()
  await published(room)
  await keepAs('before-loss')
  expect(await say(room, 'nobody kept this')).toBe(201)
  const gone = await submit()
  await published(gone.room)
  await rewind('before-loss')
  expect(await ready()).toMatchObject({ reason: 'fork' })
  expect((await tousu('recover', base)).out).toContain('--declare-lost 2')
  // A successor signs with a key of its own.
  expect((await tousu('recover', base, '--declare-lost', '2')).out).toContain('a successor signs with a key of its own')
  const { note } = secrets
  await kill()
  const fresh = await makeSecrets()
  secrets = { ...secrets, note: [fresh.note, note].flat() }
  await start()
  expect((await tousu('recover', base, '--declare-lost', '1')).out).toContain('--declare-lost 2')
  const declared = await tousu('recover', base, '--declare-lost', '2')
  expect([declared.code, declared.out]).toEqual([0, expect.stringContaining('goes on as t.example.cn/log/0.2')])
  await expect.poll(ready).toMatchObject({ status: 'ready' })
  expect(await say(room, 'after the loss')).toBe(201)
  const { text } = await page(room)
  expect(text).toContain('after the loss')
  expect(text).not.toContain('nobody kept this')
  const view = (await (await api(room)).json()) as unknown
  expect(view).toMatchObject({ complaint: { lost: { leaves: 2 } } })
  expect((await page(gone.room)).status).toBe(404)
  // The monitor that saw all of it: told of the new key it names what was lost; without it, it refuses.
  expect((await monitor()).code).toBe(1)
  const line = declared.out.split('\n').find(each => each.startsWith('log '))
  const trust = (await (await fetch(`${base}/log/0/policy`)).text()).includes(line ?? 'none')
  expect(trust).toBe(true)
  writeFileSync(at('trust.txt'), await (await fetch(`${base}/log/0/policy`)).text())
  await expect.poll(async () => (await monitor()).code).toBe(0)
  const later = await receipt(room, 'later.json')
  expect((await tousu('verify', later, '--policy', at('trust.txt'))).code).toBe(0)
  // A restart takes the successor for what it is, by the checkpoint that was kept outside.
  await kill()
  await start()
  expect(await ready()).toMatchObject({ status: 'ready' })
  // And its storage of before is still refused.
  await rewind('before-loss')
  expect(await ready()).toMatchObject({ reason: 'fork' })
})
