// Figures: counts that steps add, kept in the transaction that appends them.

import { sql } from 'drizzle-orm'
import { merchantNames } from '../../../db/schema.ts'
import {
  addCounts,
  type CountedLeaf,
  type Counts,
  dayOf,
  isEmpty,
  negative,
  officerWork,
  reckon,
  type Standing,
  turnOf,
} from '../../complaint/figures/reckon.ts'
import { dayNumber } from '../../complaint/time.ts'
import { merchantTag } from '../../log/leaf.ts'
import type { Staged } from '../commands/group-commit.ts'
import type { Host } from '../host.ts'
import type { Tagger } from '../log/secrets.ts'
import { all, direct } from '../storage/write-statements.ts'
import {
  type Counted,
  deskScope,
  type FigureChange,
  type FigureRow,
  merchantScope,
  officerScope,
  openFigureRows,
  type PendingChange,
} from './figure-rows.ts'

/** What a commit added to rows of figures, and to what complaints keep, and names of merchants by tag. */
export interface FiguresCommit {
  added: readonly FigureChange[]
  /** What moved from the journal to the table with it: what was added before, and by this commit. */
  merged: readonly FigureRow[]
  pending: readonly PendingChange[]
  names: ReadonlyMap<string, string>
}

/** `name` is null until one was written. */
interface Merchant {
  readonly m: string
  name: string | null
}
const MERCHANTS_KEPT = 20_000
const OFFICERS_KEPT = 1000

interface Place {
  id: number
  merchant: string
  category: string
  officer?: string | null
}

/**
 * Write-behind: while a clock runs, a complaint's counts stay in its own row, which its steps write anyway; they join the rows of
 * figures in the step that ends it. A reader that sums adds both.
 */
export class FigureBook implements Staged {
  readonly #addRows: ReturnType<typeof openFigureRows>
  readonly #saveName: ReturnType<typeof direct>
  readonly #merchants = new Recent<Merchant>(MERCHANTS_KEPT)
  readonly #officers = new Recent<string>(OFFICERS_KEPT)
  readonly #tag: Tagger
  /** What the steps of this transaction add, in their order. */
  #added: FigureChange[] = []
  #pending: PendingChange[] = []
  #merged: readonly FigureRow[] = []
  /** Merchants that it named: what a rollback makes doubtful. */
  #named: Merchant[] = []
  #listener: (commit: FiguresCommit) => void = () => undefined

  constructor(host: Host, tag: Tagger) {
    this.#tag = tag
    this.#addRows = openFigureRows(host)
    this.#saveName = direct(
      host,
      host.db
        .insert(merchantNames)
        .values(all('m', 'name'))
        .onConflictDoUpdate({
          target: merchantNames.m,
          set: { name: sql`excluded.name` },
          setWhere: sql`name <> excluded.name`,
        }),
    )
  }

  /** `adopted` is called after each commit with what it changed. */
  listen(adopted: (commit: FiguresCommit) => void): void {
    this.#listener = adopted
  }

  tagOf(merchant: string): string {
    return this.#merchant(merchant).m
  }

  #merchant(id: string): Merchant {
    return this.#merchants.get(id) ?? this.#merchants.set(id, { m: merchantTag(id), name: null })
  }

  officerTag(name: string): string {
    return this.#officers.get(name) ?? this.#officers.set(name, this.#tag('officer figures', name).slice(0, 16))
  }

  /** Counts one leaf, inside the caller's transaction. Answers what its complaint's row is to keep. */
  count(before: Counted | null, leaf: CountedLeaf, { id, merchant, category, officer = null }: Place): Counted {
    const was = before === null ? null : before.standing
    const { after, counts, desk } = reckon(was, leaf)
    if (desk !== null) this.#work(deskScope(after.desk), category, leaf, desk)
    const own = officer === null ? null : officerWork(was, leaf)
    if (officer !== null && own !== null) this.#work(officerScope(this.officerTag(officer)), category, leaf, own)
    const isClocked = leaf.due !== null
    if (before !== null && after === was && isClocked && isEmpty(counts)) return before
    const kept = before === null ? NOTHING : before.pending
    const [listed, day] = [Number(after.listed), dayOf(after)]
    if (isClocked) {
      this.#pending.push({ id, merchant, listed, day, category, counts: withTurn(counts, was, after) })
      return { standing: after, pending: addCounts({ ...kept }, counts) }
    }
    const left = withTurn(negative(kept), was, after)
    if (!isEmpty(left)) this.#pending.push({ id, merchant, listed, day, category, counts: left })
    addCounts(counts, kept)
    if (!isEmpty(counts))
      this.#added.push({ scope: merchantScope(this.tagOf(merchant)), listed, day, category, counts })
    return { standing: after, pending: NOTHING }
  }

  #work(scope: string, category: string, { on }: CountedLeaf, counts: Counts): void {
    this.#added.push({ scope, listed: 0, day: dayNumber(on), category, counts })
  }

  name(merchant: string, name: string): void {
    const known = this.#merchant(merchant)
    if (known.name === name) return
    this.#saveName({ m: known.m, name })
    known.name = name
    this.#named.push(known)
  }

  /** Writes what was counted since the last commit, inside that transaction. */
  flush(): void {
    if (this.#added.length > 0) this.#merged = this.#addRows(this.#added)
  }

  mark(): () => void {
    return () => {
      for (const merchant of this.#named) merchant.name = null
      this.#clear()
    }
  }

  adopt(): void {
    if (this.#added.length > 0 || this.#pending.length > 0 || this.#named.length > 0) {
      const names = new Map(this.#named.map(({ m, name }) => [m, name ?? '']))
      this.#listener({ added: this.#added, merged: this.#merged, pending: this.#pending, names })
    }
    this.#clear()
  }

  #clear(): void {
    this.#added = []
    this.#pending = []
    this.#merged = []
    this.#named = []
  }
}

const NOTHING: Counts = Object.freeze({})

/** With the turn that began in place of the one that ended. */
const withTurn = (counts: Counts, before: Standing | null, after: Standing): Counts => {
  if (before?.party === after.party) return counts
  const changed = addCounts({ ...counts }, turnOf(after))
  return before === null ? changed : addCounts(changed, negative(turnOf(before)))
}

/** Cache of so many values, the ones set longest ago go first. */
class Recent<T> {
  readonly #limit: number
  readonly #kept = new Map<string, T>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): T | undefined {
    return this.#kept.get(key)
  }

  set(key: string, value: T): T {
    this.#kept.delete(key)
    this.#kept.set(key, value)
    const [oldest] = this.#kept.size > this.#limit ? this.#kept.keys() : []
    if (oldest !== undefined) this.#kept.delete(oldest)
    return value
  }
}
