import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { monitor } from '../../src/cli/monitor.ts'
import { type LiveSettings, liveSettings, PLATFORM_KEY, untilReady } from './server-process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PDF = new File(['%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n'], 'a.pdf', { type: 'application/pdf' })

let folder: string
let settings: LiveSettings
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tousu-drill-'))
  mkdirSync(join(folder, 'data'))
  settings = await liveSettings(join(folder, 'data'))
  await sh(commands().START)
  await untilReady(settings)
})
afterEach(async () => {
  await sh(commands().STOP)
  rmSync(folder, { recursive: true, force: true })
})

/** In place of systemd: the same process, by its number. */
const commands = () => {
  const pid = join(folder, 'pid')
  return {
    NODE: process.execPath,
    START: `'${process.execPath}' src/hosts/node/main.ts >>'${folder}/log' 2>&1 </dev/null & echo $! >'${pid}'`,
    STOP: `kill "$(cat '${pid}')" && while kill -0 "$(cat '${pid}')" 2>/dev/null; do sleep 0.05; done`,
  }
}
const env = () => ({ ...settings, ...commands() })
/** Asynchronous: a test that stands still doesn't see that the server closed its connections. */
const run = (command: string, args: string[] = []) =>
  new Promise<{ status: number; stdout: string; stderr: string }>(resolve => {
    execFile(command, args, { cwd: ROOT, env: env() }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    )
  })
const sh = (command: string) => run('bash', ['-c', command])
const drill = () =>
  run(join(ROOT, 'docs/deploy/restore-drill.sh'), [
    ...[settings.DATA_DIR, settings.BASE_URL],
    ...[join(folder, 'trust.txt'), join(folder, 'state')],
  ])

const file = async (): Promise<string> => {
  const body = {
    orderId: crypto.randomUUID(),
    merchantId: 'm1',
    merchantName: '小店',
    category: 'quality',
    statement: '坏了',
  }
  const response = await fetch(`${settings.BASE_URL}/api/v1/complaints`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${PLATFORM_KEY}` },
    body: JSON.stringify({ ...body, buyer: { name: '王小明', phone: '13800001234' } }),
  })
  expect(response.status).toBe(201)
  return ((await response.json()) as { trackingUrl: string }).trackingUrl
}

/** A complaint with an evidence file, seen by a monitor that remembers it. */
const lived = async (): Promise<string> => {
  const link = await file()
  const form = new FormData()
  form.set('text', '见附件')
  form.set('files', PDF)
  const shown = await fetch(`${link}/evidence`, { method: 'POST', body: form, headers: { Accept: 'application/json' } })
  expect(shown.status, await shown.clone().text()).toBe(201)
  const log = `${settings.BASE_URL}/log/0`
  writeFileSync(join(folder, 'trust.txt'), await (await fetch(`${log}/policy`)).text())
  const io = { out: () => undefined, err: () => undefined, tty: false, now: Date.now, fetch }
  expect(await monitor([log, '--policy', join(folder, 'trust.txt'), '--state', join(folder, 'state')], io)).toBe(0)
  return link
}
const stepsOf = async (link: string) => {
  const response = await fetch(link, { headers: { Accept: 'application/json' } })
  return ((await response.json()) as { steps: unknown[] }).steps
}

test('the server goes on from a copy of its folder: ready, the same pages and files, one unbroken log', async () => {
  const link = await lived()
  const before = await stepsOf(link)
  const { status, stdout, stderr } = await drill()
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/stopped\ncopied, .*\nready\n(✓ .*\n)+/)
  expect(existsSync(`${settings.DATA_DIR}.before/ledger.db`)).toBe(true)
  expect(await stepsOf(link)).toEqual(before)
  const [, sha256] = /"sha256":"([^"]+)"/.exec(JSON.stringify(before)) ?? []
  const served = await fetch(`${link}/files/${sha256}`)
  expect([served.status, await served.text()]).toEqual([200, await PDF.text()])
  await file()
  const again = await drill()
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('of an earlier drill?')])
}, 120_000)

test('a copy that is not ready is given up, and the server runs on its own folder again', async () => {
  await lived()
  const note = join(settings.DATA_DIR, 'last-checkpoint')
  const published = readFileSync(note, 'utf8')
  writeFileSync(note, 'not a note')
  const { status, stderr } = await drill()
  expect([status, stderr]).toEqual([1, expect.stringContaining('cannot be read')])
  expect(existsSync(`${settings.DATA_DIR}.before`)).toBe(false)
  await sh(commands().STOP)
  writeFileSync(note, published)
  await sh(commands().START)
  await untilReady(settings)
  await file()
}, 120_000)
