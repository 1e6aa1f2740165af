import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { digestOf, disclose } from '../../src/log/disclosure.ts'
import { utf8 } from '../../src/log/encoding.ts'
import type { Leaf } from '../../src/log/leaf.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { PartyDevice, tagOf } from '../support/party.ts'
import { Forger } from './forger.ts'
import { type Filed, HOUR, LogServer, refusals } from './log-server.ts'

// What a merchant can prove by its keys against an operator who writes in its name (docs/log.md, section 11).

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])
const PARTY = tagOf('m1')
const REJECT = { answer: 'reject', statement: '以实物为准', ground: 'as_described', operator: '07' }
const BEARER = {
  Authorization: 'Bearer key-of-merchant-m1-000',
  'Content-Type': 'application/json',
  Accept: 'application/json',
}

let house: LogServer
let filed: Filed
let erp: PartyDevice

beforeEach(async () => {
  house = await LogServer.open()
  filed = await house.submit()
  erp = new PartyDevice()
  await house.post('/api/v1/keys', 'merchant', erp.offer(PARTY))
})
afterEach(() => house.close())

const asked = async (path: string) => (await house.ask(path, { headers: BEARER })).json()

const signed = async (device: PartyDevice, act: string, body: object) => {
  const { signing } = await asked(`/api/v1/complaints/${filed.id}`)
  const sent = JSON.stringify(body)
  const headers = { ...BEARER, ...device.header({ ...signing, act }, sent) }
  const reply = await house.ask(`/api/v1/complaints/${filed.id}/${act}`, { method: 'POST', headers, body: sent })
  expect(reply.status).toBe(201)
}
const demanded = async () => {
  const { origin, party, seen } = await asked('/api/v1/keys')
  await house.post('/api/v1/keys/requirement', 'merchant', {
    signed: erp.about('signing-demands', { origin, party, seen }),
  })
}

/** What both verifiers say against a receipt: the names of the checks. */
const refusedBy = async (receipt: unknown) => {
  const ours = await house.verify(receipt)
  const names = (out: string) => out.split('\n').flatMap(line => /^✗ ([a-z-]+):/.exec(line)?.[1] ?? [])
  if (python.status !== 0) return names(ours.out)
  const { stdout } = spawnSync('python3', [VERIFIER, house.file('receipt.json'), house.file('trust.txt')])
  expect(names(stdout.toString('utf8')), stdout.toString('utf8')).toEqual(names(ours.out))
  return names(ours.out)
}

/** The second verifier over a mirror of the whole log. */
const mirrored = async () => {
  const { code, err } = await house.tousu('mirror', house.url, house.file('copy'), '--policy', house.file('trust.txt'))
  expect([code, err]).toEqual([0, ''])
  const { stdout } = spawnSync('python3', [VERIFIER, '--log', house.file('copy'), house.file('trust.txt')])
  return stdout
    .toString('utf8')
    .split('\n')
    .filter(line => line.startsWith('✗'))
}

test('signed answers are told by receipt, monitor and both verifiers; so is the unsigned one beside them', async () => {
  await signed(erp, 'responses', {
    ...REJECT,
    answer: 'offer',
    offer: { kind: 'refund', amount: { value: '20.00', currency: 'CNY' } },
  })
  await house.act(filed, 'merchant', 'messages', { text: '在吗' })
  const officer = new PartyDevice('ES256')
  await house.act(filed, 'platform', 'messages', { text: '尽快' })
  await house.post('/api/v1/keys', 'platform', officer.offer('platform'))
  await house.act(filed, 'platform', 'messages', { text: '请回复' })
  const receipt = await house.receipt(filed)
  expect(await refusedBy(receipt)).toEqual([])
  expect((await house.verify(receipt)).out).toContain(
    '; 1 of 4 acts of merchant and platform, 2 unsigned though their party had a key',
  )
  const { code, out } = await house.monitor()
  expect([code, refusals(out)]).toEqual([0, []])
  expect(out).toMatch(
    new RegExp(`party_key_added at \\S+: merchant ${PARTY} key ${erp.key}, which no older key vouches for`),
  )
  expect(out).toContain(`: platform key ${officer.key}`)
  expect(out).toContain(`· merchant ${PARTY}: 1 steps unsigned though it had a key`)
  expect(out).toContain('· platform: 1 steps unsigned though it had a key')
  const { steps } = await asked(`/api/v1/complaints/${filed.id}`)
  // What stood before the officers had a key is just unsigned.
  expect(steps.map((step: object) => 'unsignedThoughRegistered' in step)).toEqual([false, false, true, false, true])
  // The memory of a monitor knows the keys.
  await signed(erp, 'messages', { text: '还在', operator: '07' })
  expect((await house.monitor()).code).toBe(0)
  if (python.status === 0) expect(await mirrored()).toEqual([])
})

/** The operator writes the log anew with other leaves, and a receipt for it that brings the leaves of the keys. */
const forged = async (change: (leaves: Leaf[]) => Leaf[], like?: Receipt) => {
  const kept = like ?? (await house.receipt(filed))
  const forger = (await Forger.of(house)).rewritten(change)
  house.fetch = await forger.serve()
  return forger.receipt(kept)
}

test('the operator answers in the name of a merchant who requires signatures: monitor and both verifiers say so', async () => {
  await demanded()
  await house.later(0)
  const forger = await Forger.of(house)
  const c = (await house.receipt(filed)).complaint.c
  const answer = forger.next(c, {
    kind: 'merchant_responded',
    by: 'merchant',
    p: { answer: 'reject', ground: 'other' },
    d: { statement: digestOf(disclose('statement', '不退', utf8('0123456789abcdef'))) },
  })
  // As the rules have it: only who wrote it is false.
  const review = {
    state: 'awaiting_buyer',
    holder: 'buyer',
    rule: 'times.awaiting_buyer',
    due: answer.at + 168 * HOUR,
  }
  const receipt = await forged(leaves => [...leaves, { ...answer, ...review }])
  expect(await refusedBy(receipt)).toEqual(['authors'])
  const found = `✗ authors: complaint ${c}, step 1: in the merchant's name, unsigned though it demands signatures`
  expect(refusals((await house.monitor('newcomer')).out)).toEqual([found])
  // Found by a memory, too.
  expect(refusals((await house.monitor('newcomer')).out)).toEqual([found])
})

test('a key that the operator adds to a merchant who requires signatures is told by monitor and verifier', async () => {
  await demanded()
  await house.later(0)
  const own = new PartyDevice()
  const { name: _, ...offered } = own.offer(PARTY)
  const forger = await Forger.of(house)
  const last = forger.leaves.findLast(leaf => leaf.c === null)
  if (!last) throw new Error('a log has a chain of its own')
  const added = { ...last, kind: 'party_key_added', p: { role: 'merchant', m: PARTY, key: own.key, ...offered } }
  await forged(leaves => [...leaves, added])
  const { out } = await house.monitor('newcomer')
  expect(refusals(out)).toEqual([expect.stringContaining('is unsigned, of a merchant who demands signatures')])
})

test('a signature that is moved to another act, or made by a retired key, is told', async () => {
  await signed(erp, 'messages', { text: '请稍候', operator: '07' })
  await signed(erp, 'responses', REJECT)
  const { leaves } = await Forger.of(house)
  const stolen = leaves.find(({ kind }) => kind === 'message_added')?.p.signed
  if (!stolen) throw new Error('the message is not signed')
  const moved = await forged(all =>
    all.map(leaf => (leaf.kind === 'merchant_responded' ? { ...leaf, p: { ...leaf.p, signed: stolen } } : leaf)),
  )
  expect(await refusedBy(moved)).toContain('signatures')
  expect(refusals((await house.monitor('newcomer')).out).join()).toContain('has a signature that its key did not make')

  await house.post(`/api/v1/keys/${erp.key}/retirement`, 'merchant', {})
  await house.later(0)
  house.fetch = (url, init) => house.ask(url, init)
  const late = await forged(all => {
    const retired = all.findIndex(({ kind }) => kind === 'party_key_retired')
    const [leaf] = all.splice(retired, 1)
    const place = all.findIndex(({ kind }) => kind === 'merchant_responded')
    return leaf ? all.toSpliced(place, 0, { ...leaf, at: all[place]?.at ?? 0, on: all[place]?.at ?? 0 }) : all
  })
  expect(await refusedBy(late)).toContain('signatures')
  expect(refusals((await house.monitor('late')).out).join()).toContain("a key that was not its party's then")
})

describe('a passkey’s assertion', () => {
  const offer = { act: 'party-keys', body: '', c: PARTY, origin: '', seen: '' }
  /** The log with a key that a passkey vouches for, both as this test signs them; the receipt brings their leaves. */
  const vouched = async (over: Parameters<PartyDevice['assertion']>[1] = {}, act = 'party-keys') => {
    const passkey = new PartyDevice('ES256')
    await house.post('/api/v1/keys', 'merchant', passkey.offer(PARTY))
    const own = new PartyDevice('ES256')
    await house.post('/api/v1/keys', 'merchant', own.offer(PARTY, passkey))
    await signed(own, 'responses', REJECT)
    const assertions: Record<string, Leaf['p']> = {
      [passkey.key]: { sig: passkey.assertion({ ...offer, body: passkey.key }) },
      [own.key]: {
        voucher: { key: passkey.key, sig: passkey.assertion({ ...offer, act, body: own.key }, over) },
      },
    }
    return forged(all =>
      all.map(leaf =>
        leaf.kind === 'party_key_added' ? { ...leaf, p: { ...leaf.p, ...assertions[String(leaf.p.key)] } } : leaf,
      ),
    )
  }

  test('vouches for a browser’s key: receipt, monitor and both verifiers take it', async () => {
    expect(await refusedBy(await vouched())).toEqual([])
    const { code, out } = await house.monitor('newcomer')
    expect([code, refusals(out)]).toEqual([0, []])
    if (python.status === 0) expect(await mirrored()).toEqual([])
  })

  test.each<[string, Parameters<typeof vouched>]>([
    ['whose owner was not verified', [{ flags: 0x01 }]],
    ['that was made when the passkey was', [{ type: 'webauthn.create' }]],
    ['for another challenge', [{ challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }]],
    ['asked for in a frame of another site', [{ crossOrigin: true }]],
    ['of another act', [{}, 'signing-demands']],
  ])('%s is refused by all of them', async (_, args) => {
    expect(await refusedBy(await vouched(...args))).toEqual(['signatures'])
    expect(refusals((await house.monitor('newcomer')).out).length).toBeGreaterThan(0)
  })
})

test('an answer that says what its merchant did not sign is told by both verifiers', async () => {
  await signed(erp, 'responses', REJECT)
  const kept = await house.receipt(filed)
  const swapped = disclose('statement', '我们不退', utf8('0123456789abcdef'))
  const steps = kept.steps.map((step, i) => {
    const others = step.disclosures.filter(
      text => !Buffer.from(text, 'base64url').toString().includes('","statement","'),
    )
    return i === 1 ? { ...step, disclosures: [...others, swapped] } : step
  })
  const change = (leaf: Leaf, more: Partial<Leaf>) => (leaf.kind === 'merchant_responded' ? { ...leaf, ...more } : leaf)
  const text = await forged(all => all.map(leaf => change(leaf, { d: { ...leaf.d, statement: digestOf(swapped) } })), {
    ...kept,
    steps,
  })
  expect(await refusedBy(text)).toEqual(['signatures'])
  const ground = await forged(all => all.map(leaf => change(leaf, { p: { ...leaf.p, ground: 'misuse' } })), kept)
  expect(await refusedBy(ground)).toEqual(['signatures'])
})

test('a merchant makes, rotates and retires its keys on the command line, and requires signatures', async () => {
  const run = async (...args: string[]) => {
    const { code, out, err } = await house.tousu('keys', 'party', 'http://log.test', ...args)
    return { code, out, err: err.trim() }
  }
  const [first, second] = [house.file('first.pem'), house.file('second.pem')]
  const { out: kid } = await run('--out', first, '--name', '仓库')
  expect((await asked('/api/v1/keys')).items[0]).toMatchObject({ key: kid, name: '仓库', alg: 'EdDSA' })
  expect((await run('--require', '--by', first)).code).toBe(0)
  expect(await run('--out', house.file('x.pem'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('signature_required'),
  })
  expect((await run('--out', second, '--by', first)).code).toBe(0)
  expect((await run('--retire', kid, '--by', second)).code).toBe(0)
  expect((await run('--release', '--by', first)).err).toContain('signature_key')
  expect((await run('--release', '--by', second)).code).toBe(0)
  expect((await run('--out', second)).err).toContain('is there already')
  expect(refusals((await house.monitor()).out)).toEqual([])
  if (python.status === 0) expect(await mirrored()).toEqual([])
})
