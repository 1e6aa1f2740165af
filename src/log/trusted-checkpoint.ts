/** A checkpoint's signatures against a trust policy. */
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { Refused } from './error.ts'
import {
  cosignatureTime,
  cosignatureVerifier,
  type Note,
  noteVerifier,
  parseNote,
  type VerifierKey,
  verifyNote,
} from './note.ts'
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

// Freshness (docs/log.md, section 9): an old view stays well signed for ever, so the age of its cosignatures must count.

const MINUTE_MS = 60_000
/** A missed deadline stands in the published log, and a quorum cosigned the served checkpoint, within this time. */
export const BOUND_MS = 60 * MINUTE_MS
/** Two clocks differ, and publishing takes a moment. */
export const CLOCKS_MS = 10 * MINUTE_MS
/** `checkpoint` may be this much older than the newest tree that a reader was given (docs/log.md, section 10). */
export const BEHIND_MS = 10 * MINUTE_MS + CLOCKS_MS

/** UTC ms at which each witness of the policy, by its name there, cosigned. Signatures were verified before. */
export const cosignedAt = ({ signatures }: Note, { witnesses }: TrustPolicy): Map<string, number> => {
  const times = witnesses.flatMap(({ name, key }): [string, number][] => {
    const found = signatures.find(each => each.id === key.id && each.name === key.name)
    const seconds = found ? cosignatureTime(found.bytes) : null
    return seconds === null ? [] : [[name, seconds * 1000]]
  })
  return new Map(times)
}

/** Whether a quorum cosigned within the bound before `now`; a policy without one asks nothing. */
export const isFresh = (cosigned: ReadonlyMap<string, number>, trust: TrustPolicy, now: number): boolean =>
  quorumMet(trust, new Set([...cosigned].filter(([, at]) => Math.abs(now - at) <= BOUND_MS).map(([name]) => name)))
