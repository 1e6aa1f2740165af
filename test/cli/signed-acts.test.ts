import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ComplaintView } from '../../src/complaint/view/types.ts'
import { readSecrets } from '../../src/ledger/log/secrets.ts'
import { parseId } from '../../src/link/id.ts'
import { signLink } from '../../src/link/token.ts'
import { digestOf, disclose } from '../../src/log/disclosure.ts'
import { utf8 } from '../../src/log/encoding.ts'
import { encodeLeaf, type Leaf } from '../../src/log/leaf.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { Device } from '../support/device.ts'
import { Forger } from './forger.ts'
import { type Filed, LogServer, refusals } from './log-server.ts'

// What an operator can do with the links that it mints itself, and which tool says so (docs/log.md, section 11).

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])

/** The operator knows the digits too. */
const PROOF = { last4: '1234' }

let house: LogServer
let filed: Filed
let phone: Device

beforeEach(async () => {
  house = await LogServer.open()
  filed = await house.submit()
  phone = await Device.make()
  await signed(phone, 'device-keys', phone.coordinates)
})
afterEach(() => house.close())

const viewOf = async (): Promise<ComplaintView> =>
  (await house.ask(filed.room, { headers: { Accept: 'application/json' } })).json()

const signed = async (device: Device, act: string, body: object = {}) => {
  const { steps } = await viewOf()
  const { origin, complaint } = await house.receipt(filed)
  const signature = await device.sign({ origin, c: complaint.c, seen: steps.at(-1)?.leaf ?? '', act, body })
  return house.act(filed, 'buyer', act, { ...body, ...(act === 'confirmation' && PROOF), signature })
}

/** What both verifiers say against a receipt: the names of the checks. */
const refusedBy = async (receipt: unknown) => {
  const ours = (await house.verify(receipt)).out
  const names = (out: string) => out.split('\n').flatMap(line => /^✗ ([a-z-]+):/.exec(line)?.[1] ?? [])
  if (python.status !== 0) return names(ours)
  const { stdout } = spawnSync('python3', [VERIFIER, house.file('receipt.json'), house.file('trust.txt')])
  expect(names(stdout.toString('utf8'))).toEqual(names(ours))
  return names(ours)
}

test('signed acts are told by page, receipt and monitor, and the page agrees with the receipt', async () => {
  await signed(phone, 'messages', { text: '请尽快' })
  await signed(phone, 'confirmation')
  const receipt = await house.receipt(filed)
  expect(await refusedBy(receipt)).toEqual([])
  expect((await house.verify(receipt)).out).toContain(
    '✓ signatures: 2 of 3 acts of the buyer are signed, by keys of 1 devices; of 3 signed steps this shows what was signed',
  )
  expect((await house.monitor()).code).toBe(0)
  const page = await house.tousu(
    'verify',
    '--page',
    `http://log.test${filed.room}`,
    '--policy',
    house.file('trust.txt'),
  )
  expect([page.code, page.err]).toEqual([0, ''])
})

test('the operator mints the link and confirms: page, both verifiers and monitor say so, until the buyer signs again', async () => {
  // As findings A1 does, by the secrets file alone.
  const { links } = await readSecrets(house.secrets)
  const token = signLink({ id: parseId(filed.id) ?? 0, scope: 'act', epoch: 0 }, links)
  await house.act({ ...filed, room: `/t/${token}` }, 'buyer', 'confirmation', PROOF)
  expect((await viewOf()).steps.at(-1)).toMatchObject({ kind: 'confirmed', signed: null, unsignedThoughBound: true })
  expect(await refusedBy(await house.receipt(filed))).toEqual(['authors'])
  const { code, out } = await house.monitor()
  const c = (await house.receipt(filed)).complaint.c
  const found = `✗ authors: complaint ${c}, step 2: given up in the buyer's name, unsigned though a key was bound`
  expect([code, refusals(out)]).toEqual([1, [found]])
  // Found by a memory, and by a reader who begins today.
  expect(refusals((await house.monitor()).out)).toEqual([found])

  await signed(phone, 'reopening', { reason: '我没有确认过' })
  expect(await refusedBy(await house.receipt(filed))).toEqual([])
  expect((await house.monitor()).code).toBe(0)
  expect((await house.monitor('newcomer')).code).toBe(0)
})

test('a device of the operator, bound later, does not answer for the buyer', async () => {
  await house.act(filed, 'buyer', 'withdrawal', { reason: 'changed_mind', confirm: 'yes', ...PROOF })
  const foreign = await Device.make()
  const { steps } = await viewOf()
  const { origin, complaint } = await house.receipt(filed)
  const claim = {
    origin,
    c: complaint.c,
    seen: steps.at(-1)?.leaf ?? '',
    act: 'device-keys',
    body: foreign.coordinates,
  }
  const body = { ...foreign.coordinates, last4: '1234', signature: await foreign.sign(claim) }
  await house.act(filed, 'buyer', 'device-keys', body)
  expect(await refusedBy(await house.receipt(filed))).toEqual(['authors'])
  expect(refusals((await house.monitor()).out)).toHaveLength(1)
})

/** The operator writes the log anew with other leaves, and a receipt for it: kept for a reader without memory. */
const forged = async (change: (leaves: Leaf[], c: string) => Leaf[]) => {
  const kept: Receipt = await house.receipt(filed)
  const forger = (await Forger.of(house)).rewritten(leaves => change(leaves, kept.complaint.c))
  house.fetch = await forger.serve()
  return forger.receipt(kept)
}
const edit = (kind: string, p: (leaf: Leaf) => Leaf['p']) => (leaves: Leaf[]) =>
  leaves.map(leaf => (leaf.kind === kind ? { ...leaf, p: p(leaf) } : leaf))

test('a signature that is moved to another act, altered or used twice is told by verifiers and monitor', async () => {
  await signed(phone, 'messages', { text: '请尽快' })
  const message = await house.receipt(filed)
  await signed(phone, 'confirmation')
  const { leaves } = await Forger.of(house)
  const stolen = leaves.find(({ kind }) => kind === 'message_added')?.p.signed
  expect(message.steps).toHaveLength(3)
  if (!stolen) throw new Error('the message is not signed')
  const receipt = await forged(edit('confirmed', () => ({ signed: stolen })))
  expect(await refusedBy(receipt)).toContain('signatures')
  const { code, out } = await house.monitor('newcomer')
  expect([code, refusals(out).join()]).toEqual([
    1,
    expect.stringContaining('has a signature that its key did not make'),
  ])
})

test('a text that is not the one that was signed is told by both verifiers', async () => {
  await signed(phone, 'messages', { text: '请尽快' })
  const receipt = await house.receipt(filed)
  const swapped = disclose('text', '不急', utf8('0123456789abcdef'))
  const kept = (texts: readonly string[]) =>
    texts.filter(text => !Buffer.from(text, 'base64url').toString().includes('","text","'))
  const forger = (await Forger.of(house)).rewritten(all =>
    all.map(leaf => (leaf.kind === 'message_added' ? { ...leaf, d: { ...leaf.d, text: digestOf(swapped) } } : leaf)),
  )
  const made = await forger.receipt({
    ...receipt,
    steps: receipt.steps.map((step, i) =>
      i === 2 ? { ...step, disclosures: [...kept(step.disclosures), swapped] } : step,
    ),
  })
  expect(await refusedBy(made)).toEqual(['signatures'])
  expect((await house.verify(made)).out).toContain('✗ signatures: step 2 says what its author did not sign')
})

test('a device that was retired is told by all tools, though the operator’s server takes its signature', async () => {
  const retired = { key: phone.key, ...PROOF }
  await house.act(filed, 'buyer', 'device-key-retirements', retired)
  await house.later(25)
  const sign = () => signed(phone, 'messages', { text: '是我' })
  await expect(sign()).rejects.toThrow('signature_retired')
  // The row alone forgets it.
  await house.edit(db => db.exec("update complaints set folded = json_remove(folded, '$.keys[0].until')"))
  await sign()
  const receipt = await house.receipt(filed)
  expect(await refusedBy(receipt)).toEqual(['signatures'])
  expect((await house.verify(receipt)).out).toContain('is signed by a key that was retired')
  for (const memory of [undefined, 'newcomer'])
    expect(refusals((await house.monitor(memory)).out).join()).toContain('is signed by a key that was retired')
})

test('a retirement that leaves the device no day to object is told by all tools', async () => {
  await house.act(filed, 'buyer', 'device-key-retirements', { key: phone.key, ...PROOF })
  const receipt = await forged(edit('key_retired', ({ at, p }) => ({ ...p, until: at })))
  expect(await refusedBy(receipt)).toEqual(['signatures'])
  const { code, out } = await house.monitor('newcomer')
  expect([code, refusals(out).length]).toEqual([1, 1])
})

test('words that a phone signed as one complaint are not filed a second time: the monitor knows the key', async () => {
  const writer = await Device.make()
  const order = { orderId: 'ORDER-X', merchantName: '小店', statement: '少了一只袖子', category: 'quality' }
  const body = { ...order, merchantId: 'm1', buyer: { name: '王小明', phone: '13800001234' }, locale: 'zh-CN' as const }
  const request = disclose('signedRequest', order, crypto.getRandomValues(new Uint8Array(16)))
  const claim = { act: 'submit', body: digestOf(request), c: '', origin: 'log.test/0', seen: digestOf('the form') }
  const sig = await writer.sig(claim)
  const submit = () =>
    house.house.ledger.execute({
      act: 'submit',
      complaint: null,
      by: { role: 'buyer', automated: false },
      body: { ...body, device: { key: writer.key, ...writer.coordinates } },
      signed: { key: writer.key, seen: claim.seen, body: claim.body, sig, request },
    })
  const first = await submit()
  if ('refused' in first) throw new Error(first.refused)
  await house.house.ledger.statement(first.id)
  expect((await house.monitor()).code).toBe(0)
  const { links } = await readSecrets(house.secrets)
  const room = `/t/${signLink({ id: first.id, scope: 'act', epoch: 0 }, links)}`
  await house.act({ ...filed, room }, 'buyer', 'withdrawal', { reason: 'changed_mind', confirm: 'yes', ...PROOF })
  // The operator's own program does at the ledger what no route would.
  const second = await submit()
  if ('refused' in second) throw new Error(second.refused)
  // Published, with the receipt.
  await house.house.ledger.statement(second.id)
  for (const memory of [undefined, 'newcomer'])
    expect(refusals((await house.monitor(memory)).out).join()).toContain('submitted by the key of another complaint')
})

test('a signed step costs its leaf 300 bytes', async () => {
  await house.act(filed, 'buyer', 'messages', { text: '请尽快' })
  await signed(phone, 'messages', { text: '请尽快' })
  const { leaves } = await Forger.of(house)
  const [plain = 0, more = 0] = leaves
    .filter(({ kind }) => kind === 'message_added')
    .map(leaf => encodeLeaf(leaf).length)
  expect(more - plain).toBeLessThanOrEqual(330)
})
