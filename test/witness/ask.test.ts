import { expect, test } from 'vitest'
import { newSecretKey } from '../../src/cli/keys.ts'
import { COSIGNATURE_V1 } from '../../src/log/note.ts'
import { askWitness, type Fetch } from '../../src/witness/submit.ts'

const ask = async (fetch: Fetch, means: { timeoutMs?: number; stop?: AbortSignal } = {}) => {
  const { vkey } = await newSecretKey('w.example/1', COSIGNATURE_V1)
  const { timeoutMs = 5000, stop = new AbortController().signal } = means
  const request = { oldSize: 0, proof: [], checkpoint: 'log\n0\nroot\n\n— log AAAA\n' }
  return askWitness({ name: 'one', key: vkey, url: 'https://w.example' }, request, { fetch, timeoutMs, stop })
}
const never: Fetch = () => new Promise(() => {})

test('a witness that never answers is silent when its time is up, though its connection hangs', async () => {
  expect(await ask(never, { timeoutMs: 30 })).toEqual({ said: 'nothing', why: 'is silent' })
})

test('so is one whose answer never ends', async () => {
  const body = new ReadableStream({ start: stream => stream.enqueue(new Uint8Array(3)) })
  expect(await ask(async () => new Response(body), { timeoutMs: 30 })).toMatchObject({ why: 'is silent' })
})

test('closing waits for none', async () => {
  const closing = new AbortController()
  const asked = ask(never, { stop: closing.signal })
  closing.abort()
  expect(await asked).toMatchObject({ said: 'nothing' })
  expect(await ask(never, { stop: closing.signal })).toMatchObject({ said: 'nothing' })
})

test('it is asked by POST at its address, and nowhere else', async () => {
  const asked: [string, RequestInit][] = []
  const fetch: Fetch = async (...request) => {
    asked.push(request)
    return new Response(null, { status: 503 })
  }
  expect(await ask(fetch)).toEqual({ said: 'nothing', why: 'answered 503' })
  expect(asked).toMatchObject([['https://w.example/add-checkpoint', { method: 'POST', redirect: 'manual' }]])
  expect(asked[0]?.[1].body).toMatch(/^old 0\n\nlog\n/)
})
