// What copies of a log hold, and how their leaves come back: the tree that we signed says which leaf belongs where.

import { type Checkpoint, parseCheckpoint, type TlogProof } from '../log/checkpoint.ts'
import { digestOf, openDisclosure } from '../log/disclosure.ts'
import { equalBytes } from '../log/encoding.ts'
import { decodeLeaf } from '../log/leaf.ts'
import { noteVerifier, parseNote, verifierKey, verifyNote } from '../log/note.ts'
import { rootAt } from '../log/tiles.ts'
import type { LogWriter } from './log/log-writer.ts'
import { tileReader } from './log/published-log.ts'
import { ownKeys, publicBytes, type Secrets } from './log/secrets.ts'
import type { Store } from './storage/queries.ts'

/** What others have of a log: mirrors, receipts, another copy. */
export interface Copies {
  /** Bytes of leaves by index. */
  leaves: ReadonlyMap<number, Uint8Array>
  /** What a leaf discloses, as far as the copy has it, by index. */
  disclosures: ReadonlyMap<number, readonly string[]>
  /** Signed checkpoints. */
  notes: readonly string[]
  /** Leaves of `leaves` that a copy proves one by one, as receipts do. */
  proofs: readonly TlogProof[]
  /** Documents of deadline policies that the log may have adopted since. */
  policies: readonly unknown[]
  /** Documents of the platform's rules. */
  rules: readonly string[]
}

/** The copies contradict what was signed, or need a policy that is not known here. Nothing was changed. */
export class NotRecovered extends Error {}

export type Signed = Checkpoint & { note: string }

/** The checkpoints of this log that a key of ours signed, the largest last. */
export const signedBy = async (secrets: Secrets, origin: string, notes: readonly string[]): Promise<Signed[]> => {
  const verifiers = ownKeys(secrets, 'note').map(key => noteVerifier(verifierKey(origin, publicBytes(key))))
  const signed: Signed[] = []
  for (const note of new Set(notes)) {
    try {
      const parsed = parseNote(note)
      const checkpoint = parseCheckpoint(parsed.text)
      const isOurs = checkpoint.origin === origin && (await verifyNote(parsed, verifiers)).size > 0
      if (isOurs) signed.push({ ...checkpoint, note })
    } catch {
      // Another's note, or none: it proves nothing.
    }
  }
  return signed.sort((a, b) => a.size - b.size)
}

/** Call inside a transaction. */
export const putBack = (writer: LogWriter, { leaves, disclosures }: Copies, idx: number): void => {
  const bytes = leaves.get(idx) ?? new Uint8Array()
  const { d } = decodeLeaf(bytes)
  const disclosed = new Map<string, string>()
  for (const text of disclosures.get(idx) ?? []) {
    const { name } = openDisclosure(text)
    if (d[name] === digestOf(text)) disclosed.set(name, text)
  }
  writer.putBack(bytes, [...disclosed])
}

/** What the tree lacks below a checkpoint. Call inside a transaction. */
export const putBackUntil = (writer: LogWriter, copies: Copies, { size }: Checkpoint): void => {
  for (let idx = writer.frontier.size; idx < size; idx++) putBack(writer, copies, idx)
}

/** Throws a NotRecovered unless the first leaves are those of the checkpoint. */
export const requireRoot = (store: Store, writer: LogWriter, { size, root }: Checkpoint): void => {
  if (!equalBytes(rootAt(size, tileReader(store, writer)), root))
    throw new NotRecovered('the leaves here and in the copies are not those that were signed')
}
