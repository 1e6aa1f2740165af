// Successor log after a declared loss (docs/log.md, section 9): compares its chains with this monitor's memory of the predecessor.
// A remembered chain must be complete, or miss only steps that the declaration counts as lost; each lost step is reported.

import { type Checkpoint, parseCheckpoint } from '../../log/checkpoint.ts'
import { parseNote } from '../../log/note.ts'
import { type Continues, requireDeclared, type Succession } from '../../log/succession.ts'
import { requireContinuation } from '../../log/tree-reader.ts'
import { openSigned, type TrustPolicy } from '../../log/trust.ts'
import type { Cases } from './cases.ts'
import type { LogClient } from './log-client.ts'
import type { OwnChain } from './own-chain.ts'
import { group, iso, Refusal } from './report.ts'
import { copyOf, type SkimmedLeaf } from './skim.ts'

/** Remembered chain ends by `c`, against the leaves that the successor carried over. */
export class Carried {
  readonly #origin: string
  readonly #remembered: Cases
  /** How far each remembered chain was carried over: the newest step, and whether it is the remembered end. */
  readonly #found = new Map<string, { seq: number; isEnd: boolean }>()
  #loss: Succession | null = null

  constructor(origin: string, remembered: Cases) {
    this.#origin = origin
    this.#remembered = remembered
  }

  /** Every leaf in order, once it was judged. Throws a Refusal where a remembered step is another one. */
  see({ c, seq }: SkimmedLeaf, hash: string, index: number, own: OwnChain): void {
    if (this.#loss !== null) return
    const declared = own.successions.at(-1)
    if (declared?.index === index && declared.continues.origin === this.#origin) this.#loss = declared
    const before = c === null ? undefined : this.#remembered.get(c)
    if (c === null || before === undefined) return
    const isEnd = seq === before.seq
    if (isEnd && hash !== before.hash)
      throw new Refusal(`step ${seq} of complaint ${c} is another one than this monitor saw`)
    // Steps behind the remembered end came since.
    if (seq <= before.seq) this.#found.set(copyOf(c), { seq, isEnd })
  }

  /** One line for each complaint that lost steps. Throws a Refusal for a step gone that is not among those declared. */
  *lost({ kept }: Continues): Iterable<string> {
    for (const [c, before] of this.#remembered) {
      const found = this.#found.get(c)
      if (found?.isEnd) continue
      if (before.index < kept) throw new Refusal(`step ${before.seq} of complaint ${c} is gone, and not among the lost`)
      const first = (found?.seq ?? -1) + 1
      const steps = first === before.seq ? `step ${first}` : `steps ${first} to ${before.seq}`
      yield first === 0 ? `complaint ${c} is lost as a whole: ${steps}` : `complaint ${c} lost ${steps}`
    }
  }
}

/** The log before, as this monitor remembers it. */
interface Remembered {
  readonly origin: string
  readonly size: number
  readonly seenAt: number
  readonly note: string
}

/** The log as it is served now, replayed. */
interface Judge {
  client: LogClient
  tree: Checkpoint
  own: OwnChain
  tell(line: string): void
}

/** The log that this monitor knew lost leaves: that must be declared, and no more may be gone than is declared. Throws a Refusal. */
export const judgeRemembered = async (saved: Remembered, carried: Carried | null, judge: Judge) => {
  const { origin, size, note, seenAt } = saved
  const before = parseCheckpoint(parseNote(note).text)
  const { origin: successor, continues } = await declared(
    before,
    `the tree that this monitor saw at ${iso(seenAt)}`,
    judge,
  )
  const gone = size > continues.kept && carried !== null ? [...carried.lost(continues)] : []
  for (const line of gone) judge.tell(`· ${line}`)
  const lost = `${successor} continues ${origin} and declares ${group(continues.lost)} of its ${group(continues.size)} leaves lost`
  const seen = gone.length === 0 ? 'no step' : `steps of ${group(gone.length)} complaints`
  return { detail: `${lost}; of the ${group(size)} leaves seen here ${seen} among them` }
}

/** Split view: a checkpoint of the predecessor log that another monitor saw (`--seen`). Throws a Refusal. */
export const judgeView = async (view: { name: string; note: string }, trust: TrustPolicy, judge: Judge) => {
  const before = await openSigned(view.note, trust)
  const { continues } = await declared(before, `the view in ${view.name}`, judge)
  const lost = `${group(continues.lost)} of its ${group(continues.size)} leaves are declared lost`
  return { detail: `the view in ${view.name} (${group(before.size)} leaves) is of the log before: ${lost}` }
}

const declared = async (before: Checkpoint, what: string, { client, tree, own }: Judge): Promise<Succession> => {
  const loss = own.successions.find(({ continues }) => continues.origin === before.origin)
  if (!loss)
    throw new Refusal(`${what} is of the log ${before.origin}; ${tree.origin}, which is served, does not continue it`)
  requireDeclared(loss, before, what)
  if (before.size <= loss.continues.kept) await requireContinuation(client, before, tree, what)
  return loss
}
