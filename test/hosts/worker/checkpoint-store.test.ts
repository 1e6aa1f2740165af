import { env, evictDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { formatCheckpoint, parseCheckpoint } from '../../../src/log/checkpoint.ts'
import { formatNote, parseNote } from '../../../src/log/note.ts'
import { filed, front, submit } from './front.ts'

const notes = () => env.NOTES.get(env.NOTES.idFromName('notes'))
const shard = () => env.LIVE.get(env.LIVE.idFromName('0'))
const html = { headers: { Accept: 'text/html' } }

/** The checkpoint of a shard with another size or root; its signature is not checked here. */
const altered = (note: string, changes: object): string => {
  const { text, signatures } = parseNote(note)
  return formatNote({ text: formatCheckpoint({ ...parseCheckpoint(text), ...changes }), signatures })
}

const published = async (): Promise<string> => {
  await expect.poll(() => notes().last(0)).not.toBeNull()
  return (await notes().last(0)) ?? ''
}

test('the last published checkpoint is kept outside the shard', async () => {
  await filed(front())
  await expect.poll(async () => (await shard().invoke('log', 'checkpoint', [])) === (await notes().last(0))).toBe(true)
})

test('a smaller tree never takes the place of a larger one', async () => {
  const note = await published()
  await notes().keep(0, altered(note, { size: 1 }))
  expect(await notes().last(0)).toBe(note)
})

test("a successor's smaller tree takes the place of the log before, which never comes back", async () => {
  const note = await published()
  const { size } = parseCheckpoint(parseNote(note).text)
  const successor = altered(note, { origin: 'another.example/log/0.2', size: size - 1 })
  await notes().keep(7, note)
  await notes().keep(7, successor)
  expect(await notes().last(7)).toBe(successor)
  // An instance of before that is still running.
  await notes().keep(7, altered(note, { size: size + 5 }))
  expect(await notes().last(7)).toBe(successor)
})

test('fork detection: restored storage is read-only, says why, and can still be read', async () => {
  const { room } = await filed(front())
  const note = await published()
  await notes().keep(0, altered(note, { size: parseCheckpoint(parseNote(note).text).size + 7 }))
  await evictDurableObject(shard())
  const server = front()
  const ready = await server.fetch('/readyz')
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { reason: 'fork', detail: expect.stringContaining('restored backup') },
  ])
  const refused = await submit(server)
  expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'read_only' }])
  expect((await server.fetch(room, html)).status).toBe(200)
})
