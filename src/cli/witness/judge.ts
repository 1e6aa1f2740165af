import { type AddCheckpoint, parseAddCheckpoint } from '../../log/add-checkpoint.ts'
import { type Checkpoint, parseCheckpoint } from '../../log/checkpoint.ts'
import { equalBytes } from '../../log/encoding.ts'
import { LogError } from '../../log/error.ts'
import { type Note, noteVerifier, parseNote, type VerifierKey, verifyNote } from '../../log/note.ts'
import { emptyRoot, verifyConsistency } from '../../log/tree.ts'

export interface Answer {
  readonly status: number
  readonly body: string
  readonly type: string
}

/** The checkpoint that was cosigned last; of a log never seen, the empty tree. */
export interface Cosigned {
  readonly size: number
  readonly root: Uint8Array
}
export const NOTHING: Cosigned = { size: 0, root: emptyRoot }

interface Request extends AddCheckpoint {
  readonly note: Note
  readonly tree: Checkpoint
}

export const plain = (status: number, body: string): Answer => ({
  status,
  body: `${body}\n`,
  type: 'text/plain; charset=utf-8',
})

/** The checks that need no memory: what is asked, and whether a known log signed it. An Answer is a refusal. */
export const readRequest = async (body: string, logs: readonly VerifierKey[]): Promise<Request | Answer> => {
  const request = parse(body)
  if (request === null) return plain(400, 'not a request of tlog-witness')
  const keys = logs.filter(key => key.name === request.tree.origin)
  if (keys.length === 0) return plain(404, 'a log that this witness does not know')
  if (!(await isSigned(request.note, keys))) return plain(403, 'no signature of a key that this witness trusts')
  if (request.oldSize > request.tree.size) return plain(400, 'the old size is larger than the checkpoint')
  return request
}

const parse = (body: string): Request | null => {
  try {
    const request = parseAddCheckpoint(body)
    const note = parseNote(request.checkpoint)
    return { ...request, note, tree: parseCheckpoint(note.text) }
  } catch (error) {
    if (error instanceof LogError) return null
    throw error
  }
}

const isSigned = async (note: Note, keys: readonly VerifierKey[]): Promise<boolean> => {
  try {
    return (await verifyNote(note, keys.map(noteVerifier))).size > 0
  } catch (error) {
    if (error instanceof LogError) return false
    throw error
  }
}

/** The checks against memory (C2SP tlog-witness, add-checkpoint); null when the checkpoint is to be cosigned. */
export const judge = ({ oldSize, proof, tree }: Request, last: Cosigned): Answer | null => {
  if (oldSize !== last.size) return conflict(last)
  // A fork of one size: 409 would only ask to try again from where the log is already.
  if (oldSize === tree.size && !equalBytes(last.root, tree.root)) return plain(422, 'another tree of the same size')
  return continues(proof, last, tree) ? null : plain(422, 'the consistency proof does not hold')
}

const conflict = ({ size }: Cosigned): Answer => ({ status: 409, body: `${size}\n`, type: 'text/x.tlog.size' })

const continues = (proof: readonly Uint8Array[], last: Cosigned, { size, root }: Checkpoint): boolean =>
  last.size === 0
    ? proof.length === 0
    : verifyConsistency({ size1: last.size, root1: last.root, size2: size, root2: root, proof })
