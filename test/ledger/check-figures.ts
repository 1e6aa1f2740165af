import { expect } from 'vitest'
import type { Counts } from '../../src/complaint/figures/reckon.ts'
import type { Ledger } from '../../src/ledger/contract/ledger.ts'
import type { Link } from '../../src/log/chain.ts'
import type { Leaf } from '../../src/log/leaf.ts'
import { HOUR } from './fixture.ts'

const EVER = { from: 0, until: 100_000 }
const DAY_SECONDS = 86_400

/** Figures are those of a reckoning over all leaves, chain by chain, with code of its own. */
export const checkFigures = async (ledger: Ledger, links: readonly Link[]): Promise<void> => {
  const chains = [...Map.groupBy(links, ({ leaf }) => leaf.c)].flatMap(([c, chain]) =>
    c === null ? [] : [chain.map(({ leaf }) => leaf)],
  )
  const { days, merchants, whole } = await ledger.figures.index(EVER)
  if (!whole) return
  expect(sorted(days.map(({ day, category, counts }) => [`${day} ${category}`, counts]))).toEqual(
    sorted(summed(chains, ([first]) => `${dayOf(first!)} ${first!.p.category}`)),
  )
  const listed = chains.filter(([first]) => first?.p.m !== undefined)
  expect(sorted(merchants.map(({ m, counts }) => [m, counts]))).toEqual(
    sorted(summed(listed, ([first]) => String(first?.p.m))),
  )
}

const dayOf = ({ on }: Leaf): number => Math.floor((on / 1000 + 8 * 3600) / DAY_SECONDS)

const summed = (chains: readonly Leaf[][], keyOf: (chain: Leaf[]) => string): [string, Counts][] =>
  [...Map.groupBy(chains, keyOf)].map(([key, some]) => {
    const total: Counts = {}
    for (const [name, n] of some.flatMap(countsOf)) total[name] = (total[name] ?? 0) + n
    return [key, total]
  })

const sorted = (rows: [string, Counts][]): [string, [string, number][]][] =>
  rows
    .map(([key, counts]): [string, [string, number][]] => [
      key,
      Object.entries(counts)
        .filter(([, n]) => n !== 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ])
    .filter(([, counts]) => counts.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))

const bucket = (ms: number) => (ms < 48 * HOUR ? Math.floor(ms / HOUR) : 46 + Math.floor(ms / (24 * HOUR)))
const ENDS = ['closed_confirmed', 'closed_ruled', 'closed_lapsed', 'closed_withdrawn', 'refused']
const isEnd = ({ state }: Leaf) => ENDS.includes(state ?? '')

/** All at once, from the whole chain: what `reckon` adds up leaf by leaf. */
const countsOf = (chain: Leaf[]): [string, number][] => {
  const [first] = chain
  const last = chain.at(-1)
  if (!first || !last) return []
  const entered = chain.filter((leaf, i) => isEnd(leaf) && leaf.state !== chain[i - 1]?.state)
  const moved = chain.findIndex(({ state }) => state !== first.state)
  const firstStay = chain.slice(0, moved < 0 ? chain.length : moved + 1)
  const answers = firstStay.filter(
    ({ kind, by }) => by === 'merchant' && (kind === 'merchant_responded' || kind === 'fulfilled'),
  )
  const final = entered.at(-1)
  return [
    ['opened', 1],
    [isEnd(last) ? last.state! : 'open', 1],
    ['endings', entered.length],
    ...(isEnd(last) && final ? [[`handling.${bucket(final.on - first.on)}`, 1] as [string, number]] : []),
    ['overdue', Number(last.due !== null && last.holder === 'supervisor' && last.due <= last.on)],
    ...answers.map(({ on }): [string, number] => [`answer.${bucket(on - first.on)}`, 1]),
    ['unanswered', firstStay.filter(({ kind }) => kind === 'deadline_missed').length],
    ...chain.flatMap((leaf, i) => eventsOf(leaf, chain[i - 1])),
    ['kept', chain.filter((leaf, i) => isKept(leaf, chain[i - 1])).length],
    ...secondsOf(chain),
  ]
}

const eventsOf = (leaf: Leaf, before: Leaf | undefined): [string, number][] => {
  const { kind, p } = leaf
  switch (kind) {
    case 'escalated':
    case 'appealed':
    case 'reopened':
      return [[kind, 1]]
    case 'evidence_absent':
      return [[`absent.${p.party}`, 1]]
    case 'deadline_missed':
      return [[`missed.${String(p.party).replace('supervisor', 'platform')}`, 1]]
    case 'ruled':
      return p.enforcement === true ? [] : [[`ruled.${p.outcome}`, 1]]
    case 'appeal_ruled':
      return 'granted' in p ? [] : [[`ruled.${p.outcome}`, 1]]
    case 'rated': {
      const own = before?.state === 'closed_confirmed' || before?.state === 'closed_withdrawn'
      return [[`score.${own ? 'own' : 'other'}.${p.score}`, 1]]
    }
    case 'followed_up': {
      const own = before?.state === 'closed_confirmed' || before?.state === 'closed_withdrawn'
      return [[`solved.${own ? 'own' : 'other'}.${p.solved === true ? 'yes' : 'no'}`, 1]]
    }
    default:
      return []
  }
}

/** Whether it kept a date that the leaf before set for the merchant. */
const isKept = ({ kind, by, state, holder }: Leaf, before: Leaf | undefined): boolean => {
  if (before?.holder !== 'merchant' && before?.holder !== 'both') return false
  if (kind === 'confirmed') return true
  const isMove = state !== before.state || holder !== before.holder
  return by === 'merchant' && isMove && ['merchant_responded', 'evidence_supplied', 'fulfilled'].includes(kind)
}

/** By party. */
const secondsOf = (chain: Leaf[]): [string, number][] => {
  const turns: { party: string | null; from: number; to: number | null }[] = []
  for (const { holder, rule, on } of chain) {
    const party = rule === 'times.fulfilment_after_shipment' ? 'courier' : holder === 'supervisor' ? 'platform' : holder
    const turn = turns.at(-1)
    if (turn?.party === party) continue
    if (turn) turn.to = on
    turns.push({ party, from: on, to: null })
  }
  return turns.flatMap(({ party, from, to }): [string, number][] => {
    if (party === null) return []
    // Under way: who asks adds what it has lasted until then.
    if (to === null)
      return [
        [`turns.${party}`, 1],
        [`since.${party}`, Math.floor(from / 1000)],
      ]
    const seconds = Math.floor(to / 1000) - Math.floor(from / 1000)
    if (party !== 'both') return [[`seconds.${party}`, seconds]]
    const half = Math.floor(seconds / 2)
    return [
      ['seconds.buyer', half],
      ['seconds.merchant', seconds - half],
    ]
  })
}
