import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { zipStream } from '../../src/files/zip.ts'

const NOON = Date.parse('2026-03-02T04:00:00Z')
const given = (files: Record<string, Uint8Array | null>) =>
  Object.entries(files).map(([name, bytes]) => ({ name, read: async () => bytes }))
const whole = async (stream: ReadableStream<Uint8Array>) => new Uint8Array(await new Response(stream).arrayBuffer())

/** What Python's own reader finds: it checks every CRC. */
const unzipped = (bytes: Uint8Array): unknown => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-zip-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'a.zip')
  writeFileSync(file, bytes)
  const script = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, z.read(i).hex(), list(i.date_time)] for i in z.infolist()]))`
  return JSON.parse(execFileSync('python3', ['-c', script, file]).toString())
}

test('another reader finds every file, its name and its bytes', async () => {
  const big = new Uint8Array(70_000).map((_, i) => i % 251)
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const at = [2026, 3, 2, 12, 0, 0]
  const files = { '投诉记录.html': new TextEncoder().encode('<p>你好'), 'files/1-吊牌.png': big, 空: new Uint8Array() }
  expect(unzipped(await whole(zipStream(given(files), NOON)))).toEqual(
    Object.entries(files).map(([name, bytes]) => [name, hex(bytes), at]),
  )
})

test('a file that is gone is left out; none at all is a ZIP too', async () => {
  const files = { a: new Uint8Array([1]), gone: null, b: new Uint8Array([2]) }
  const found = unzipped(await whole(zipStream(given(files), NOON))) as [string][]
  expect(found.map(([name]) => name)).toEqual(['a', 'b'])
  expect(unzipped(await whole(zipStream([], NOON)))).toEqual([])
})

test('backpressure: a file is read once the one before it was taken, and none after the reader left', async () => {
  const read: number[] = []
  const entries = [0, 1, 2].map(n => ({
    name: `${n}`,
    read: async () => {
      read.push(n)
      return new Uint8Array([n])
    },
  }))
  const reader = zipStream(entries, NOON).getReader()
  expect(read).toEqual([])
  await reader.read()
  expect(read).toEqual([0])
  await reader.read()
  expect(read).toEqual([0])
  await reader.read()
  expect(read).toEqual([0, 1])
  await reader.cancel()
  expect(read).toEqual([0, 1])
})
