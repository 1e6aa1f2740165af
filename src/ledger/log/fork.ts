import { type Checkpoint, parseCheckpoint } from '../../log/checkpoint.ts'
import { equalBytes } from '../../log/encoding.ts'
import { parseNote } from '../../log/note.ts'
import { rootAt } from '../../log/tiles.ts'
import type { Host } from '../host.ts'
import type { Store } from '../storage/queries.ts'
import type { LogWriter } from './log-writer.ts'
import { tileReader } from './published-log.ts'

/** Why this database is not what was published last, or null: a restored backup would be a fork of the log. */
export const forkOf = (host: Host, store: Store, writer: LogWriter): string | null => {
  const note = host.checkpointFile.read()
  if (note === null) return null
  const published = read(note)
  if (published === null) return 'the last published checkpoint, kept beside this database, cannot be read'
  const { size, root } = published
  if (size > writer.frontier.size) {
    return `this database holds ${writer.frontier.size} leaves, but a checkpoint of ${size} was published: a restored backup?`
  }
  const same = equalBytes(rootAt(size, tileReader(store, writer)), root)
  return same ? null : `the first ${size} leaves of this database are not those that were published: a restored backup?`
}

const read = (note: string): Checkpoint | null => {
  try {
    return parseCheckpoint(parseNote(note).text)
  } catch {
    return null
  }
}
