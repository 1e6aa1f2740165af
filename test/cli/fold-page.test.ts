import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { follow } from '../../src/cli/monitor/case.ts'
import { authorOf } from '../../src/cli/monitor/commands.ts'
import { skimmed } from '../../src/cli/monitor/skim.ts'
import type { Complaint } from '../../src/complaint/complaint.ts'
import { type Policy, parsePolicy } from '../../src/complaint/deadlines/policy.ts'
import { evolve } from '../../src/complaint/evolve.ts'
import type { NewStep } from '../../src/complaint/step.ts'
import { CLOSED_STATES, OPEN_STATES, STATES, STEP_KINDS, type State } from '../../src/complaint/words.ts'
import { decodeLeaf, encodeLeaf, type Leaf } from '../../src/log/leaf.ts'
import { stories } from '../complaint/every-kind.ts'
import { seeded } from '../record/chance.ts'
import {
  citing,
  logOf,
  randomLives,
  textOf,
  told,
  transplanted,
  VECTORS,
  type Vector,
  vectors,
} from './fold-vectors.ts'

const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'])

/** What the second fold, written from docs/fold.md, says of these vectors: a line each. */
const refold = (...given: Vector[]): { status: number | null; lines: string[] } => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-fold-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const files = given.map((vector, i) => {
    const file = join(folder, `${String(i).padStart(4, '0')}.json`)
    writeFileSync(file, textOf(vector))
    return file
  })
  const { status, stdout } = spawnSync('python3', [VERIFIER, '--fold', ...files], { maxBuffer: 1 << 26 })
  return { status, lines: stdout.toString('utf8').trim().split('\n') }
}
const wrong = (lines: readonly string[]) => lines.filter(line => !line.startsWith('✓'))

/** What the monitor says against the last leaf, or null. */
const judge = ({ leaves, policies }: Vector): string | null => {
  let complaint: Complaint | null = null
  let authors = ''
  for (const [i, text] of leaves.entries()) {
    const leaf = skimmed(decodeLeaf(Buffer.from(text)))
    const document = policies[leaf.policy ?? ''] ?? ''
    const policy: Policy = { ...parsePolicy(JSON.parse(document)), hash: leaf.policy ?? '' }
    const after = follow(complaint, leaf, policy, authors)
    if (typeof after === 'string') {
      expect(i, after).toBe(leaves.length - 1)
      return after
    }
    complaint = after
    authors += authorOf(leaf.by)
  }
  return null
}

describe('docs/vectors', () => {
  const made = vectors()

  test.each(Object.entries(made))('%s is what the core says', (name, vector) =>
    expect(textOf(vector)).toMatchFileSnapshot(`${VECTORS}${name}.json`),
  )

  test('are these and no others, and have every kind, state and clause', () => {
    expect(readdirSync(VECTORS).sort()).toEqual(
      Object.keys(made)
        .map(name => `${name}.json`)
        .sort(),
    )
    const leaves = Object.values(made).flatMap(({ leaves }) => leaves.map(leaf => decodeLeaf(Buffer.from(leaf))))
    const met = new Set(leaves.map(({ kind }) => kind))
    expect(STEP_KINDS.filter(kind => !met.has(kind))).toEqual([])
    expect([...new Set(leaves.map(({ rule }) => rule))].sort()).toMatchInlineSnapshot(`
      [
        null,
        "promised",
        "times.appeal_review",
        "times.awaiting_buyer",
        "times.awaiting_buyer+surge",
        "times.awaiting_confirmation",
        "times.awaiting_confirmation+surge",
        "times.awaiting_merchant",
        "times.awaiting_merchant+surge",
        "times.awaiting_return",
        "times.awaiting_return+surge",
        "times.evidence_requested",
        "times.evidence_requested+surge",
        "times.fulfilment_after_receipt",
        "times.fulfilment_after_shipment",
        "times.fulfilment_goods",
        "times.fulfilment_goods+surge",
        "times.fulfilment_money",
        "times.platform_review",
        "times.platform_review+surge",
        "times.supervisor",
      ]
    `)
    expect([...new Set(leaves.map(({ state }) => state))].sort()).toMatchInlineSnapshot(`
      [
        "appeal_review",
        "awaiting_buyer",
        "awaiting_confirmation",
        "awaiting_merchant",
        "awaiting_return",
        "closed_confirmed",
        "closed_lapsed",
        "closed_ruled",
        "closed_withdrawn",
        "evidence_requested",
        "fulfilment",
        null,
        "platform_review",
        "refused",
      ]
    `)
  })
})

describe('docs/fold.md', () => {
  const page = readFileSync(new URL('../../docs/fold.md', import.meta.url), 'utf8')
  /** Rows of the table under this heading, as cells. */
  const table = (heading: string): string[][] => {
    const [, part = ''] = page.split(`## ${heading}`)
    const [, ...rows] = (part.split('\n## ')[0] ?? '').split('\n').filter(line => /^\| (?!---)/.test(line))
    return rows.map(row =>
      row
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    )
  }
  const words = (cell: string) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, word]) => word ?? '')
  const isState = (word: string): word is State => STATES.some(state => state === word)
  const ROLE: Record<string, string> = {
    B: 'buyer',
    M: 'merchant',
    P: 'platform',
    S: 'supervisor',
    Y: 'system',
    T: 'third_party',
  }
  const statesIn = (cell: string): readonly string[] => {
    if (cell === 'any') return STATES
    if (cell === 'open') return OPEN_STATES
    return cell === '(first)' ? ['(first)'] : words(cell).filter(isState)
  }
  /** `=` stays; "the same state" is one that may have another clock. */
  const targetsIn = (cell: string, from: string): string[] => {
    const named = words(cell).filter(isState)
    return [...named, ...(/(^|; |else )=/.test(cell) || cell.startsWith('the same state') ? [from] : [])]
  }

  const tellers = [...Object.values(stories), ...Object.values(told).map(([, tell]) => tell)]
  const lives = [...tellers.map(tell => tell()), ...citing(), ...randomLives(3000, 42)]
  const seen = lives.flatMap(({ steps }) => {
    const met: { step: NewStep; before: Complaint | null; after: Complaint }[] = []
    for (const step of steps) {
      const before: Complaint | null = met.at(-1)?.after ?? null
      met.push({ step, before, after: evolve(before, step) })
    }
    return met
  })

  test('section 2: whose step, in which state, and where it leads, are those of the core', () => {
    const onPage = new Set<string>()
    for (const [kind = '', by = '', where = '', , then = ''] of table('2. Kinds'))
      for (const role of by.split(' '))
        for (const from of statesIn(where))
          for (const to of targetsIn(then, from)) onPage.add(`${words(kind)} by ${ROLE[role]}: ${from} → ${to}`)
    const inCore = new Set(
      seen.map(
        ({ step, before, after }) => `${step.kind} by ${step.by}: ${before?.state ?? '(first)'} → ${after.state}`,
      ),
    )
    expect([...inCore].filter(each => !onPage.has(each)).sort(), 'the page does not say').toEqual([])
    expect([...onPage].filter(each => !inCore.has(each)).sort(), 'the core never does').toEqual([])
  })

  test('section 2: the parameters of each kind are those that the core writes', () => {
    const onPage = new Map<string, Set<string>>()
    for (const [kind = '', , , p = ''] of table('2. Kinds')) {
      const names = [...p.matchAll(/`(\w+)/g)].map(([, name]) => name ?? '')
      onPage.set(words(kind).join(), new Set([...(onPage.get(words(kind).join()) ?? []), ...names]))
    }
    const inCore = new Map<string, Set<string>>()
    for (const { step } of seen)
      inCore.set(
        step.kind,
        new Set([...(inCore.get(step.kind) ?? []), ...Object.keys(JSON.parse(JSON.stringify(step.p)))]),
      )
    const sorted = (map: Map<string, Set<string>>) => [...map].map(([kind, names]) => [kind, [...names].sort()]).sort()
    expect(sorted(onPage)).toEqual(sorted(inCore))
  })

  test('section 3: who holds a state that is entered, and by which clause, are those of the core', () => {
    const clause = (rule: string | null) => rule?.replace('+surge', '') ?? 'null'
    const onPage = new Set<string>()
    const surging = new Set<string>()
    for (const [state = '', holder = '', rule = '', surge = ''] of table('3. Entering')) {
      const named = /`(times\.\w+|promised)`/.exec(rule)?.[1] ?? 'null'
      const holders = holder.includes('who owes')
        ? ['merchant', 'platform']
        : words(holder).filter(word => word !== 'missed')
      for (const from of words(state).filter(isState))
        for (const each of holder === '`p.from`' ? ['buyer', 'merchant', 'both'] : holders.length ? holders : ['null'])
          onPage.add(`${from}: ${from.startsWith('closed') || from === 'refused' ? 'null' : each}, ${named}`)
      if (surge === 'yes') surging.add(named)
    }
    for (const state of CLOSED_STATES) onPage.add(`${state}: null, null`)
    const entered = seen.filter(({ after }) => after.enteredSeq === after.seq)
    const inCore = new Set(entered.map(({ after: { state, holder, rule } }) => `${state}: ${holder}, ${clause(rule)}`))
    expect([...inCore].sort()).toEqual([...onPage].filter(each => !each.startsWith('return_shipped')).sort())
    const lengthened = entered.flatMap(({ after: { rule } }) => (rule?.endsWith('+surge') ? [clause(rule)] : []))
    expect([...new Set(lengthened)].sort()).toEqual([...surging].sort())
  })
})

describe.skipIf(python.status !== 0)('docs/fold.py, written from docs/fold.md', () => {
  test('recomputes the vectors', () => {
    const files = readdirSync(VECTORS).map(file => VECTORS + file)
    const { status, stdout } = spawnSync('python3', [VERIFIER, '--fold', ...files])
    expect([status, wrong(stdout.toString('utf8').trim().split('\n'))]).toEqual([0, []])
  })

  test('agrees on every step of random lives', { timeout: 120_000 }, () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
    const lives = randomLives(Number(process.env.LIVES ?? 150), seed).map(life => logOf(`seed ${seed}`, [life]))
    const { status, lines } = refold(...lives)
    expect([status, wrong(lines)]).toEqual([0, []])
  })

  test('and the monitor judge alike what was said at another place', { timeout: 120_000 }, () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
    const random = seeded(seed)
    const below = (n: number) => Math.floor(random() * n)
    const lives = randomLives(Number(process.env.LIVES ?? 20), seed)
    const said = lives.flatMap(({ steps }) => steps.slice(1))
    const tries = lives.flatMap(life =>
      Array.from({ length: 20 }, () => {
        const wait = [0, 0, 1, 3_600_000, 86_400_000, 30 * 86_400_000][below(6)] ?? 0
        return transplanted(life, 1 + below(life.steps.length), said[below(said.length)]!, wait)
      }).filter(vector => vector !== null),
    )
    const { lines } = refold(...tries)
    const judged = tries.map(vector => judge(vector))
    const different = lines.flatMap((line, i) =>
      line.startsWith('✓') === (judged[i] === null)
        ? []
        : [{ line, monitor: judged[i], last: tries[i]?.leaves.at(-1) }],
    )
    expect(different, `seed ${seed}`).toEqual([])
    // Some of them must be honest, or the test would prove little.
    expect(judged.filter(wrong => wrong === null).length).toBeGreaterThan(tries.length / 20)
  })

  test('disagrees with whatever the core would not say', () => {
    const { leaves } = logOf('honest', randomLives(1, 7))
    const all = leaves.map(leaf => decodeLeaf(Buffer.from(leaf)))
    const forged = (i: number, change: Partial<Leaf>): Vector => {
      const leaf = encodeLeaf({ ...all[i]!, ...change })
      const upTo = [...leaves.slice(0, i), Buffer.from(leaf).toString()]
      const fields = upTo.map(text => decodeLeaf(Buffer.from(text)))
      const four = fields.map(({ state, holder, due, rule }) => ({ state, holder, due, rule }))
      return { ...logOf('', randomLives(1, 7)), leaves: upTo, fields: four as Vector['fields'] }
    }
    const mutants = all.flatMap((leaf, i) =>
      i % 4 > 0
        ? []
        : [
            forged(i, { state: leaf.state === 'fulfilment' ? 'awaiting_return' : 'fulfilment' }),
            forged(i, { holder: leaf.holder === 'buyer' ? 'merchant' : 'buyer' }),
            forged(i, { due: (leaf.due ?? 0) + 1 }),
            forged(i, { rule: 'times.of_nobody' }),
            forged(i, { by: leaf.by === 'merchant' ? 'robot' : 'merchant', kind: 'confirmed' }),
            forged(i, { p: { ...leaf.p, more: 1 } }),
          ],
    )
    const { lines } = refold(...mutants)
    expect(lines.filter(line => line.startsWith('✓'))).toEqual([])
  })
})
