import { readFileSync } from 'node:fs'
import { policyNames, shippedPolicy } from '../../../db/policies/index.ts'
import { readNodeSettings, SettingsError } from '../../config/settings.ts'
import { NotRecovered } from '../../ledger/put-back.ts'
import { type Declaration, type Recovery, recoverLedger, sizeOf } from '../../ledger/recovery.ts'
import { packCopies } from '../copies-json.ts'
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

/** A shard on Cloudflare, at its operator's entry. */
export interface RemoteShard {
  baseUrl: string
  shard: number
  token: string
  fetch: (url: string, init: { headers: Record<string, string>; method?: string; body?: string }) => Promise<Response>
}

/** The same rule, applied by the shard itself to copies that lie here. Throws RecoveryError; nothing was changed then. */
export const recoverRemote = async (
  at: RemoteShard,
  from: readonly string[],
  declared?: Declaration,
): Promise<Recovery> => {
  const { size } = await asked<{ size: number }>(at, '')
  try {
    const copies = readCopies(from, size)
    const policies = [...copies.policies, ...policyNames.map(shippedPolicy)]
    return await asked<Recovery>(at, '/recoveries', packCopies({ ...copies, policies }, declared))
  } catch (error) {
    throw error instanceof NoCopy ? new RecoveryError(error.message) : error
  }
}

export interface RemoteRewound {
  undo: string
  size: number
  readOnly: string | null
}

/** Point-in-time recovery: the shard's storage as it was. Throws RecoveryError. */
export const rewindRemote = (at: RemoteShard, to: { at: string } | { bookmark: string }): Promise<RemoteRewound> =>
  asked(at, '/restorations', JSON.stringify(to))

/** The answer of our own server, whose type the caller names. */
const asked = async <T>({ baseUrl, shard, token, fetch }: RemoteShard, path: string, body?: string): Promise<T> => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const url = `${baseUrl.replace(/\/$/, '')}/operator/shards/${shard}${path}`
  const response = await fetch(url, body === undefined ? { headers } : { headers, method: 'POST', body })
  const json: unknown = await response.json().catch(() => null)
  if (response.ok) return json as T
  const detail = typeof json === 'object' && json !== null && 'detail' in json ? String(json.detail) : ''
  throw new RecoveryError(`${url} answered ${response.status}${detail === '' ? '' : `: ${detail}`}`)
}
