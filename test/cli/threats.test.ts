import { copyFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newJwk } from '../../src/ledger/log/secrets.ts'
import { disclose, openDisclosure } from '../../src/log/disclosure.ts'
import { encodeLeaf, type Leaf } from '../../src/log/leaf.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { statementKid } from '../../src/log/statement.ts'
import { Forger } from './forger.ts'
import { type Filed, HOUR, LogServer, refusals } from './log-server.ts'

/** Each threat to the log (docs/auditing.md): which tool says no to it, and in which words. */
let house: LogServer
let dress: Filed
let other: Filed
let c: string
/** What the buyer kept, and what the monitor saw, before the attack. */
let kept: Receipt
let keptFile: string
let honest: Forger

beforeEach(async () => {
  house = await LogServer.open()
  ;[dress, other] = await house.story()
  kept = await house.receipt(dress)
  c = kept.complaint.c
  keptFile = house.write('kept.json', kept)
  expect((await house.monitor()).code).toBe(0)
  honest = await Forger.of(house)
})
afterEach(() => house.close())

const MEMORY = 'tree that this monitor saw at'
const isOf = (c: string, kind: string) => (leaf: Leaf) => leaf.c === c && leaf.kind === kind
const at = (index: number, change: Partial<Leaf>) => (leaves: Leaf[]) =>
  leaves.map((leaf, i) => (i === index ? { ...leaf, ...change } : leaf))
const where = (kind: string) => honest.leaves.findIndex(isOf(c, kind))

/** One that knows nothing of before believes it: this is what the check is for. */
const fooledNewcomer = async () => expect((await house.monitor('newcomer')).code).toBe(0)
const monitorSays = async (words: string, ...more: string[]) => {
  const { code, out } = await house.monitor('state', ...more)
  expect([code, refusals(out).join('\n')]).toEqual([1, expect.stringContaining(words)])
}
const verifySays = async (receipt: unknown, words: string, ...more: string[]) => {
  const { code, out } = await house.verify(receipt, ...more)
  expect([code, refusals(out).join('\n')]).toEqual([1, expect.stringContaining(words)])
}
const verifyBelieves = async (receipt: unknown) => expect((await house.verify(receipt)).code).toBe(0)

describe('the operator edits a leaf', () => {
  test('in the database: no leaf fits the signed tree any more', async () => {
    const i = where('submitted')
    const edited = encodeLeaf({ ...honest.leaves[i]!, p: { ...honest.leaves[i]!.p, category: 'service' } })
    await house.edit(db => db.prepare('update leaves set bytes = ? where idx = ?').run(edited, i))
    await verifySays(await house.receipt(dress), '✗ inclusion: step 0 is not in the tree')
    const { code, out } = await house.monitor('newcomer')
    expect([code, out]).toEqual([1, expect.stringContaining('does not name the hash of 0')])
  })

  test('in what is served: the leaf itself is named, not the one that follows it', async () => {
    const i = where('merchant_responded')
    const forged = await honest.raw(at(i, { auto: true })).serve()
    const real = house.fetch
    house.fetch = url => (url.includes('entries') ? forged(url) : real(url))
    const { out } = await house.monitor('newcomer')
    expect(refusals(out)).toEqual([
      `✗ leaves: leaf ${i} (merchant_responded): altered: the signed tree holds another leaf here`,
    ])
  })

  test('and signs all anew: memory tells', async () => {
    const forged = honest.rewritten(at(where('merchant_responded'), { p: { answer: 'reject', ground: 'misuse' } }))
    house.fetch = await forged.serve()
    await fooledNewcomer()
    await monitorSays(`✗ continues: the tree does not continue the ${MEMORY}`)
    const receipt = await forged.receipt(kept)
    await verifyBelieves(receipt)
    await verifySays(receipt, '✗ earlier-steps: step 1 is another one', '--earlier', keptFile)
  })
})

test('drops a step', async () => {
  const [a, , d] = kept.steps
  await verifySays({ ...kept, steps: [a, d] }, '✗ chain: 2 follows 0')
  const forged = honest.rewritten(leaves => leaves.filter(leaf => !isOf(c, 'escalated')(leaf)))
  house.fetch = await forged.serve()
  await fooledNewcomer()
  await monitorSays(`✗ continues: the ${MEMORY}`)
  const receipt = await forged.receipt(kept)
  await verifyBelieves(receipt)
  await verifySays(receipt, 'is gone', '--earlier', keptFile)
})

test('drops a complaint', async () => {
  house.fetch = await honest.rewritten(leaves => leaves.filter(leaf => leaf.c !== c)).serve()
  await fooledNewcomer()
  await monitorSays(`✗ continues: the ${MEMORY}`)
  // A receipt may be a moment ahead of what is served; one that stays ahead is a dropped leaf.
  const early = await house.monitor('newcomer2', '--receipt', keptFile)
  expect([early.code, early.out]).toEqual([
    0,
    expect.stringContaining(`· the tree of ${keptFile} has 7 leaves, and 3 are`),
  ])
  house.clock.moveTo(house.clock.now() + HOUR / 2)
  const { code, out } = await house.monitor('newcomer2', '--receipt', keptFile)
  expect([code, refusals(out)]).toEqual([
    1,
    [expect.stringContaining(`the tree of ${keptFile} has 7 leaves, and 3 are`)],
  ])
})

test('restores an old backup', async () => {
  await house.stop()
  copyFileSync(house.file('data/ledger.db'), house.file('backup.db'))
  await house.start()
  await house.act(dress, 'platform', 'assignment', { officer: 'A17' })
  await house.later(1)
  expect((await house.monitor()).code).toBe(0)
  const newer = house.write('newer.json', await house.receipt(dress))
  await house.edit(db => {
    db.close()
    copyFileSync(house.file('backup.db'), house.file('data/ledger.db'))
  })
  await fooledNewcomer()
  await monitorSays(`✗ continues: the ${MEMORY}`)
  await verifySays(await house.receipt(dress), '✗ earlier-steps: step 4 is gone', '--earlier', newer)
  // Grown again beyond the old size, with other leaves.
  for (const text of ['一', '二', '三']) await house.act(other, 'buyer', 'messages', { text })
  await house.later(1)
  await monitorSays('✗ continues: the tree does not continue the tree')
})

describe('back-dates', () => {
  test('before a leaf that was there already', async () => {
    const leaf = honest.next(c, { kind: 'message_added', by: 'merchant', at: honest.leaves[2]!.at, p: { files: 0 } })
    house.fetch = await honest.raw(leaves => [...leaves, leaf]).serve()
    await monitorSays('(message_added): dated before the leaf in front of it')
  })

  test('before a tree that was seen without it, and a statement that did not know it', async () => {
    await house.later(30)
    const late = await Forger.of(house)
    const seen = house.write('seen.json', await house.receipt(dress))
    expect((await house.monitor()).code).toBe(0)
    await house.later(5)
    // After the last leaf, and still hours before the tree that everybody saw.
    const leaf = late.next(c, {
      kind: 'message_added',
      by: 'merchant',
      at: late.leaves.at(-1)!.at + 1,
      p: { files: 0 },
    })
    const forged = late.raw(leaves => [...leaves, leaf])
    house.fetch = await forged.serve()
    await fooledNewcomer()
    await monitorSays('(message_added): back-dated: it bears 2026-03-0')
    const newcomer = await house.monitor('another', '--receipt', seen)
    expect(newcomer.out).toContain(`the statement in ${seen} claims to know every leaf`)
    const receipt = await forged.receipt(kept)
    await verifyBelieves(receipt)
    await verifySays(receipt, '✗ earlier-statement: step 4 is dated before a statement', '--earlier', seen)
  })
})

test('shows two views', async () => {
  const withdrawn = { kind: 'withdrawn', p: { ground: 'changed_mind' }, state: 'closed_withdrawn' }
  const change = { ...withdrawn, holder: null, due: null, rule: null }
  house.fetch = await honest.rewritten(at(where('escalated'), change)).serve()
  await fooledNewcomer()
  // Two auditors compare what they were shown.
  await house.monitor('elsewhere')
  house.fetch = url => house.ask(url)
  await monitorSays(
    `✗ seen: the tree does not continue the view in ${house.file('elsewhere')}`,
    '--seen',
    house.file('elsewhere'),
  )
})

test('hides the newest step', async () => {
  const receipt = await honest.receipt(kept, { steps: 2 })
  await verifyBelieves(receipt)
  const file = house.write('hidden.json', receipt)
  await monitorSays(
    `✗ receipt: the statement in ${file} calls step 1 the last one, but its tree holds step 3`,
    '--receipt',
    file,
  )
  const { out } = await house.verify(await house.receipt(dress), '--earlier', file)
  expect(refusals(out).join()).toContain('step 2 was in the tree already, and the statement hid it')
})

describe('forks a complaint', () => {
  test('two leaves in one place of the chain', async () => {
    const twin = { ...honest.next(c, { kind: 'message_added', by: 'buyer', p: { files: 0 } }), seq: 2 }
    house.fetch = await honest.raw(leaves => [...leaves, twin]).serve()
    await monitorSays(`leaf ${honest.leaves.length} (message_added): 2 follows 3`)
  })

  test('two chains for one id: neither receipt knows of the other', async () => {
    const first = honest.leaves[where('submitted')]!
    const now = house.clock.now()
    const due = now + (first.due ?? 0) - first.at
    const twin = { ...first, c: 'AAAAAAAAAAAAAAAAAAAAAA', at: now, on: now, due }
    const forged = honest.raw(leaves => [...leaves, twin])
    house.fetch = await forged.serve()
    await fooledNewcomer()
    const [step] = kept.steps
    const second = await forged.receipt({ ...kept, complaint: { id: dress.id, c: twin.c }, steps: [step!] })
    await verifyBelieves(second)
    const file = house.write('second.json', second)
    await monitorSays('show two chains of one complaint', '--receipt', keptFile, '--receipt', file)
    await verifySays(second, '✗ earlier-complaint: one id has two chains', '--earlier', keptFile)
  })
})

/** What the database holds of this text, under its name, becomes something else. */
const overwrite = (field: string, by: (name: string, text: string) => string) => {
  const text = kept.steps[0]!.disclosures.find(each => openDisclosure(each).name === field) ?? ''
  return house.edit(db => {
    const update = db.prepare('update disclosures set texts = replace(texts, ?, ?)')
    expect(update.run(`~${field}=${text}`, by(field, text)).changes).toBeGreaterThan(0)
  })
}

test('swaps content', async () => {
  await overwrite('statement', name => `~${name}=${disclose(name, '很满意', new Uint8Array(16))}`)
  // The server shows it to nobody; an operator who serves it all the same is found by any reader of the receipt.
  for (const path of [dress.room, `${dress.room}/receipt.json`]) {
    const response = await house.ask(path, { headers: { Accept: 'application/json' } })
    expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ code: 'row_altered' })])
  }
  expect(await (await house.ask(dress.room, { headers: { Accept: 'text/html' } })).text()).not.toContain('很满意')
  const [first, ...rest] = kept.steps
  const swapped = first!.disclosures.map(text =>
    openDisclosure(text).name === 'statement' ? disclose('statement', '很满意', new Uint8Array(16)) : text,
  )
  await verifySays({ ...kept, steps: [{ ...first!, disclosures: swapped }, ...rest] }, 'its leaf does not hold')
})

describe('erases', () => {
  test('in silence', async () => {
    await overwrite('statement', () => '')
    const receipt = await house.receipt(dress)
    await verifyBelieves(receipt)
    await verifySays(receipt, '✗ earlier-disclosures: a field of step 0 is not shown any more', '--earlier', keptFile)
  })

  test('as the rules allow: nobody complains', async () => {
    await house.act(dress, 'buyer', 'redaction-request', { seq: 0, field: 'statement', reason: '写错' })
    await house.act(dress, 'platform', 'redactions', { seq: 0, field: 'statement', reason: '应买家请求' })
    await house.later(1)
    const receipt = await house.receipt(dress)
    expect(receipt.steps[0]!.disclosures.map(text => openDisclosure(text).name)).not.toContain('statement')
    const { code, out } = await house.verify(receipt, '--earlier', keptFile)
    expect([code, refusals(out)]).toEqual([0, []])
    expect((await house.monitor()).code).toBe(0)
  })
})

test('swaps the JWKS', async () => {
  const key = await newJwk()
  const kid = statementKid(key.x)
  const real = house.fetch
  house.fetch = async url => (url.endsWith('jwks.json') ? Response.json({ keys: [{ ...key, kid }] }) : real(url))
  await monitorSays('✗ jwks: the JWKS lacks a key that the log introduced: it was swapped or removed')
  await verifySays(await honest.receipt(kept, { key }), "✗ statement-key: no key leaf introduces the statement's key")
})
