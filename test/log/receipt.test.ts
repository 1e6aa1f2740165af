import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatProof, parseProof } from '../../src/log/checkpoint.ts'
import { disclose } from '../../src/log/disclosure.ts'
import { fromBase64, toBase64, toBase64url } from '../../src/log/encoding.ts'
import {
  logOpened,
  noteKeyAdded,
  noteKeyIn,
  originIn,
  statementKeyAdded,
  statementKeyIn,
} from '../../src/log/key-leaf.ts'
import { decodeLeaf } from '../../src/log/leaf.ts'
import type { Receipt, ReceiptStep } from '../../src/log/receipt.ts'
import { leafHash } from '../../src/log/tree.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { C, dress, ID, newKey, START, StoryLog } from './story.ts'

const honest = await dress()
const receipt = await honest.receipt()

/** Names of the checks that fail, with `well-formed` alone when the receipt can't be read. */
const failing = async (value: unknown, policy = honest.policy) => {
  const { ok, checks } = await verifyReceipt(value, policy)
  const failed = checks.filter(check => !check.ok).map(check => check.name)
  expect(ok).toBe(failed.length === 0)
  return failed
}

/** The receipt with something else in place of step `i`. */
const withStep = (i: number, change: Partial<ReceiptStep>): Receipt => ({
  ...receipt,
  steps: receipt.steps.map((step, j) => (j === i ? { ...step, ...change } : step)),
})

describe('an honest receipt', () => {
  test('passes every check, each with a line for the reader', async () => {
    const { ok, checks } = await verifyReceipt(JSON.parse(JSON.stringify(receipt)), honest.policy)
    expect(checks.filter(check => !check.ok)).toEqual([])
    expect(ok).toBe(true)
    expect(checks.map(check => check.name)).toEqual([
      'policy',
      'well-formed',
      'checkpoint-signature',
      'one-checkpoint',
      'origin',
      'witnesses',
      'inclusion',
      'key-inclusion',
      'statement-key',
      'statement-signature',
      'statement-tree',
      'chain',
      'times',
      'disclosures',
      'complaint-id',
      'signatures',
      'authors',
      'rules',
      'head',
      'timestamps',
    ])
    const details = Object.fromEntries(checks.map(check => [check.name, check.detail]))
    expect(details['checkpoint-signature']).toContain('tousu.example/0')
    expect(details.witnesses).toBe("the policy's quorum is met: cosigned by w0, w1")
    expect(details.inclusion).toBe('4 of 4 steps are in the tree of 7 leaves')
    expect(details.head).toBe('step 3 is the last one before 2026-01-05T06:00:00.000Z')
    expect(checks.every(check => !check.detail.includes('\n'))).toBe(true)
  })

  test('says so when the policy asks for no witnesses', async () => {
    const { ok, checks } = await verifyReceipt(receipt, `log ${honest.vkey}\nquorum none\n`)
    expect(ok).toBe(true)
    expect(checks.find(check => check.name === 'witnesses')?.detail).toContain('quorum none')
  })

  test('passes with fewer disclosures: a reader may not see all, and fields get erased', async () => {
    const [first, ...rest] = receipt.steps
    const id = first!.disclosures[0]!
    const masked = [{ ...first!, disclosures: [id] }, ...rest.map(step => ({ ...step, disclosures: [] }))]
    expect(await failing({ ...receipt, steps: masked })).toEqual([])
  })

  test('passes with a later key that the log introduced', async () => {
    const log = await dress()
    const next = await newKey()
    log.append({ c: null, kind: 'key_added', by: 'system', p: statementKeyAdded(next.x) })
    const rotated = new StoryLog(log.origin, log.noteKey, next, log.witnessKeys)
    const statement = await rotated.signStatement(log.stateOf(C, log.told.length))
    const withNext = await log.receipt({ keyLeaf: log.told.length - 1 })
    expect(await failing({ ...withNext, statement }, log.policy)).toEqual([])
    expect(await failing({ ...(await log.receipt()), statement }, log.policy)).toEqual([
      'statement-key',
      'statement-signature',
    ])
  })

  test('passes for an older checkpoint, which covers less and says less', async () => {
    const log = await dress()
    const older = await log.receipt({ size: 4 })
    expect(older.steps).toHaveLength(2)
    expect(await failing(older, log.policy)).toEqual([])
  })
})

describe('an operator who', () => {
  test('edits a leaf', async () => {
    const bytes = fromBase64(receipt.steps[3]!.leaf)
    const leaf = { ...decodeLeaf(bytes), p: { outcome: 'for_merchant' } }
    const edited = new StoryLog('x', honest.noteKey, honest.statementKey, [])
    const { bytes: changed } = edited.append(leaf)
    expect(await failing(withStep(3, { leaf: toBase64(changed), disclosures: [] }))).toEqual(['inclusion', 'head'])
  })

  test('drops a step in the middle, or the last one', async () => {
    const [a, b, c, d] = receipt.steps
    expect(await failing({ ...receipt, steps: [a, c, d] })).toEqual(['chain'])
    expect(await failing({ ...receipt, steps: [a, b, c] })).toEqual(['head'])
    expect(await failing({ ...receipt, steps: [b, c, d] })).toEqual(['chain', 'complaint-id'])
    expect(await failing({ ...receipt, steps: [] })).toEqual(['well-formed'])
  })

  test('renumbers, repeats or reorders steps', async () => {
    const [a, b, c, d] = receipt.steps
    expect(await failing({ ...receipt, steps: [a, c, b, d] })).toEqual(['chain'])
    expect(await failing({ ...receipt, steps: [a, b, b, c, d] })).toEqual(['chain'])
    expect(await failing(withStep(2, { seq: 7 }))).toEqual(['chain'])
  })

  test('swaps, invents or repeats a disclosure', async () => {
    const [a, b] = receipt.steps
    expect(await failing(withStep(1, { disclosures: a!.disclosures.slice(1, 2) }))).toEqual(['disclosures'])
    expect(await failing(withStep(0, { disclosures: [...a!.disclosures, ...b!.disclosures] }))).toEqual(['disclosures'])
    const invented = disclose('statement', '我很满意', new Uint8Array(16))
    expect(await failing(withStep(3, { disclosures: [invented] }))).toEqual(['disclosures'])
    const unknown = disclose('constructor', 'x', new Uint8Array(16))
    expect(await failing(withStep(3, { disclosures: [unknown] }))).toEqual(['disclosures'])
    const twice = [...b!.disclosures, ...b!.disclosures]
    expect(await failing(withStep(1, { disclosures: twice }))).toEqual(['disclosures'])
    expect(await failing(withStep(1, { disclosures: ['!'] }))).toEqual(['disclosures'])
  })

  test('shows another complaint under this id, or none', async () => {
    expect(await failing({ ...receipt, complaint: { id: '0000000000', c: C } })).toEqual(['complaint-id'])
    expect(await failing({ ...receipt, complaint: { id: ID, c: 'AAAAAAAAAAAAAAAAAAAAAA' } })).toEqual(['chain', 'head'])
    expect(await failing(withStep(0, { disclosures: receipt.steps[0]!.disclosures.slice(1) }))).toEqual([
      'complaint-id',
    ])
  })

  test('mixes in a step of another complaint', async () => {
    const log = await dress()
    const { steps, ...rest } = await log.receipt()
    const checkpoint = parseProof(steps[0]!.proof).checkpoint
    const foreign = { seq: 1, ...log.prove(4, log.told.length, checkpoint), disclosures: [] }
    const mixed = steps.map(step => (step.seq === 1 ? foreign : step))
    expect(await failing({ ...rest, steps: mixed }, log.policy)).toEqual(['chain'])
  })

  test('hides the newest step behind an older statement', async () => {
    const older = await honest.receipt({ size: 6 })
    expect(await failing({ ...receipt, statement: older.statement })).toEqual(['statement-tree', 'times', 'head'])
    expect(await failing({ ...receipt, steps: older.steps })).toEqual([
      'one-checkpoint',
      'key-inclusion',
      'statement-tree',
      'head',
    ])
    // The same size, but a head that is not the last.
    const { head_seq, head_leaf } = honest.stateOf(C, 6)
    expect(await failing(await honest.receipt({ statement: { head_seq, head_leaf } }))).toEqual(['head'])
    expect(await failing(await honest.receipt({ statement: { head_leaf } }))).toEqual(['head'])
  })

  test('states another tree, another complaint, or an instant before its own leaves', async () => {
    expect(await failing(await honest.receipt({ statement: { size: 8 } }))).toEqual(['statement-tree'])
    const root = toBase64url(leafHash(new Uint8Array(1)))
    expect(await failing(await honest.receipt({ statement: { root } }))).toEqual(['statement-tree'])
    expect(await failing(await honest.receipt({ statement: { c: 'AAAAAAAAAAAAAAAAAAAAAA' } }))).toEqual(['head'])
    expect(await failing(await honest.receipt({ statement: { iat: START } }))).toEqual(['times'])
    expect(await failing(await honest.receipt({ statement: { iat: Number.MAX_SAFE_INTEGER } }))).toEqual([])
  })

  test('signs a statement with a key that the log never introduced', async () => {
    const swapped = new StoryLog(honest.origin, honest.noteKey, await newKey(), [])
    const statement = await swapped.signStatement(honest.stateOf(C, honest.told.length))
    expect(await failing({ ...receipt, statement })).toEqual(['statement-key', 'statement-signature'])
  })

  test('introduces the swapped key in a leaf that no tree holds', async () => {
    const swapped = await StoryLog.open()
    const statement = await swapped.signStatement(honest.stateOf(C, honest.told.length))
    const checkpoint = parseProof(receipt.steps[0]!.proof).checkpoint
    const key = swapped.prove(0, 1, checkpoint)
    expect(await failing({ ...receipt, statement, keys: [key] })).toEqual(['key-inclusion'])
    expect(await failing({ ...receipt, statement, keys: [] })).toEqual([
      'key-inclusion',
      'statement-key',
      'statement-signature',
    ])
  })

  test('introduces a key in the leaf of a complaint, or opens the log twice', async () => {
    const log = await dress()
    const next = await newKey()
    log.append({ kind: 'key_added', p: statementKeyAdded(next.x) })
    log.append({ c: null, kind: 'log_opened', p: logOpened(log.origin, log.vkey, next.x) })
    const posing = new StoryLog(log.origin, log.noteKey, next, log.witnessKeys)
    const statement = await posing.signStatement(log.stateOf(C, log.told.length))
    const inComplaint = { ...(await log.receipt({ keyLeaf: 7 })), statement }
    expect(await failing(inComplaint, log.policy)).toEqual(['statement-key', 'statement-signature'])
    const twice = { ...(await log.receipt({ keyLeaf: 8 })), statement }
    expect(await failing(twice, log.policy)).toEqual(['statement-key'])
  })

  test('back-dates a step', async () => {
    const log = await dress()
    log.append({ at: START + 1000, kind: 'fulfilled' })
    const later = await log.receipt({ statement: { iat: START + 864e5 } })
    expect(await failing(later, log.policy)).toEqual(['times'])
  })

  test('forks the chain: two steps that follow the same one', async () => {
    const log = await dress()
    const { seq, prev } = log.told[6]!.leaf
    log.append({ seq, prev, kind: 'withdrawn' })
    const forked = await log.receipt()
    expect(await failing(forked, log.policy)).toEqual(['chain'])
    const hidden = { ...forked, steps: forked.steps.filter((_, i) => i !== 3) }
    expect(await failing(hidden, log.policy)).toEqual([])
    // One half alone looks right. A monitor reads the whole tree and finds both.
  })
})

describe('a log that', () => {
  test('the policy does not know', async () => {
    const other = await dress()
    expect(await failing(receipt, other.policy)).toEqual(['checkpoint-signature', 'witnesses'])
    expect(await failing(receipt, 'quorum none\n')).toEqual(['checkpoint-signature'])
  })

  test('signs with a key it does not have', async () => {
    const posing = new StoryLog(honest.origin, await newKey(), honest.statementKey, honest.witnessKeys)
    const checkpoint = await posing.sign(honest.checkpointAt(7))
    const forged = reproved(receipt, checkpoint)
    expect(await failing(forged)).toEqual(['checkpoint-signature'])
  })

  test('has the right key under another name', async () => {
    const log = await StoryLog.open('other.example/0')
    const renamed = new StoryLog('tousu.example/0', log.noteKey, log.statementKey, log.witnessKeys)
    log.append({ kind: 'submitted' }, { id: ID })
    const checkpoint = await renamed.sign({ ...log.checkpointAt(2), origin: 'tousu.example/0' })
    const own = await log.receipt()
    expect(await failing(own, log.policy)).toEqual([])
    expect(await failing({ ...own, origin: 'tousu.example/0' }, log.policy)).toEqual(['origin'])
    expect(await failing(reproved(own, checkpoint), log.policy)).toEqual(['checkpoint-signature', 'origin'])
    expect(await failing(reproved(own, checkpoint), renamed.policy)).toEqual(['origin'])
    const statement = await log.signStatement({ ...log.stateOf(C, 2), origin: 'tousu.example/0' })
    const moved = { ...reproved(own, checkpoint), origin: 'tousu.example/0', statement }
    // Only the leaf that opened the log still says where it came from.
    expect(await failing(moved, renamed.policy)).toEqual(['origin'])
  })

  test('shows a tree that too few witnesses saw, or a forged cosignature', async () => {
    expect(await failing(await honest.receipt({ witnesses: 1 }))).toEqual(['witnesses'])
    const posing = new StoryLog(honest.origin, honest.noteKey, honest.statementKey, [await newKey(), await newKey()])
    expect(await failing(reproved(receipt, await posing.sign(honest.checkpointAt(7))))).toEqual(['witnesses'])
    const lines = (await honest.sign(honest.checkpointAt(7))).split('\n')
    const other = (await honest.sign(honest.checkpointAt(6))).split('\n')
    const pasted = [...lines.slice(0, 5), ...other.slice(5)].join('\n')
    expect(await failing(reproved(receipt, pasted))).toEqual(['witnesses'])
  })

  test('proves its leaves in different checkpoints', async () => {
    const again = await honest.sign(honest.checkpointAt(7), 1)
    const { hashes, index } = parseProof(receipt.steps[2]!.proof)
    const mixed = withStep(2, { proof: formatProof({ index, hashes, checkpoint: again }) })
    expect(await failing(mixed)).toEqual(['one-checkpoint'])
  })
})

describe('something that is no receipt', () => {
  test('fails one check and throws nothing', async () => {
    const values = [undefined, null, 0, '', 'x', [], {}, { v: 1 }, () => 1, Symbol('x'), { ...receipt, v: 2 }]
    for (const value of values) expect(await failing(value)).toEqual(['well-formed'])
    expect(await failing(receipt, 'nonsense')).toEqual(['policy'])
    expect(await failing(null, '')).toEqual(['policy', 'well-formed'])
  })

  test('whatever is put in place of any of its parts', async () => {
    const places = paths(receipt)
    const junk = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, '', '====', 'AAAA', [], {}, '王小明'))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), junk, async (place, value) => {
        const changed = replaced(receipt, place, value)
        if (JSON.stringify(changed) === JSON.stringify(receipt)) return
        const { ok, checks } = await verifyReceipt(changed, honest.policy)
        // Showing fewer disclosures is the reader's business, and no check of ours.
        const shows = place[2] === 'disclosures' && place.length === 3 && Array.isArray(value) && value.length === 0
        if (!shows || place[1] === 0) expect(ok, place.join('.')).toBe(false)
        expect(checks.map(check => check.detail).join()).not.toContain('王小明')
      }),
      { numRuns: 300 },
    )
  })

  test('or whatever bit is flipped in its leaves, proofs, disclosures and statement', async () => {
    const texts = paths(receipt).filter(place => typeof at(receipt, place) === 'string')
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.nat(),
        fc.integer({ min: 1, max: 127 }),
        async (place, where, flip) => {
          const text = String(at(receipt, place))
          const i = where % text.length
          const changed = text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ flip) + text.slice(i + 1)
          expect(await failing(replaced(receipt, place, changed)), place.join('.')).not.toEqual([])
        },
      ),
      { numRuns: 500 },
    )
  })
})

test('key leaves say what they introduce', async () => {
  const { leaf: opened } = honest.told[0]!
  expect(originIn(opened)).toBe('tousu.example/0')
  expect(noteKeyIn(opened)).toBe(honest.vkey)
  expect(statementKeyIn(opened)?.x).toBe(honest.statementKey.x)
  const leaf = { ...opened, kind: 'key_added', p: noteKeyAdded('a+b') }
  expect([originIn(leaf), noteKeyIn(leaf), statementKeyIn(leaf)]).toEqual([null, 'a+b', null])
  for (const p of [
    {},
    { use: 'statement' },
    { use: 'statement', kid: 'x', x: 'y' },
    { use: 'note', kid: 'x', x: 'y' },
  ]) {
    expect(statementKeyIn({ ...opened, kind: 'key_added', p })).toBeNull()
  }
  expect(statementKeyIn({ ...opened, p: { keys: 'none' } })).toBeNull()
})

/** The receipt with another checkpoint behind its proofs. */
function reproved(original: Receipt, checkpoint: string): Receipt {
  const again = <T extends { proof: string }>(entry: T): T => ({
    ...entry,
    proof: formatProof({ ...parseProof(entry.proof), checkpoint }),
  })
  return { ...original, steps: original.steps.map(again), keys: original.keys.map(again) }
}

type Path = (string | number)[]

function paths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const below = Object.entries(value).map(([name, each]) =>
    paths(each, [...path, Array.isArray(value) ? Number(name) : name]),
  )
  return [...(path.length > 0 ? [path] : []), ...below.flat()]
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (each, name) => Object.entries(each ?? {}).find(([key]) => key === String(name))?.[1],
    value,
  )
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by
  if (Array.isArray(value)) return value.map((each, i) => (i === name ? replaced(each, rest, by) : each))
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([key, each]) => [key, key === name ? replaced(each, rest, by) : each]),
  )
}
