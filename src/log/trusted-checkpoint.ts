/** A checkpoint's signatures against a trust policy. */
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { cosignatureVerifier } from './cosignature.ts'
import { Refused } from './error.ts'
import { type Note, noteVerifier, parseNote, type VerifierKey, verifyNote } from './note.ts'
import { quorumMet, type TrustPolicy } from './trust.ts'

/** The checkpoint of a note that a log of the policy signed. Throws a LogError. */
export async function openSigned(note: string, trust: TrustPolicy): Promise<Checkpoint> {
  const parsed = parseNote(note)
  const checkpoint = parseCheckpoint(parsed.text)
  if ((await logThatSigned(parsed, checkpoint, trust)) === null) throw new Refused('no log of the policy signed it')
  return checkpoint
}

/** The names of the witnesses that cosigned, for the reader. Throws a LogError unless they meet the policy's quorum. */
export async function requireQuorum(note: Note, trust: TrustPolicy): Promise<string> {
  const signed = await witnessesThatSigned(note, trust)
  const names = [...signed].join(', ') || 'nobody'
  if (!quorumMet(trust, signed)) throw new Refused(`the policy's quorum is not met: cosigned by ${names}`)
  return names
}

/**
 * The policy's log key that signed, or null. Only keys named like the checkpoint's origin count: a policy of two logs
 * must not let one speak for the other. Throws a NoteError on a bad signature of such a key.
 */
export async function logThatSigned(
  note: Note,
  { origin }: Checkpoint,
  { logs }: TrustPolicy,
): Promise<VerifierKey | null> {
  const keys = logs.map(log => log.key).filter(key => key.name === origin)
  const [signed = null] = await verifyNote(note, keys.map(noteVerifier))
  return signed
}

/** The policy's names of the witnesses that cosigned. Throws a NoteError on a bad cosignature of one of them. */
export async function witnessesThatSigned(note: Note, { witnesses }: TrustPolicy): Promise<Set<string>> {
  const signed = await verifyNote(
    note,
    witnesses.map(witness => cosignatureVerifier(witness.key)),
  )
  return new Set(witnesses.filter(({ key }) => signed.has(key)).map(({ name }) => name))
}
