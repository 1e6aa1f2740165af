import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import newest from '../../db/policies/cn-2026-3.json' with { type: 'json' }
import { follow } from '../../src/cli/monitor/case.ts'
import { skimmed } from '../../src/cli/monitor/skim.ts'
import { parsePolicy } from '../../src/complaint/deadlines/policy.ts'
import { noteKeyAdded } from '../../src/log/key-leaf.ts'
import { type Leaf, merchantTag } from '../../src/log/leaf.ts'
import { formatVerifierKey, verifierKey } from '../../src/log/note.ts'
import { newKey } from '../log/story.ts'
import { Forger } from './forger.ts'
import { type Filed, HOUR, LogServer, refusals } from './log-server.ts'

/** What the rules of the complaint forbid is found in the leaves alone, though every hash and signature is right. */
let house: LogServer
let dress: Filed
let c: string
let honest: Forger

beforeEach(async () => {
  house = await LogServer.open()
  ;[dress] = await house.story()
  c = (await house.receipt(dress)).complaint.c
  honest = await Forger.of(house)
})
afterEach(() => house.close())

let newcomers = 0
const monitorSays = async (forged: Forger, words: string) => {
  house.fetch = await forged.serve()
  const { code, out } = await house.monitor(`newcomer ${newcomers++}`)
  expect([code, refusals(out).join('\n')]).toEqual([1, expect.stringContaining(words)])
}
const withNext = (change: Partial<Leaf>) => honest.raw(leaves => [...leaves, honest.next(c, change)])
const last = () => honest.leaves.findLast(leaf => leaf.c === c)!
const closed = { state: 'closed_confirmed', holder: null, due: null, rule: null }

test('a submission that hides its merchant, or names it where no index is', () => {
  const leaf = honest.leaves.find(({ kind }) => kind === 'submitted')!
  const policy = { ...parsePolicy(document), hash: leaf.policy ?? '' }
  const withTag = (m: string) => skimmed({ ...leaf, p: { ...leaf.p, m } })
  const indexed = { ...policy, index: 'merchants' } as const
  expect(follow(null, withTag(merchantTag('m-1')), indexed)).toMatchObject({ state: 'awaiting_merchant' })
  expect(follow(null, skimmed({ ...leaf, p: { category: 'quality', locale: 'zh-CN' } }), indexed)).toBe(
    'no tag of its merchant',
  )
  expect(follow(null, withTag('short'), indexed)).toBe('no tag of its merchant')
  expect(follow(null, withTag(merchantTag('m-1')), policy)).toContain('does not ask for')
})

test('an instant that is no number, which no due date would ever reach', async () => {
  const leaf = honest.leaves.find(({ kind }) => kind === 'submitted')!
  const policy = { ...parsePolicy({ ...newest, total: { ...newest.total, hours: 72 } }), hash: leaf.policy ?? '' }
  const complaint = follow(null, skimmed({ ...leaf, p: { ...leaf.p, m: merchantTag('m-1') } }), policy)
  if (typeof complaint === 'string') throw new Error(complaint)
  const at = { seq: 1, at: leaf.at + HOUR, on: leaf.at + HOUR }
  const report = (due: number | string) =>
    follow(
      complaint,
      skimmed({ ...leaf, ...at, kind: 'interim_reported', by: 'merchant', p: { due, firstDue: complaint.total! } }),
      policy,
    )
  const due = complaint.total! + HOUR
  expect(report(due)).toMatchObject({ total: due })
  for (const none of ['never', String(due), due + 0.5])
    expect(report(none)).toBe('no act of this party has these parameters here')

  const hold = { ...closed, kind: 'legal_hold_set', by: 'supervisor', auto: false, who: merchantTag('p-1') }
  await monitorSays(withNext({ ...hold, p: { until: 'never' } }), 'no act of this party has these parameters here')
})

describe('a lapse', () => {
  const notice = { kind: 'notice_sent', by: 'system', auto: true }
  /** The other complaint, rejected; then three notices a day apart, and what an operator appends at the due instant. */
  const lapsed = async (proof: Partial<Leaf>) => {
    const filed = await house.submit()
    await house.act(filed, 'merchant', 'responses', {
      answer: 'reject',
      statement: '以实物为准',
      ground: 'as_described',
    })
    await house.later(1)
    const { c } = (await house.receipt(filed)).complaint
    let log = await Forger.of(house)
    const { due, seq: stay, at } = log.leaves.findLast(leaf => leaf.c === c)!
    const append = (change: Partial<Leaf>) => {
      log = log.raw(leaves => [...leaves, log.next(c, change)])
    }
    for (const day of [1, 2, 3])
      append({ ...notice, ...proof, p: { ...proof.p, to: 'buyer', stay }, at: at + day * 24 * HOUR })
    append({ kind: 'deadline_missed', by: 'system', auto: true, p: { party: 'buyer', due, lapses: true }, at: due! })
    return log
  }

  test('without the proofs that its policy asks for is named, with the leaf', async () => {
    await monitorSays(await lapsed({}), '(deadline_missed): a lapse without the notices that it needs')
  })

  test('whose notices claim proofs that no leaf commits to', async () => {
    await monitorSays(
      await lapsed({ p: { proof: true } }),
      '(notice_sent): a notice that claims a proof and commits to none',
    )
  })
})

describe('a step that no act of its party makes', () => {
  test.each<[string, Partial<Leaf>, string]>([
    [
      'the merchant calls it solved',
      { kind: 'confirmed', by: 'merchant', ...closed },
      '(confirmed): the rules refuse it (not_yours)',
    ],
    ['a dispute out of its state', { kind: 'disputed', by: 'buyer' }, 'the rules refuse it (wrong_state)'],
    [
      'a refusal by a machine',
      { kind: 'refused', by: 'platform', auto: true, p: { ground: 'duplicate' } },
      '(human_required)',
    ],
    ['an unknown kind', { kind: 'solved' }, '(solved): a kind that is not in the closed list'],
    [
      'an unknown role',
      { kind: 'message_added', by: 'robot', p: { files: 0 } },
      'a role that is not in the closed list',
    ],
    ['a second submission', { kind: 'submitted', p: { category: 'quality' } }, 'a second submission'],
    ['another policy', { kind: 'message_added', policy: 'AAAA', p: { files: 0 } }, 'that no leaf before has adopted'],
    [
      'parameters of another shape',
      { kind: 'ruled', by: 'platform', who: 'AA', p: { outcome: 'for_all' } },
      'an outcome that is not',
    ],
    [
      'parameters that are none',
      { kind: 'link_shared', by: 'buyer', p: { texts: 'yes' } },
      'no act of this party has these',
    ],
    [
      'a letter in the wrong place',
      { kind: 'officer_assigned', by: 'platform', p: { desk: '%', handoff: false } },
      'cannot read',
    ],
  ])('%s', (_name, change, words) => monitorSays(withNext({ ...change }), words))

  test('a ruling beyond the cap of the policy', async () => {
    const remedy = { kind: 'refund', owedBy: 'merchant', by: house.clock.now() + 1000 * HOUR }
    const p = { outcome: 'for_buyer', remedy, enforcement: false }
    await monitorSays(withNext({ kind: 'ruled', by: 'platform', who: 'AA', p }), '(date_beyond_cap)')
  })
})

describe('what a step leaves behind', () => {
  test.each<[string, Partial<Leaf>, string]>([
    ['state', { state: 'awaiting_buyer' }, 'its state is platform_review by the rules'],
    ['holder', { holder: 'buyer' }, 'its holder is platform by the rules'],
    ['due', { due: 1 }, 'its due instant is 2026-03-05T04:0'],
    ['rule', { rule: 'promised' }, 'its due instant rests on times.platform_review by the rules'],
  ])('%s', (_name, change, words) =>
    monitorSays(
      withNext({ kind: 'message_added', by: 'buyer', p: { files: 0 }, ...change }),
      `(message_added): ${words}`,
    ),
  )
})

describe('the clock', () => {
  const missed = (change: Partial<Leaf> = {}) => {
    const due = last().due ?? 0
    const at = Math.max(house.clock.now(), due)
    const stands = { state: 'platform_review', holder: 'supervisor', due: due + 24 * HOUR, rule: 'times.supervisor' }
    const p = { party: 'platform', due }
    return withNext({ kind: 'deadline_missed', by: 'system', auto: true, at, on: due, p, ...stands, ...change })
  }

  test('may be late, but bears the instant missed', async () => {
    await house.later(80)
    house.fetch = await missed().serve()
    // The forged log stops here, so the other complaint's own deadline is all that is missing.
    const { out } = await house.monitor('newcomer')
    expect(refusals(out)).toEqual([expect.stringContaining('✗ deadlines: complaint ')])
    expect(out).not.toContain(`complaint ${c}`)
    await monitorSays(missed({ on: (last().due ?? 0) + 1 }), 'a step of the clock that is not of the instant due')
    await monitorSays(missed({ p: { party: 'buyer', due: last().due } }), 'not what the clock does here')
  })

  test('never acts before its time', () => {
    const now = house.clock.now()
    return monitorSays(missed({ at: now, on: now }), 'a step of the clock before its time')
  })

  test('is not jumped by a party that was late', async () => {
    await house.later(80)
    const late = { kind: 'message_added', by: 'platform', auto: true, p: { files: 0 } }
    await monitorSays(withNext(late), 'the deadline of 2026-03-05T04:0')
  })
})

describe("the log's own chain", () => {
  const own = (change: Partial<Leaf>) => {
    const end = honest.leaves.findLast(leaf => leaf.c === null)!
    const now = house.clock.now()
    return honest.rewritten(leaves => [...leaves, { ...end, at: now, on: now, ...change }])
  }

  test.each<[string, Partial<Leaf>, string]>([
    ['opens twice', { kind: 'log_opened' }, 'log_opened is leaf 0, or continues a log that lost leaves'],
    ['has steps of no log', { kind: 'audited' }, "a kind that the log's own chain does not have"],
    ['adds no key', { kind: 'key_added', p: { use: 'statement', kid: 'x', x: 'y' } }, 'introduces no proper key'],
    [
      'retires what it never had',
      { kind: 'key_retired', p: { use: 'statement', kid: 'x' } },
      'a key that is not in use',
    ],
    ['adopts what nobody can read', { kind: 'policy_adopted', policy: 'AAAA' }, 'a policy that the log does not serve'],
  ])('%s', (_name, change, words) => monitorSays(own(change), words))

  test("goes on while a timer that stands still is a breach by the log's own time", async () => {
    await house.later(80)
    const { publicKey } = await newKey()
    const p = noteKeyAdded(formatVerifierKey(verifierKey('log.test/0', publicKey)))
    house.fetch = await own({ kind: 'key_added', policy: null, p }).serve()
    const { code, out } = await house.monitor('newcomer')
    expect([code, refusals(out)]).toEqual([
      1,
      [
        expect.stringMatching(
          /^✗ deadlines: complaint \S{22}: the deadline of 2026-03-04T03:\S+ \(leaf \d\) passed, and/,
        ),
        expect.stringContaining(`complaint ${c}: the deadline of 2026-03-05T04:0`),
      ],
    ])
    expect(out).toContain('key_added at 2026-03-')
  })

  test('and its policy documents are those it adopted', async () => {
    const real = house.fetch
    house.fetch = async url => (url.includes('/policies/') ? Response.json({ v: 1 }) : real(url))
    const { out } = await house.monitor('newcomer')
    expect(refusals(out).join()).toContain('leaf 1 (policy_adopted): adopts a policy whose document has another hash')
  })

  test.each([
    ['nobody was told of', 6, 'adopts a surge that was not announced 7 days before'],
    ['everybody was told of', 9, ''],
  ])('a surge that %s', async (_what, days, words) => {
    const date = (ahead: number) => new Date(house.clock.now() + ahead * 24 * HOUR).toISOString().slice(0, 10)
    const surge = { name: '双十二', hours: 24, basis: 'platform_rule', source: '公告' }
    const surges = [{ ...surge, announced: date(days - 7), from: date(days), until: date(days) }]
    const text = JSON.stringify({ ...document, name: 'cn-surge', surges })
    const policy = createHash('sha256').update(text).digest('base64url')
    const forged = await own({ kind: 'policy_adopted', policy, p: { name: 'cn-surge' } }).serve()
    house.fetch = async url => (url.endsWith(policy) ? new Response(text) : forged(url))
    const { code, out } = await house.monitor(`newcomer ${newcomers++}`)
    expect([code, refusals(out).join()]).toEqual([words === '' ? 0 : 1, expect.stringContaining(words)])
  })

  test('retires the key of checkpoints: nothing it signs later counts', async () => {
    const vkey = (await (await house.ask(`${house.url}/policy`)).text()).split(/\s/)[1] ?? ''
    await monitorSays(
      own({ kind: 'key_retired', policy: null, p: { use: 'note', vkey } }),
      '✗ keys: the key that signed was retired',
    )
  })
})
