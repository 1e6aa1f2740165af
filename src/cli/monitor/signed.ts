import type { Checkpoint } from '../../log/checkpoint.ts'
import { parseCheckpoint } from '../../log/checkpoint.ts'
import { LogError } from '../../log/error.ts'
import { parseNote } from '../../log/note.ts'
import { parsePolicy, quorumMet, type TrustPolicy } from '../../log/trust.ts'
import { logThatSigned, witnessesThatSigned } from '../../log/trusted-checkpoint.ts'
import { CliError } from '../io.ts'
import { Refusal } from './broken.ts'

/** Throws Trouble that names the file. */
export const readTrust = (text: string, file: string): TrustPolicy => {
  try {
    return parsePolicy(text)
  } catch (error) {
    throw new CliError(`${file}: ${error instanceof LogError ? error.message : 'not a trust policy'}`)
  }
}

/** The checkpoint of a note that a log of the policy signed. Throws a LogError. */
export const openSigned = async (note: string, trust: TrustPolicy): Promise<Checkpoint> => {
  const parsed = parseNote(note)
  const checkpoint = parseCheckpoint(parsed.text)
  if ((await logThatSigned(parsed, checkpoint, trust)) === null) throw new Refusal('no log of the policy signed it')
  return checkpoint
}

/** The names of the witnesses that cosigned, for the reader. Throws a LogError unless they meet the policy's quorum. */
export const requireQuorum = async (note: string, trust: TrustPolicy): Promise<string> => {
  const signed = await witnessesThatSigned(parseNote(note), trust)
  const names = [...signed].join(', ') || 'nobody'
  if (!quorumMet(trust, signed)) throw new Refusal(`the policy's quorum is not met: cosigned by ${names}`)
  return names
}
