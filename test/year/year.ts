// A simulated year of a complaint house: six kinds of lives, a third of which fall silent; sixfold rush at 618, 11.11 and
// 12.12; sign-ins, wrong pickup codes and webhooks beside them. At its end, what each table of the database holds.

import { join } from 'node:path'
import Database from 'better-sqlite3'
import { DEMO_RULE, STORIES, type Story } from '../../src/demo/stories.ts'
import { hashKey } from '../../src/routes/authenticate.ts'
import { adoptVersion } from '../../src/routes/rules.ts'
import { SESSION_MS } from '../../src/routes/signin/session.ts'
import { HOUR, openTestHost } from '../support/server.ts'

const DAY = 24 * HOUR
const BEGIN = Date.parse('2026-01-01T00:00:00+08:00')
const DAYS = 365
/** How far the clock goes at once; deadlines on the way fall due at their own instants. */
const PACE = 6 * HOUR
const MERCHANTS = 60
const WITH_WEBHOOK = 10
const SIGN_INS_A_DAY = 20
const RUSH = 6
/** Days of the shopping festivals, MM-DD in Shanghai. */
const FESTIVALS = /^(06-1[6-9]|06-20|11-1[0-4]|12-1[1-4])$/

export interface Table {
  table: string
  rows: number
  /** With its indexes. */
  bytes: number
}
export interface Year {
  tables: Table[]
  /** Checkpoints that were signed. */
  signed: number
  /** Acts that were recorded, and that came too late or out of turn. */
  recorded: number
  refused: number
  /** `ok`, by SQLite's integrity_check. */
  integrity: string
}

/** Reproducible chance (mulberry32), 0 to 1. */
const chance = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

type Host = Awaited<ReturnType<typeof openTestHost>>
interface Life {
  story: Story
  merchant: number
  begins: number
  acts: Story['acts']
  /** Once it was filed. */
  filed?: { id: string; path: string }
}

export const liveAYear = async (complaints: number, tell: (line: string) => void = () => undefined): Promise<Year> => {
  const lives = livesOf(complaints)
  const poster = { post: async () => ({ status: 200 }) }
  const host = await openTestHost(BEGIN, { poster })
  try {
    await furnish(host)
    const counts = { recorded: 0, refused: 0 }
    const events = lives.flatMap(life => [
      { at: life.begins, run: () => file(host, life) },
      ...life.acts.map(act => ({ at: life.begins + act.at * HOUR, run: () => perform(host, life, act) })),
    ])
    events.sort((a, b) => a.at - b.at)
    let next = 0
    for (let now = BEGIN; now < BEGIN + DAYS * DAY; now += PACE) {
      await host.advance(Math.max(0, now - host.now()) / HOUR)
      for (; next < events.length && (events[next]?.at ?? 0) <= now; next++)
        counts[(await events[next]?.run()) ? 'recorded' : 'refused']++
      if ((now - BEGIN) % DAY === 0) await daily(host)
      if ((now - BEGIN) % (30 * DAY) === 0) tell(`day ${(now - BEGIN) / DAY}: ${JSON.stringify(counts)}`)
    }
    return { ...counts, ...measure(host.dataDir) }
  } finally {
    await host.close()
  }
}

const livesOf = (complaints: number): Life[] => {
  const random = chance(2026)
  const days = Array.from({ length: DAYS }, (_, i) => BEGIN + i * DAY)
  const weights = days.map(day => (FESTIVALS.test(new Date(day + 8 * HOUR).toISOString().slice(5, 10)) ? RUSH : 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const dayOf = (at: number) => {
    for (const [i, weight] of weights.entries()) {
      at -= weight
      if (at < 0) return days[i] ?? BEGIN
    }
    return BEGIN
  }
  return Array.from({ length: complaints }, (_, i) => {
    const story = STORIES[i % STORIES.length] as Story
    const isSilent = random() < 1 / 3
    return {
      story,
      merchant: Math.floor(random() * MERCHANTS),
      begins: dayOf(random() * total) + (8 + random() * 14) * HOUR,
      acts: isSilent ? story.acts.slice(0, Math.floor(random() * story.acts.length)) : story.acts,
    }
  })
}

const keyOf = (merchant: number) => `key-of-merchant-${merchant}`
const furnish = async ({ deps, ledger }: Host): Promise<void> => {
  await adoptVersion(deps, DEMO_RULE)
  for (let i = 0; i < MERCHANTS; i++) {
    await ledger.registry.addCredential(hashKey(keyOf(i)), { role: 'merchant', merchant: `m${i}`, name: `m${i}` })
    await ledger.outbox.setContact(`merchant:m${i}`, `137${String(i).padStart(8, '0')}`)
    if (i < WITH_WEBHOOK) await ledger.webhooks.add(`m${i}`, `https://erp${i}.example.com/hook`)
  }
}

let orders = 0
const file = async (host: Host, life: Life): Promise<boolean> => {
  const merchant = { merchantId: `m${life.merchant}`, merchantName: `小店 ${life.merchant}` }
  const body = { ...life.story.submit, ...merchant, orderId: `Y-${orders++}` }
  const sent = await post(host, '/api/v1/complaints', host.keys.platform, body)
  if (sent === null) return false
  life.filed = { id: String(sent.id), path: new URL(String(sent.trackingUrl)).pathname }
  return true
}

/** Acts before which a browser that is not known gives the phone's last four digits. */
const PROVEN = ['offer-acceptance', 'confirmation', 'withdrawal']

const perform = async (host: Host, { filed, merchant, story }: Life, { as, act, body }: Story['acts'][number]) => {
  if (!filed) return false
  const path = as === 'buyer' ? filed.path : `/api/v1/complaints/${filed.id}`
  const key = as === 'buyer' ? null : as === 'merchant' ? keyOf(merchant) : host.keys[as]
  const proof = as === 'buyer' && PROVEN.includes(act) ? { last4: story.submit.buyer.phone.slice(-4) } : {}
  return (await post(host, `${path}/${act}`, key, { ...proof, ...body })) !== null
}

/** The answer; null where the act came too late or out of turn. Anything else rejects. */
const post = async (host: Host, path: string, key: string | null, body: object) => {
  const response = await host.fetch(path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
      ...(key !== null && { Authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
  })
  if (response.status === 201) return (await response.json()) as Record<string, unknown>
  if (response.status !== 409) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return null
}

const daily = async ({ ledger, now }: Host): Promise<void> => {
  for (let i = 0; i < SIGN_INS_A_DAY; i++) {
    const person = { subject: `idp ${i}`, role: 'platform' as const, name: `A${i}` }
    const session = { ...person, createdAt: now(), expiresAt: now() + SESSION_MS }
    await ledger.registry.openSession(hashKey(crypto.randomUUID()), session)
    await ledger.registry.recordAttempt(`pickup ${crypto.randomUUID()}`, 5, HOUR / 4)
  }
}

const measure = (dataDir: string) => {
  const sqlite = new Database(join(dataDir, 'ledger.db'), { readonly: true })
  try {
    const names = sqlite
      .prepare<[], string>("select name from sqlite_master where type = 'table' order by name")
      .pluck()
    const bytes = sqlite
      .prepare<[string], number>(
        'select sum(pgsize) from dbstat where aggregate = true and name in (select name from sqlite_master where tbl_name = ?)',
      )
      .pluck()
    const tables = names.all().map(table => ({
      table,
      rows: Number(sqlite.prepare(`select count(*) from ${table}`).pluck().get()),
      bytes: bytes.get(table) ?? 0,
    }))
    const signed = Number(sqlite.prepare('select max(id) from checkpoints').pluck().get())
    const integrity = String(sqlite.pragma('integrity_check', { simple: true }))
    return { tables: tables.toSorted((a, b) => b.bytes - a.bytes), signed, integrity }
  } finally {
    sqlite.close()
  }
}

export const formatTables = (tables: readonly Table[]): string => {
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  const line = (name: string, rows: string, bytes: number) =>
    `${name.padEnd(22)} ${rows.padStart(8)} ${(bytes / 1e6).toFixed(2).padStart(8)} MB ${((100 * bytes) / total).toFixed(1).padStart(5)} %`
  return [...tables.map(({ table, rows, bytes }) => line(table, `${rows}`, bytes)), line('all', '', total)].join('\n')
}
