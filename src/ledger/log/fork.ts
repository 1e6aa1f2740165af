import { type Checkpoint, parseCheckpoint } from '../../log/checkpoint.ts'
import { equalBytes, toBase64url } from '../../log/encoding.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import { parseNote } from '../../log/note.ts'
import { rootAt } from '../../log/tiles.ts'
import type { Host } from '../host.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'
import type { Identity } from './identity.ts'
import type { LogWriter } from './log-writer.ts'
import { tileReader } from './published-log.ts'
import type { Published } from './signer.ts'

/** Why this database is not what was published last, or null: a restored backup would be a fork of the log. */
export const forkOf = (host: Host, store: Store, writer: LogWriter, { successions }: Identity): string | null => {
  const note = host.checkpointFile.read()
  if (note === null) return null
  const published = read(note)
  // A declared loss: what the log before published is larger than what is left of it, and a leaf here says so.
  if (successions.some(({ continues }) => continues.origin === published?.origin)) return null
  if (published === null) return 'the last published checkpoint, kept beside this database, cannot be read'
  const { size, root } = published
  if (size > writer.frontier.size) {
    return `this database holds ${writer.frontier.size} leaves, but a checkpoint of ${size} was published: a restored backup?`
  }
  const same = equalBytes(rootAt(size, tileReader(store, writer)), root)
  return same ? null : `the first ${size} leaves of this database are not those that were published: a restored backup?`
}

/**
 * The checkpoint kept beside the database, if its row is lost: it is larger than the last one (`last`, null without any).
 * Call where `forkOf` found nothing; no signature is verified here.
 */
export const lostCheckpoint = (
  host: Host,
  store: Store,
  last: Published | null,
  { origin }: Identity,
): Omit<Published, 'id'> | null => {
  const note = host.checkpointFile.read()
  const published = note === null ? null : read(note)
  if (note === null || published?.origin !== origin || published.size <= (last?.size ?? 0)) return null
  const { size, root } = published
  // The note has no instant: its newest leaf's is one that holds.
  const { at } = decodeLeaf(leafBytes(store, size - 1))
  return { size, root: toBase64url(root), note, at: Math.max(at, last?.at ?? 0) }
}

const read = (note: string): Checkpoint | null => {
  try {
    return parseCheckpoint(parseNote(note).text)
  } catch {
    return null
  }
}
