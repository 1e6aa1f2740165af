import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { link, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-2.json' with { type: 'json' }
import { type Disk, folderStore } from '../../src/hosts/node/file-store.ts'
import { createApp } from '../../src/routes/app.ts'
import type { Deps } from '../../src/routes/deps.ts'
import { sweepFiles } from '../../src/routes/evidence.ts'
import { UploadBudget } from '../../src/routes/limits.ts'
import { signIn } from '../support/people.ts'
import { serve } from '../support/serve.ts'
import { expectProblem, type Filed, made, openTestHost, TestServer, useServer } from '../support/server.ts'
import { bytes, GIF, hashOf, JPEG, PDF, PNG, upload, WEBP } from './uploads.ts'

const MB = 1024 * 1024
const DAY = 86_400_000
const house = useServer({ refuses: 503 })
const folder = mkdtempSync(join(tmpdir(), 'tousu-uploads-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The house with files and a budget of the test's own; its ledger is the same. */
const doorWith = (over: Partial<Deps>) => {
  const app = createApp({ ...house.door.deps, ...over })
  return new TestServer({ ...house.door, fetch: async (path: string, init?: RequestInit) => app.request(path, init) })
}
const send = async (
  to: TestServer,
  { room }: Filed,
  files: Parameters<typeof upload>[0],
  accept = 'application/json',
) => {
  const { body, headers } = await upload(files)
  return to.send(`${room}/evidence`, body, { ...headers, Accept: accept })
}
const left = (name: string) => readdirSync(join(folder, name, 'uploads'))

/** A document of this size, like no other. */
const pdfOf = (size: number) => {
  const file = new Uint8Array(size).fill(0x20)
  file.set(PDF.subarray(0, 9))
  file.set(bytes(crypto.randomUUID()), 9)
  file.set(bytes('%%EOF'), size - 5)
  return file
}

// The semaphore, on a real socket.

const budget = new UploadBudget(4 * MB)
let live: Awaited<ReturnType<typeof serve>>
const serveWithin = (uploads: UploadBudget) => {
  const app = createApp({ ...house.door.deps, uploads })
  return serve({ fetch: request => app.fetch(request) })
}
beforeAll(async () => {
  live = await serveWithin(budget)
})
afterAll(() => void live.server.close())
afterEach(async () => expect.poll(() => budget.uploadBytesInFlight()).toBe(0))

/** A body whose rest is still to come. */
const begin = (path: string, headers: Record<string, string | number>, start: Uint8Array, at = live.origin) => {
  const sent = request(`${at}${path}`, { method: 'POST', headers: { Accept: 'application/json', ...headers } })
  const reply = new Promise<{ status: number; retryAfter: string | undefined; text: string }>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text }),
      )
    })
  })
  reply.catch(() => undefined)
  sent.write(start)
  return { sent, reply }
}

const uploading = async ({ room }: Filed, size: number, at = live.origin) => {
  const { body, headers } = await upload([['a.pdf', pdfOf(size)]])
  const whole = new Uint8Array(body)
  const type = headers['Content-Type'] ?? ''
  const sized = { 'Content-Type': type, 'Content-Length': whole.length }
  const under = begin(`${room}/evidence`, sized, whole.subarray(0, 9), at)
  return { ...under, finish: () => void under.sent.end(whole.subarray(9)) }
}

test('uploads: what does not fit beside those under way is refused as busy, and texts still pass', async () => {
  const filed = await house.submit()
  const first = await uploading(filed, 3 * MB)
  await expect.poll(() => budget.uploadBytesInFlight()).toBeGreaterThan(3 * MB)
  const second = await (await uploading(filed, 2 * MB)).reply
  expect([second.status, second.retryAfter]).toEqual([503, expect.stringMatching(/^\d+$/)])
  expect(JSON.parse(second.text)).toMatchObject({ code: 'busy', status: 503 })
  const text = await fetch(`${live.origin}${filed.room}/messages`, {
    ...{ method: 'POST', body: JSON.stringify({ text: '还在传' }) },
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
  })
  expect(text.status).toBe(201)
  first.finish()
  expect((await first.reply).status).toBe(201)
  const again = await uploading(filed, 2 * MB)
  again.finish()
  expect((await again.reply).status).toBe(201)
})

test('uploads: one that is larger than the whole budget passes alone', async () => {
  const filed = await house.submit()
  const large = await uploading(filed, 6 * MB)
  await expect.poll(() => budget.uploadBytesInFlight()).toBe(4 * MB)
  expect((await (await uploading(filed, MB)).reply).status).toBe(503)
  large.finish()
  expect((await large.reply).status).toBe(201)
})

test('uploads: a sender who hangs up gives the room back', async () => {
  const filed = await house.submit()
  const { sent, reply } = await uploading(filed, 3 * MB)
  await expect.poll(() => budget.uploadBytesInFlight()).toBeGreaterThan(3 * MB)
  sent.destroy()
  await expect(reply).rejects.toThrow()
  await expect.poll(() => budget.uploadBytesInFlight()).toBe(0)
  expect((await house.view(filed)).steps).toHaveLength(1)
})

test('uploads: a body of unknown length counts as it comes, and one that ends early counts no more', async () => {
  const filed = await house.submit()
  const type = 'multipart/form-data; boundary=x'
  const start = bytes('--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n')
  const { sent, reply } = begin(`${filed.room}/evidence`, { 'Content-Type': type }, start)
  sent.write(new Uint8Array(2 * MB))
  await expect.poll(() => budget.uploadBytesInFlight()).toBeGreaterThan(2 * MB)
  const beside = await uploading(filed, MB)
  await expect.poll(() => budget.uploadBytesInFlight()).toBeGreaterThan(3 * MB)
  sent.end(new Uint8Array(2 * MB))
  expect(JSON.parse((await reply).text)).toMatchObject({ code: 'busy' })
  beside.finish()
  expect((await beside.reply).status).toBe(201)
  const malformed = begin(`${filed.room}/evidence`, { 'Content-Type': type, 'Content-Length': 3 * MB }, start)
  malformed.sent.end(new Uint8Array(3 * MB - start.length))
  expect(JSON.parse((await malformed.reply).text)).toMatchObject({ code: 'malformed_form' })
})

test('uploads: a page says that it is busy in its reader’s language', async () => {
  const filed = await house.submit()
  const first = await uploading(filed, 3 * MB)
  await expect.poll(() => budget.uploadBytesInFlight()).toBeGreaterThan(3 * MB)
  const { body, headers } = await upload([['a.pdf', pdfOf(2 * MB)]])
  for (const [lang, words] of [
    ['zh-CN', '现在上传的人太多'],
    ['zh-TW', '現在上傳的人太多'],
    ['en', 'Too many people are sending files'],
  ] as const) {
    const reply = await fetch(`${live.origin}${filed.room}/evidence`, {
      ...{ method: 'POST', body, headers: { ...headers, Accept: 'text/html', Cookie: `lang=${lang}` } },
    })
    expect([reply.status, await reply.text()]).toEqual([503, expect.stringContaining(words)])
  }
  first.finish()
  expect((await first.reply).status).toBe(201)
})

test('uploads: a sender who falls silent gives the room back', async () => {
  const impatient = new UploadBudget(4 * MB, 500)
  const { server, origin } = await serveWithin(impatient)
  const { sent, reply } = await uploading(await house.submit(), 3 * MB, origin)
  await expect.poll(() => impatient.uploadBytesInFlight(), { interval: 5 }).toBeGreaterThan(3 * MB)
  const { status, text } = await reply
  expect([status, text]).toEqual([400, expect.stringContaining('"code":"cut_off"')])
  expect(impatient.uploadBytesInFlight()).toBe(0)
  sent.destroy()
  server.close()
})

// The disk.

const roomy: Disk['statfs'] = async () => ({ blocks: 1e9, bavail: 1e9, bsize: 4096 })
const disk = (over: Partial<Disk>): Disk => ({ statfs: roomy, link, write: writeFile, ...over })

test.each([
  ['a gigabyte of a large disk', 1e9, 262_100],
  ['a twentieth of a small one', 1e5, 5000],
])('a full disk: beneath %s no file is taken, and texts are', async (_what, blocks, bavail) => {
  let free = bavail
  const files = folderStore(join(folder, 'full'), disk({ statfs: async () => ({ blocks, bavail: free, bsize: 4096 }) }))
  const door = doorWith({ files })
  const filed = await house.submit()
  const refused = await send(door, filed, [['a.png', PNG]])
  expectProblem(refused, 503, 'storage_full')
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  const page = await send(door, filed, [['a.png', PNG]], 'text/html')
  expect([page.status, page.text]).toEqual([503, expect.stringContaining('<h1>现在暂时收不了照片和文件')])
  made(await send(door, filed, []))
  free += 100
  made(await send(door, filed, [['a.png', PNG]]))
  expect(left('full')).toEqual([])
})

test('a disk that fills while a file is written is full as well', async () => {
  const write: Disk['write'] = async (file, bytes) => {
    await writeFile(file, bytes.subarray(0, 9))
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  }
  const filed = await house.submit()
  const door = doorWith({ files: folderStore(join(folder, 'filling'), disk({ write })) })
  expectProblem(await send(door, filed, [['a.png', PNG]]), 503, 'storage_full')
  expect(left('filling')).toEqual([])
})

test('where a file has one name alone, evidence is copied', async () => {
  const noLink = async () => Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM' }))
  const files = folderStore(join(folder, 'copied'), disk({ link: noLink }))
  const filed = await house.submit()
  for (const _ of [1, 2]) made(await send(doorWith({ files }), filed, [['a.png', PNG]]))
  expect(await files.get(filed.id, hashOf(PNG))).toEqual(Buffer.from(PNG))
  expect([await files.used(filed.id), left('copied')]).toEqual([PNG.length, []])
})

// What is left.

test('of a form that is refused, previewed or not a form at all no file is left', async () => {
  const files = folderStore(join(folder, 'refused'), disk({}))
  const door = doorWith({ files })
  const filed = await house.submit()
  const good = ['a.png', PNG] as const
  expect((await send(door, filed, [good, ['b.svg', bytes('<svg/>')]])).status).toBe(422)
  expect((await send(door, filed, [good, ['big.pdf', pdfOf(11 * MB)]])).status).toBe(422)
  expect(
    (
      await send(
        door,
        filed,
        Array.from({ length: 11 }, () => good),
      )
    ).status,
  ).toBe(422)
  const { body, headers } = await upload([good], { text: '' })
  expect((await door.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'text/html' })).status).toBe(422)
  const cut = await door.send(`${filed.room}/evidence`, body.slice(0, -4), { ...headers, Accept: 'application/json' })
  expectProblem(cut, 400, 'malformed_form')
  const clerk = await signIn(door, 'merchant')
  const form = new FormData()
  form.set('text', '请看照片')
  form.set('preview', 'yes')
  form.append('files', new File([PNG], 'a.png'))
  expect((await clerk.post(`/merchant/complaints/${filed.id}/messages`, form)).status).toBe(200)
  expect(left('refused')).toEqual([])
  expect(await files.used(filed.id)).toBe(0)
})

test('a temporary copy that can’t be removed fails no step, and the sweep takes it', async () => {
  const files = folderStore(join(folder, 'stuck'), disk({}))
  const stuck: typeof files = {
    ...files,
    stage: async bytes => ({ ...(await files.stage(bytes)), discard: () => Promise.reject(new Error('busy')) }),
  }
  const filed = await house.submit()
  made(await send(doorWith({ files: stuck }), filed, [['a.png', PNG]]))
  expect(
    (
      await send(doorWith({ files: stuck }), filed, [
        ['a.svg', bytes('<svg/>')],
        ['b.gif', GIF],
      ])
    ).status,
  ).toBe(422)
  await sweepFiles({ ...house.door.deps, files }, Date.now() + DAY + 60_000)
  expect([left('stuck'), await files.used(filed.id)]).toEqual([[], PNG.length])
})

test('orphaned files: what a crash left goes after a day, what a step refers to stays', async () => {
  const files = folderStore(join(folder, 'swept'), disk({}))
  const filed = await house.submit()
  made(await send(doorWith({ files }), filed, [['kept.png', PNG]]))
  // Crashes: before the file became the complaint's, before its step, and after it.
  await files.stage(GIF)
  for (const file of [JPEG, PNG]) await (await files.stage(file)).keep(filed.id, hashOf(file))
  const held = () => Promise.all([PNG, JPEG].map(async file => (await files.get(filed.id, hashOf(file))) !== null))
  await sweepFiles({ ...house.door.deps, files }, Date.now())
  expect([await held(), left('swept').length]).toEqual([[true, true], 3])
  await sweepFiles({ ...house.door.deps, files }, Date.now() + DAY - 60_000)
  expect(left('swept')).toHaveLength(3)
  await sweepFiles({ ...house.door.deps, files }, Date.now() + DAY + 60_000)
  expect([await held(), left('swept')]).toEqual([[true, false], []])
})

test('orphaned files: the scheduler sweeps them when it starts', async () => {
  const { dataDir, scheduler, deps } = house.door
  const filed = await house.submit()
  await (await deps.files.stage(WEBP)).keep(filed.id, hashOf(WEBP))
  const uploads = join(dataDir, 'files', 'uploads')
  for (const name of readdirSync(uploads)) utimesSync(join(uploads, name), 0, (Date.now() - DAY - 1000) / 1000)
  scheduler.start()
  await expect.poll(() => readdirSync(uploads)).toEqual([])
  expect(await deps.files.get(filed.id, hashOf(WEBP))).toBeNull()
})

test('a complaint’s files have the quota of its policy; words are taken beyond it', async () => {
  const evidence = { ...document.limits.evidence_bytes, count: 2 * MB }
  const policy = { ...document, name: 'tight', limits: { ...document.limits, evidence_bytes: evidence } }
  const strict = new TestServer(await openTestHost(undefined, { policy }))
  const filed = await strict.submit()
  const [first, large] = [
    ['a.pdf', pdfOf(1_500_000)],
    ['b.pdf', pdfOf(MB)],
  ] as const
  made(await send(strict, filed, [first, ['b.png', PNG]]))
  const over = await send(strict, filed, [large])
  expect(expectProblem(over, 422, 'invalid').errors).toEqual([{ field: 'files', code: 'file_total', max: 2 }])
  const page = await send(strict, filed, [large], 'text/html')
  expect([page.status, page.text.includes('合计不能超过 2 MB'), page.text.includes('见照片')]).toEqual([
    422,
    true,
    true,
  ])
  const { files } = strict.door.deps
  expect(await files.used(filed.id)).toBe(1_500_000 + PNG.length)
  expect(await files.get(filed.id, hashOf(large[1]))).toBeNull()
  // What is there already takes no more room.
  made(await send(strict, filed, [first]))
  made(await send(strict, filed, []))
  await strict.door.close()
})
