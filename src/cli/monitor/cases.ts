// Every complaint of a log as the monitor follows it: the end of its chain, and the fold. What differs from complaint to complaint
// lies in a row of bytes, the rest in objects that complaints share: an object for each would live until the next step of its complaint,
// which is the worst for a generational collector, and a million leaves need not fit into memory as objects.

import { blank, type Complaint } from '../../complaint/complaint.ts'
import type { ChainEnd } from '../../log/chain.ts'
import { sameValue } from './case.ts'
import { Words } from './skim.ts'

export interface Case extends ChainEnd {
  readonly complaint: Complaint
  /** Who wrote each step (`Before` in commands.ts). */
  readonly authors: string
  /** The merchant's tag, where the policy has an index of merchants. */
  readonly m: string | null
  /** The first unsigned step in the name of a merchant who demanded signatures then. */
  readonly disowned: number | null
}

/** Its next step. */
type Next = Pick<Case, 'seq' | 'hash' | 'index' | 'complaint'> & { kind: string; who: string | null; author: string }

/** A row: the index of its newest leaf and five instants (NaN for null), three counts, the leaf hash in base64url. */
const ROW_BYTES = 104
const DOUBLES = ROW_BYTES / 8
const COUNTS = ROW_BYTES / 4
const [OPENED, DUE, SINCE, CLOSED, TOTAL] = [1, 2, 3, 4, 5]
const [SEQ, ENTERED, DISOWNED] = [12, 13, 14]
const HASH = 60
const HASH_LENGTH = 43
const FIRST_ROWS = 1024

export class Cases {
  readonly #rows = new Map<string, number>()
  #bytes = Buffer.alloc(0)
  #doubles = new Float64Array(0)
  #counts = new Int32Array(0)
  readonly #shared: Shared[] = []
  readonly #own: Own[] = []
  readonly #begun = new Ways()
  readonly #authors: string[] = []
  readonly #merchants: (string | null)[] = []

  get size(): number {
    return this.#rows.size
  }

  /** The row of this complaint, or -1. */
  row(c: string): number {
    return this.#rows.get(c) ?? -1
  }

  get(c: string): Case | undefined {
    const row = this.row(c)
    return row < 0 ? undefined : this.at(row)
  }

  *[Symbol.iterator](): Generator<[c: string, Case]> {
    for (const [c, row] of this.#rows) yield [c, this.at(row)]
  }

  at(row: number): Case {
    const [double, count, hash] = [row * DOUBLES, row * COUNTS, row * ROW_BYTES + HASH]
    const disowned = this.#counts[count + DISOWNED]!
    const own = this.#own[row]!
    return {
      seq: this.#counts[count + SEQ]!,
      hash: this.#bytes.toString('latin1', hash, hash + HASH_LENGTH),
      index: this.#doubles[double]!,
      complaint: {
        ...this.#shared[row]!.complaint,
        paused: own.paused,
        notices: own.notices,
        ruling: own.ruling,
        refusal: own.refusal,
        statements: own.statements,
        keys: own.keys,
        seq: this.#counts[count + SEQ]!,
        enteredSeq: this.#counts[count + ENTERED]!,
        openedAt: this.#doubles[double + OPENED]!,
        due: nullable(this.#doubles[double + DUE]!),
        since: this.#doubles[double + SINCE]!,
        closedAt: nullable(this.#doubles[double + CLOSED]!),
        total: nullable(this.#doubles[double + TOTAL]!),
      },
      authors: this.#authors[row]!,
      m: this.#merchants[row] ?? null,
      disowned: disowned < 0 ? null : disowned,
    }
  }

  /** A complaint that is not there yet. Throws a RangeError for one that is, and for a hash that is none. */
  add(c: string, { seq, hash, index, complaint, authors, m, disowned }: Case): void {
    if (this.#rows.has(c)) throw new RangeError('a complaint that is there already')
    const row = this.#rows.size
    this.#rows.set(c, row)
    if (row * ROW_BYTES === this.#bytes.length) this.#grow()
    this.#authors.push(shared(authors))
    this.#merchants.push(m && MERCHANTS.of(m))
    const { state, category, answer, officer } = complaint
    this.#shared.push(this.#begun.to(state, `${category} ${answer} ${officer}`, complaint))
    this.#own.push(ownOf(complaint, NOTHING))
    this.#counts[row * COUNTS + DISOWNED] = disowned ?? -1
    this.#write(row, seq, hash, index, complaint)
  }

  advance(row: number, { seq, hash, index, complaint, kind, who, author }: Next): void {
    const authors = this.#authors[row]!
    // Not where the memory was shorter: a digit would stand for another step.
    if (authors.length === seq) this.#authors[row] = shared(authors + author)
    const before = this.#shared[row]!
    if (!isAlike(before.complaint, complaint))
      this.#shared[row] = before.ways?.to(kind, who, complaint) ?? sharedOf(complaint)
    this.#own[row] = ownOf(complaint, this.#own[row]!)
    this.#write(row, seq, hash, index, complaint)
  }

  disown(row: number, seq: number): void {
    this.#counts[row * COUNTS + DISOWNED] = seq
  }

  #write(row: number, seq: number, hash: string, index: number, complaint: Complaint): void {
    if (hash.length !== HASH_LENGTH) throw new RangeError('no hash in base64url')
    const [double, count, at] = [row * DOUBLES, row * COUNTS, row * ROW_BYTES + HASH]
    this.#doubles[double] = index
    this.#doubles[double + OPENED] = complaint.openedAt
    this.#doubles[double + DUE] = complaint.due ?? Number.NaN
    this.#doubles[double + SINCE] = complaint.since
    this.#doubles[double + CLOSED] = complaint.closedAt ?? Number.NaN
    this.#doubles[double + TOTAL] = complaint.total ?? Number.NaN
    this.#counts[count + SEQ] = seq
    this.#counts[count + ENTERED] = complaint.enteredSeq
    // A loop costs half of `write`, which leaves JavaScript.
    for (let i = 0; i < HASH_LENGTH; i++) this.#bytes[at + i] = hash.charCodeAt(i)
  }

  #grow(): void {
    const grown = Buffer.from(new ArrayBuffer(Math.max(FIRST_ROWS * ROW_BYTES, this.#bytes.length * 2)))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#doubles = new Float64Array(grown.buffer)
    this.#counts = new Int32Array(grown.buffer)
  }
}

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** Many complaints have the same parties write in the same order, and many are of one merchant. */
const AUTHORS = new Words(16_384)
const MERCHANTS = new Words(65_536)
const LONGEST_SHARED = 64
const shared = (authors: string): string => (authors.length > LONGEST_SHARED ? authors : AUTHORS.of(authors))

/** What lies in the row. */
const IN_ROW = { seq: 0, enteredSeq: 0, openedAt: 0, due: null, since: 0, closedAt: null, total: null }

/** What names instants or steps, and so is seldom the same in two complaints. */
type Own = Pick<Complaint, 'paused' | 'notices' | 'ruling' | 'refusal' | 'statements' | 'keys'>
const { paused, notices, ruling, refusal, statements, keys } = blank
const NOTHING: Own = { paused, notices, ruling, refusal, statements, keys }

/** The one of before where none of it was replaced. */
const ownOf = (c: Complaint, before: Own): Own => {
  if (isSame(c, before)) return before
  if (isSame(c, NOTHING)) return NOTHING
  const { paused, notices, ruling, refusal, statements, keys } = c
  return { paused, notices, ruling, refusal, statements, keys }
}

const isSame = (a: Own, b: Own): boolean =>
  a.paused === b.paused &&
  a.ruling === b.ruling &&
  a.refusal === b.refusal &&
  isSameList(a.notices, b.notices) &&
  isSameList(a.statements, b.statements) &&
  isSameList(a.keys, b.keys)

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean => a === b || a.length + b.length === 0

/** The rest of a complaint. Those in which the same happened have it in common. */
interface Shared {
  readonly complaint: Complaint
  /** Null before a second complaint came here: where it named what no other one does, none will. */
  ways: Ways | null
}

const sharedOf = (complaint: Complaint): Shared => ({ complaint: { ...complaint, ...NOTHING, ...IN_ROW }, ways: null })

const MOST_PEOPLE = 1024

/** Where complaints went on to from one place. */
class Ways {
  /** By kind of step, and by who made it. */
  readonly #last = new Map<string, Map<string | null, Shared>>()

  /** What the last complaint that went this way became, if this one became the same. */
  to(kind: string, who: string | null, complaint: Complaint): Shared {
    const people = this.#last.get(kind) ?? new Map<string | null, Shared>()
    const last = people.get(who)
    if (last !== undefined && isAlike(last.complaint, complaint)) {
      last.ways ??= new Ways()
      return last
    }
    const made = sharedOf(complaint)
    if (people.size >= MOST_PEOPLE) people.clear()
    this.#last.set(kind, people.set(who, made))
    return made
  }
}

/** But for what lies elsewhere. By name: a loop over the names costs ten times as much; a test notices one that is missing. */
const isAlike = (a: Complaint, b: Complaint): boolean =>
  a.policy === b.policy &&
  a.category === b.category &&
  a.state === b.state &&
  a.holder === b.holder &&
  a.rule === b.rule &&
  a.dueWithoutSurge === b.dueWithoutSurge &&
  a.extended === b.extended &&
  a.missed === b.missed &&
  a.evidenceFrom === b.evidenceFrom &&
  a.after === b.after &&
  a.answer === b.answer &&
  a.offerImprovements === b.offerImprovements &&
  a.shippedAt === b.shippedAt &&
  a.receivedAt === b.receivedAt &&
  a.disputed === b.disputed &&
  a.returnDisputed === b.returnDisputed &&
  a.enforced === b.enforced &&
  a.officer === b.officer &&
  a.desk === b.desk &&
  a.assigned === b.assigned &&
  a.handoffs === b.handoffs &&
  a.appealing === b.appealing &&
  a.final === b.final &&
  a.humanRequested === b.humanRequested &&
  a.rated === b.rated &&
  a.followedUp === b.followedUp &&
  a.linkEpoch === b.linkEpoch &&
  a.oldLinkEpoch === b.oldLinkEpoch &&
  a.totalMissed === b.totalMissed &&
  a.nudges === b.nudges &&
  a.nudgedAt === b.nudgedAt &&
  a.unsigned === b.unsigned &&
  sameValue(a.sought, b.sought) &&
  sameValue(a.offer, b.offer) &&
  sameValue(a.remedy, b.remedy) &&
  sameValue(a.review, b.review) &&
  sameValue(a.handoff, b.handoff) &&
  sameValue(a.ruledBy, b.ruledBy) &&
  sameValue(a.appeals, b.appeals) &&
  sameValue(a.reopened, b.reopened) &&
  sameValue(a.shared, b.shared) &&
  sameValue(a.redactionsAsked, b.redactionsAsked) &&
  sameValue(a.redacted, b.redacted) &&
  sameValue(a.redactionsRefused, b.redactionsRefused) &&
  sameValue(a.legalHold, b.legalHold) &&
  sameValue(a.statementsAsked, b.statementsAsked)
