import * as v from 'valibot'
import { blank, type Complaint } from '../../complaint/complaint.ts'
import type { Policy } from '../../complaint/deadlines/policy.ts'
import { CliError, readIfThere, replaceFile } from '../io.ts'
import { type Case, Cases } from './cases.ts'
import { CompactRange } from './hashing.ts'
import { OwnChain, type OwnChainMemory } from './own-chain.ts'
import type { Seen } from './replay.ts'

/** All that the next run goes on from. */
export interface Saved extends Seen {
  readonly origin: string
  /** The checkpoint that was seen, verbatim: with another one of the same size, proof of a fork. */
  readonly note: string
  readonly range: CompactRange
  readonly own: OwnChain
  readonly cases: Cases
  readonly lastAt: number
  /** The bundle at which the next run goes on to read old leaves again. */
  readonly cursor: number
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const ChainEnd = v.object({ seq: count, hash: v.string(), index: count })
const standing = { from: count, until: v.nullable(count) }
const Parties = v.object({
  keys: v.array(
    v.object({
      key: v.string(),
      x: v.string(),
      y: v.exactOptional(v.string()),
      role: v.picklist(['merchant', 'platform', 'supervisor']),
      m: v.nullable(v.string()),
      ...standing,
    }),
  ),
  demands: v.array(v.object({ m: v.string(), ...standing })),
  newest: v.array(v.tuple([v.string(), v.string()])),
})
const Head = v.object({
  v: v.literal(1),
  origin: v.string(),
  size: count,
  seenAt: count,
  lastAt: count,
  note: v.string(),
  peaks: v.array(v.string()),
  own: v.object({
    end: v.nullable(ChainEnd),
    keys: v.array(
      v.object({
        use: v.picklist(['note', 'statement']),
        name: v.string(),
        x: v.exactOptional(v.string()),
        retiredAt: v.nullable(count),
      }),
    ),
    policies: v.array(v.string()),
    parties: v.optional(Parties),
    rules: v.exactOptional(v.record(v.string(), v.array(v.string()))),
  }),
  cases: count,
  // Absent in states of version 0.2 and before.
  cursor: v.optional(count, 0),
})
const Row = v.tuple([
  v.string(),
  count,
  v.string(),
  count,
  v.string(),
  v.record(v.string(), v.unknown()),
  // Absent in states of version 0.2 and before.
  v.optional(v.string(), ''),
  // Absent in states of before there were keys of merchants.
  v.optional(v.nullable(v.string()), null),
  v.optional(v.nullable(count), null),
])

/** Null before the first run. One line for the log, then one for each complaint. */
export const loadState = (file: string): Saved | null => {
  const text = readIfThere(file)
  if (text === null) return null
  try {
    return read(text)
  } catch {
    throw new CliError(`${file}: not a state that this monitor wrote; move it away to start anew`)
  }
}

const read = (text: string): Saved => {
  const [first = '', ...lines] = text.trimEnd().split('\n')
  const { own: memory, peaks, cases: rows, ...head } = v.parse(Head, JSON.parse(first))
  if (lines.length !== rows) throw new RangeError('cut short')
  // The checked shape is the memory's own, keys without x included.
  const own = new OwnChain(head.origin, memory as OwnChainMemory)
  const cases = new Cases()
  for (const line of lines) cases.add(...readCase(line, own))
  return { ...head, own, cases, range: new CompactRange(head.size, peaks) }
}

const readCase = (line: string, own: OwnChain): [string, Case] => {
  const [c, seq, hash, index, policy, changed, authors, m, disowned] = v.parse(Row, JSON.parse(line))
  const complaint = unfold(changed, own.policy(policy))
  return [c, { seq, hash, index, complaint, authors, m, disowned }]
}

/** Replaces the file, all or nothing. */
export const saveState = (file: string, saved: Saved): void => replaceFile(file, chunks(saved))

/** In pieces, since a log of ten million leaves has more complaints than a string has room for. */
function* chunks({ range, own, cases, ...saved }: Saved): Iterable<string> {
  const head = { v: 1, ...saved, peaks: range.peaks, own: own.memory, cases: cases.size }
  let chunk = `${JSON.stringify(head)}\n`
  for (const [c, { seq, hash, index, complaint, authors, m, disowned }] of cases) {
    const row = [c, seq, hash, index, complaint.policy.hash, fold(complaint), authors, m, disowned]
    chunk += `${JSON.stringify(row)}\n`
    if (chunk.length < 1 << 20) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

const BLANK = Object.entries(blank)
const BLANK_TEXT = new Map(BLANK.map(([name, value]) => [name, JSON.stringify(value)]))

/** What differs from a blank complaint. */
const fold = (complaint: Complaint): Record<string, unknown> => {
  const changed: Record<string, unknown> = {}
  for (const [name, initial] of BLANK) {
    const value: unknown = complaint[name as keyof Complaint]
    if (value === initial) continue
    if (typeof value !== 'object' || JSON.stringify(value) !== BLANK_TEXT.get(name)) changed[name] = value
  }
  return changed
}

const unfold = (changed: Record<string, unknown>, policy: Policy | undefined): Complaint => {
  if (!policy || Object.keys(changed).some(name => !BLANK_TEXT.has(name))) throw new RangeError('no complaint')
  return { ...blank, ...changed, policy }
}
