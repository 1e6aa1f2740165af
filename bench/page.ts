// The tracking page over HTTP: server and client in separate processes, against a bare handler with the same headers and bytes.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import * as v from 'valibot'
import { parseId } from '../src/link/id.ts'
import { signLink } from '../src/link/token.ts'
import type { StoredAnswer } from './bare.ts'
import { load } from './client.ts'
import { type Cost, compare, type Row } from './measure.ts'
import { inFolder, secretsIn } from './place.ts'
import { type Serving, startBare, startOurs } from './serving.ts'

/** As a phone's browser asks. */
const HEADERS = {
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Encoding': 'gzip, deflate, br',
  'Accept-Language': 'zh-CN,zh;q=0.9',
}

const Demo = v.object({ stories: v.array(v.object({ name: v.string(), id: v.string() })) })

/** The link of the story of twelve steps, and those of the bench's own complaints in random order. */
const linksIn = async (folder: string) => {
  const { links } = await secretsIn(folder)
  const pathOf = (id: number) => `/t/${signLink({ id, scope: 'act', epoch: 0 }, links)}`
  const { stories } = v.parse(Demo, JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')))
  const story = stories.find(({ name }) => name === 'dress-unlike-picture')
  const sqlite = new Database(join(folder, 'ledger.db'), { readonly: true })
  // A chain of ten steps, six bytes each.
  const ids = sqlite.prepare('select id from complaints where length(chain) = 60 order by random()').pluck().all()
  sqlite.close()
  return { known: pathOf(parseId(story?.id ?? '') ?? 0), each: ids.map(Number).map(pathOf) }
}

/** What the server answers, kept for the baseline; `fetch` would decode it. */
const store = async (ours: Serving, path: string, file: string): Promise<number> => {
  const { request } = await import('node:http')
  const { headers, base64 } = await new Promise<StoredAnswer>((resolve, reject) => {
    const asked = request(ours.url + path, { headers: HEADERS, agent: false }, async answer => {
      const chunks: Buffer[] = await answer.toArray()
      resolve({ headers: ownHeaders(answer.rawHeaders), base64: Buffer.concat(chunks).toString('base64') })
    })
    asked.on('error', reject).end()
  })
  writeFileSync(file, JSON.stringify({ headers, base64 } satisfies StoredAnswer))
  return Buffer.from(base64, 'base64').length
}

const BY_NODE = /^(date|connection|keep-alive|content-length|transfer-encoding)$/i
const ownHeaders = (raw: readonly string[]): Record<string, string> =>
  Object.fromEntries(raw.flatMap((name, i) => (i % 2 === 0 && !BY_NODE.test(name) ? [[name, raw[i + 1] ?? '']] : [])))

const cost = async (server: Serving, paths: Iterator<string>): Promise<Cost> => {
  const before = await server.probe()
  const done = await load({ port: server.port, paths, headers: HEADERS })
  const after = await server.probe()
  return { wall: (done.ms * 1000) / done.requests, cpu: (after.cpu - before.cpu) / done.requests }
}

function* take(paths: Iterator<string>, count: number): Generator<string> {
  for (let i = 0; i < count; i++) {
    const { value, done } = paths.next()
    if (done) return
    yield value
  }
}

const DRAWN = 90

export const pageRows = (large: string, small: string, quick: boolean): Promise<Row[]> =>
  inFolder(async folder => {
    const file = join(folder, 'page.json')
    const [paths, few] = [await linksIn(large), await linksIn(small)]
    const ours = await startOurs(large)
    // Asked for once, a page is not kept yet.
    for (let i = 0; i < 2; i++) await (await fetch(ours.url + paths.known, { headers: HEADERS })).arrayBuffer()
    const bytes = await store(ours, paths.known, file)
    const bare = await startBare(file)
    const other = await startOurs(small)
    for (const server of [ours, other]) await server.idle()
    const [rounds, count] = quick ? [7, 3000] : [15, 5000]
    const known = () => Array<string>(count).fill(paths.known).values()
    // Long enough for the compiler: it is the same in each process, and neither is measured.
    for (let i = 0; i < 15_000; i += count) for (const server of [bare, ours]) await cost(server, known())
    const fromMemory = await compare(
      {
        what: 'page, known: part of the speed of a bare handler with its headers and bytes',
        aim: 'at least 0.85',
        rounds,
        as: 'speed',
      },
      () => cost(bare, known()),
      () => cost(ours, known()),
    )
    const [each, fewer] = [paths.each.values(), few.each.values()]
    await cost(ours, take(each, DRAWN * 10))
    await cost(other, take(fewer, DRAWN))
    const drawn = await compare(
      {
        what: 'page, drawn: ten steps, beside a database of 100 times fewer leaves',
        aim: 'CPU at most 250 µs',
        rounds: Math.min(rounds, Math.floor(few.each.length / DRAWN) - 1),
        as: 'cost',
      },
      () => cost(other, take(fewer, DRAWN)),
      () => cost(ours, take(each, DRAWN)),
    )
    await Promise.all([ours.stop(), bare.stop(), other.stop()])
    return [{ ...fromMemory, bytes }, drawn]
  })
