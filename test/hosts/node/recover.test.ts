import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import document from '../../../db/policies/cn-2026-1.json' with { type: 'json' }
import newest from '../../../db/policies/cn-2026-3.json' with { type: 'json' }
import { main } from '../../../src/cli/tousu.ts'
import { readCopies } from '../../../src/hosts/node/recover.ts'
import { openNodeHost } from '../../../src/hosts/node/sqlite.ts'
import type { Ledger } from '../../../src/ledger/contract/ledger.ts'
import { makeSecrets, readSecrets, type Secrets } from '../../../src/ledger/log/secrets.ts'
import { NotRecovered } from '../../../src/ledger/put-back.ts'
import { recoverLedger, sizeOf } from '../../../src/ledger/recovery.ts'
import { verifyContinuation } from '../../../src/log/continuation.ts'
import { formatBundle, tilePath } from '../../../src/log/tiles.ts'
import { verifyReceipt } from '../../../src/log/verify.ts'
import { checkLog } from '../../ledger/check-log.ts'
import { buyer, DAY, done, people, START, supervisor } from '../../ledger/fixture.ts'
import { newFolder, openFolder } from '../../ledger/node-host.ts'

/** A ledger that lost its newest steps: `folder` is a copy of before, `newer` what was lost, and receipts tell of it. */
const lost = async ({ others = 0, redact = false, rule = false } = {}) => {
  const file = await makeSecrets()
  const secrets = await readSecrets(file)
  const [folder, newer] = [newFolder(), newFolder()]
  const live = await openFolder(folder, { secrets })
  const { submit, say } = people(live.ledger)
  const { id: old } = done(await submit())
  await live.ledger.statement(old)
  await live.ledger.close()
  cpSync(folder, newer, { recursive: true })
  const { ledger } = await openFolder(newer, { secrets })
  const { submit: submitLater, say: sayLater } = people(ledger)
  for (let i = 0; i < 3; i++) done(await sayLater(old, `第${i}条`))
  await Promise.all(Array.from({ length: others }, async () => done(await submitLater())))
  if (rule) await ledger.adoptRule({ code: 'colour', version: 1, title: '色差', text: '全文', locale: 'zh-CN' })
  for (const person of redact ? ['S1', 'S2'] : []) {
    const body = { seq: 0, field: 'statement', reason: '应本人要求' }
    done(await ledger.execute({ act: 'redactions', complaint: old, by: supervisor(person), body }))
  }
  const { id: fresh } = done(await submitLater())
  await ledger.statement(fresh)
  const receipt = await ledger.receipt(fresh, 'buyer')
  const older = await ledger.receipt(old, 'buyer')
  await ledger.close()
  // The note is published in time; what its tree holds was not.
  cpSync(join(newer, 'last-checkpoint'), join(folder, 'last-checkpoint'))
  const receiptFile = join(newFolder(), 'receipt.json')
  writeFileSync(receiptFile, JSON.stringify(receipt))
  const recover = async (...from: string[]) => {
    const host = openNodeHost(folder)
    try {
      return await recoverLedger(host, secrets, { ...readCopies(from, sizeOf(host)), policies: [document] })
    } finally {
      await host.close()
    }
  }
  return { file, secrets, folder, newer, old, fresh, receiptFile, receipts: [receipt, older], recover, say }
}

/** As `tousu mirror` keeps it. */
const mirrorOf = (folder: string, change = (leaf: Uint8Array) => leaf): string => {
  const mirror = newFolder()
  const database = new Database(join(folder, 'ledger.db'), { readonly: true })
  const leaves = database.prepare<[], { bytes: Buffer }>('select bytes from leaves order by idx').all()
  database.close()
  for (let n = 0; n * 256 < leaves.length; n++) {
    const part = leaves.slice(n * 256, (n + 1) * 256).map(({ bytes }) => change(new Uint8Array(bytes)))
    const file = join(mirror, 'tile/entries', tilePath(n, part.length))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, formatBundle(part))
  }
  cpSync(join(folder, 'last-checkpoint'), join(mirror, 'checkpoint'))
  return mirror
}

const opened = async (folder: string, secrets: Secrets) => {
  const { ledger } = await openFolder(folder, { secrets })
  expect(await ledger.readOnly()).toBeNull()
  return ledger
}

test('a newer data folder brings all of it back, and the log goes on under its old receipts', async () => {
  const { secrets, folder, newer, old, fresh, receipts, recover } = await lost({ others: 300 })
  const { from, size, missing, unknown } = await recover(newer)
  expect([size - from, missing, unknown]).toEqual([304, [], []])
  const ledger = await opened(folder, secrets)
  done(await people(ledger).say(old, '又来了'))
  done(await people(ledger).say(fresh, '还在吗'))
  const texts = (await ledger.read(old))?.entries.map(({ fields }) => fields.text)
  expect(texts?.slice(1, 3)).toEqual(['第0条', '第1条'])
  expect(
    await ledger.find({
      orderId: String((await ledger.read(fresh))?.entries[0]?.fields.orderId),
      phone: '13800001234',
    }),
  ).toEqual([fresh])
  // What the copy had counted before, and what came back, are counted once.
  while (!(await ledger.figures.days(null, { from: 0, until: 0 })).whole) await ledger.tick()
  await checkLog(ledger, Date.now())
  const trust = `log ${(await ledger.log.identity()).verifierKey}\nquorum none\n`
  for (const [id, earlier] of [
    [fresh, receipts[0]],
    [old, receipts[1]],
  ] as const) {
    const later = await ledger.receipt(id, 'buyer')
    expect(await verifyReceipt(later, trust)).toMatchObject({ ok: true })
    expect(verifyContinuation(earlier, later).filter(({ ok }) => !ok)).toEqual([])
  }
  await ledger.close()
  expect(await recover(newer)).toMatchObject({ missing: [], unknown: [] })
})

test('a public mirror brings the steps back without their texts, and says which complaints it knows too little of', async () => {
  const { secrets, folder, newer, old, fresh, receiptFile, recover } = await lost()
  const mirror = mirrorOf(newer)
  const { unknown } = await recover(mirror)
  expect(unknown).toEqual([expect.stringMatching(/^[\w-]{22}$/)])
  const ledger = await opened(folder, secrets)
  const entries = (await ledger.read(old))?.entries
  expect(entries?.map(({ step }) => step.kind)).toEqual([
    'submitted',
    'message_added',
    'message_added',
    'message_added',
  ])
  expect(entries?.at(-1)?.fields.text).toBeUndefined()
  expect(await ledger.read(fresh)).toBeNull()
  await ledger.close()
  expect(receiptFile).toContain('receipt.json')
})

test('a mirror and the receipt of a new complaint bring that back as well', async () => {
  const { secrets, folder, newer, old, fresh, receiptFile, recover } = await lost()
  expect(await recover(mirrorOf(newer), receiptFile)).toMatchObject({ missing: [], unknown: [] })
  const ledger = await opened(folder, secrets)
  expect((await ledger.read(fresh))?.entries[0]?.fields.statement).toContain('裙子')
  done(await people(ledger).say(old, '好'))
  await checkLog(ledger, Date.now())
  await ledger.close()
})

test('a rule of the platform comes back with its leaf, and nothing does without its document', async () => {
  const { secrets, folder, newer, recover } = await lost({ rule: true })
  const mirror = mirrorOf(newer)
  await expect(recover(mirror)).rejects.toThrow('no copy has the platform rule')
  await recover(newer)
  const ledger = await opened(folder, secrets)
  expect(await ledger.rules()).toMatchObject([{ code: 'colour', version: 1, text: '全文' }])
  await ledger.close()
})

test('a leaf that no copy has, and a leaf that is not the one signed: nothing is changed', async () => {
  const { folder, newer, receiptFile, recover } = await lost()
  const bytes = () => readFileSync(join(folder, 'ledger.db'))
  const before = bytes()
  expect((await recover(receiptFile)).missing).toHaveLength(3)
  const liar = mirrorOf(newer, leaf => {
    const text = Buffer.from(leaf).toString()
    return new Uint8Array(Buffer.from(text.replace('"auto":false', '"auto":true')))
  })
  await expect(recover(liar)).rejects.toThrow(NotRecovered)
  expect(bytes().equals(before)).toBe(true)
  expect(await recover(newer)).toMatchObject({ missing: [] })
})

test('what was erased meanwhile is erased from the older copy', async () => {
  const { secrets, folder, newer, old, recover } = await lost({ redact: true })
  const stated = (texts: string) => /statement=([\w-]+)/.exec(texts)?.[1] ?? ''
  const before = new Database(join(folder, 'ledger.db'), { readonly: true })
  const [first] = before
    .prepare<[], { texts: string }>("select texts from disclosures where texts like '%statement=%'")
    .all()
  before.close()
  const disclosure = stated(first?.texts ?? '')
  expect(readFileSync(join(folder, 'ledger.db')).includes(disclosure)).toBe(true)
  await recover(newer)
  const ledger = await opened(folder, secrets)
  expect((await ledger.read(old))?.entries[0]?.erased).toContain('statement')
  await ledger.close()
  expect(disclosure.length).toBeGreaterThan(20)
  expect(readFileSync(join(folder, 'ledger.db')).includes(disclosure)).toBe(false)
})

const PHOTO = { sha256: 'ab'.repeat(32), name: 'a.jpg', type: 'image/jpeg', size: 9 }
const STATED = /statement=([\w-]+)/g
/** Texts of complaints as the files of a folder hold them. */
const disclosuresIn = (folder: string): string[] => {
  const database = new Database(join(folder, 'ledger.db'), { readonly: true })
  const rows = database
    .prepare<[], { texts: string }>("select texts from disclosures where texts like '%statement=%'")
    .all()
  database.close()
  return rows.flatMap(({ texts }) => [...texts.matchAll(STATED)].map(([, text = '']) => text))
}
const holds = (folder: string, text: string): boolean =>
  ['ledger.db', 'ledger.db-wal'].some(name => {
    const file = join(folder, name)
    return existsSync(file) && readFileSync(file).includes(text)
  })

/** A backup of before the erasures, and what the log was when it was lost: one by a supervisor, one by retention, one that the backup never saw. */
const erasedSince = async () => {
  const secrets = await readSecrets(await makeSecrets())
  const clock = { time: START, now: () => clock.time }
  const policy = { ...newest, name: 'kept', retention: { ...newest.retention, afterEndDays: 270 } }
  const options = { secrets, clock, policy }
  const [folder, newer] = [newFolder(), newFolder()]
  const { ledger: before } = await openFolder(folder, options)
  const end = async (ledger: Ledger, orderId: string) => {
    const { id } = done(await people(ledger).submit({ orderId, statement: `${orderId}：不该留下的话` }))
    done(await ledger.execute({ act: 'evidence', complaint: id, by: buyer, body: { text: '照片', files: [PHOTO] } }))
    done(
      await ledger.execute({
        act: 'withdrawal',
        complaint: id,
        by: buyer,
        body: { ground: 'asked_by_merchant', reason: '' },
      }),
    )
    await ledger.team.addNote('desk', id, { author: 'A17', text: '老顾客' })
    return id
  }
  const [asked, due] = [await end(before, 'ASKED'), await end(before, 'DUE')]
  await before.statement(due)
  await before.close()
  cpSync(folder, newer, { recursive: true })
  const texts = disclosuresIn(folder)
  const { ledger } = await openFolder(newer, options)
  const fresh = await end(ledger, 'FRESH')
  clock.time += 8 * DAY
  const early = JSON.stringify(await ledger.receipt(fresh, 'buyer'))
  texts.push(...disclosuresIn(newer))
  for (const id of [asked, fresh]) {
    const ask = { seq: 2, field: '*', reason: '' }
    done(await ledger.execute({ act: 'redaction-request', complaint: id, by: buyer, body: ask }))
    done(await ledger.execute({ act: 'redactions', complaint: id, by: supervisor(), body: { ...ask, seq: 3 } }))
  }
  clock.time = START + 270 * DAY
  for (let day = 0; day < 9; day++) {
    await ledger.tick()
    clock.time += DAY
  }
  await ledger.statement(due)
  const kinds = async (from: Ledger, id: number) => (await from.read(id))?.entries.map(({ step }) => step.kind)
  expect(await kinds(ledger, due)).toContain('redacted')
  const receipts = await Promise.all([asked, due, fresh].map(id => ledger.receipt(id, 'buyer')))
  await ledger.close()
  cpSync(join(newer, 'last-checkpoint'), join(folder, 'last-checkpoint'))
  const [receiptFile, older] = [join(newFolder(), 'receipt.json'), newFolder()]
  writeFileSync(receiptFile, early)
  cpSync(folder, older, { recursive: true })
  const recover = async (...from: string[]) => {
    const host = openNodeHost(folder)
    try {
      return await recoverLedger(
        host,
        secrets,
        { ...readCopies(from, sizeOf(host)), policies: [policy] },
        undefined,
        clock,
      )
    } finally {
      await host.close()
    }
  }
  return {
    options,
    folder,
    newer,
    older,
    receiptFile,
    ids: [asked, due, fresh],
    texts: [...new Set(texts)],
    receipts,
    recover,
  }
}

test.each([
  ['a newer data folder', ({ newer }) => [newer]],
  [
    'a public mirror and a receipt that still has the texts',
    ({ newer, receiptFile }) => [receiptFile, mirrorOf(newer)],
  ],
  ['a mirror and one more old backup', ({ newer, older, receiptFile }) => [older, mirrorOf(newer), receiptFile]],
] satisfies [string, (lost: Awaited<ReturnType<typeof erasedSince>>) => string[]][])(
  'what a supervisor or retention erased since the backup is erased again: from %s',
  async (_, sources) => {
    const lost = await erasedSince()
    const { options, folder, ids, texts, receipts, recover } = lost
    expect(texts).toHaveLength(3)
    expect(texts.filter(text => holds(folder, text))).toHaveLength(2)
    expect(await recover(...sources(lost))).toMatchObject({ missing: [], unknown: [] })
    expect(texts.filter(text => holds(folder, text))).toEqual([])
    const { ledger, sqlite } = await openFolder(folder, options)
    expect(await ledger.readOnly()).toBeNull()
    for (const [i, id] of ids.entries()) {
      expect(Object.keys((await ledger.read(id))?.entries[0]?.fields ?? {})).toEqual([
        'id',
        'merchantId',
        'merchantName',
      ])
      const later = await ledger.receipt(id, 'buyer')
      expect(verifyContinuation(receipts[i], later).filter(({ ok }) => !ok)).toEqual([])
    }
    expect(await ledger.find({ phone: '13800001234' })).toEqual([])
    expect(await ledger.alerts(9)).toEqual([])
    expect(sqlite.prepare('select count(*) from team_notes').pluck().get()).toBe(0)
    const noted = (await ledger.erasedFiles(9)).map(({ complaint }) => complaint)
    expect(noted).toEqual(expect.arrayContaining(ids.slice(0, 2)))
    await checkLog(ledger, options.clock.now())
    await ledger.close()
    // Again it is whole, and nothing comes back.
    expect(await recover(...sources(lost))).toMatchObject({ missing: [] })
    expect(texts.filter(text => holds(folder, text))).toEqual([])
  },
)

test('tousu recover, with the settings of the server', async () => {
  const { file, folder, newer } = await lost()
  vi.stubEnv('TOUSU_MODE', 'live')
  vi.stubEnv('TOUSU_SECRETS', JSON.stringify(file))
  vi.stubEnv('BASE_URL', 'https://t.example.cn')
  vi.stubEnv('TOUSU_ORIGIN', 't.invalid/log/0')
  onTestFinished(() => void vi.unstubAllEnvs())
  const lines: string[] = []
  const io = { out: (line: string) => void lines.push(line), err: (text: string) => void lines.push(text), tty: false }
  const run = (...args: string[]) => main(['recover', ...args], { ...io, now: Date.now, fetch })
  expect(await run(folder, '--from', join(newer, 'nothing'))).toBe(2)
  expect(lines.pop()).toContain('nothing: no mirror, no receipt, no checkpoint and no data folder')
  expect(await run(folder, '--from', newer)).toBe(0)
  expect(lines.pop()).toBe('✓ 4 leaves came back: 3 to 6')
  expect(await run(folder)).toBe(0)
  expect(lines.pop()).toBe('✓ all 7 leaves that were signed are there')
  rmSync(join(folder, 'ledger.db'))
  expect(await run(folder)).toBe(2)
  expect(lines.pop()).toContain('no copy has leaf 0')
})

test('tousu recover --declare-lost: the number confirms, and the key of the successor is said', async () => {
  const { file, folder, old, fresh } = await lost()
  const next = await makeSecrets()
  const secrets = { ...file, note: [next.note, file.note] }
  vi.stubEnv('TOUSU_MODE', 'live')
  vi.stubEnv('TOUSU_SECRETS', JSON.stringify(secrets))
  vi.stubEnv('BASE_URL', 'https://t.example.cn')
  vi.stubEnv('TOUSU_ORIGIN', 't.invalid/log/0')
  onTestFinished(() => void vi.unstubAllEnvs())
  const lines: string[] = []
  const io = { out: (line: string) => void lines.push(line), err: (text: string) => void lines.push(text), tty: false }
  const run = (...args: string[]) => main(['recover', folder, ...args], { ...io, now: Date.now, fetch })
  expect([await run(), lines.splice(0)]).toEqual([
    1,
    [
      '✗ no copy has 3, 4, 5, 6: nothing was changed',
      '· once nobody has them, --declare-lost 4 goes on without them, in a successor of this log',
    ],
  ])
  expect([await run('--declare-lost', 'all'), lines.splice(0)]).toEqual([2, [expect.stringContaining('a number')]])
  expect([await run('--declare-lost', '3'), lines.splice(0).length]).toEqual([1, 2])
  // A witness says that it saw more than any copy proves.
  expect([await run('--size', '9', '--declare-lost', '4'), lines.splice(0)[1]]).toEqual([
    1,
    expect.stringContaining('--declare-lost 6 '),
  ])
  expect(await run('--size', '9', '--declare-lost', '6', '--origin', 'no name')).toBe(2)
  expect([await run('--size', '9', '--declare-lost', '6'), lines.slice(-3)]).toEqual([
    0,
    [
      '✓ 6 leaves are declared lost: the log goes on as t.invalid/log/0.2, which says so',
      expect.stringContaining('trust policies'),
      expect.stringMatching(/^log t\.invalid\/log\/0\.2\+/),
    ],
  ])
  const ledger = await opened(folder, await readSecrets(secrets))
  done(await people(ledger).say(old, '还在'))
  expect(await ledger.read(fresh)).toBeNull()
  const [, declared] = await checkLog(ledger, Date.now()).then(links =>
    links.filter(({ leaf }) => leaf.kind === 'log_opened'),
  )
  expect(declared?.leaf.p.continues).toEqual({ origin: 't.invalid/log/0', size: 9, root: null, kept: 3, lost: 6 })
  await ledger.close()
  expect([await run(), lines.at(-1)]).toEqual([0, expect.stringContaining('that were signed are there')])
})
