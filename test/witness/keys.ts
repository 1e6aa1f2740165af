import { makeSecrets, type SecretsFile } from '../../src/ledger/log/secrets.ts'

type Key = SecretsFile['note']

/** The file of secrets with one key a use, or with several, the newest first. */
export type Secrets = Omit<SecretsFile, 'note' | 'statement'> & { note: Key | Key[]; statement: Key | Key[] }

export const newFile = (): Promise<Secrets> => makeSecrets()

export const newKey = async (): Promise<Key> => (await makeSecrets()).note
