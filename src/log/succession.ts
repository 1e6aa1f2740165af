/**
 * The successor of a log that lost leaves (docs/log.md, section 4): its tree begins with the leaves that are left, and a
 * `log_opened` with `continues` names the log before, the largest tree that it signed, and how many leaves of that are gone.
 */
import { toBase64url } from './encoding.ts'
import { Refused } from './error.ts'
import { originIn } from './key-leaf.ts'
import { decodeLeaf, type Leaf, type LeafValue } from './leaf.ts'
import { TILE_WIDTH } from './tiles.ts'

type LeafPart = Pick<Leaf, 'c' | 'kind' | 'p'>

/** `p.continues`. */
export interface Continues {
  /** Of the log before. */
  readonly origin: string
  /** Leaves and base64url root of the largest tree that it signed; the root is null where no copy has that checkpoint. */
  readonly size: number
  readonly root: string | null
  /** The first so many leaves of both trees are the same. Some behind them may have been put back, in their order. */
  readonly kept: number
  /** Leaves of the tree before that are not in this one. */
  readonly lost: number
}

/** A `log_opened` with `continues`, at its index. */
export interface Succession {
  readonly index: number
  readonly origin: string
  readonly at: number
  readonly continues: Continues
}

/** Null where the leaf is no `log_opened` that continues another log, or says so in a way that can't be read. */
export function continuesIn(leaf: LeafPart): Continues | null {
  if (originIn(leaf) === null) return null
  const { continues } = leaf.p
  if (typeof continues !== 'object' || continues === null || Object.keys(continues).length !== 5) return null
  const { origin, size, root, kept, lost } = continues
  const isRoot = root === null || typeof root === 'string'
  return typeof origin === 'string' && isRoot && isCount(size) && isCount(kept) && isCount(lost)
    ? { origin, size, root, kept, lost }
    : null
}

const isCount = (value: LeafValue | undefined): value is number => typeof value === 'number'

/** The succession that this leaf declares, or null. */
export function successionIn(leaf: LeafPart & Pick<Leaf, 'at'>, index: number): Succession | null {
  const continues = continuesIn(leaf)
  const origin = originIn(leaf)
  return continues === null || origin === null ? null : { index, origin, at: leaf.at, continues }
}

/** Where the log lost leaves and went on, in order, as far as these leaves of its own chain tell. */
export function successionsIn(keys: readonly { readonly leaf: Leaf; readonly index: number }[]): Succession[] {
  return [...keys].sort((a, b) => a.index - b.index).flatMap(({ leaf, index }) => successionIn(leaf, index) ?? [])
}

/** Leaves a bundle at a time (`BundleReader`). */
interface Bundles {
  readonly count: number
  read(n: number): Promise<readonly Uint8Array[]>
}

/** Looks in a served tree for the successor of this log, near this index first; null where there is none. */
export async function findSuccession(bundles: Bundles, origin: string, near: number): Promise<Succession | null> {
  const first = Math.min(Math.floor(near / TILE_WIDTH), bundles.count - 1)
  const numbers = Array.from({ length: bundles.count }, (_, n) => n)
  for (const n of [...numbers.slice(first), ...numbers.slice(0, first).reverse()]) {
    for (const [i, bytes] of (await bundles.read(n)).entries()) {
      if (!LATIN1.decode(bytes).includes('"continues":')) continue
      const found = successionIn(decodeLeaf(bytes), n * TILE_WIDTH + i)
      if (found?.continues.origin === origin) return found
    }
  }
  return null
}

const LATIN1 = new TextDecoder('latin1')

/** What is wrong with a `log_opened` at this index of a log called `before`, or null: leaf 0 opens a log, any other succeeds one. */
export function openingProblem(leaf: LeafPart & Pick<Leaf, 'at'>, index: number, before: string | null): string | null {
  if (index === 0) return leaf.p.continues === undefined ? null : 'the first log continues none'
  const found = successionIn(leaf, index)
  if (found === null) return 'log_opened is leaf 0, or continues a log that lost leaves'
  const { origin, continues } = found
  if (before !== null && continues.origin !== before) return 'continues another log than this one'
  if (origin === continues.origin) return 'a successor under the origin of the log before'
  // The sum makes a silent loss impossible: each leaf that is not there is counted.
  if (continues.lost < 1 || continues.kept > index || index + continues.lost !== continues.size)
    return 'its numbers of leaves do not add up'
  return null
}

/** Throws a Refused unless a tree of the log before, of this size and root, is covered by what was declared. */
export function requireDeclared(
  { continues }: Succession,
  { size, root }: { size: number; root: Uint8Array },
  what: string,
): void {
  if (size > continues.size)
    throw new Refused(`${what} had ${size} leaves, and the successor tells of ${continues.size}: a loss not declared`)
  if (size === continues.size && continues.root !== null && continues.root !== toBase64url(root))
    throw new Refused(`${what} is another tree of ${size} leaves than the successor tells of: the log was forked`)
}

/** The origin under which a leaf at `index` was appended; `origin` is the newest. Successions are in order. */
export function originAt(successions: readonly Succession[], origin: string, index: number): string {
  return successions.find(each => index < each.index)?.continues.origin ?? origin
}
