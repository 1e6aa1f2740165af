import { readFileSync } from 'node:fs'
import { policyNames, shippedPolicy } from '../../../db/policies/index.ts'
import { readNodeSettings, SettingsError } from '../../config/settings.ts'
import { NotRecovered } from '../../ledger/put-back.ts'
import { type Declaration, recoverLedger, sizeOf } from '../../ledger/recovery.ts'
import { NoCopy, readCopies } from './copies.ts'
import { LedgerInUse, NewerSchema, openNodeHost } from './sqlite.ts'

export type { Recovery } from '../../ledger/recovery.ts'

/** What stands in the way of a recovery; the message is for the operator's terminal. */
export class RecoveryError extends Error {}

/**
 * Puts leaves back into the ledger of a data folder, under the settings of its server, which must be stopped.
 * Throws RecoveryError; nothing was changed then.
 */
export const recoverFolder = async (folder: string, from: readonly string[], declared?: Declaration) => {
  try {
    const settings = await readNodeSettings(process.env, path => readFileSync(path, 'utf8'))
    if (settings.demo) throw new RecoveryError('TOUSU_MODE is not live: the settings of the server are needed')
    const documents = [settings.policy, ...policyNames.map(shippedPolicy)]
    const host = openNodeHost(folder)
    try {
      const copies = readCopies(from, sizeOf(host))
      const policies = [...copies.policies, ...documents]
      return await recoverLedger(host, settings.secrets, { ...copies, policies }, declared)
    } finally {
      await host.close()
    }
  } catch (error) {
    const isKnown = [SettingsError, NoCopy, NotRecovered, LedgerInUse, NewerSchema].some(each => error instanceof each)
    throw isKnown && error instanceof Error ? new RecoveryError(error.message) : error
  }
}
