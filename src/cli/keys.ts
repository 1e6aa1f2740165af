import { makeSecrets } from '../ledger/log/make-secrets.ts'
import { fromBase64url } from '../log/encoding.ts'
import { LogError } from '../log/error.ts'
import { COSIGNATURE_V1, ED25519, formatVerifierKey, type KeyType, verifierKey } from '../log/note.ts'
import { needed, only, readArguments } from './arguments.ts'
import { writeSecret } from './files.ts'
import { CliError, type Command, FINE, type Io } from './io.ts'
import { partyKeys } from './party-keys.ts'
import { newSecretKey } from './secret-key.ts'

/** Makes keys: the public half is printed, the secret half goes to a new file that its owner alone can read. */
export const keys: Command = async ([what, ...args], io) => {
  if (what === 'party') {
    await partyKeys(args, io)
    return FINE
  }
  const { values, positionals } = readArguments(args, { out: { type: 'string' }, origin: { type: 'string' } })
  if (what === 'witness') await makeKey(only(positionals, 'the name of the witness'), COSIGNATURE_V1, values.out, io)
  else if (what === 'log') await makeKey(only(positionals, 'the origin of the log'), ED25519, values.out, io)
  else if (what === 'secrets') await makeAll(values.out, values.origin, io)
  else throw new CliError('keys of what? witness, log, secrets or party')
  return FINE
}

const makeKey = async (name: string, type: KeyType, out: string | undefined, io: Io): Promise<void> => {
  const file = needed(out, '--out')
  const { vkey, text } = await named(() => newSecretKey(name, type))
  writeSecret(file, text)
  io.out(formatVerifierKey(vkey))
}

const makeAll = async (out: string | undefined, origin: string | undefined, io: Io): Promise<void> => {
  const secrets = await makeSecrets()
  const json = JSON.stringify(secrets)
  const vkey = origin === undefined ? null : await named(async () => verifierKey(origin, fromBase64url(secrets.note.x)))
  if (out === undefined) io.out(json)
  else writeSecret(out, `${json}\n`)
  // For the trust policies of others; beside the answer, which may be piped into a secret store.
  if (vkey !== null) io.err(`log ${formatVerifierKey(vkey)}\n`)
}

const named = async <T>(make: () => Promise<T>): Promise<T> => {
  try {
    return await make()
  } catch (error) {
    throw error instanceof LogError ? new CliError(error.message) : error
  }
}
