/** A checkpoint's signatures against a trust policy. */
import type { Checkpoint } from './checkpoint.ts'
import { cosignatureVerifier } from './cosignature.ts'
import { type Note, noteVerifier, type VerifierKey, verifyNote } from './note.ts'
import type { TrustPolicy } from './trust.ts'

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
